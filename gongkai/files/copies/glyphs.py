"""The glyphs of a page with their places, and whether a reader can see them. Runs in the sandbox."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.files.copies.geometry import Rect, View

#: Least difference of grey within a glyph's box for ink to be seen in it.
CONTRAST = 24
#: A page of more pixels is drawn coarser: 40 million are an A3 at 400 dpi.
MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. `place` is its ink, `extent` its whole body with the room around; `line` counts the lines.

    A blank has no ink and is never judged by it.
    """

    letter: str
    place: Rect
    extent: Rect
    line: int

    @property
    def is_blank(self) -> bool:
        return self.letter.isspace()


def view_of(page: pdfium.PdfPage) -> View:
    """The box a viewer shows: the CropBox within the MediaBox."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if box[0] >= box[2] or box[1] >= box[3]:
        box = media
    return View(box, page.get_rotation())


def glyphs_of(page: pdfium.PdfPage, view: View) -> Iterator[Glyph]:
    """Every character the page's text holds, seen or not, in reading order."""
    text = page.get_textpage()
    try:
        line = 0
        for index in range(text.count_chars()):
            letter = _letter(text, index)
            if letter in "\r\n":
                line += letter == "\n"
                continue
            if letter and letter != "\x00":
                yield Glyph(letter, view.shown(*_box(text, index)), view.shown(*_body(text, index)), line)
    finally:
        text.close()


def _letter(text: Any, index: int) -> str:
    code = raw.FPDFText_GetUnicode(text, index)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _box(text: Any, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _body(text: Any, index: int) -> tuple[float, float, float, float]:
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text, index, box):
        return _box(text, index)
    return box.left, box.bottom, box.right, box.top


def drawn(page: pdfium.PdfPage, view: View, dpi: float) -> Image.Image:
    """The page as a person sees it, annotations and form fields drawn in."""
    scale = dpi / 72
    pixels = view.width * view.height * scale * scale
    if pixels > MOST_PIXELS:
        scale *= (MOST_PIXELS / pixels) ** 0.5
    return page.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil().convert("RGB")


def seen(glyph: Glyph, grey: Image.Image, view: View) -> bool:
    """Is there ink where the glyph stands? Text under a box, white on white, or off the page shows none."""
    across, down = grey.width / view.width, grey.height / view.height
    x0, y0 = int(glyph.place.x0 * across), int(glyph.place.y0 * down)
    x1, y1 = int(glyph.place.x1 * across) + 1, int(glyph.place.y1 * down) + 1
    x0, y0, x1, y1 = max(x0 - 1, 0), max(y0 - 1, 0), min(x1 + 1, grey.width), min(y1 + 1, grey.height)
    if x0 >= x1 or y0 >= y1:
        return False
    least, most = grey.crop((x0, y0, x1, y1)).getextrema()
    return bool(most - least >= CONTRAST)
