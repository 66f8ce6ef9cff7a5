"""Tables of a document stand in a box of their own, so that a wide one never moves the page sideways."""

from __future__ import annotations

import re
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

TABLE_EDGE: Final = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
ROW: Final = re.compile(r"<tr\b.*?(?=<tr\b|</tr|</table)", re.IGNORECASE | re.DOTALL)
CELL: Final = re.compile(r"<t[hd]\b([^>]*)>", re.IGNORECASE)
WIDE: Final = 4  # columns; fewer fit a phone
# 各区人民政府，市政府各部门： at the head of a document stands at the margin; a sentence that opens a list does not count.
SALUTATION: Final = re.compile(
    r"^(\s*(?:<h[1-6]\b[^>]*>[^<]*</h[1-6]>\s*)?)<p>(?=(?:(?!如下|下列|以下)[^<。；]){2,80}：</p>)"
)
COLSPAN: Final = re.compile(r"""colspan\s*=\s*["']?(\d{1,3})""", re.IGNORECASE)


def columns_of(table: str) -> int:
    """Number of columns: the widest row, merged cells counted at their width."""
    widest = 0
    for row in ROW.finditer(table):
        spans = (COLSPAN.search(cell.group(1)) for cell in CELL.finditer(row.group()))
        widest = max(widest, sum(int(span.group(1)) if span else 1 for span in spans))
    return widest


@register.filter
def boxed_tables(body: str) -> SafeString:
    """`body` is already safe HTML of a document; each outermost table gets a scrolling box and a hint, the salutation
    its class."""
    body = SALUTATION.sub(r'\1<p class="salutation">', body, count=1)
    pieces: list[str] = []
    depth = start = done = 0
    for edge in TABLE_EDGE.finditer(body):
        if not edge.group(1):
            if depth == 0:
                start = edge.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                pieces += [body[done:start], _box(body[start : edge.end()])]
                done = edge.end()
    return mark_safe("".join([*pieces, body[done:]]))  # noqa: S308 -- cleaned before it was frozen


def _box(table: str) -> str:
    """Every box can be reached and scrolled by keyboard; only a table too wide for a phone says so."""
    columns = columns_of(table)
    wide = columns >= WIDE
    label = _("表格可以左右滑动，共 %(columns)d 列") % {"columns": columns} if wide else _("表格")
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>{}',
        label,
        mark_safe(table),  # noqa: S308 -- cleaned before it was frozen
        format_html('<p class="scroll__hint">{}</p>', label) if wide else "",
    )
