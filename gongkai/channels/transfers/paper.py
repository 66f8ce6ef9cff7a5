"""A transfer list on paper, for the signatures of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from gongkai.channels.models import Transfer, TransferLine
from gongkai.channels.models.transfers import TAKEN_BACK
from gongkai.channels.transfers.sheet import HEADS, cells, head_lines
from gongkai.files.sandbox import MEGABYTE, Limits, run

LIMITS: Final = Limits(memory=2048 * MEGABYTE, seconds=120)
_COLUMNS: Final = ("n", "index", "title", "doc", "day", "day", "extent", "kind", "note")
_SIGNS: Final = (
    ("移交单位（盖章）：", "移交人：", "移交日期：　　　　年　　月　　日"),
    ("接收单位（盖章）：", "接收人：", "接收日期：　　　　年　　月　　日"),
)


def pdf(transfer: Transfer, rows: Sequence[TransferLine]) -> bytes:
    """Equal lists give equal pages. `files.refusal.Unreadable` where the sandbox could not make them."""
    data, _pages, _places = run(
        "gongkai.channels.handbooks.press:pressed", _page(transfer, rows), _sheet(), "", limits=LIMITS
    )
    made: bytes = data
    return made


@cache
def _sheet() -> str:
    return files("gongkai.channels.transfers").joinpath("paper.css").read_text(encoding="utf-8")


def _page(transfer: Transfer, rows: Sequence[TransferLine]) -> str:
    title, *under = head_lines(transfer)
    columns = mark_safe("".join(f'<col class="{name}">' for name in _COLUMNS))  # noqa: S308 our own names
    heads = format_html_join("", '<th scope="col">{}</th>', ((head,) for head in HEADS))
    body = format_html_join(
        "", "<tr>{}</tr>",
        ((format_html_join("", '<td class="{}">{}</td>', zip(_COLUMNS, cells(row), strict=True)),) for row in rows),
    )  # fmt: skip
    back = sum(row.kind == TAKEN_BACK for row in rows)
    counted = (
        f"共 {len(rows)} 行，其中移交 {len(rows) - back} 条，撤回通知 {back} 条。依据《政府信息公开条例》第二十五条。"
    )
    signs = format_html_join(
        "", "<div>{}</div>", ((format_html_join("", "<p>{}</p>", ((word,) for word in words)),) for words in _SIGNS)
    )
    return str(
        format_html(
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{}</title></head><body><h1>{}</h1>'
            '<div class="under">{}</div><table><colgroup>{}</colgroup><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
            '<div class="end"><p class="counted">{}</p><div class="signs">{}</div></div></body></html>',
            f"{title} {transfer.receiver.name} 第 {transfer.number} 号",
            title,
            format_html_join("", "<p>{}</p>", ((line,) for line in under)),
            columns,
            heads,
            body,
            counted,
            signs,
        )  # fmt: skip
    )
