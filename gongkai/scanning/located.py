"""Findings of a whole file, each with its place in the file. No database.

for located in scan_reading(reading, heading=name): located.finding, located.where, located.hidden
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gongkai.files.reading import Part, Reading
from gongkai.scanning.rules import Finding, Lexicon, scan
from gongkai.scanning.rules.columns import parted

# Of a .csv: a cell in quotation marks (which may hold commas and line breaks), or what parts two cells.
_QUOTED_OR_COMMA = re.compile(r'(?:(?<=[,;\n])|\A)"(?:[^"]|"")*"(?=[,;\r\n]|\Z)|[,;]')


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and where it stands.

    `where` is that of the part the finding begins in (`files.reading.Part.where` without `hidden`); of a finding with
    several places also `rows` (rows or lines, where there are such) and `places` ([start, end] of each in the text).
    `hidden` is a code of `files.hidden.HIDDEN`, empty for what a reader of the document sees.
    """

    finding: Finding
    where: Mapping[str, Any]
    hidden: str


def scan_reading(reading: Reading, *, heading: str = "", lexicon: Lexicon | None = None) -> list[Located]:
    """What the rules find in a file, in order of `reading.text`, to which all offsets count.

    A finding of several places is one for each sheet, member of an archive and kind of hidden part it stands in.
    `heading` is the file's name; names of sheets are part of the text.
    """
    found = findings_in(reading, heading=heading, lexicon=lexicon)
    every = [located for finding in found for located in _located(reading, finding)]
    return sorted(every, key=lambda located: (located.finding.start, located.finding.end, located.finding.code))


def findings_in(reading: Reading, *, heading: str = "", lexicon: Lexicon | None = None) -> list[Finding]:
    """The findings alone. Their `text` is that of `reading.text`."""
    found = scan(scannable(reading), lexicon=lexicon, heading=heading)
    return [replace(finding, text=reading.text[finding.start : finding.end]) for finding in found]


def scannable(reading: Reading) -> str:
    """`reading.text`, character for character, in the form rules know: cells parted by tabs, pages by \\f.

    Line breaks inside a cell become \\v, and commas of a .csv tabs.
    """
    if reading.kind == "csv":
        return _QUOTED_OR_COMMA.sub(
            lambda found: "\t" if found[0] in ",;" else found[0].replace("\n", "\v"), reading.text
        )
    pieces: list[str] = []
    at = 0
    page: Any = None
    for part in reading.parts:
        turned = "page" in part.where and page not in (None, part.where["page"])
        page = part.where.get("page", page)
        broken = "column" in part.where and "\n" in part.text
        if turned and part.start and reading.text[part.start - 1] == "\n":
            pieces += (reading.text[at : part.start - 1], "\f")
            at = part.start
        if broken:
            pieces += (reading.text[at : part.start], part.text.replace("\n", "\v"))
            at = part.start + len(part.text)
    return "".join([*pieces, reading.text[at:]])


def _located(reading: Reading, finding: Finding) -> Iterator[Located]:
    parts = [reading.at(place.start) for place in finding.places]
    for each in parted(finding, reading.text, [_region(part) for part in parts]) if finding.more else [finding]:
        held = parts[: len(each.places)]
        parts = parts[len(held) :]
        yield Located(each, _where(each, held), held[0].hidden)


def _region(part: Part) -> tuple[str, str, str]:
    return str(part.where.get("member", "")), str(part.where.get("sheet", "")), part.hidden


def _where(finding: Finding, parts: Sequence[Part]) -> dict[str, Any]:
    where = {key: value for key, value in parts[0].where.items() if key != "hidden"}
    if len(parts) > 1:
        key = next((key for key in ("row", "line") if all(key in part.where for part in parts)), "")
        if key:
            where["rows"] = [part.where[key] for part in parts]
        where["places"] = [[place.start, place.end] for place in finding.places]
    return where
