"""A text made ready for the rules: trigger words and digit runs are looked for once, whatever the number of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from gongkai.scanning.rules.numbers import classify
from gongkai.scanning.rules.people import LISTS_PEOPLE
from gongkai.scanning.rules.runs import Number
from gongkai.scanning.rules.tables import Column, columns_in
from gongkai.scanning.rules.words import Words


@lru_cache(maxsize=16)
def words_of(triggers: tuple[str, ...]) -> Words:
    return Words(triggers)


@lru_cache(maxsize=256)
def _set_of(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


class Prepared:
    """The text handed to every rule. Offsets everywhere are characters of `text` exactly as it came."""

    def __init__(self, text: str, triggers: tuple[str, ...] = (), heading: str = "") -> None:
        self.text = text
        self.heading = heading  # what stands over the whole text without being in it: a file's name
        self._triggers = triggers
        self._declared = _set_of(triggers)

    @cached_property
    def numbers(self) -> list[Number]:
        """Every structured number of the text, classified, in order (one scan for digit runs)."""
        return list(classify(self.text))

    @cached_property
    def lists_people(self) -> bool:
        """Whether the document lists people, so that a name alone in a cell counts as one."""
        if self.knows(LISTS_PEOPLE):
            return not self._starts.keys().isdisjoint(LISTS_PEOPLE)
        return any(word in self.text for word in LISTS_PEOPLE)

    @cached_property
    def columns(self) -> list[Column]:
        """Columns of tables whose heads name something of interest; for rules that declare `tables.TRIGGERS`."""
        return columns_in(self)

    def below(self, kind: str) -> Iterator[tuple[int, int, str]]:
        """Cells under the heads of one kind (a key of `tables.HEADS`) as (start, end, text)."""
        for column in self.columns:
            if column.kind == kind:
                for start, end in column.cells:
                    yield start, end, self.text[start:end]

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = {}
        if self._triggers:
            automaton = words_of(self._triggers)
            for index, start in automaton.occurrences(self.text):
                starts.setdefault(automaton.words[index], []).append(start)
        return starts

    def knows(self, words: Iterable[str]) -> bool:
        """Whether all of the words are triggers of the rules that run."""
        return _set_of(tuple(words)) <= self._declared

    def places(self, words: Iterable[str]) -> list[tuple[int, int]]:
        """Where any of the words stands, as (start, end), in order. The words must be a rule's declared triggers."""
        wanted = _set_of(tuple(words))
        if not wanted <= self._declared:
            unknown = min(wanted - self._declared)
            raise ValueError(f"「{unknown}」未列入规则的触发词，不会被查找")
        found = []
        for word in wanted & self._starts.keys():
            found += [(start, start + len(word)) for start in self._starts[word]]
        found.sort()
        return found

    def before(self, at: int, length: int) -> str:
        """Up to `length` characters before `at`."""
        return self.text[max(0, at - length) : at]

    def after(self, at: int, length: int) -> str:
        """Up to `length` characters from `at` on."""
        return self.text[at : at + length]
