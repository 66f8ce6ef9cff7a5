"""Plain text of canonical HTML, and where each piece of it stands in the HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

# Sound on canonical HTML only: no attribute value holds `<` or `>`.
PIECE = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>|([^<]+)")
_ALT = re.compile(r' alt="([^"]+)"')
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "caption", "thead", "tbody", "tr", "hr"}


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` comes from `html[at:stop]`, which is text, or an image whose alternative text it is."""

    start: int
    end: int
    at: int
    stop: int
    text: str
    is_image: bool = False


def to_text(html: str) -> str:
    """Plain text: a newline between blocks and at line breaks, a tab between the cells of a row.

    The alternative text of an image counts as text, in the form `［图：…］`: the public can read it too.
    """
    return segments(html)[0]


def segments(html: str) -> tuple[str, list[Segment]]:
    """The plain text and its pieces in order; what lies between two pieces are newlines and tabs."""
    layout = _Layout()
    for piece in PIECE.finditer(html):
        closing, tag, rest, text = piece.groups()
        if text is not None:
            layout.add(unescape(text), piece.start(), piece.end())
        elif tag == "img":
            alt = _ALT.search(rest)
            if alt is not None:
                layout.add(f"［图：{unescape(alt.group(1))}］", piece.start(), piece.end(), is_image=True)
        elif tag == "br":
            layout.break_line()
        elif tag in ("td", "th"):
            if not closing:
                layout.start_cell()
        elif tag in BLOCKS:
            layout.break_block(row_starts=tag == "tr" and not closing, row_ends=tag == "tr" and bool(closing))
    return "".join(layout.parts), layout.segments


class _Layout:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.segments: list[Segment] = []
        self._length = 0
        self._newline = False
        self._cells: list[int] = []  # cells begun in each open row

    def add(self, text: str, at: int, stop: int, *, is_image: bool = False) -> None:
        self._flush()
        start = self._length
        self._put(text)
        self.segments.append(Segment(start, self._length, at, stop, text, is_image))

    def break_line(self) -> None:
        self._flush()
        self._newline = True

    def break_block(self, *, row_starts: bool, row_ends: bool) -> None:
        self._newline = True
        if row_starts:
            self._flush()  # now, so that empty cells stand in their own row
            self._cells.append(0)
        elif row_ends:
            self._cells.pop()

    def start_cell(self) -> None:
        """What ended inside the cell before makes no new line in the row."""
        if self._cells[-1]:
            self._put("\t")
        self._newline = False
        self._cells[-1] += 1

    def _flush(self) -> None:
        if self._newline and self.parts and self.parts[-1] != "\n":
            self._put("\n")
        self._newline = False

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)
