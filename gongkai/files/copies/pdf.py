"""A PDF for everybody: covered places burnt in, nothing hidden left. Every function here runs in the sandbox.

A page is drawn (rendered, covered, put back as a picture with an invisible text of what is left) when something on it
is covered, and also when it holds what a reader does not see: annotations, layers, text off the page, under a box or
without ink. Any other page keeps its text. The file is written anew from those pages alone, so no older revision,
attachment, script, form, bookmark, metadata or thumbnail comes along.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops, ImageDraw

from gongkai.files.copies.geometry import Rect, View
from gongkai.files.copies.glyphs import Glyph, crowded, drawn, flat, glyphs_of, switch_off, telling_blanks, view_of
from gongkai.files.copies.kept import strip_page
from gongkai.files.copies.kept_fonts import NotKept
from gongkai.files.copies.layer import font, lay_over, text_operators
from gongkai.files.copies.recognised_lines import letters_of
from gongkai.files.copies.sight import opened_page, unseen
from gongkai.files.copies.whole import whole
from gongkai.files.refusal import Unreadable

#: Print quality of a drawn page; enough to see whether there is ink.
DRAW_DPI = 200
LOOK_DPI = 96
MOST_PAGES = 2000
_JPEG_QUALITY = 88
#: Annotations that draw nothing.
_SILENT = ("/Link", "/Popup")


def copy(
    data: bytes, marks: Sequence[Sequence[float]], draw_all: bool = False, lines: Sequence[Sequence[Any]] = ()
) -> dict[str, Any]:
    """The copy, which pages (1…) were drawn, the texts that were covered or unseen, and all text that may be seen.

    `marks`: [page, x0, y0, x1, y1] in points as displayed. `lines`: what was recognised on scanned pages, as [page, x0,
    y0, x1, y1, text]; what is left of it becomes the invisible text of the page. In `visible` form feeds part
    the pages.
    """
    wanted: dict[int, list[Rect]] = defaultdict(list)
    for page, x0, y0, x1, y1 in marks:
        wanted[int(page)].append(Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    read: dict[int, list[Glyph]] = defaultdict(list)
    for number, (page, *rect, text) in enumerate(lines):
        read[int(page)] += letters_of(Rect(*rect), text, -1 - number)
    shown, source = pdfium.PdfDocument(data), pikepdf.open(io.BytesIO(data))
    shown.init_forms()
    if len(shown) != len(source.pages) or not 1 <= len(shown) <= MOST_PAGES:
        raise Unreadable("pages", f"文件有 {len(shown)} 页，一次最多处理 {MOST_PAGES} 页。请拆分后再上传。")
    if unknown := [page for page in wanted if not 1 <= page <= len(shown)]:
        raise ValueError(f"no pages {unknown}")
    made = _Made(shown, source)
    for number in range(1, len(shown) + 1):
        if draw_all or number in wanted or not made.carried(number, read[number]):
            made.draw(number, wanted[number], read[number])
    return {
        "pdf": _saved(made.target), "drawn": made.drawn, "pages": len(shown), "covered": made.covered,
        "unseen": made.unseen, "visible": "\f".join(text.replace("\f", "\n") for text in made.visible),
    }  # fmt: skip


def look(data: bytes, pages: Sequence[int], dpi: float) -> list[bytes]:
    """Pages as PNG, for a person to mark places on."""
    shown = pdfium.PdfDocument(data)
    shown.init_forms()
    made = []
    for number in pages:
        page = shown[number - 1]
        out = io.BytesIO()
        drawn(page, view_of(page), dpi).save(out, "PNG")
        made.append(out.getvalue())
    return made


def sizes(data: bytes) -> list[list[float]]:
    """Width and height of every page in points, as displayed."""
    shown = pdfium.PdfDocument(data)
    views = [view_of(shown[n]) for n in range(len(shown))]
    return [[view.width, view.height] for view in views]


class _Made:
    """The copy, page by page, and what was said on the way."""

    def __init__(self, shown: pdfium.PdfDocument, source: pikepdf.Pdf) -> None:
        self._shown, self._source = shown, source
        self.target = pikepdf.new()
        self._plain = font(self.target)
        self.drawn: list[int] = []
        self.covered: list[str] = []
        self.unseen: list[str] = []
        self.visible: list[str] = []

    def carried(self, number: int, recognised: Sequence[Glyph]) -> bool:
        """The page with its own text, where that may be; what was recognised on it is laid over."""
        opened = self._shown[number - 1]
        if not _keep(opened, self._source, number):
            return False
        self.target.pages.append(self._source.pages[number - 1])
        if recognised:
            lay_over(self.target, self.target.pages[-1], recognised, view_of(opened), self._plain)
        own = opened.get_textpage().get_text_range()
        self.visible.append("\n".join([own, *_by_line(recognised)]))
        return True

    def draw(self, number: int, marks: Collection[Rect], recognised: Sequence[Glyph]) -> None:
        """The page as a picture, with an invisible text of what is left on it."""
        page = opened_page(self._shown, number)
        view = view_of(page)
        own = list(glyphs_of(page, view))
        switch_off(page, own, flat(own))
        picture = drawn(page, view, DRAW_DPI)
        not_seen = unseen(page, view, own, DRAW_DPI) | crowded(own)
        glyphs = [*own, *recognised]
        hidden = {n for n, glyph in enumerate(glyphs) if any(mark.covers(glyph.place) for mark in marks)}
        _cover(picture, view, [*marks, *(glyphs[n].place for n in hidden - not_seen)])
        gone = hidden | not_seen
        gone |= telling_blanks(glyphs, gone)
        left = [glyph for n, glyph in enumerate(glyphs) if n not in gone]
        made = self.target.add_blank_page(page_size=(max(view.width, 3), max(view.height, 3)))
        content = f"q {view.width:.4f} 0 0 {view.height:.4f} 0 0 cm /P Do Q\n".encode() + text_operators(left, view)
        made.obj["/Resources"] = Dictionary(
            XObject=Dictionary(P=_picture(self.target, picture)), Font=Dictionary(T=self._plain)
        )  # fmt: skip
        made.obj["/Contents"] = self.target.make_stream(content)
        self.drawn.append(number)
        self.covered += _runs(glyphs, hidden - not_seen)
        self.unseen += _runs(glyphs, not_seen)
        self.visible.append("\n".join(_by_line(left)))


def _keep(opened: pdfium.PdfPage, source: pikepdf.Pdf, number: int) -> bool:
    """May the page go over with its text? Then it is stripped in `source`."""
    page = source.pages[number - 1]
    if any(str(a.get("/Subtype")) not in _SILENT for a in page.obj.get("/Annots") or ()):
        return False
    view = view_of(opened)
    if not whole(opened, view):
        return False
    glyphs = list(glyphs_of(opened, view))
    if crowded(glyphs) or unseen(opened, view, glyphs, LOOK_DPI):
        return False
    try:
        strip_page(source, page)
    except (NotKept, pikepdf.PdfError):
        return False
    return True


def _by_line(glyphs: Iterable[Glyph]) -> list[str]:
    lines: dict[int, str] = {}
    for glyph in glyphs:
        lines[glyph.line] = lines.get(glyph.line, "") + glyph.letter
    return list(lines.values())


def _runs(glyphs: Sequence[Glyph], gone: Collection[int]) -> list[str]:
    """Neighbouring glyphs that are gone, as texts."""
    runs, run = [], ""
    for n, glyph in enumerate(glyphs):
        if n in gone:
            run += glyph.letter
        elif run:
            runs.append(run)
            run = ""
    return [*runs, run] if run else runs


def _cover(picture: Image.Image, view: View, places: Iterable[Rect]) -> None:
    pen = ImageDraw.Draw(picture)
    across, down = picture.width / view.width, picture.height / view.height
    for place in places:
        box = (int(place.x0 * across) - 1, int(place.y0 * down) - 1, int(place.x1 * across) + 1,
               int(place.y1 * down) + 1)  # fmt: skip
        if box[0] < picture.width and box[1] < picture.height and box[2] >= 0 and box[3] >= 0:
            pen.rectangle(box, fill=(0, 0, 0))


def _picture(target: pikepdf.Pdf, picture: Image.Image) -> Any:
    """The drawn page as a picture: grey where it has no colour."""
    red, green, blue = picture.split()
    coloured = any(ImageChops.difference(red, other).getextrema()[1] > 8 for other in (green, blue))
    kept = picture if coloured else picture.convert("L")
    out = io.BytesIO()
    kept.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    stream = target.make_stream(b"")
    stream.write(out.getvalue(), filter=Name.DCTDecode)
    stream["/Type"], stream["/Subtype"] = Name.XObject, Name.Image
    stream["/Width"], stream["/Height"], stream["/BitsPerComponent"] = kept.width, kept.height, 8
    stream["/ColorSpace"] = Name.DeviceRGB if coloured else Name.DeviceGray
    return target.make_indirect(stream)


def _saved(target: pikepdf.Pdf) -> bytes:
    target.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=False)
    target.Root["/Lang"] = pikepdf.String("zh-CN")
    for key in list(target.Root.keys()):
        if key not in ("/Type", "/Pages", "/ViewerPreferences", "/Lang"):
            del target.Root[key]
    out = io.BytesIO()
    target.remove_unreferenced_resources()
    target.save(
        out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True,
        fix_metadata_version=False,
    )  # fmt: skip
    return out.getvalue()
