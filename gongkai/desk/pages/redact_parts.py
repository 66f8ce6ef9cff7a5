"""What a person marks on: pages with rectangles over them, the cells of a sheet, the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from gongkai.files.reading import Reading
from gongkai.scanning.models import RedactionMark

#: How much stands on one screen.
PAGES_AT_ONCE = 20
LINES_AT_ONCE = 200
CELLS_AT_ONCE = 1500
_COLUMN = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark as it is drawn: its number, how it looks (block, proposed, accepted, removed), its name and its places."""

    number: int
    look: str
    title: str
    places: Sequence[dict[str, Any]]


def of_rows(rows: Iterable[RedactionMark]) -> list[Marked]:
    """Marks as they stand now."""
    return [Marked(m.number, look(m.state, m.severity), m.title, m.places) for m in rows]


def of_frozen(marks: Iterable[dict[str, Any]]) -> list[Marked]:
    """Marks as a copy keeps them."""
    return [Marked(m["number"], look(m["state"], ""), m["title"], m["places"]) for m in marks]


def look(state: str, severity: str) -> str:
    return "block" if state == "proposed" and severity == "block" else state


def pages(
    sizes: Sequence[Sequence[float]], marks: Sequence[Marked], at: int, page_url: Callable[[int], str],
    lines_url: Callable[[int], str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The twenty pages around page `at`, and a list of all groups of twenty with what waits in each."""
    count = len(sizes)
    first = (min(max(at, 1), max(count, 1)) - 1) // PAGES_AT_ONCE * PAGES_AT_ONCE + 1
    rows = []
    for number in range(first, min(first + PAGES_AT_ONCE, count + 1)):
        width, height = sizes[number - 1]
        here = [(mark, _boxes(mark, number)) for mark in marks]
        rows.append(
            {
                "number": number, "width": f"{width:.2f}", "height": f"{height:.2f}", "url": page_url(number),
                "wide": round(width), "high": round(height),
                "lines": lines_url(number) if lines_url else "",
                "marks": [
                    {"number": mark.number, "look": mark.look, "title": mark.title, "boxes": boxes}
                    for mark, boxes in here
                    if boxes
                ],
            }
        )  # fmt: skip
    return {"form": "pages", "pages": rows, "count": count, "first": first, "groups": _groups(count, first, marks)}


def _boxes(mark: Marked, page: int) -> list[dict[str, str]]:
    boxes = []
    for place in mark.places:
        if place.get("page", 1) == page and "rect" in place:
            x0, y0, x1, y1 = place["rect"]
            boxes.append({"x": f"{x0:.2f}", "y": f"{y0:.2f}", "width": f"{x1 - x0:.2f}", "height": f"{y1 - y0:.2f}"})
    return boxes


def _groups(count: int, first: int, marks: Sequence[Marked]) -> list[dict[str, Any]]:
    if count <= PAGES_AT_ONCE:
        return []
    waiting = [p.get("page", 1) for m in marks if m.look in ("proposed", "block") for p in m.places]
    return [
        {
            "first": begin, "last": min(begin + PAGES_AT_ONCE - 1, count), "current": begin == first,
            "waiting": sum(begin <= page < begin + PAGES_AT_ONCE for page in waiting),
        }
        for begin in range(1, count + 1, PAGES_AT_ONCE)
    ]  # fmt: skip


def sheet(reading: Reading, marks: Sequence[Marked], name: str, at: int) -> dict[str, Any]:
    """The visible cells of one sheet from row `at` on, under the addresses they have in the file."""
    names = list(dict.fromkeys(p.where["sheet"] for p in reading.parts if not p.hidden and "cell" in p.where))
    chosen = name if name in names else next(iter(names), "")
    cells: dict[int, dict[int, tuple[str, str]]] = {}
    for part in reading.parts:
        if not part.hidden and part.where.get("sheet") == chosen and "cell" in part.where:
            cells.setdefault(part.where["row"], {})[part.where["column"]] = (part.where["cell"], part.text)
    columns = sorted({column for row in cells.values() for column in row})
    at_once = max(CELLS_AT_ONCE // max(len(columns), 1), 10)
    known = sorted(cells)
    begin = max((n for n, row in enumerate(known) if row <= max(at, 1)), default=0) // at_once * at_once
    by_cell = {p["cell"]: m for m in reversed(marks) for p in m.places if p.get("sheet") == chosen}
    rows = [
        {"number": number, "cells": [_cell(cells[number].get(column), by_cell) for column in columns]}
        for number in known[begin : begin + at_once]
    ]
    return {
        "form": "sheet", "sheet": chosen, "rows": rows, "count": len(known),
        "columns": [_letters(cells, column) for column in columns],
        "sheets": [{"name": other, "current": other == chosen, "waiting": _waiting(marks, other)} for other in names],
        "body_from": _body_from(cells),
        "previous": known[max(begin - at_once, 0)] if begin else None,
        "next": known[begin + at_once] if begin + at_once < len(known) else None,
    }  # fmt: skip


def _cell(told: tuple[str, str] | None, by_cell: dict[str, Marked]) -> dict[str, Any]:
    name, text = told or ("", "")
    mark = by_cell.get(name)
    return {"name": name, "text": text, "number": mark.number if mark else 0, "look": mark.look if mark else ""}


def _letters(cells: dict[int, dict[int, tuple[str, str]]], column: int) -> str:
    name = next(row[column][0] for row in cells.values() if column in row)
    found = _COLUMN.match(name)
    assert found is not None
    return found[0]


def _body_from(cells: dict[int, dict[int, tuple[str, str]]]) -> int:
    """The row under the headings: the one after the first that fills two columns or more."""
    head = next((number for number in sorted(cells) if len(cells[number]) > 1), 0)
    return head + 1


def _waiting(marks: Sequence[Marked], name: str) -> int:
    return sum(m.look in ("proposed", "block") for m in marks if any(p.get("sheet") == name for p in m.places))


def text_lines(text: str, marks: Sequence[Marked], at: int) -> dict[str, Any]:
    """Two hundred lines from the block that holds line `at`; marked stretches in pieces."""
    starts, position = [], 0
    told = text.split("\n")
    for line in told:
        starts.append(position)
        position += len(line) + 1
    begin = (min(max(at, 1), len(told)) - 1) // LINES_AT_ONCE * LINES_AT_ONCE
    # What is left open lies under what is covered.
    spans = [
        (place["start"], place["end"], mark)
        for mark in sorted(marks, key=lambda mark: mark.look == "removed")
        for place in mark.places
        if "start" in place
    ]
    rows = [
        {"number": n + 1, "start": starts[n], "length": len(told[n]), "pieces": _pieces(told[n], starts[n], spans)}
        for n in range(begin, min(begin + LINES_AT_ONCE, len(told)))
    ]
    return {
        "form": "lines", "lines": rows, "count": len(told),
        "previous": begin - LINES_AT_ONCE + 1 if begin else None,
        "next": begin + LINES_AT_ONCE + 1 if begin + LINES_AT_ONCE < len(told) else None,
    }  # fmt: skip


def _pieces(line: str, start: int, spans: Sequence[tuple[int, int, Marked]]) -> list[dict[str, Any]]:
    """The line cut at the edges of marks; where two lie on each other the first counts."""
    here = [
        (max(a - start, 0), min(b - start, len(line)), m) for a, b, m in spans if a < start + len(line) and b > start
    ]
    edges = sorted({0, len(line), *(a for a, _, _ in here), *(b for _, b, _ in here)})
    pieces = []
    for begin, end in zip(edges, edges[1:], strict=False):
        mark = next((m for a, b, m in here if a <= begin and end <= b), None)
        pieces.append(
            {"text": line[begin:end], "number": mark.number if mark else 0, "look": mark.look if mark else ""}
        )
    return pieces


def where_words(places: Sequence[dict[str, Any]], text: str = "") -> str:
    """第 3 页 / 第 2、5 页共 4 处 / 工作表“名单”B4 等 12 格 / 第 12 行."""
    count = len(places)
    if any("cell" in place for place in places):
        first = next(place for place in places if "cell" in place)
        told = _("工作表“%(sheet)s”%(cell)s") % {"sheet": first["sheet"], "cell": first["cell"]}
        return told + _(" 等 %(n)d 格") % {"n": count} if count > 1 else told
    if any("start" in place for place in places):
        lines = sorted({text.count("\n", 0, place["start"]) + 1 for place in places})
        told = _("第 %(numbers)s 行") % {"numbers": _listed(lines)}
    else:
        told = _("第 %(numbers)s 页") % {"numbers": _listed(sorted({place.get("page", 1) for place in places}))}
    return told + _("共 %(n)d 处") % {"n": count} if count > 1 else told


def spot_of(places: Sequence[dict[str, Any]], text: str = "") -> tuple[str, str]:
    """Query and fragment that lead to the first place of a mark on its screen."""
    first = places[0] if places else {}
    if "cell" in first:
        row = re.sub(r"\D", "", first["cell"])
        return urlencode({"sheet": first["sheet"], "at": row}), f"cell-{first['cell']}"
    if "start" in first:
        line = text.count("\n", 0, first["start"]) + 1
        return f"at={line}", f"line-{line}"
    page = first.get("page", 1)
    return f"at={page}", f"page-{page}"


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:5])) + (_(" 等") if len(numbers) > 5 else "")
