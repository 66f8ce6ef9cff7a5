"""Full-width forms, spaces and invisible characters: one plain form, and the way back to the original offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# U+FF01–FF5E are the full-width forms of ASCII 21–7E; U+3000 is the full-width space. One character for one.
FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
# A search for the few characters to change is ten times as quick as `str.translate`, which looks up every one.
_WIDE = re.compile("[\uff01-\uff5e\u3000]")

#: Characters that show nothing: soft hyphen, zero-width space and joiners, direction marks, word joiner, BOM.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
#: Blanks within a line besides the plain space.
BLANKS = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
#: Hyphens and dashes as found between groups of digits.
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and space as their ASCII forms; same length, so offsets stay."""
    return text if text.isascii() else _WIDE.sub(lambda found: FULL_WIDTH[found[0]], text)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text with characters left out; `at[i]` is the offset in the original of character i."""

    text: str
    at: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span (start, end) in the original that covers characters start..end (end excluded, at least one)."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"区间 {start}–{end} 超出文本范围")
        return self.at[start], self.at[end - 1] + 1


def squeeze(text: str, drop: Iterable[str], *, offset: int = 0) -> Squeezed:
    """`text` in half-width form without the characters of `drop`; `offset` is where `text` begins in its original."""
    dropped = frozenset(drop)
    kept = [(character, at) for at, character in enumerate(text, offset) if character not in dropped]
    return Squeezed(half_width("".join(character for character, _ in kept)), tuple(at for _, at in kept))
