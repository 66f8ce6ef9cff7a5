"""Which glyphs of a page a reader sees: those without which the page looks different. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops

from gongkai.files.copies.geometry import Rect, View
from gongkai.files.copies.glyphs import CONTRAST, Glyph, drawn

_INVISIBLE = 3
_DEEPEST = 12


def opened_page(shown: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """A page with what is pinned on it made part of it, so that its words are among the text."""
    page = shown[number - 1]
    if raw.FPDFPage_GetAnnotCount(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = shown[number - 1]
    return page


def unseen(page: pdfium.PdfPage, view: View, glyphs: Sequence[Glyph], dpi: float) -> set[int]:
    """Places in `glyphs` of those nobody sees: off the page, under a box, in the colour of their ground.

    Letters without any colour (what a scanner has recognised) are seen where they lie on ink. Blanks are never judged.
    """
    letters = [n for n, glyph in enumerate(glyphs) if not glyph.is_blank]
    if not letters:
        return set()
    whole = drawn(page, view, dpi).convert("L")
    texts = list(_texts(page))
    bare = whole
    if texts:
        for held in texts:
            raw.FPDFPageObj_SetIsActive(held, False)
        bare = drawn(page, view, dpi).convert("L")
        for held in texts:
            raw.FPDFPageObj_SetIsActive(held, True)
    ink = ImageChops.difference(whole, bare)
    text = page.get_textpage()
    try:
        return {
            n for n in letters
            if not _trace(ink, view, glyphs[n].place, spread=False)
            and not (_is_colourless(text, glyphs[n].index) and _trace(whole, view, glyphs[n].place, spread=True))
        }  # fmt: skip
    finally:
        text.close()


def _is_colourless(text: Any, index: int) -> bool:
    held = raw.FPDFText_GetTextObject(text, index)
    return bool(held) and raw.FPDFTextObj_GetTextRenderMode(held) == _INVISIBLE


def _trace(grey: Image.Image, view: View, place: Rect, *, spread: bool) -> bool:
    """Is there anything at this place: a difference of light and dark (`spread`), or any light at all?"""
    across, down = grey.width / view.width, grey.height / view.height
    x0, y0 = max(int(place.x0 * across), 0), max(int(place.y0 * down), 0)
    x1, y1 = min(int(place.x1 * across) + 1, grey.width), min(int(place.y1 * down) + 1, grey.height)
    if x0 >= x1 or y0 >= y1:
        return False
    least, most = grey.crop((x0, y0, x1, y1)).getextrema()
    if isinstance(least, tuple) or isinstance(most, tuple):
        raise TypeError("a picture in grey has one channel")
    return bool((most - least if spread else most) >= CONTRAST)


def _texts(page: pdfium.PdfPage) -> Any:
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _within(raw.FPDFPage_GetObject(page, index), 0)


def _within(held: Any, depth: int) -> Any:
    kind = raw.FPDFPageObj_GetType(held)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        yield held
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        for index in range(raw.FPDFFormObj_CountObjects(held)):
            yield from _within(raw.FPDFFormObj_GetObject(held, index), depth + 1)
