"""The glyphs of a page with their places, and the page as a picture. Runs in the sandbox."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.files.copies.geometry import Rect, View

#: [M] Least difference of grey within a glyph's box for ink to be seen in it.
CONTRAST = 24
#: A letter lower than so many points cannot be read; it is there to be copied.
LEAST_HEIGHT = 1.0
#: So many letters may share one place: a ligature, or bold by printing twice.
MOST_TOGETHER = 4
#: A page of more pixels is drawn coarser: 40 million are an A3 at 400 dpi.
MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. `place` is its ink, `extent` its whole body with the room around; `line` counts the lines.

    `index` is its number in the text of the page; -1 for one that was recognised in a picture.
    """

    letter: str
    place: Rect
    extent: Rect
    line: int
    index: int = -1

    @property
    def is_blank(self) -> bool:
        return self.letter.isspace()


def view_of(page: pdfium.PdfPage) -> View:
    """The box a viewer shows: the CropBox within the MediaBox."""
    media, crop = _upright(page.get_mediabox()), _upright(page.get_cropbox())
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if box[0] >= box[2] or box[1] >= box[3]:
        box = media
    return View(box, page.get_rotation())


def _upright(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Any two corners may be named (ISO 32000-1, 7.9.5)."""
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


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
                yield Glyph(letter, view.shown(*_box(text, index)), view.shown(*_body(text, index)), line, index)
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


def crowded(glyphs: Sequence[Glyph]) -> set[int]:
    """Which of the glyphs nobody can read though there is ink: pressed flat, or many one upon the other (a font can
    give one shape a whole sentence to be copied)."""
    runs: dict[tuple[Rect, int], list[int]] = {}
    for n, glyph in enumerate(glyphs):
        if not glyph.is_blank:
            runs.setdefault((glyph.place, glyph.line), []).append(n)
    return flat(glyphs) | {n for run in runs.values() if len(run) > MOST_TOGETHER for n in run}


def flat(glyphs: Sequence[Glyph]) -> set[int]:
    """Which of the glyphs are too low or too narrow to be seen."""
    return {n for n, glyph in enumerate(glyphs) if not glyph.is_blank and _lowest(glyph.extent) < LEAST_HEIGHT}


def telling_blanks(glyphs: Sequence[Glyph], gone: Collection[int]) -> set[int]:
    """Blanks that stand beside a glyph that is gone, or alone on a line: their places would tell how wide it was."""
    lines: dict[int, list[int]] = {}
    for n, glyph in enumerate(glyphs):
        lines.setdefault(glyph.line, []).append(n)
    found: set[int] = set()
    for line in lines.values():
        waiting, before = [], -1  # blanks since the last letter, and that letter
        for n in line:
            if glyphs[n].is_blank:
                waiting.append(n)
                continue
            if before in gone or n in gone:
                found.update(waiting)
            waiting, before = [], n
        if before < 0 or before in gone:
            found.update(waiting)
    return found


def switch_off(page: pdfium.PdfPage, glyphs: Sequence[Glyph], which: Iterable[int]) -> None:
    """Text objects with these glyphs are not drawn: PDFium draws letters that are pressed flat in their full height."""
    text = page.get_textpage()
    try:
        for n in which:
            if held := raw.FPDFText_GetTextObject(text, glyphs[n].index):
                raw.FPDFPageObj_SetIsActive(held, False)
    finally:
        text.close()


def _lowest(box: Rect) -> float:
    return min(box.x1 - box.x0, box.y1 - box.y0)
