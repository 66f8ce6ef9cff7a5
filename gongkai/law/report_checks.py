"""The identities of the annual report (I1 to I8): each failure names the cell, both values and the difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gongkai.law.report_form import (
    LITIGATION_COLUMNS,
    LITIGATION_ROWS,
    PROACTIVE_ROWS,
    READABLE_ROWS,
    REQUEST_COLUMNS,
    Cell,
    Report,
    row_label,
)
from gongkai.law.report_input import ReportError

Identity = Literal["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"]
WARNINGS: tuple[Identity, ...] = ("I7", "I8")
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Failure:
    """One identity that does not hold. `row` and `column` name the cell that was compared; `found` stands in it."""

    identity: Identity
    table: str
    row: str
    column: str
    expected: object
    found: object
    sentence: str

    @property
    def is_warning(self) -> bool:
        return self.identity in WARNINGS


def check_report(report: Report, previous: Report | None = None) -> list[Failure]:
    """Every identity over one report, and the joins to last year's where it is given. Raises ReportError.

    A cell without a readable number is reported once (I6) and left out of the sums it belongs to.

    依据：30号；条例50
    """
    if previous is not None and previous.year != report.year - 1:
        raise ReportError(
            "not_last_year",
            f"上年年报应当是{report.year - 1}年的，给出的是{previous.year}年的，请换成{report.year - 1}年的。",
        )
    return [
        *_numbers(report),
        *_intake_equals_outcome(report),
        *_outcomes_add_up(report),
        *_columns_add_up(report),
        *(_carried_over(report, previous) if previous else ()),
        *_litigation_adds_up(report),
        *(_in_force(report, previous) if previous else ()),
        *check_narrative(report),
    ]


def is_ok(failures: Sequence[Failure]) -> bool:
    """Whether nothing but warnings (I7, I8) was found.

    依据：30号
    """
    return all(failure.is_warning for failure in failures)


def _numbers(report: Report) -> Iterator[Failure]:
    for cell in report.bad_cells:
        yield Failure("I6", cell.table, cell.row, cell.column, None, cell.found, cell.sentence)


def _sum(cells: Sequence[Cell]) -> Number | None:
    """None where a cell of the sum cannot be read."""
    total: Number = 0
    for cell in cells:
        if cell is None:
            return None
        total += cell
    return total


def _compare(
    identity: Identity, table: str, row: str, column: str, expected: Number | None, found: Cell, sentence: str
) -> Iterator[Failure]:
    if expected is None or found is None or expected == found:
        return
    yield Failure(
        identity,
        table,
        row,
        column,
        _plain(expected),
        _plain(found),
        f"{sentence}应为{expected}，表中为{found}，相差{found - expected}。",
    )


def _plain(number: Number) -> int | float:
    return number if isinstance(number, int) else float(number)


def _intake_equals_outcome(report: Report) -> Iterator[Failure]:
    """I1, every column: 一 + 二 = 三（七） + 四. The cell compared is 四."""
    rows = report.requests
    for i, column in enumerate(REQUEST_COLUMNS):
        new, over, done, forward = (
            rows[code][i] for code in ("new_received", "carried_over", "total_processed", "carried_forward")
        )
        if new is None or over is None or done is None or forward is None:
            continue
        left, right = new + over, done + forward
        yield from _compare(
            "I1",
            "requests",
            "carried_forward",
            column,
            left - done,
            forward,
            f"“{column}”一列：第一项加第二项为{left}，第三项总计加第四项为{right}，应当相等；据此第四项",
        )


def _outcomes_add_up(report: Report) -> Iterator[Failure]:
    """I2, every column: 三（七） = the leaf rows."""
    leaves = [code for code, row in READABLE_ROWS.items() if row.is_leaf]
    for i, column in enumerate(REQUEST_COLUMNS):
        yield from _compare(
            "I2",
            "requests",
            "total_processed",
            column,
            _sum([report.requests[code][i] for code in leaves]),
            report.requests["total_processed"][i],
            f"“{column}”一列：办理结果（七）总计等于各种办理结果之和，",
        )


def _columns_add_up(report: Report) -> Iterator[Failure]:
    """I3, every row: 总计 = 自然人 + five kinds of organisations."""
    for code, cells in report.requests.items():
        yield from _compare(
            "I3",
            "requests",
            code,
            "总计",
            _sum(cells[:-1]),
            cells[-1],
            f"“{row_label(code)}”一行：总计等于自然人与五类法人或其他组织之和，",
        )


def _carried_over(report: Report, previous: Report) -> Iterator[Failure]:
    """I4, every column: 上年结转 = last year's 结转下年度."""
    for i, column in enumerate(REQUEST_COLUMNS):
        yield from _compare(
            "I4",
            "requests",
            "carried_over",
            column,
            previous.requests["carried_forward"][i],
            report.requests["carried_over"][i],
            f"“{column}”一列：上年结转等于{previous.year}年年报的结转下年度继续办理，",
        )


