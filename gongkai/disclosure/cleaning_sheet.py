"""The list of a 清理 as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

from gongkai.chinese.cells import safe_cell
from gongkai.disclosure.models import Cleaning, CleaningLine
from gongkai.law.cleaning import decision

_HEAD = (
    "序号", "文件名称", "文号", "成文日期", "施行日期", "有效期至", "索引号", "责任科室", "清理意见", "理由", "重新公布的文号",
    "新的有效期至", "办理结果",
)  # fmt: skip
_WIDTHS = (6, 46, 20, 12, 12, 12, 22, 16, 10, 44, 20, 14, 40)


def cleaning_sheet(cleaning: Cleaning, lines: Iterable[CleaningLine]) -> bytes:
    """One row for each document on the list, with what was decided and what came of it."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 -- as above

    book = Workbook()
    made = book.active
    made.title = "清理清单"
    made.append([safe_cell(cleaning.title)])
    made.append(_HEAD)
    for serial, line in enumerate(lines, 1):
        made.append([serial, *map(safe_cell, _cells(line))])
    for row in (1, 2):
        for cell in made[row]:
            cell.font = Font(bold=True)
    for column, width in zip(made.iter_cols(max_col=len(_WIDTHS)), _WIDTHS, strict=True):
        made.column_dimensions[column[0].column_letter].width = width
        for cell in column[1:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    made.freeze_panes = "C3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: CleaningLine) -> tuple[str, ...]:
    version = line.release.version
    return (
        version.title, version.doc_number, _day(version.formed_on), _day(version.effective_from),
        _day(version.valid_until), line.item.index_number or "", line.item.section.name if line.item.section else "",
        decision(line.decision).title if line.decision else "", line.reason, line.new_number,
        _day(line.new_valid_until), line.effect_told,
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
