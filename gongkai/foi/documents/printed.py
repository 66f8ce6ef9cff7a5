"""A document as a file: PDF and Word. Nothing is fetched, nothing but the kind stands in the metadata."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongkai.foi.documents.document import Document
from gongkai.foi.documents.pages import to_html


def to_pdf(document: Document) -> bytes:
    """The printed page. Equal documents give equal bytes on machines with the same fonts."""
    return rendered(document.title, to_html(document))


def to_docx(document: Document) -> bytes:
    """The Word file for editing and stamping; equal documents give equal bytes."""
    from gongkai.foi.documents.word import written  # noqa: PLC0415 -- 20 MB in each web worker, for whoever downloads

    return written(document)


def receipt_pdf(receipts: Sequence[tuple[Document, str]], *, address: str) -> bytes:
    """The receipts of one form, a page for each item with its query code and the way to the tracking page.

    `receipts`: document of kind receipt with the code of its case; `address`: of the tracking page, the same for
    everybody. A code in the address raises ValueError: it would stand in logs and histories.
    """
    if not receipts:
        raise ValueError("a receipt is for at least one case")
    if any(code in address or code.replace("-", "") in address for _, code in receipts):
        raise ValueError("the query code must not stand in an address")
    pages = format_html_join("", "{}", ((_receipt(document, code, address),) for document, code in receipts))
    return rendered(receipts[0][0].title, pages)


def rendered(title: str, body: SafeString, style: str = "") -> bytes:
    """A PDF of that body in the layout of an official page; `style` is added to it."""
    from gongkai.foi.documents.press import pressed  # noqa: PLC0415 -- a second to load, for whoever prints

    page = format_html('<!doctype html><html lang="zh-CN"><title>{}</title><body>{}</body></html>', title, body)
    return pressed(page, tuple(text for text in (sheet(), style) if text))


@cache
def sheet() -> str:
    """The style sheet of the official page."""
    return files("gongkai.foi.documents").joinpath("page.css").read_text(encoding="utf-8")


def _receipt(document: Document, code: str, address: str) -> SafeString:
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return format_html(
        '<div class="receipt">{}<div class="receipt-box">{}<div><p>查询码</p><p class="receipt-code">{}</p>'
        "<p>扫码或者打开 {} ，凭查询码和证件号码、电话号码的后四位或者姓名查询办理进度。请妥善保管，不要交给他人。</p>"
        "</div></div></div>",
        to_html(document), mark_safe(drawn), code, address,  # noqa: S308 drawn by segno from an address of ours
    )  # fmt: skip
