"""An item of a hall screen as web/components/slide.html shows it: on the screen itself, and in the desk's preview."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

from gongkai.channels.board import Slide


def drawn(one: Slide, base: str) -> dict[str, Any]:
    """The context value `slide`; `base` is the address of the site."""
    item = one.item
    address = f"{base}{item.url}"
    return {
        "number": item.index_number,
        "state": item.text_state,
        "title": item.title,
        "size": _size(item.title),
        "organ": item.organ,
        "doc_number": item.doc_number,
        "released_at": item.released_at,
        "period": one.period,
        "pieces": one.pieces,
        "whole": one.whole,
        "files": [file.title or file.filename for file in item.files],
        "ends_at": one.ends_at.isoformat() if one.ends_at else "",
        "url": item.url,
        "address": address.partition("://")[2],
        "qr": _qr(address),
    }


def _size(title: str) -> str:
    """The class of a title that needs smaller letters, so that room is left for the text."""
    if len(title) <= 40:
        return ""
    return "slide--long" if len(title) <= 80 else "slide--longer"


@lru_cache(maxsize=512)
def _qr(address: str) -> SafeString:
    drawing = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return mark_safe(drawing)  # noqa: S308 drawn by segno from an address of ours
