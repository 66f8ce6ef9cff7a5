"""From the bytes of a file to the places that are to be covered, and to a copy. No database: the slow half of it all.

looked = look_at(data, name)             # reads, scans, makes the form that is marked; Unreadable when it cannot
made = copy_with(looked.base, places, …) # the copy, attacked before it is handed out
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.files.copies import Line
from gongkai.files.copies.making import Base, base_of, lines_of, made_copy, page_sizes
from gongkai.files.copies.places import places_of
from gongkai.files.hidden import HIDDEN
from gongkai.files.memory import as_path
from gongkai.files.reading import Reading, read_text
from gongkai.files.sniff import KINDS, FileKind, sniff
from gongkai.scanning.lists import lexicon
from gongkai.scanning.located import findings_in
from gongkai.scanning.rules.findings import Finding

#: [I] Which ground of law/negative_list a family of findings speaks for; the person who accepts a mark may choose another.
GROUND_OF: Mapping[str, str] = {
    "secrecy": "G14a", "work_secret": "G16a", "identity": "G15", "contact": "G15", "finance": "G15", "address": "G15",
    "vehicle": "G15", "people": "G15", "minor": "G15", "sensitive": "G15", "lexicon": "",
}  # fmt: skip
#: Kinds of a base whose text may have been recognised in pictures.
MAY_BE_SCANNED = frozenset(("pdf", "png", "jpeg", "gif"))
Place = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding with its places in the form that is marked. `places` is empty where it stands in a hidden part only."""

    finding: Finding
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is in a file. `base` is the form that is marked; `secrets` are words no copy may hold unless they are seen;
    `sheets` the names of the sheets of a table that are seen; `lines` what was recognised in its scans."""

    kind: FileKind
    whole: str
    base: Base
    pages: tuple[tuple[float, float], ...]
    proposals: tuple[Proposal, ...]
    hidden: tuple[dict[str, Any], ...]
    secrets: tuple[str, ...]
    warnings: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def look_at(data: bytes, name: str) -> Looked:
    """Read everything, find what must not go out, and make the form that is marked. `Unreadable` says why it cannot be."""
    kind = sniff(data, name)
    original = _read(data, kind)
    base = base_of(data, kind.name)
    reading = original if base.kind == kind.name else _read(base.data, KINDS[base.kind])
    found = findings_in(reading, heading=name, lexicon=lexicon())
    findings = [f for f in found if _is_seen(reading, f)]
    places = places_of(base.data, base.kind, reading, [[(p.start, p.end) for p in f.places] for f in findings])
    return Looked(
        kind=kind, whole=original.text, base=base, pages=page_sizes(base),
        proposals=tuple(Proposal(f, tuple(at)) for f, at in zip(findings, places, strict=True)),
        hidden=_hidden(original), secrets=_secrets(original), warnings=(*original.warnings, *base.lost),
        sheets=tuple(dict.fromkeys(p.where["sheet"] for p in reading.parts if "sheet" in p.where and not p.hidden)),
        lines=lines_of(reading),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A copy and the text a reader finds in it."""

    data: bytes
    kind: FileKind
    text: str
    drawn: tuple[int, ...]
    lost: tuple[str, ...]
    note: str


def copy_with(
    base: Base, places: Sequence[Place], secrets: Iterable[str] = (), lines: Sequence[Line] | None = None
) -> Made:
    """The copy with these places covered. `Unreadable` when it gives anything away or cannot be read.

    `lines`: what was recognised in scans (`Looked.lines`); where they are not at hand they are read once more.
    """
    if lines is None:
        lines = lines_of(_read(base.data, KINDS[base.kind])) if base.kind in MAY_BE_SCANNED else ()
    made = made_copy(base, places, tuple(secrets), lines)
    kind = KINDS[made.kind]
    reading = _read(made.data, kind)
    note = f"{reading.count} {reading.unit}" if reading.unit in ("页", "张工作表") else ""
    return Made(made.data, kind, reading.text, made.drawn, made.lost, note)


def hidden_words(data: bytes, name: str) -> tuple[str, ...]:
    """What a reader of the original does not see: no copy may hold it."""
    return _secrets(_read(data, sniff(data, name)))


def places_of_words(base: Base, words: str) -> list[Place]:
    """Everywhere these words stand in the form that is marked, also spaced out or broken over lines."""
    letters = [re.escape(letter) for letter in unicodedata.normalize("NFKC", words) if not letter.isspace()]
    if not letters:
        return []
    reading = base_reading(base)
    # Each letter keeps its place where it is folded by itself; what folds into several is left as it is.
    folded = "".join(f if len(f := unicodedata.normalize("NFKC", c)) == 1 else c for c in reading.text)
    spans = [found.span() for found in re.finditer(r"\s*".join(letters), folded, re.IGNORECASE)]
    [places] = places_of(base.data, base.kind, reading, [spans]) if spans else [[]]
    return places


def base_reading(base: Base) -> Reading:
    """The text of the form that is marked; hidden parts are in it as such."""
    return _read(base.data, KINDS[base.kind])


def _read(data: bytes, kind: FileKind) -> Reading:
    with as_path(data, kind.suffixes[0]) as path:
        return read_text(path, kind)


def _is_seen(reading: Reading, finding: Finding) -> bool:
    return any(not reading.at(place.start).hidden for place in finding.places)


def _hidden(reading: Reading) -> tuple[dict[str, Any], ...]:
    """Kinds of hidden parts, each with how many and where the first stands."""
    found = [part for part in reading.parts if part.hidden and part.text.strip()]
    counts = Counter(part.hidden for part in found)
    first = {part.hidden: part.where for part in reversed(found)}
    return tuple(
        {"code": code, "title": HIDDEN[code], "count": count, "where": _told(first[code])}
        for code, count in counts.items()
    )


def _told(where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in where.items() if key in ("page", "sheet", "cell", "slide", "paragraph", "member")
    }


def _secrets(reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.text for part in reading.parts if part.hidden and part.text.strip()))
