"""The catalogue as a table: 基层政务公开标准目录 (国办发〔2019〕54号) read from XLSX or CSV, and written the same.

Pure: bytes in, rows and problems out. One or two header rows, title rows above them, merged cells, ticks instead of
words, UTF-8 with or without mark and GB18030 are all met in published catalogues.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

from gongkai.agencies.tree_sheet import Problem
from gongkai.files.encoding import decode
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import sniff
from gongkai.law.catalogue_limits import AUDIENCES, CHANNELS, LEVELS, METHODS, Choice, match_choice

MOST_ROWS = 20_000
_HEADER_WITHIN = 12  # the header stands in one of the first rows; above it only titles and remarks
_TICKS = frozenset({"√", "✓", "✔", "■", "☑", "●", "是", "有", "Y", "y", "1"})
_NOTE = re.compile(r"(注|备注|说明|填表|单位)[：:\d]?|[一二三四五六七八九十]+、")
_EMPTY_TICKS = frozenset({"□", "☐", "○", "否", "无", "×", "N", "n", "0", "-", "—", "/"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it stands in the file, merged cells filled in; `line` counts from 1, 0 where there is no file."""

    line: int
    serial: str
    level1: str
    level2: str
    content: str
    basis: str
    limit: str
    subject: str
    channels: str
    audience: str
    method: str
    level: str
    heading: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: rows, or problems with the form of the file. `ignored`: headers of columns that were not read."""

    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the form: the field it fills, its words in a header, and whether a file may lack it."""

    field: str
    label: str
    pattern: re.Pattern[str]
    required: bool = True


_COLUMNS = (
    _Column("serial", "序号", re.compile(r"^(序号|编号)$")),
    _Column("level1", "一级事项", re.compile(r"^(公开事项)?一级(事项|目录)$")),
    _Column("level2", "二级事项", re.compile(r"^(公开事项)?二级(事项|目录)$"), required=False),
    _Column("level3", "三级事项", re.compile(r"^(公开事项)?三级(事项|目录)$"), required=False),
    _Column("content", "公开内容（要素）", re.compile(r"^公开(内容|要素)")),
    _Column("basis", "公开依据", re.compile(r"^公开依据")),
    _Column("limit", "公开时限", re.compile(r"^公开(时限|时间|期限)")),
    _Column("subject", "公开主体", re.compile(r"^(公开|责任)主体")),
    _Column("channels", "公开渠道和载体", re.compile(r"^公开(渠道|载体)")),
    _Column("audience", "公开对象", re.compile(r"^公开对象")),
    _Column("method", "公开方式", re.compile(r"^公开方式")),
    _Column("level", "公开层级", re.compile(r"^公开层级")),
    _Column("heading", "公开类别", re.compile(r"^公开类别"), required=False),
    _Column("column", "栏目", re.compile(r"^(公开)?栏目$"), required=False),
)
_BY_FIELD = {column.field: column for column in _COLUMNS}
# These columns are split into one column per choice, ticked; the words of the choice stand in the second header row.
_SPLIT: dict[str, tuple[Choice, ...]] = {
    "audience": AUDIENCES,
    "method": METHODS,
    "level": LEVELS,
    "channels": CHANNELS,
}

Cells = list[list[str]]


def read_sheet(data: bytes, filename: str) -> Sheet:
    """Read a catalogue file. Every problem of form is told; rows come with their line numbers."""
    try:
        cells = _xlsx(data, filename) if filename.lower().endswith((".xlsx", ".xlsm")) else _csv(data, filename)
    except Unreadable as unreadable:
        return Sheet((), (Problem(0, str(unreadable)),))
    found = _header(cells)
    if found is None:
        wanted = "、".join(column.label for column in _COLUMNS if column.required)
        return Sheet((), (Problem(0, f"找不到表头。前 {_HEADER_WITHIN} 行里应当有一行写着：{wanted}。"),))
    first, places, heads = found
    present = {field for field, _ in places.values()}
    missing = [column.label for column in _COLUMNS if column.required and column.field not in present]
    problems = [Problem(first, f"缺少“{label}”一列，请补上后再导入。") for label in missing]
    rows = []
    for line, values in enumerate(cells[first:], start=first + 1):
        if any(values) and not _is_note(values, places):
            rows.append(_row(line, values, places))
    if not rows:
        problems.append(Problem(0, "表头下面没有内容。"))
    ignored = [word for n, word in enumerate(heads) if word and n not in places]
    return Sheet(tuple(rows), tuple(problems), tuple(dict.fromkeys(ignored)))


