"""What a person sends to cover something: places drawn or chosen, words, a ground; everything checked for its shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gongkai.files.copies.making import Base
from gongkai.files.reading import Reading
from gongkai.law.negative_list import GROUNDS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.redacting import base_reading, places_of_words

_CODES = frozenset(row.code for row in GROUNDS)
_MOST_PLACES = 5000
_LONGEST = 100_000
#: Fewer would cover many places that have nothing to do with it.
SHORTEST_WORDS = 2
NOTHING = Refused("nothing_chosen", "还没有选中要遮盖的地方。请在原件上画框、选中文字或者勾选单元格，再选择遮盖。")


def whole(text: str | None, otherwise: int = 1) -> int:
    """A small number from an address or a hidden field."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 8 else otherwise


def chosen_ground(data: QueryDict) -> str:
    """The ground of the negative list that was chosen; without one nothing may be covered."""
    code = data.get("ground", "")
    if code not in _CODES:
        raise Refusal(
            Refused("ground_missing", _("请选择依据哪一种情形遮盖。"), "《政府信息公开条例》第十四条至第十六条")
        )
    return code


def drawn_places(data: QueryDict) -> list[dict[str, Any]]:
    """`places`: a JSON list of {"page", "rect"}; whether they lie on the pages is for the action to say."""
    return [
        {"page": row["page"], "rect": [round(float(value), 2) for value in row["rect"]]}
        for row in _listed(data.get("places", ""))
        if isinstance(row.get("page"), int)
        and isinstance(row.get("rect"), list)
        and len(row["rect"]) == 4
        and all(isinstance(value, int | float) and abs(value) < 1e6 for value in row["rect"])
    ]


def cell_places(data: QueryDict, reading: Reading) -> list[dict[str, Any]]:
    """Cells that were ticked, and every filled cell of a ticked column from row `from_row` on."""
    sheet, first = data.get("sheet", ""), whole(data.get("from_row"))
    cells, columns = set(data.getlist("cell")), set(data.getlist("column"))
    found = []
    for part in reading.parts:
        name = part.where.get("cell", "")
        if part.hidden or not name or part.where.get("sheet") != sheet:
            continue
        in_column = name.rstrip("0123456789") in columns and part.where["row"] >= first
        if name in cells or in_column:
            found.append({"sheet": sheet, "cell": name})
    return found


def line_places(data: QueryDict, reading: Reading) -> list[dict[str, Any]]:
    """Lines that were ticked, and stretches that were selected (`places`: a JSON list of {"start", "end"})."""
    ticked = {whole(number, 0) for number in data.getlist("line")}
    found, position = [], 0
    for number, line in enumerate(reading.text.split("\n"), start=1):
        if number in ticked and line:
            found.append({"start": position, "end": position + len(line)})
        position += len(line) + 1
    for row in _listed(data.get("places", "")):
        start, end = row.get("start"), row.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(reading.text):
            found.append({"start": start, "end": end})
    return found


def _listed(text: str) -> list[Mapping[str, Any]]:
    if len(text) > _LONGEST:
        return []
    try:
        rows = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return [row for row in rows if isinstance(row, dict)][:_MOST_PLACES] if isinstance(rows, list) else []


def chosen_places(posted: QueryDict, base: Base) -> tuple[list[dict[str, Any]], str]:
    """What is to be covered, and whether it was drawn or selected."""
    if "words" in posted:
        wanted = posted["words"].strip()
        if len("".join(wanted.split())) < SHORTEST_WORDS:
            raise Refusal(Refused("words_short", _("请至少写 2 个字。只写 1 个字会遮住许多不相干的地方。")))
        found = places_of_words(base, wanted)
        if not found:
            raise Refusal(
                Refused("words_not_found", _("文件里没有找到这些字，请核对写法；图片和扫描件上的字请画框遮盖。"))
            )
        return found, "selected"
    match base.kind:
        case "xlsx":
            places, origin = cell_places(posted, base_reading(base)), "selected"
        case "txt" | "csv":
            places, origin = line_places(posted, base_reading(base)), "selected"
        case _:
            places = drawn_places(posted)
            origin = "selected" if posted.get("origin") == "selected" else "drawn"
    if not places:
        raise Refusal(NOTHING)
    return places, origin