def _litigation_adds_up(report: Report) -> Iterator[Failure]:
    """I5: each 总计 of table 4 = its four results."""
    for code, cells in report.litigation.items():
        yield from _compare(
            "I5",
            "litigation",
            code,
            LITIGATION_COLUMNS[-1],
            _sum(cells[:-1]),
            cells[-1],
            f"“{LITIGATION_ROWS[code]}”：总计等于维持、纠正、其他结果、尚未审结之和，",
        )


def _in_force(report: Report, previous: Report) -> Iterator[Failure]:
    """I7, a warning: 现行有效 = last year's + 制发 − 废止. Only where both years use the 2021 form."""
    if report.form != "2021" or previous.form != "2021":
        return
    labels = {row.code: row.label for row in PROACTIVE_ROWS["2021"]}
    for code in ("regulations", "normative_documents"):
        if code not in report.proactive or code not in previous.proactive:
            continue
        made, void, valid = report.proactive[code]
        before = previous.proactive[code][2]
        if made is None or void is None or before is None:
            continue
        yield from _compare(
            "I7",
            "proactive",
            code,
            "现行有效件数",
            before + made - void,
            valid,
            f"“{labels[code]}”：现行有效件数一般等于上年现行有效加本年制发减本年废止，请核对是否另有更正；",
        )


_N = r"(\d[\d,，]*)\s*件"
_GAP = r"[^。；;\d]{0,12}?"
_NARRATIVE: tuple[tuple[str, str, str, re.Pattern[str]], ...] = (
    ("requests", "new_received", "总计", re.compile(rf"新收(?:到)?{_GAP}申请{_GAP}{_N}")),
    ("requests", "carried_over", "总计", re.compile(rf"上年(?:度)?结转{_GAP}{_N}")),
    ("requests", "granted", "总计", re.compile(rf"予以公开(?:的)?{_GAP}{_N}")),
    ("requests", "partially_granted", "总计", re.compile(rf"部分公开(?:的)?{_GAP}{_N}")),
    ("requests", "carried_forward", "总计", re.compile(rf"结转(?:至)?下(?:一)?年(?:度)?{_GAP}{_N}")),
    ("litigation", "review", "总计", re.compile(rf"行政复议(?:案件)?{_GAP}{_N}")),
)


def check_narrative(report: Report) -> list[Failure]:
    """I8, a warning: numbers told in the text of the report equal those of its tables.

    Only sentences in the usual wording are read (新收申请N件、予以公开N件 …); others are passed over.

    依据：30号
    """
    found: list[Failure] = []
    for table, row, column, pattern in _NARRATIVE:
        rows = report.requests if table == "requests" else report.litigation
        cells = rows.get(row)
        if cells is None or cells[-1] is None:
            continue
        for match in pattern.finditer(report.narrative):
            told = int(re.sub(r"[,，]", "", match.group(1)))
            if told != cells[-1]:
                found.append(
                    Failure(
                        "I8",
                        table,
                        row,
                        column,
                        _plain(cells[-1]),
                        told,
                        f"正文写“{match.group(0)}”，表中为{cells[-1]}，相差{told - cells[-1]}，请核对。",
                    )
                )
    return found
