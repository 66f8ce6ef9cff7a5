"""Where in a file a stretch of its text stands: rectangles, cells, or the stretch itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.files.copies.recognised_lines import share
from gongkai.files.reading import Part, Reading
from gongkai.files.sandbox import Limits, run

LIMITS = Limits(seconds=60, memory=1024 * 1024 * 1024)
_LOCATE = "gongkai.files.copies.located:rects"
Place = dict[str, Any]


def places_of(
    data: bytes, kind: str, reading: Reading, spans: Sequence[Sequence[tuple[int, int]]]
) -> list[list[Place]]:
    """For each group of stretches (start, end of `reading.text`) the places they stand at; hidden parts have none.

    `{"page", "rect"}` in points of the page as displayed (pictures: page 1, pixels), `{"sheet", "cell"}`, or
    `{"start", "end"}` of a plain text. A stretch that runs over several lines has a place in each.
    """
    touched = [[hit for span in group for hit in _hits(reading, *span)] for group in spans]
    match kind:
        case "pdf":
            return _on_pages(data, touched)
        case "png" | "jpeg" | "gif":
            # Of a moving picture only the first frame goes out.
            return [_once(_along(hit) for hit in group if _is_first(hit[0].where)) for group in touched]
        case "xlsx":
            return [_once(_cell(hit) for hit in group if _is_cell(hit[0])) for group in touched]
        case "txt" | "csv":
            return [_once({"start": start, "end": end} for start, end in group if start < end) for group in spans]
        case other:
            raise ValueError(f"no places in files of kind {other}")


_Hit = tuple[Part, int, int]


def _hits(reading: Reading, start: int, end: int) -> Iterator[_Hit]:
    """The parts a reader sees that the stretch touches, each with the stretch within it."""
    first = max(bisect_right(reading.parts, start, key=lambda part: part.start) - 1, 0)
    for part in reading.parts[first:]:
        if part.start >= end:
            return
        begin, stop = max(start - part.start, 0), min(end - part.start, len(part.text))
        if not part.hidden and part.text[begin:stop].strip():
            yield part, begin, stop


def _is_cell(part: Part) -> bool:
    """A cell, or the name of a sheet; headers and drawings do not go into the copy."""
    return "cell" in part.where or part.where.get("sheet") == part.text


def _cell(hit: _Hit) -> Place:
    """The name of a sheet is told as its cell without a name."""
    return {"sheet": hit[0].where["sheet"], "cell": hit[0].where.get("cell", "")}


def _on_pages(data: bytes, touched: Sequence[Sequence[_Hit]]) -> list[list[Place]]:
    """One question to the sandbox for all that stands as text in the file; what was read off a picture is measured."""
    asked = [hit for group in touched for hit in group if "page" in hit[0].where and "ocr" not in hit[0].where]
    questions = [[p.where["page"], list(p.where["rect"]) if "rect" in p.where else None, p.text, begin, stop]
                 for p, begin, stop in asked]  # fmt: skip
    answers = iter(run(_LOCATE, data, questions, limits=LIMITS) if questions else [])
    found: list[list[Place]] = []
    for group in touched:
        places: list[Place] = []
        for hit in group:
            where = hit[0].where
            if "ocr" in where:
                places.append(_along(hit))
            elif "page" in where:
                places += ({"page": where["page"], "rect": rect} for rect in next(answers))
        found.append(_once(places))
    return found


def _along(hit: _Hit) -> Place:
    """The stretch by its share of the line: letters of full width count double, and a margin of one is added."""
    part, begin, stop = hit
    rect = share(part.where["rect"], part.text, begin, stop, 1)
    return {"page": part.where.get("page", 1), "rect": [round(value, 2) for value in rect]}


def _is_first(where: Mapping[str, Any]) -> bool:
    return "rect" in where and where.get("page", 1) == 1


def _once(places: Any) -> list[Place]:
    known: dict[tuple[Any, ...], Place] = {}
    for place in places:
        known.setdefault(_key(place), place)
    return list(known.values())


def _key(place: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in place.values())
