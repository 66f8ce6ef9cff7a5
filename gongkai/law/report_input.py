"""Reading a report file: shape first (named errors), then cells (kept as findings, so that all are told at once)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import cast

from gongkai.law.report_form import (
    FORMS,
    LITIGATION_COLUMNS,
    LITIGATION_ROWS,
    PROACTIVE_ROWS,
    READABLE_ROWS,
    REQUEST_COLUMNS,
    BadCell,
    Cell,
    FormYear,
    ProactiveRow,
    Report,
    row_label,
)

Shape = Mapping[str, tuple[str, tuple[str, ...]]]  # row code → label, columns
_KEYS = ("form", "year", "requests", "litigation", "proactive", "narrative")


class ReportError(ValueError):
    """A file whose tables cannot be read; `code` is permanent, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def read_report(data: object) -> Report:
    """A report from its JSON form. Blank cells and absent rows are zeros. Raises ReportError where the shape is wrong.

    依据：30号；设计
    """
    if not isinstance(data, dict):
        raise ReportError("bad_shape", "年报文件应当是一组带名称的表：form、year、requests 等，请按说明重写。")
    form = _form(data.get("form"))
    bad: list[BadCell] = []
    if data.get("requests") is None:
        raise ReportError("no_requests", "缺少申请情况表（requests），请补上；没有申请的写成空表。")
    request_shape = {code: (row_label(code), REQUEST_COLUMNS) for code in READABLE_ROWS}
    litigation_shape = {code: (label, LITIGATION_COLUMNS) for code, label in LITIGATION_ROWS.items()}
    proactive_rows = {row.code: row for row in PROACTIVE_ROWS[form]}
    proactive_shape = {code: (row.label, row.columns) for code, row in proactive_rows.items()}
    proactive_given, unread = _known_part(data.get("proactive"), proactive_shape)
    unread += [str(key) for key in data if key not in _KEYS]
    requests = _table("requests", data["requests"], request_shape, bad)
    litigation = _table("litigation", data.get("litigation"), litigation_shape, bad)
    proactive = _table("proactive", proactive_given, proactive_shape, bad, proactive_rows)
    narrative = data.get("narrative") or ""
    if not isinstance(narrative, str):
        raise ReportError("bad_shape", "narrative 应当是报告正文的文字。")
    zeros: tuple[Cell, ...] = (0,) * len(REQUEST_COLUMNS)
    return Report(
        form,
        _year(data.get("year")),
        {code: requests.get(code, zeros) for code in READABLE_ROWS},
        litigation,
        proactive,
        narrative,
        tuple(bad),
        tuple(unread),
    )


def _form(value: object) -> FormYear:
    if str(value) not in FORMS:
        raise ReportError("unknown_form", f"不认识的年报格式“{value}”，form 应当写 2021 或者 2019。")
    return cast(FormYear, str(value))


def _year(value: object) -> int:
    year = int(value) if isinstance(value, str) and value.strip().isdigit() else value
    if isinstance(year, bool) or not isinstance(year, int) or not 2008 <= year <= 2100:
        raise ReportError("bad_year", f"年份“{value}”写得不对，应当是2008以后的四位年份。")
    return year


def _known_part(table: object, shape: Shape) -> tuple[object, list[str]]:
    """Table 2 without rows that are not ours: places add rows of their own, and the form leaves them free."""
    if not isinstance(table, dict):
        return table, []
    ours = {code: cells for code, cells in table.items() if code in shape and not isinstance(cells, dict)}
    return ours, [f"proactive.{code}" for code in table if code not in ours]


def _table(
    name: str,
    table: object,
    shape: Shape,
    bad: list[BadCell],
    proactive: Mapping[str, ProactiveRow] | None = None,
) -> dict[str, tuple[Cell, ...]]:
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise ReportError("bad_shape", f"{name} 应当写成“行代码: [各列]”的形式。")
    read: dict[str, tuple[Cell, ...]] = {}
    for code, cells in table.items():
        if code not in shape:
            near = get_close_matches(str(code), shape, 1)
            hint = f"是不是 {near[0]}？" if near else ""
            raise ReportError("unknown_row", f"{name} 中没有“{code}”这一行。{hint}可以用的行：{'、'.join(shape)}。")
        label, columns = shape[code]
        row = proactive[code] if proactive else None
        read[code] = tuple(
            _cell(value, name, code, label, column, row, bad)
            for value, column in zip(_cells(name, code, cells, columns, label), columns, strict=True)
        )
    return read


def _cells(table: str, code: str, cells: object, columns: tuple[str, ...], label: str) -> list[object]:
    if cells is None:
        return [None] * len(columns)
    if not isinstance(cells, list):
        if len(columns) == 1:
            return [cells]
        raise ReportError("bad_shape", f"{table} 的“{label}”（{code}）应当写成{len(columns)}个数的列表。")
    if len(cells) != len(columns):
        why = "可能有合并的单元格" if len(cells) < len(columns) else "可能有拆开或者多出的单元格"
        raise ReportError(
            "wrong_row_length",
            f"{table} 的“{label}”（{code}）应当有{len(columns)}列（{'、'.join(columns)}），"
            f"现在有{len(cells)}列，{why}，请把表格拆成一格一数再导入。",
        )
    return list(cells)


def _cell(
    value: object, table: str, code: str, label: str, column: str, row: ProactiveRow | None, bad: list[BadCell]
) -> Cell:
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    place = f"“{label}”的“{column}”"
    money = row is not None and column in row.money
    signed = row is not None and column in row.signed
    if isinstance(value, bool | str | list | dict) or not isfinite(cast(float, value)):
        bad.append(BadCell(table, code, column, value, f"{place}应当是数字，现在写的是“{value}”，请改成数字。", True))
        return None
    number = int(cast(float, value)) if float(cast(float, value)).is_integer() else Decimal(str(value))
    if isinstance(number, Decimal) and not money:
        bad.append(BadCell(table, code, column, value, f"{place}应当是整数，现在是{value}，请核对。", False))
    if number < 0 and not signed:
        bad.append(BadCell(table, code, column, value, f"{place}不能是负数，现在是{value}，请核对。", False))
    return number
