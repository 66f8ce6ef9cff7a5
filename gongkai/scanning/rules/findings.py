"""What the rules hand in (`Rule`, `Span`) and what a reader gets (`Finding`).

Offsets are always character offsets (not bytes) into the text as it was handed in, end excluded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from gongkai.scanning.rules.prepared import Prepared

Severity = Literal["block", "confirm", "note"]
Family = Literal[
    "secrecy",
    "work_secret",
    "identity",
    "contact",
    "finance",
    "address",
    "vehicle",
    "people",
    "minor",
    "sensitive",
    "lexicon",
]

#: From the gravest down; the order in which one finding may swallow another of its family.
SEVERITIES: tuple[Severity, ...] = ("block", "confirm", "note")


class Place(NamedTuple):
    """A further place of a collapsed finding, with its own masked text."""

    start: int
    end: int
    suggestion: str = ""


class Span(NamedTuple):
    """One place found by a rule.

    `suggestion` is the masked text to put in its place, empty where no machine may propose one (secrecy marks).
    `severity` overrides the rule's own where the place itself says more or less (an office telephone).
    `more` lists further places of the same kind when a rule reports all of a document as one finding.
    """

    start: int
    end: int
    suggestion: str = ""
    severity: Severity | None = None
    more: tuple[Place, ...] = ()

    @classmethod
    def collapsed(cls, places: Iterable[Place], severity: Severity | None = None) -> list[Span]:
        """All places of a document as one span to answer once; no place, no span."""
        every = list(places)
        if not every:
            return []
        return [cls(every[0].start, every[0].end, every[0].suggestion, severity, tuple(every[1:]))]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing to find. `code` is permanent: it is stored with findings and answers.

    `triggers` are the literal words the rule wants to see; all rules' words are found in one pass,
    and the rule asks for their places by `Prepared.places`.
    """

    code: str
    family: Family
    severity: Severity
    title: str
    article: str
    sentence: str
    find: Callable[[Prepared], Iterable[Span]]
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding for a person to read.

    `title` names the kind in lists, `article` is the provision in full words, `sentence` says what it asks for and
    what to do, `suggestion` is the masked replacement (empty where a person must decide), `more` the further places
    of a collapsed finding (all of a kind in a document, answered once).
    """

    code: str
    family: Family
    severity: Severity
    start: int
    end: int
    text: str
    title: str
    article: str
    sentence: str
    suggestion: str = ""
    more: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """All places this finding stands for, the first one first."""
        return (Place(self.start, self.end, self.suggestion), *self.more)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a list an agency maintains (names, titles, negative list). `code` is the list's own code."""

    text: str
    code: str
    severity: Severity
    title: str
    article: str
    sentence: str
    suggestion: str = ""
