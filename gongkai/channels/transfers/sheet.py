"""A transfer list as a workbook. Equal lists give equal cells."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from gongkai.channels.models import Transfer, TransferLine
from gongkai.channels.models.transfers import LINE_KINDS
from gongkai.chinese.cells import safe_cell

HEADS: Final = ("序号", "索引号", "题名", "发文字号", "成文日期", "发布日期", "页数/附件", "类别", "备注")
WIDTHS: Final = (6, 26, 48, 20, 12, 12, 20, 10, 44)


def cells(row: TransferLine) -> tuple[str, ...]:
    """One line in the order of `HEADS`."""
    return (
        str(row.order), row.index_number, row.title, row.doc_number, row.formed_on.isoformat() if row.formed_on else "",
        row.released_on.isoformat(), row.extent, LINE_KINDS[row.kind], row.note,
    )  # fmt: skip


def head_lines(transfer: Transfer) -> tuple[str, ...]:
    """What stands above the table."""
    receiver = transfer.receiver
    return (
        "主动公开政府信息移交清单",
        f"第 {transfer.number} 号　移交单位：{receiver.organ.name}　接收单位：{receiver.name}",
        f"截至 {transfer.until.isoformat()} 发布　清单摘要（SHA-256）：{transfer.digest}",
    )


def workbook(transfer: Transfer, rows: Sequence[TransferLine]) -> bytes:
    """Title, number and digest, then one row for each line."""
    from openpyxl import Workbook  # noqa: PLC0415 -- 15 MB in each web worker, for a rare act

    book = Workbook()
    made = book.active
    made.title = "移交清单"
    for told in head_lines(transfer):
        made.append([safe_cell(told)])
    made.append(list(HEADS))
    for row in rows:
        number, *rest = cells(row)
        made.append([int(number), *(safe_cell(value) for value in rest)])
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        made.column_dimensions[letter].width = width
    made.freeze_panes = "A5"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