def _xlsx(data: bytes, filename: str) -> Cells:
    """The first visible sheet, merged ranges filled with the value of their first cell."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act

    sniff(data, filename)  # macros, password, zip bombs and what is no workbook at all are refused here
    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise Unreadable(
            "damaged", "文件不完整，打不开。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。", repr(error)
        ) from None
    sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
    if sheet is None or sheet.max_row > MOST_ROWS:
        raise Unreadable("too-long", f"工作表是空的，或者超过 {MOST_ROWS:,} 行，请检查后再导入。")
    cells = [["" if value is None else _cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    for block in sheet.merged_cells.ranges:
        value = cells[block.min_row - 1][block.min_col - 1]
        for row in range(block.min_row - 1, min(block.max_row, len(cells))):
            for column in range(block.min_col - 1, min(block.max_col, len(cells[row]))):
                cells[row][column] = value
    return cells


def _csv(data: bytes, filename: str) -> Cells:
    if not filename.lower().endswith(".csv"):
        raise Unreadable("suffix", "目录文件应当是 .xlsx 或者 .csv，请另存后再导入。")
    try:
        rows = list(csv.reader(io.StringIO(decode(data), newline="")))
    except csv.Error as error:
        raise Unreadable("damaged", "文件不是完整的 CSV，请检查引号后再导入。", repr(error)) from None
    if len(rows) > MOST_ROWS:
        raise Unreadable("too-long", f"文件超过 {MOST_ROWS:,} 行，请分开导入。")
    width = max((len(row) for row in rows), default=0)
    return [[_cell(value) for value in row] + [""] * (width - len(row)) for row in rows]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").strip()


def _plain(word: str) -> str:
    """Header words compared without spaces, brackets and full-width forms."""
    return re.sub(r"[\s()（）:：*]+", "", unicodedata.normalize("NFKC", word))


Places = dict[int, tuple[str, str]]  # column of the table → field, and the code of the choice it ticks


def _header(cells: Cells) -> tuple[int, Places, list[str]] | None:
    """(rows down to the end of the header, what each column is, its words); None where there is no header."""
    for number, row in enumerate(cells[:_HEADER_WITHIN]):
        upper = [_plain(value) for value in row]
        if sum(1 for column in _COLUMNS if any(column.pattern.match(word) for word in upper)) < 4:
            continue
        below = [_plain(value) for value in cells[number + 1]] if number + 1 < len(cells) else []
        if not below or not _is_second_header(upper, below):
            return number + 1, _places(upper, [""] * len(upper)), row
        heads = [low or top for top, low in zip(row, cells[number + 1], strict=True)]
        return number + 2, _places(upper, below), heads
    return None


def _is_second_header(upper: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row under the header divides it. A header merged over both rows says the same in both."""
    words = [low for top, low in zip(upper, below, strict=True) if low and low != top]
    return len(words) >= 2 and all(
        _choice_of_any(word) or any(c.pattern.match(word) for c in _COLUMNS) for word in words
    )


def _choice_of_any(word: str) -> bool:
    return any(match_choice(table, word) for table in _SPLIT.values())


def _places(upper: Sequence[str], below: Sequence[str]) -> Places:
    places: Places = {}
    above = ""  # a heading over several columns stands in the first of them when it is not merged
    for position, (top, low) in enumerate(zip(upper, below, strict=True)):
        above = top or above
        for word in (low, top):
            column = next((c for c in _COLUMNS if word and c.pattern.match(word)), None)
            if column is not None and not (column.field in _SPLIT and low and low != top):
                places[position] = (column.field, "")
                break
        else:
            word = low or top
            field = next((f for f in _SPLIT if _BY_FIELD[f].pattern.match(above)), "") or next(
                (f for f, table in _SPLIT.items() if match_choice(table, word)), ""
            )
            code = match_choice(_SPLIT[field], word) if field else None
            if code:
                places[position] = (field, code)
    return places


