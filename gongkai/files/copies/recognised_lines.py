"""Letters of lines that were recognised in a picture: each has its share of the line. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.glyphs import Glyph

#: [M] A run that is read again beside a mark counts from this length on, and from half of what was covered.
LEAST = 4


def width_of(letter: str) -> int:
    """Letters of full width count double; ambiguous ones (quotes, dashes) are of full width among Chinese."""
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F", "A") else 1


def share(rect: Sequence[float], text: str, begin: int, stop: int, margin: int) -> Rect:
    """Where in a line's rectangle `text[begin:stop]` stands, with a margin in half letters; also lines from the top."""
    widths = [width_of(letter) for letter in text]
    total = max(sum(widths), 1)
    first = max(sum(widths[:begin]) - margin, 0) / total
    last = min(sum(widths[:stop]) + margin, total) / total
    x0, y0, x1, y1 = rect
    if y1 - y0 > 2 * (x1 - x0) and len(text) > 1:
        return Rect(x0, y0 + (y1 - y0) * first, x1, y0 + (y1 - y0) * last)
    return Rect(x0 + (x1 - x0) * first, y0, x0 + (x1 - x0) * last, y1)


def letters_of(rect: Rect, text: str, line: int = 0) -> list[Glyph]:
    """One glyph for each letter of a line."""
    places = [share(rect, text, n, n + 1, 0) for n in range(len(text))]
    return [Glyph(letter, place, place, line) for letter, place in zip(text, places, strict=True)]


def under(lines: Iterable[tuple[Rect, str]], marks: Sequence[Rect]) -> tuple[list[str], list[str]]:
    """Of the lines what is covered and what is left, as runs of letters."""
    gone: list[str] = []
    left: list[str] = []
    for rect, text in lines:
        runs: dict[bool, list[str]] = {True: [""], False: [""]}
        before = None
        for glyph in letters_of(rect, text):
            covered = any(mark.covers(glyph.place) for mark in marks)
            if covered is not before:
                runs[covered].append("")
            runs[covered][-1] += glyph.letter
            before = covered
        gone += [run for run in runs[True] if run.strip()]
        left += [run for run in runs[False] if run.strip()]
    return gone, left


def touched(lines: Iterable[tuple[Rect, str]], marks: Sequence[Rect]) -> list[Rect]:
    """Places of the letters that a mark covers, some of them in part: they are covered whole."""
    letters = [glyph.place for rect, text in lines for glyph in letters_of(rect, text)]
    return [place for place in letters if any(mark.covers(place) for mark in marks)]


def still_read(read: Iterable[tuple[Rect, str]], marks: Sequence[Rect], covered: Iterable[str]) -> list[str]:
    """Covered words of which a good part is read again beside their mark."""
    near = [text for rect, text in read if any(mark.overlap(_wider(rect)) > 0 for mark in marks)]
    return [word for word in covered if any(_common(word, text) >= max(LEAST, len(word) / 2) for text in near)]


def _wider(rect: Rect) -> Rect:
    room = min(rect.x1 - rect.x0, rect.y1 - rect.y0)
    return Rect(rect.x0 - room, rect.y0 - room / 4, rect.x1 + room, rect.y1 + room / 4)


def _common(one: str, other: str) -> int:
    """Length of the longest run of letters both have."""
    best = 0
    row = [0] * (len(other) + 1)
    for letter in one:
        row = [0] + [row[n] + 1 if letter == o else 0 for n, o in enumerate(other)]
        best = max(best, *row)
    return best
