"""A text made ready for the rules: trigger words and digit runs are looked for once, whatever the number of rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

import ahocorasick_rs

from gongkai.scanning.rules.numbers import Number, classify
from gongkai.scanning.rules.people import lists_people

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


@lru_cache(maxsize=16)
def words_of(triggers: tuple[str, ...]) -> Words:
    return Words(triggers)


class Prepared:
    """The text handed to every rule. Offsets everywhere are characters of `text` exactly as it came."""

    def __init__(self, text: str, triggers: tuple[str, ...] = ()) -> None:
        self.text = text
        self._triggers = triggers
        self._declared = frozenset(triggers)

    @cached_property
    def numbers(self) -> list[Number]:
        """Every structured number of the text, classified, in order (one scan for digit runs)."""
        return list(classify(self.text))

    @cached_property
    def lists_people(self) -> bool:
        """Whether the document lists people, so that a name alone in a cell counts as one."""
        return lists_people(self.text)

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = {}
        if self._triggers:
            automaton = words_of(self._triggers)
            for index, start in automaton.occurrences(self.text):
                starts.setdefault(automaton.words[index], []).append(start)
        return starts

    def places(self, words: Iterable[str]) -> list[tuple[int, int]]:
        """Where any of the words stands, as (start, end), in order. The words must be a rule's declared triggers."""
        found = []
        for word in words:
            if starts := self._starts.get(word):
                found += [(start, start + len(word)) for start in starts]
            elif word not in self._declared:
                raise ValueError(f"「{word}」未列入规则的触发词，不会被查找")
        found.sort()
        return found

    def before(self, at: int, length: int) -> str:
        """Up to `length` characters before `at`."""
        return self.text[max(0, at - length) : at]

    def after(self, at: int, length: int) -> str:
        """Up to `length` characters from `at` on."""
        return self.text[at : at + length]
