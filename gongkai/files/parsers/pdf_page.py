"""One page of a PDF: its lines with their places, whether a reader sees them, and what only a look at it can tell.

A glyph is seen when the page looks different without its text. An invisible one (the text a scanner has recognised)
is seen when it lies on ink. What is left of the page without its text and looks like writing must be recognised.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops, ImageDraw

from gongkai.files.archive import damaged
from gongkai.files.copies.geometry import Rect, View
from gongkai.files.copies.glyphs import CONTRAST, view_of
from gongkai.files.parsers.parts import Found, Where

#: [M] Coarse enough to be quick, fine enough that a thin stroke of small print leaves a trace.
LOOK_DPI = 96
_MOST_PIXELS = 4_000_000
#: [M] So many dark points beside the text are not writing yet: eleven small digits have some 200.
_LEAST_INK = 120
#: [M] Share of the page a picture must have to be looked at, and to be one the page cannot do without.
_SMALL, _LARGE = 0.005, 0.25
#: [M] Curves of a drawing that may be letters: thirty letters have some 600 segments.
_MANY_SEGMENTS = 600
#: Lines and frames of tables have fewer.
_FRAME = 12
_SILENT = "\x00\x02\ufffe\ufeff\u200b\u00ad"
_PAPER = 40
#: Points; the narrowest letter of the smallest print has one.
_LEAST_BODY = 0.4
_INVISIBLE = 3
_DEEPEST = 12


#: Left, bottom, right, top in the user space of the page.
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Looked:
    """`parts` of the page; `scan`: it must be looked at as a picture; `must`: it cannot be passed without."""

    parts: list[Found]
    scan: bool = False
    must: bool = False


@dataclass(slots=True)
class _Glyph:
    index: int
    letter: str
    line: int
    ink: Box
    body: Box


@dataclass(slots=True)
class _Objects:
    """What the page is drawn from; `images` are boxes in user space."""

    texts: list[Any] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    segments: int = 0


def look(page: pdfium.PdfPage, number: int) -> Looked:
    """The lines of a page, seen and not, in the order of the file."""
    view = view_of(page)
    if min(view.width, view.height) <= 0:
        raise damaged(f"page {number} has no size")
    objects = _Objects()
    _gather(page, objects)
    text = page.get_textpage()
    try:
        glyphs = list(_glyphs(text))
        whole = _drawn(page, view)
        _switch(objects.texts, False)
        bare = _drawn(page, view) if objects.texts else whole
        _switch(objects.texts, True)
        codes = _Judge(page, text, view, whole, bare, objects).codes(glyphs)
    finally:
        text.close()
    parts = list(_lines(glyphs, codes, view, number))
    seen = [glyph.body for glyph, code in zip(glyphs, codes, strict=True) if not code]
    return _to_be_looked_at(parts, bare, view, objects, seen)


# What the page is drawn from --------------------------------------------------------------------------------------


def _gather(page: pdfium.PdfPage, into: _Objects) -> None:
    for index in range(raw.FPDFPage_CountObjects(page)):
        _take(raw.FPDFPage_GetObject(page, index), into, None, 0)


def _take(held: Any, into: _Objects, outer: Box | None, depth: int) -> None:
    match raw.FPDFPageObj_GetType(held):
        case raw.FPDF_PAGEOBJ_TEXT:
            into.texts.append(held)
        case raw.FPDF_PAGEOBJ_FORM:
            box = outer or _bounds(held)
            for index in range(raw.FPDFFormObj_CountObjects(held) if depth < _DEEPEST else 0):
                _take(raw.FPDFFormObj_GetObject(held, index), into, box, depth + 1)
        case raw.FPDF_PAGEOBJ_IMAGE:
            into.others.append(held)
            into.images.append(outer or _bounds(held))
        case raw.FPDF_PAGEOBJ_PATH:
            into.others.append(held)
            segments = raw.FPDFPath_CountSegments(held)
            into.segments += segments if segments > _FRAME else 0
        case _:
            into.others.append(held)


def _bounds(held: Any) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(held, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _switch(objects: Sequence[Any], on: bool) -> None:
    for held in objects:
        raw.FPDFPageObj_SetIsActive(held, on)


def _drawn(page: pdfium.PdfPage, view: View) -> Image.Image:
    """The page in grey."""
    scale = LOOK_DPI / 72
    pixels = view.width * view.height * scale * scale
    if pixels > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / pixels) ** 0.5
    made: Image.Image = page.render(scale=scale, grayscale=True, draw_annots=True).to_pil()
    return made.convert("L")


# Glyphs -----------------------------------------------------------------------------------------------------------


def _glyphs(text: Any) -> Iterator[_Glyph]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = raw.FS_RECTF()
    line = 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if letter in "\r\n":
            line += letter == "\n"
            continue
        if letter in _SILENT or not code:
            continue
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        tight = (left.value, bottom.value, right.value, top.value)
        if raw.FPDFText_GetLooseCharBox(text, index, loose):
            body = (loose.left, loose.bottom, loose.right, loose.top)
        else:
            body = tight
        if tight[2] <= tight[0] or tight[3] <= tight[1]:
            tight = body
        yield _Glyph(index, letter, line, tight, body)


class _Judge:
    """Says of each glyph what hides it."""

    def __init__(
        self, page: pdfium.PdfPage, text: Any, view: View, whole: Image.Image, bare: Image.Image, objects: _Objects
    ) -> None:
        self._page, self._text, self._view, self._objects = page, text, view, objects
        self._whole = whole
        ink = ImageChops.difference(whole, bare).point([255 if value >= CONTRAST else 0 for value in range(256)])
        self._ink, self._width, self._height = ink.tobytes(), ink.width, ink.height
        self._alone: Image.Image | None = None
        self._across, self._down = whole.width / view.width, whole.height / view.height

    def codes(self, glyphs: Sequence[_Glyph]) -> list[str]:
        """One per glyph: empty where it is seen; a blank goes with the one before it."""
        found: list[str] = []
        line, before = -1, ""
        for glyph in glyphs:
            if glyph.line != line:
                line, before = glyph.line, ""
            if not glyph.letter.isspace():
                place = self._view.shown(*glyph.ink)
                before = (
                    ("hidden_text" if _is_flat(glyph) else "") if self._leaves_ink(place) else self._why(glyph, place)
                )
            found.append(before)
        return found

    def _why(self, glyph: _Glyph, place: Rect) -> str:
        if place.x1 <= 0 or place.y1 <= 0 or place.x0 >= self._view.width or place.y0 >= self._view.height:
            return "off_page"
        held = raw.FPDFText_GetTextObject(self._text, glyph.index)
        if held and _is_in_a_layer(held):
            return "layer"
        if held and raw.FPDFTextObj_GetTextRenderMode(held) == _INVISIBLE:
            return "" if self._contrast(self._whole, place) else "hidden_text"
        if self._alone is None:
            self._alone = self._text_alone()
        return "covered_text" if self._contrast(self._alone, place) else "hidden_text"

    def _text_alone(self) -> Image.Image:
        """The page with nothing on it but its text: what shows here and not on the page lies under something."""
        _switch(self._objects.others, False)
        made = _drawn(self._page, self._view)
        _switch(self._objects.others, True)
        return made

    def _points(self, place: Rect) -> tuple[int, int, int, int]:
        return (
            max(int(place.x0 * self._across), 0), max(int(place.y0 * self._down), 0),
            min(int(place.x1 * self._across) + 1, self._width), min(int(place.y1 * self._down) + 1, self._height),
        )  # fmt: skip

    def _leaves_ink(self, place: Rect) -> bool:
        """Is there a point that only the text can have made? The middle of a letter is asked first."""
        x0, y0, x1, y1 = self._points(place)
        middle = (y0 + y1) // 2
        rows = (*range(middle, y1), *range(y0, middle)) if x0 < x1 else ()
        ink, width = self._ink, self._width
        return any(b"\xff" in ink[row * width + x0 : row * width + x1] for row in rows)

    def _contrast(self, grey: Image.Image, place: Rect) -> bool:
        """Is there a difference of light and dark?"""
        x0, y0, x1, y1 = self._points(place)
        if x0 >= x1 or y0 >= y1:
            return False
        extrema: Any = grey.crop((x0, y0, x1, y1)).getextrema()
        return bool(extrema[1] - extrema[0] >= CONTRAST)


def _is_flat(glyph: _Glyph) -> bool:
    """Pressed to a line that nobody reads, or as small as a dot."""
    left, bottom, right, top = glyph.body
    return min(right - left, top - bottom) < _LEAST_BODY


def _is_in_a_layer(held: Any) -> bool:
    buffer = (ctypes.c_ushort * 16)()
    size = ctypes.c_ulong()
    for index in range(raw.FPDFPageObj_CountMarks(held)):
        mark = raw.FPDFPageObj_GetMark(held, index)
        told = raw.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), 32, size)
        if told and bytes(buffer)[: size.value] == "OC\0".encode("utf-16-le"):
            return True
    return False


def _lines(glyphs: Sequence[_Glyph], codes: Sequence[str], view: View, number: int) -> Iterator[Found]:
    """What is seen of a line is one part; each run of it that is not seen is one of its own."""
    runs: dict[tuple[int, str, int], list[_Glyph]] = {}
    last: tuple[int, str] | None = None
    turn = 0
    for glyph, code in zip(glyphs, codes, strict=True):
        turn += last is not None and (glyph.line, code) != last
        last = (glyph.line, code)
        runs.setdefault((glyph.line, code, turn if code else 0), []).append(glyph)
    for (_, code, _), run in runs.items():
        box = _around([glyph.body for glyph in run if not glyph.letter.isspace()])
        where: Where = {"page": number}
        if box is not None:
            where["rect"] = [round(value, 2) for value in view.shown(*box)]
        if code:
            where["hidden"] = code
        yield where, "".join(glyph.letter for glyph in run).strip()


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


# What only a look can tell ----------------------------------------------------------------------------------------


def _to_be_looked_at(
    parts: list[Found], bare: Image.Image, view: View, objects: _Objects, seen: Sequence[Box]
) -> Looked:
    read = any("hidden" not in where and text for where, text in parts)
    page = Rect(0, 0, view.width, view.height)
    area = max(page.area, 1.0)
    shares = [page.overlap(view.shown(*box)) / area for box in objects.images]
    drawing = objects.segments >= _MANY_SEGMENTS
    if read and not drawing and not any(share >= _SMALL for share in shares):
        return Looked(parts)
    if _writing_left(bare, view, [view.shown(*box) for box in seen]) < _LEAST_INK:
        return Looked(parts)
    return Looked(parts, scan=True, must=not read or any(share >= _LARGE for share in shares))


def _writing_left(grey: Image.Image, view: View, shown: Sequence[Rect]) -> int:
    """Dark points outside `shown` that may be writing: neither solid areas nor long lines."""
    paper = max(range(256), key=grey.histogram().__getitem__)
    ink = grey.point([255 if abs(value - paper) >= _PAPER else 0 for value in range(256)])
    pen = ImageDraw.Draw(ink)
    across, down = grey.width / view.width, grey.height / view.height
    for place in shown:
        pen.rectangle(
            (place.x0 * across - 2, place.y0 * down - 2, place.x1 * across + 2, place.y1 * down + 2), fill=0
        )  # fmt: skip
    solid = Image.new("L", grey.size)
    for cut in ((12, 1), (1, 12), (8, 8)):
        coarse = ink.resize((max(grey.width // cut[0], 1), max(grey.height // cut[1], 1)), Image.Resampling.BOX)
        runs = coarse.point([255 if value == 255 else 0 for value in range(256)])
        solid = ImageChops.lighter(solid, runs.resize(grey.size, Image.Resampling.NEAREST))
    return int(ImageChops.subtract(ink, solid).histogram()[255])
