"""Thousands of literal words in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick_rs

_FULL_TABLE = 1_000  # words


class Words:
    """An automaton over literal words; thousands of words cost one pass over the text."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        if not all(self.words):
            raise ValueError("空词不能作为扫描词")
        # A full table is fastest and small for a rule set; for the thousands of words of a list the library chooses.
        kind = ahocorasick_rs.Implementation.DFA if len(self.words) <= _FULL_TABLE else None
        self._automaton = ahocorasick_rs.BytesAhoCorasick([word.encode() for word in self.words], implementation=kind)

    def occurrences(self, text: str) -> list[tuple[int, int]]:
        """All places, overlapping ones too, as (index of the word, character offset of its start), by end.

        The automaton runs over UTF-8 bytes, which is several times faster than over characters; byte offsets
        are turned into character offsets by decoding the stretch since the last hit, so each byte is decoded once.
        """
        data = text.encode("utf-8", "surrogatepass")
        found = []
        byte_at = char_at = 0
        for index, _, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            char_at += len(data[byte_at:end].decode("utf-8", "surrogatepass"))
            byte_at = end
            found.append((index, char_at - len(self.words[index])))
        return found
