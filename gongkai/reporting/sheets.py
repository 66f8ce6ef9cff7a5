"""An inspection, and open findings, as workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.chinese.cells import safe_cell
from gongkai.law.inspection import VERDICTS
from gongkai.reporting.findings import BY_CODE
from gongkai.reporting.models import Finding, Inspection
from gongkai.reporting.queries import lines


def sheet(inspection: Inspection) -> bytes:
    """The same as a workbook: the indicators, and one row for every place to mend."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act

    book = Workbook()
    first = book.active
    first.title = _("指标")
    head = (_("指标"), _("结果"), _("数值"), _("单位"), _("标准"), _("一票否决"), _("说明"), _("怎样改"))
    _write(first, [head, *(
        (row.indicator.title, VERDICTS[row.verdict], "" if row.value is None else row.value, row.indicator.unit,
         row.threshold, _("是") if row.indicator.veto else "", row.told or row.indicator.asks, row.indicator.mend)
        for row in lines(inspection)
    )])  # fmt: skip
    second = book.create_sheet(_("待改"))
    places = [
        (row.indicator.title, place["title"], place["told"], place["key"])
        for row in lines(inspection)
        if row.verdict == "fail" or row.places
        for place in row.places
    ]
    _write(second, [(_("指标"), _("哪里"), _("情况"), _("编号")), *places])
    return _bytes(book)


def findings_sheet(findings: Iterable[Finding]) -> bytes:
    """One row for every open finding."""
    from openpyxl import Workbook  # noqa: PLC0415 -- as above

    book = Workbook()
    made = book.active
    made.title = _("发现的问题")
    head = (_("问题"), _("标题"), _("情况"), _("索引号"), _("机关"), _("科室"), _("怎样改"), _("发现日期"))
    _write(made, [head, *(
        (BY_CODE[row.kind].title, row.item.working_title, row.told, row.item.index_number or row.item.code,
         row.item.organ.name, row.item.section.name if row.item.section else "", BY_CODE[row.kind].mend,
         f"{timezone.localtime(row.first_at):%Y-%m-%d}")
        for row in findings
    )], widths=(16, 44, 50, 22, 20, 16, 40, 12))  # fmt: skip
    return _bytes(book)


def _write(
    made: Any, rows: Sequence[Sequence[Any]], *, widths: Sequence[int] = (24, 34, 44, 14, 8, 10, 50, 50)
) -> None:
    for row in rows:
        made.append([value if isinstance(value, int) else safe_cell(value) for value in row])
    for letter, width in zip("ABCDEFGH", widths, strict=True):
        made.column_dimensions[letter].width = width


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
