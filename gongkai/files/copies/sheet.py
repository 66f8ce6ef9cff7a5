"""A spreadsheet for everybody, rebuilt from the values a reader sees.

`visible` reads in the sandbox and answers with plain values; `rebuilt` writes a new workbook from them outside, having
never seen the file. Formulas become their last value. Hidden sheets, rows and columns, comments, names, caches, links,
pictures, charts, properties and values that show nothing are left out; what was visible and could not be carried over
is told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.files.refusal import Unreadable

MOST_CELLS = 2_000_000
#: What stands in a cell that was covered.
COVERED = "■■■"
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no time zone
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_WORDS = re.compile(r'"([^"]*)"|\\(.)')
_PLACEHOLDER = re.compile(r"[0#?@ymdhsegb]|general", re.IGNORECASE)
_THIN = Border(*(Side("thin") for _ in range(4)))


def visible(data: bytes, marks: Sequence[Sequence[str]], seen: Sequence[Sequence[str]] | None = None) -> dict[str, Any]:
    """`marks`: [sheet, cell] to cover; without a cell, the sheet's name. In the sandbox.

    `seen`: [sheet, cell] of all that a reader sees; any other cell stays behind.

    Returns `sheets`, what was visible and is not in them (`lost`), the values left out or covered (`covered`), and all
    that may be seen (`visible`, one text).
    """
    hidden_too = {(sheet, cell) for sheet, cell in marks}
    kept = None if seen is None else {(sheet, cell) for sheet, cell in seen}
    source = load_workbook(io.BytesIO(data), data_only=True)
    sheets: list[dict[str, Any]] = []
    lost: list[str] = []
    shown: list[str] = []
    gone: list[str] = []
    budget = MOST_CELLS
    for sheet in source.worksheets:
        if sheet.sheet_state != "visible":
            gone += _values(sheet)
            continue
        made = _sheet(sheet, hidden_too, kept, budget)
        if (sheet.title, "") in hidden_too:
            gone.append(sheet.title)
            made["title"] = f"工作表{len(sheets) + 1}"
        budget -= sum(len(row) for row in made["rows"])
        sheets.append(made)
        here = [str(_back(cell["v"])) for row in made["rows"] for cell in row if cell]
        shown += [made["title"], *here]
        gone += set(_values(sheet)) - set(here)
        if sheet._images or sheet._charts:
            lost.append(f"工作表“{made['title']}”里的图片或者图表没有带入。")
    if source.chartsheets:
        lost.append(f"{len(source.chartsheets)} 张图表工作表没有带入。")
    if not sheets:
        raise Unreadable("nothing-visible", "工作簿里没有可以看见的工作表，没有可以公开的内容。")
    return {"sheets": sheets, "lost": lost, "covered": gone, "visible": "\n".join(shown)}


def rebuilt(sheets: Sequence[Mapping[str, Any]]) -> bytes:
    """A workbook of these values and nothing else."""
    target = Workbook()
    target.remove(target.active)
    for told in sheets:
        made = target.create_sheet(told["title"])
        for at, row in enumerate(told["rows"], start=1):
            for to, cell in enumerate(row, start=1):
                if cell:
                    _write(made.cell(at, to), cell)
        for area in told["merged"]:
            made.merge_cells(start_row=area[0], start_column=area[1], end_row=area[2], end_column=area[3])
        for to, width in enumerate(told["widths"], start=1):
            made.column_dimensions[get_column_letter(to)].width = width
    told_of = target.properties
    told_of.creator, told_of.lastModifiedBy, told_of.created = "", "", _EPOCH
    out = io.BytesIO()
    target.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """The same package without the time of writing and the program's name: equal values give equal bytes."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            elif name == "docProps/app.xml":
                content = (
                    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
                )
            entry = ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()


def blank() -> bytes:
    """A workbook of ours that says nothing."""
    return rebuilt([{"title": "1", "rows": [], "merged": [], "widths": []}])


def _sheet(
    sheet: Worksheet, hidden_too: Collection[tuple[str, str]], kept: Collection[tuple[str, str]] | None, budget: int
) -> dict[str, Any]:
    rows = [n for n in range(1, sheet.max_row + 1) if not _row_hidden(sheet, n)]
    hidden = _hidden_columns(sheet)
    columns = [n for n in range(1, sheet.max_column + 1) if n not in hidden]
    if len(rows) * len(columns) > budget:
        raise Unreadable("too-many-cells", "表格太大，无法重新生成。请删去空白的行列，或者拆分成几个文件。")

    def told(row: int, column: int) -> dict[str, Any] | None:
        at = (sheet.title, f"{get_column_letter(column)}{row}")
        return None if kept is not None and at not in kept else _told(sheet.cell(row, column), at in hidden_too)

    cells = [[told(r, c) for c in columns] for r in rows]
    return {
        "title": sheet.title,
        "rows": cells,
        "merged": list(_merged(sheet, rows, columns)),
        "widths": [sheet.column_dimensions[get_column_letter(n)].width for n in columns],
    }


