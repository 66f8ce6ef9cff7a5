"""Is all of every picture and drawing on a page to be seen? Runs in the sandbox.

A black box over a scan, a picture beyond the edge of the page or of its clip, one of no size or behind a mask: nobody
sees it, and whoever opens the file has it. A page with such a thing is drawn. Text is judged by its ink (`glyphs`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.files.copies.geometry import Rect, View

#: Part of a picture that may lie outside (rounding of edges), and part of a drawing that has to be seen.
_EDGE, _MOST = 0.02, 0.5
#: Square points of a picture that something drawn later may touch: lines at its edges do.
_TOUCH = 4.0
#: A line of more than so many points of width covers like a box.
_BROAD = 3.0
#: Drawings of fewer segments are lines and boxes: there is nothing to read in them.
_SHAPE = 6
_LEAST_SIDE = 2.0
_NO_TEXT = 2  # bytes of the end mark of a text that is empty
_MOST_PAIRS = 2_000_000


@dataclass(frozen=True, slots=True)
class _Thing:
    """An object of the page. `telling`: there may be something to read in it; `covers`: it hides what is below;
    `clear`: it is transparent or cannot be judged."""

    place: Rect
    clip: Rect | None
    is_picture: bool
    telling: bool
    covers: bool
    clear: bool


def whole(page: pdfium.PdfPage, view: View) -> bool:
    """May what is drawn on the page be handed out as it is?"""
    text = page.get_textpage()
    try:
        things = list(_things(page, text))
    finally:
        text.close()
    covers = [(n, thing) for n, thing in enumerate(things) if thing.covers]
    if sum(thing.telling for thing in things) * len(covers) > _MOST_PAIRS:
        return False
    left, bottom, right, top = view.box
    seen = Rect(left, bottom, right, top)
    return all(
        not thing.telling or _shown(thing, seen) and not _covered(thing, [c for at, c in covers if at > n])
        for n, thing in enumerate(things)
    )


def _shown(thing: _Thing, page: Rect) -> bool:
    """Within the page and its clip, of some size, and without transparency."""
    if thing.clear:
        return False
    if thing.is_picture and min(thing.place.x1 - thing.place.x0, thing.place.y1 - thing.place.y0) < _LEAST_SIDE:
        return False
    least = (1 - _EDGE if thing.is_picture else _MOST) * thing.place.area
    return all(thing.place.overlap(box) >= least for box in (page, thing.clip) if box is not None)


def _covered(thing: _Thing, later: Sequence[_Thing]) -> bool:
    most = _TOUCH if thing.is_picture else _MOST * thing.place.area
    return any(thing.place.overlap(cover.place) > most for cover in later)


def _things(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[_Thing]:
    """In the order they are drawn. A form is one thing; one with a picture in it cannot be looked through, nor can
    letters of which the font does not tell what they are."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        held = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(held)
        clear = bool(raw.FPDFPageObj_HasTransparency(held))
        place = _bounds(held)
        clip = _clip(held)
        match kind:
            case raw.FPDF_PAGEOBJ_TEXT:
                covers = raw.FPDFTextObj_GetTextRenderMode(held) != raw.FPDF_TEXTRENDERMODE_INVISIBLE
                silent = raw.FPDFTextObj_GetText(held, text, None, 0) <= _NO_TEXT
                yield _Thing(place, clip, False, silent, covers, clear or silent)
            case raw.FPDF_PAGEOBJ_IMAGE:
                yield _Thing(place, clip, True, True, True, clear)
            case raw.FPDF_PAGEOBJ_PATH:
                telling = raw.FPDFPath_CountSegments(held) > _SHAPE
                yield _Thing(place, clip, False, telling, _fills(held), clear)
            case raw.FPDF_PAGEOBJ_FORM:
                kinds = set(_within(held, 0))
                drawn = bool(kinds - {raw.FPDF_PAGEOBJ_TEXT})
                yield _Thing(place, clip, False, drawn, drawn, clear or raw.FPDF_PAGEOBJ_IMAGE in kinds)
            case _:
                yield _Thing(place, clip, False, False, True, clear)


def _within(form: Any, depth: int) -> Iterator[int]:
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        held = raw.FPDFFormObj_GetObject(form, index)
        kind = raw.FPDFPageObj_GetType(held)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < 12:
            yield from _within(held, depth + 1)
        else:
            yield kind


def _fills(path: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroke)
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(path, width)
    return mode.value != raw.FPDF_FILLMODE_NONE or bool(stroke.value) and width.value > _BROAD


def _bounds(held: Any) -> Rect:
    """In user space. What has no breadth is given a little."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(held, left, bottom, right, top)
    return Rect(left.value, bottom.value, max(right.value, left.value + 0.1), max(top.value, bottom.value + 0.1))


def _clip(held: Any) -> Rect | None:
    """What all paths of the clip have in common, each taken as its box; None without a clip."""
    clip = raw.FPDFPageObj_GetClipPath(held)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else -1
    found: Rect | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(count, 0)):
        xs, ys = [], []
        for number in range(max(raw.FPDFClipPath_CountPathSegments(clip, path), 0)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            xs.append(x.value)
            ys.append(y.value)
        box = Rect(min(xs), min(ys), max(xs), max(ys)) if xs else Rect(0, 0, 0, 0)
        found = box if found is None else Rect(
            max(found.x0, box.x0), max(found.y0, box.y0), min(found.x1, box.x1), min(found.y1, box.y1)
        )  # fmt: skip
    return found
