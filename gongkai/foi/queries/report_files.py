"""Tables 3 and 4 of the annual report as files, in the layout of the form (国办公开办函〔2021〕30号)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from gongkai.chinese.cells import safe_cell
from gongkai.law.report_form import (
    APPLICANTS,
    LITIGATION_COLUMNS,
    LITIGATION_ROWS,
    REQUEST_HEADER_NOTE,
    REQUEST_ROWS,
    SECTIONS,
    Cell,
    Report,
    RequestRow,
)

TITLE_3, TITLE_4 = SECTIONS[2], SECTIONS[3]
_RESULTS = "三、本年度办理结果"


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the form: its text or number and how many rows and columns it takes."""

    value: str | int
    down: int = 1
    across: int = 1
    head: bool = True


Grid = list[list[Box]]


def requests_grid(report: Report) -> Grid:
    """Table 3: three rows of heads, then one row of the form each."""
    legal = APPLICANTS[1:]
    grid: Grid = [
        [Box(REQUEST_HEADER_NOTE, 3, 3), Box("申请人情况", 1, 7)],
        [Box(APPLICANTS[0], 2), Box("法人或其他组织", 1, len(legal)), Box("总计", 2)],
        [Box(name) for name in legal],
    ]
    results = [row for row in REQUEST_ROWS if row.is_leaf or row.code == "total_processed"]
    for row in REQUEST_ROWS[:2]:
        grid.append([Box(row.label, 1, 3), *_numbers(report.requests[row.code])])
    first = [Box(_RESULTS, len(results))]
    for group, rows in groupby(results, key=lambda row: row.group):
        block = list(rows)
        for n, row in enumerate(block):
            heads = _heads(row, len(block) if group and n == 0 else 0)
            grid.append([*first, *heads, *_numbers(report.requests[row.code])])
            first = []
    last = REQUEST_ROWS[-1]
    grid.append([Box(last.label, 1, 3), *_numbers(report.requests[last.code])])
    return grid


def _heads(row: RequestRow, rows_of_group: int) -> list[Box]:
    if not row.group:
        return [Box(row.label, 1, 2)]
    return [Box(row.group, rows_of_group), Box(row.label)] if rows_of_group else [Box(row.label)]


def litigation_grid(report: Report) -> Grid:
    """Table 4: 15 cells in one row under their heads."""
    kinds = list(LITIGATION_ROWS)
    five = len(LITIGATION_COLUMNS)
    return [
        [Box("行政复议", 2, five), Box("行政诉讼", 1, 2 * five)],
        [Box("未经复议直接起诉", 1, five), Box("复议后起诉", 1, five)],
        [Box(name) for _ in kinds for name in LITIGATION_COLUMNS],
        [box for kind in kinds for box in _numbers(report.litigation[kind])],
    ]


def _numbers(cells: Sequence[Cell]) -> list[Box]:
    return [Box(int(cell or 0), head=False) for cell in cells]


def as_json(report: Report, agency: str) -> bytes:
    """What `gongkai law check-report` reads; the agency stands in the file's name, the form has no place for it."""
    rows = {row.code: [int(cell or 0) for cell in report.requests[row.code]] for row in REQUEST_ROWS}
    litigation = {kind: [int(cell or 0) for cell in report.litigation[kind]] for kind in LITIGATION_ROWS}
    told = {"form": report.form, "year": report.year, "requests": rows, "litigation": litigation}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(report: Report, agency: str) -> bytes:
    """Both tables below each other, joined cells given by their first; UTF-8 with the mark office programs look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(_heading(agency, report))])
    for title, grid in _tables(report):
        writer.writerow([title])
        writer.writerows([safe_cell(cell) for cell in line] for line in _flat(grid))
        writer.writerow([])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report, agency: str) -> bytes:
    """One sheet a table, cells joined as in the form; every text is a text."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415 -- as above

    book = Workbook()
    book.remove(book.active)
    line = Border(*[Side(style="thin")] * 4)
    for (title, grid), name in zip(_tables(report), ("表三", "表四"), strict=True):
        sheet = book.create_sheet(name)
        width = len(_flat(grid)[0])
        for at, text in ((1, _heading(agency, report)), (2, title)):
            cell = sheet.cell(at, 1, text)
            cell.data_type, cell.font, cell.alignment = "s", Font(bold=True, size=14), Alignment(horizontal="center")
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
        for top, left, box in _placed(grid):
            cell = sheet.cell(top + 3, left + 1, box.value)
            if isinstance(box.value, str):
                cell.data_type = "s"  # words that begin with = are still words
            cell.alignment = Alignment(horizontal="center" if not box.head else None, vertical="center", wrap_text=True)
            if box.down > 1 or box.across > 1:
                sheet.merge_cells(start_row=top + 3, end_row=top + 2 + box.down,
                                  start_column=left + 1, end_column=left + box.across)  # fmt: skip
        for row in sheet.iter_rows(min_row=3, max_row=2 + len(grid), max_col=width):
            for cell in row:
                cell.border = line
        if name == "表三":
            for letter, size in (("A", 14), ("B", 16), ("C", 42)):
                sheet.column_dimensions[letter].width = size
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(report: Report, agency: str) -> bytes:
    """A page that stands alone, to be opened or pasted into the report."""
    parts = [
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        f"<title>{escape(_heading(agency, report))}</title>",
        "<style>table{border-collapse:collapse}th,td{border:1px solid;padding:.3em .5em}"
        "th{font-weight:normal;text-align:left}td{text-align:center}</style></head><body>",
        f"<h1>{escape(_heading(agency, report))}</h1>",
    ]
    for title, grid in _tables(report):
        parts.append(f"<h2>{escape(title)}</h2><table>")
        parts += ["<tr>" + "".join(map(_html_box, line)) + "</tr>" for line in grid]
        parts.append("</table>")
    return ("\n".join([*parts, "</body></html>"]) + "\n").encode()


def _html_box(box: Box) -> str:
    tag = "th" if box.head else "td"
    spans = "".join(f' {name}="{n}"' for name, n in (("rowspan", box.down), ("colspan", box.across)) if n > 1)
    return f"<{tag}{spans}>{escape(str(box.value))}</{tag}>"


def _heading(agency: str, report: Report) -> str:
    return f"{agency}{report.year}年政府信息公开工作年度报告"


def _tables(report: Report) -> list[tuple[str, Grid]]:
    return [(TITLE_3, requests_grid(report)), (TITLE_4, litigation_grid(report))]


def _placed(grid: Grid) -> list[tuple[int, int, Box]]:
    """(row, column, box): where each box begins once those above and before it have taken their room."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, line in enumerate(grid):
        column = 0
        for box in line:
            while (row, column) in taken:
                column += 1
            placed.append((row, column, box))
            taken |= {(row + down, column + across) for down in range(box.down) for across in range(box.across)}
    return placed


def _flat(grid: Grid) -> list[list[str | int]]:
    """The grid as plain rows: a joined cell stands in its first place, the others are empty."""
    placed = _placed(grid)
    width = max(column + box.across for _, column, box in placed)
    rows: list[list[str | int]] = [[""] * width for _ in grid]
    for row, column, box in placed:
        rows[row][column] = box.value
    return rows