def _merged(sheet: Worksheet, rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Joined cells by their places among what is left."""
    row_place, column_place = ({old: new for new, old in enumerate(kept, 1)} for kept in (rows, columns))
    found = []
    for area in sheet.merged_cells.ranges:
        down = [row_place[n] for n in range(area.min_row, area.max_row + 1) if n in row_place]
        across = [column_place[n] for n in range(area.min_col, area.max_col + 1) if n in column_place]
        if area.min_row in row_place and area.min_col in column_place and len(down) * len(across) > 1:
            found.append([min(down), min(across), max(down), max(across)])
    return found


def _told(cell: Cell | MergedCell, is_covered: bool) -> dict[str, Any] | None:
    """A value with the little of its looks that matters, as JSON takes it; None where nothing shows."""
    if isinstance(cell, MergedCell) or cell.value is None or _invisible(cell):
        return None
    value = COVERED if is_covered else _shown(cell)
    look = {"bold": bool(cell.font.b), "across": cell.alignment.horizontal, "wrap": bool(cell.alignment.wrap_text),
            "boxed": bool(cell.border.left and cell.border.left.style)}  # fmt: skip
    number_format = cell.number_format if value is cell.value else "General"
    return {"v": _out(value), "format": number_format} | look


def _write(cell: Cell, told: Mapping[str, Any]) -> None:
    cell.value = _back(told["v"])
    if isinstance(cell.value, str):
        # Text stays text: a value that begins with = is shown, never reckoned.
        cell.data_type = "s"
    else:
        cell.number_format = told["format"]
    cell.font = Font(bold=told["bold"])
    cell.alignment = Alignment(horizontal=told["across"], vertical="center", wrap_text=told["wrap"])
    if told["boxed"]:
        cell.border = _THIN


def _out(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return {"at": value.isoformat(), "kind": type(value).__name__}
    return value if isinstance(value, str | int | float | bool) else str(value)


def _back(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {"datetime": datetime, "date": date, "time": time}[value["kind"]].fromisoformat(value["at"])


def _shown(cell: Cell) -> Any:
    """The value; where its format shows other words instead of it (`"保密"`, `;;;"—"`), those words."""
    sections = _SECTION.findall(cell.number_format or "General")
    if isinstance(cell.value, bool) or not isinstance(cell.value, str | int | float):
        return cell.value
    if isinstance(cell.value, str):
        section = sections[3] if len(sections) > 3 else "@"
    else:
        which = (1 if cell.value < 0 else 2 if cell.value == 0 else 0) if len(sections) > 1 else 0
        section = sections[which] if which < len(sections) else sections[0]
    if _PLACEHOLDER.search(_LITERAL.sub("", section)) or not section:
        return cell.value
    return "".join(quoted or escaped for quoted, escaped in _WORDS.findall(section)) or None


def _values(sheet: Worksheet) -> list[str]:
    """What stands in the cells, comments included."""
    found = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                found.append(str(cell.value))
            if getattr(cell, "comment", None) is not None:
                found.append(cell.comment.text)
    return found


def _row_hidden(sheet: Worksheet, number: int) -> bool:
    told = sheet.row_dimensions.get(number)
    return told is not None and (bool(told.hidden) or told.height == 0)


def _hidden_columns(sheet: Worksheet) -> set[int]:
    """Columns are told in groups; each group names its first and last."""
    found: set[int] = set()
    for told in sheet.column_dimensions.values():
        if told.hidden or told.width == 0:
            found.update(range(told.min or 0, (told.max or 0) + 1))
    return found


def _invisible(cell: Cell) -> bool:
    """A number format of semicolons alone, or letters in the colour of their ground, show nothing."""
    if cell.number_format and not cell.number_format.replace(";", "").strip() and ";" in cell.number_format:
        return True
    ink = cell.font.color.rgb if cell.font and cell.font.color and cell.font.color.type == "rgb" else None
    ground = "FFFFFFFF"
    if cell.fill and cell.fill.fill_type == "solid" and cell.fill.fgColor.type == "rgb":
        ground = cell.fill.fgColor.rgb
    return isinstance(ink, str) and ink[-6:] == ground[-6:]
