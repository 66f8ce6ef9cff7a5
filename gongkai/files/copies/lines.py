"""The lines of one page of a PDF with the place of every letter, for a person to select on. Runs in the sandbox."""

from __future__ import annotations

import pypdfium2 as pdfium

from gongkai.files.copies.glyphs import Glyph, glyphs_of, view_of

#: A page with more letters than this is marked by drawing.
MOST_LETTERS = 20_000


def lines(data: bytes, number: int) -> list[dict[str, object]]:
    """`text` of each line, its `rect` and the left and right edge of each letter (`edges`), in points as displayed."""
    page = pdfium.PdfDocument(data)[number - 1]
    view = view_of(page)
    rows: dict[int, list[Glyph]] = {}
    for count, glyph in enumerate(glyphs_of(page, view)):
        if count >= MOST_LETTERS:
            break
        rows.setdefault(glyph.line, []).append(glyph)
    return [_line(row) for row in rows.values() if any(not glyph.is_blank for glyph in row)]


def _line(row: list[Glyph]) -> dict[str, object]:
    boxes = [glyph.extent if glyph.extent.area > 0 else glyph.place for glyph in row]
    rect = [min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)]
    return {
        "text": "".join(glyph.letter for glyph in row),
        "rect": [round(value, 2) for value in rect],
        "edges": [[round(b.x0, 2), round(b.x1, 2)] for b in boxes],
    }