def _is_note(values: Sequence[str], places: Places) -> bool:
    """A remark or a domain title between the rows: the same words over the whole width, or one cell that says so."""
    told = [values[position] for position in places if position < len(values)]
    words = set(told) - {""}
    if len(words) > 1:
        return False
    return not words or len(told) - told.count("") > len(told) // 2 or bool(_NOTE.match(next(iter(words))))


def _row(line: int, values: Sequence[str], places: Places) -> SheetRow:
    told: dict[str, str] = {column.field: "" for column in _COLUMNS}
    ticked: dict[str, list[str]] = {}
    for position, (field, code) in places.items():
        value = values[position] if position < len(values) else ""
        if not code:
            told[field] = told[field] or value
        elif value in _TICKS:
            ticked.setdefault(field, []).append(next(c.label for c in _SPLIT[field] if c.code == code))
        elif value and value not in _EMPTY_TICKS:
            # a column such as 特定群体 often names the group instead of a tick
            ticked.setdefault(field, []).append(
                f"{next(c.label for c in _SPLIT[field] if c.code == code)}（{value}）" if field == "audience" else value
            )
    for field, labels in ticked.items():
        told[field] = "、".join(dict.fromkeys(labels))
    # some places split 二级事项 once more; both together name the matter
    told["level2"] = "／".join(word for word in (told["level2"], told.pop("level3")) if word)
    return SheetRow(line=line, **told)


# -- writing --------------------------------------------------------------------------------------

# Columns behind 公开层级 are not of the standard form: our own two, and what a place adds.
_OWN = _COLUMNS[[column.field for column in _COLUMNS].index("level") + 1 :]
HEADER_TOP = (
    "序号", "公开事项", "", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体",
    "公开对象", "", "公开方式", "", "公开层级", "", "", "", *(column.label for column in _OWN),
)  # fmt: skip
HEADER_LOW = (
    "", "一级事项", "二级事项", "", "", "", "", "", "全社会", "特定群体", "主动", "依申请公开",
    "市级", "县级", "乡级", "村级", *("" for _ in _OWN),
)  # fmt: skip
_WIDTHS = (6, 16, 22, 34, 30, 24, 20, 26, 8, 10, 8, 10, 7, 7, 7, 7, *(14 for _ in _OWN))


def _merges() -> Iterable[str]:
    """Groups across their columns, single headers down both rows."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act

    yield from ("B1:C1", "I1:J1", "K1:L1", "M1:P1")
    for number, (top, low) in enumerate(zip(HEADER_TOP, HEADER_LOW, strict=True), start=1):
        if top and not low:
            letter = get_column_letter(number)
            yield f"{letter}1:{letter}2"


def as_cells(row: SheetRow) -> list[str]:
    """One row in the order of the header, ticks for audience, method and level."""
    audience = row.audience
    group = re.search(r"特定群[体众]（(.+?)）", audience)
    return [
        row.serial, row.level1, row.level2, row.content, row.basis, row.limit, row.subject, row.channels,
        "√" if "全社会" in audience else "",
        (group.group(1) if group else "√") if "特定" in audience else "",
        "√" if row.method.startswith("主动") else "",
        "√" if row.method.startswith("依申请") else "",
        *("√" if label in row.level.split("、") else "" for label in ("市级", "县级", "乡级", "村级")),
        *(getattr(row, column.field) for column in _OWN),
    ]  # fmt: skip


def write_csv(rows: Iterable[SheetRow]) -> bytes:
    """UTF-8 with mark, so that office programs open it with the right characters."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([HEADER_TOP, HEADER_LOW])
    writer.writerows(_safe(as_cells(row)) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[SheetRow], *, title: str) -> bytes:
    """The two header rows merged as in the standard form, wrapped cells, A3 across."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act

    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", "", title)[:31] or "公开事项目录"
    sheet.append(HEADER_TOP)
    sheet.append(HEADER_LOW)
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in as_cells(row)])
    for block in _merges():
        sheet.merge_cells(block)
    thin = Side(style="thin", color="FF9AA3AE")
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = Border(thin, thin, thin, thin)
            if cell.data_type == "f":
                cell.data_type = "s"  # words that begin with = are still words
            if cell.row <= 2:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="FFEEF2F7")
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(cells: list[str]) -> list[str]:
    """A cell that an office program would take for a formula gets a leading space; reading strips it again."""
    return [f" {cell}" if cell[:1] in "=+@-\t" and cell else cell for cell in cells]
