"""The invisible text over a drawn page, so that it can still be searched and read aloud. Runs in the sandbox."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph as Glyf
from pikepdf import Array, Dictionary, Name

from gongkai.files.copies.geometry import View
from gongkai.files.copies.glyphs import Glyph

#: Stands for a character beyond the first 65,536, which two bytes cannot name.
_OTHER = "\u3013"


@cache
def _shapes() -> bytes:
    """A TrueType font with one shape, a full square: readers take a character without an extent for none at all."""
    builder = FontBuilder(1000, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({})
    pen = TTGlyphPen(None)
    for step, corner in enumerate(((0, -200), (0, 800), (1000, 800), (1000, -200))):
        (pen.lineTo if step else pen.moveTo)(corner)
    pen.closePath()
    builder.setupGlyf({".notdef": Glyf(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({})
    builder.setupOS2()
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def font(pdf: pikepdf.Pdf) -> Any:
    """A font in which every two-byte code is the same square and stands for the character of the same number."""
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256) if not 0xD8 <= high <= 0xDF]
    blocks = "\n".join(
        f"{len(part)} beginbfrange\n" + "\n".join(part) + "\nendbfrange"
        for part in (ranges[n : n + 100] for n in range(0, len(ranges), 100))
    )
    mapping = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Plain def\n"
        f"/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{blocks}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/Plain"), Flags=4, FontBBox=Array([0, -200, 1000, 800]), ItalicAngle=0,
        Ascent=800, Descent=-200, CapHeight=800, StemV=80, FontFile2=pdf.make_stream(_shapes()),
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/Plain"), CIDSystemInfo=system, DW=1000,
        FontDescriptor=pdf.make_indirect(descriptor), CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 65536),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/Plain"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(mapping.encode()),
        )  # fmt: skip
    )


def text_operators(glyphs: Iterable[Glyph], view: View) -> bytes:
    """Each character at its own place, drawn in no colour at all (text rendering mode 3)."""
    rows = ["BT 3 Tr"]
    for glyph in glyphs:
        place = glyph.extent
        size = max(place.y1 - place.y0, 1.0)
        width = max(place.x1 - place.x0, 0.1) / size
        letter = glyph.letter if ord(glyph.letter) < 0x10000 else _OTHER
        rows.append(
            f"/T {size:.2f} Tf {width * 100:.1f} Tz 1 0 0 1 {place.x0:.2f} {view.height - place.y1 + size / 5:.2f} Tm "
            f"<{ord(letter):04X}> Tj"
        )
    rows.append("ET")
    return "\n".join(rows).encode()


def lay_over(pdf: pikepdf.Pdf, page: Any, glyphs: Iterable[Glyph], view: View, plain: Any) -> None:
    """The invisible text of what was recognised on a page that is carried over as it is."""
    left, bottom, right, top = view.box
    matrix = {0: (1, 0, 0, 1, left, bottom), 90: (0, 1, -1, 0, right, bottom), 180: (-1, 0, 0, -1, right, top),
              270: (0, -1, 1, 0, left, top)}[view.rotation]  # fmt: skip
    operators = text_operators(glyphs, view).replace(b"/T ", b"/Recognised ")
    numbers = " ".join(f"{value:g}" for value in matrix).encode()
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"Q q " + numbers + b" cm\n" + operators + b"\nQ"))
    fonts = page.obj["/Resources"].get("/Font", Dictionary())
    fonts["/Recognised"] = plain
    page.obj["/Resources"]["/Font"] = fonts
