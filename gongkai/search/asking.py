"""A question to the index and its answer, free of the engine behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gongkai.chinese.numbers import code_key, document_numbers
from gongkai.chinese.tokens import content_words, is_asking, pairs, plain

Sort = Literal["relevance", "date"]

#: Longer questions are cut here: a whole page pasted into the search box.
LONGEST_QUESTION = 150

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』")


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. `filters` maps a facet field to the values any of which a hit must have."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 25
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """The answer.

    `kind`: `number` — a document, index or external number was asked for exactly; `all` — every word is there;
    `close` — too few documents have all words, so these are the nearest ones.
    `total` and facet counts are estimates from a fixed sample when `approximate`.
    """

    kind: Literal["number", "all", "close"]
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A question with one thing less. `dropped` is the word, or the facet field when `value` is given."""

    dropped: str
    value: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class Question:
    """A text taken apart.

    `codes`: numbers to look up; `phrases`: what stood in quotes, as pairs; `words`: what a document has to have;
    `loose`: the text without what stood in quotes; `asking`: it is put as a question (如何, 哪些, 什么 …).
    """

    codes: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    loose: str
    asking: bool

    @property
    def empty(self) -> bool:
        return not (self.phrases or self.words)


def take_apart(text: str) -> Question:
    """Numbers, quoted phrases and words of a question. Quotes of one character or of a number count as a word."""
    text = text[:LONGEST_QUESTION]
    codes = tuple(dict.fromkeys(filter(None, (code_key(text), *document_numbers(text)))))
    phrases: list[tuple[str, ...]] = []
    loose = text
    for match in _QUOTED.finditer(plain(text)):
        quoted = tuple(pairs(match.group(match.lastindex or 0)))
        if len(quoted) > 1 or (quoted and len(quoted[0]) > 1):
            phrases.append(quoted)
            loose = loose[: match.start()] + " " * len(match.group()) + loose[match.end() :]
    return Question(codes, tuple(phrases), tuple(content_words(loose)), loose.strip(), is_asking(loose))
