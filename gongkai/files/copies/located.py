"""The rectangles of stretches of text on the pages of a PDF, by the boxes of their glyphs. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import pypdfium2 as pdfium

from gongkai.files.copies.geometry import Rect, View
from gongkai.files.copies.glyphs import Glyph, glyphs_of, view_of
from gongkai.files.copies.sight import opened_page

#: Points around the ink that belong to the place, so that no edge of a letter looks out.
MARGIN = 0.5
_NOTHING = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\x02\x00")

Ask = tuple[int, Sequence[float] | None, str, int, int]


def rects(data: bytes, asks: Sequence[Ask]) -> list[list[list[float]]]:
    """For each [page, rectangle of the line or None, text, begin, end] the rectangles of `text[begin:end]`, one a line.

    Points as displayed. Where the letters are not found, the whole line (or page) is the place: too much, never nothing.
    """
    shown = pdfium.PdfDocument(data)
    shown.init_forms()
    known: dict[int, tuple[View, list[Glyph]]] = {}
    found = []
    for page, line, text, begin, end in asks:
        if page not in known:
            opened = opened_page(shown, page)
            view = view_of(opened)
            known[page] = view, [glyph for glyph in glyphs_of(opened, view) if _is_letter(glyph.letter)]
        view, glyphs = known[page]
        found.append(_rects(glyphs, view, None if line is None else Rect(*line), text, begin, end))
    return found


def _rects(
    glyphs: Sequence[Glyph], view: View, line: Rect | None, text: str, begin: int, end: int
) -> list[list[float]]:
    letters = [letter for letter in text if _is_letter(letter)]
    first = sum(map(_is_letter, text[:begin]))
    last = first + sum(map(_is_letter, text[begin:end]))
    pool = list(glyphs) if line is None else [glyph for glyph in glyphs if _in(glyph, line)]
    chosen = _chosen(letters, pool, first, last)
    whole = line or Rect(0, 0, view.width, view.height)
    boxes = [_union(row) for row in _rows(chosen)] if chosen else [whole]
    made = [[max(b.x0 - MARGIN, 0), max(b.y0 - MARGIN, 0), min(b.x1 + MARGIN, view.width),
             min(b.y1 + MARGIN, view.height)] for b in boxes]  # fmt: skip
    return [[round(value, 2) for value in box] for box in made if box[0] < box[2] and box[1] < box[3]]


def _chosen(letters: Sequence[str], pool: Sequence[Glyph], first: int, last: int) -> list[Glyph]:
    """The glyphs of `letters[first:last]`, in the order of the file or from left to right; else the best match."""
    across = sorted(pool, key=lambda glyph: glyph.place.x0)
    for order in (pool, across):
        if [glyph.letter for glyph in order] == letters:
            return list(order[first:last])
    return _matched(letters, pool, first, last) or _matched(letters, across, first, last)


def _matched(letters: Sequence[str], pool: Sequence[Glyph], first: int, last: int) -> list[Glyph]:
    """What matches, and everything between the matching neighbours of what does not."""
    matcher = SequenceMatcher(None, letters, [glyph.letter for glyph in pool], autojunk=False)
    place = {a + n: b + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    if not any(n in place for n in range(first, last)):
        return []
    before = max((place[n] for n in place if n < first), default=-1)
    after = min((place[n] for n in place if n >= last), default=len(pool))
    start = place[first] if first in place else before + 1
    stop = place[last - 1] + 1 if last - 1 in place else after
    return list(pool[start:stop])


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        rows.setdefault(glyph.line, []).append(glyph)
    return list(rows.values())


def _union(glyphs: Sequence[Glyph]) -> Rect:
    boxes = [glyph.place if glyph.place.area > 0 else glyph.extent for glyph in glyphs]
    return Rect(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _in(glyph: Glyph, line: Rect) -> bool:
    place = glyph.place if glyph.place.area > 0 else glyph.extent
    x, y = (place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2
    return line.x0 - 1 <= x <= line.x1 + 1 and line.y0 - 1 <= y <= line.y1 + 1


def _is_letter(letter: str) -> bool:
    return not letter.isspace() and letter not in _NOTHING
