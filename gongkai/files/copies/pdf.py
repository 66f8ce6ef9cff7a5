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
from gongkai.files.copies.glyphs import Glyph, drawn, glyphs_of, seen, view_of
from gongkai.files.copies.kept import NotKept, strip_page
from gongkai.files.copies.layer import font, text_operators
from gongkai.files.refusal import Unreadable

#: Print quality of a drawn page; enough to see whether there is ink.
DRAW_DPI = 200
LOOK_DPI = 96
MOST_PAGES = 2000
_JPEG_QUALITY = 88
#: Annotations that draw nothing.
_SILENT = ("/Link", "/Popup")


def copy(data: bytes, marks: Sequence[Sequence[float]], draw_all: bool = False) -> dict[str, Any]:
    """The copy, which pages (1…) were drawn, the texts that were covered or unseen, and all text that may be seen.

    `marks`: [page, x0, y0, x1, y1] in points as displayed.
    """
    wanted: dict[int, list[Rect]] = defaultdict(list)
    for page, x0, y0, x1, y1 in marks:
        wanted[int(page)].append(Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    shown, source = pdfium.PdfDocument(data), pikepdf.open(io.BytesIO(data))
    shown.init_forms()
    if len(shown) != len(source.pages) or not 1 <= len(shown) <= MOST_PAGES:
        raise Unreadable("pages", f"文件有 {len(shown)} 页，一次最多处理 {MOST_PAGES} 页。请拆分后再上传。")
    if unknown := [page for page in wanted if not 1 <= page <= len(shown)]:
        raise ValueError(f"no pages {unknown}")
    target = pikepdf.new()
    plain = font(target)
    by_hand: list[int] = []
    covered: list[str] = []
    visible: list[str] = []
    for number in range(1, len(shown) + 1):
        if not draw_all and number not in wanted and _keep(shown, source, number):
            target.pages.append(source.pages[number - 1])
            visible.append(shown[number - 1].get_textpage().get_text_range())
            continue
        by_hand.append(number)
        gone, left = _append_drawn(target, shown[number - 1], wanted[number], plain)
        covered += gone
        visible.append(left)
    return {
        "pdf": _saved(target), "drawn": by_hand, "pages": len(shown), "covered": covered, "visible": "\n".join(visible),
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


def _keep(shown: pdfium.PdfDocument, source: pikepdf.Pdf, number: int) -> bool:
    """May the page go over with its text? Then it is stripped in `source`."""
    page = source.pages[number - 1]
    if any(str(a.get("/Subtype")) not in _SILENT for a in page.obj.get("/Annots") or ()):
        return False
    view = view_of(shown[number - 1])
    letters = [glyph for glyph in glyphs_of(shown[number - 1], view) if not glyph.is_blank]
    if letters:
        grey = drawn(shown[number - 1], view, LOOK_DPI).convert("L")
        if not all(seen(glyph, grey, view) for glyph in letters):
            return False
    try:
        strip_page(source, page)
    except (NotKept, pikepdf.PdfError):
        return False
    return True


def _append_drawn(
    target: pikepdf.Pdf, page: pdfium.PdfPage, marks: Collection[Rect], plain: Any
) -> tuple[list[str], str]:
    """Puts the page in; returns the runs of text that are gone, and the text that is left."""
    view = view_of(page)
    picture = drawn(page, view, DRAW_DPI)
    grey = picture.convert("L")
    glyphs = list(glyphs_of(page, view))
    hidden = {n for n, glyph in enumerate(glyphs) if any(mark.covers(glyph.place) for mark in marks)}
    _cover(picture, view, [*marks, *(glyphs[n].place for n in hidden)])
    unseen = {n for n, glyph in enumerate(glyphs) if not glyph.is_blank and not seen(glyph, grey, view)}
    left = [glyph for n, glyph in enumerate(glyphs) if n not in hidden | unseen]
    made = target.add_blank_page(page_size=(max(view.width, 3), max(view.height, 3)))
    content = f"q {view.width:.4f} 0 0 {view.height:.4f} 0 0 cm /P Do Q\n".encode() + text_operators(left, view)
    made.obj["/Resources"] = Dictionary(
        XObject=Dictionary(P=_picture(target, picture)), Font=Dictionary(T=plain)
    )  # fmt: skip
    made.obj["/Contents"] = target.make_stream(content)
    return _runs(glyphs, hidden | unseen), "".join(glyph.letter for glyph in left)


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
