"""Runs of digits in a text, however they are spaced or broken: what `numbers` classifies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gongkai.chinese.normalise import BLANKS, HYPHENS, INVISIBLE, squeeze

Kind = Literal["id18", "id15", "id_unchecked", "mobile", "landline", "bank_card", "account", "uscc", "travel"]


class Number(NamedTuple):
    """A number found. `digits` is its plain form; `context` says that a word naming this kind stands just before."""

    kind: Kind
    start: int
    end: int
    digits: str
    context: bool = False


BEFORE = 16  # characters before a number in which a word may name it

_D = "0-9０-９"
SEPARATORS = " \r\n\v\f" + BLANKS + HYPHENS + INVISIBLE
_S = re.escape(SEPARATORS)
#: At least 7 digits: the shortest number of interest is a local telephone number.
RUN = re.compile(f"[{_D}](?:[{_S}]{{0,4}}[{_D}]){{6,}}+(?:[{_S}]{{0,4}}[xXｘＸⅩⅹ])?")


@dataclass(slots=True)
class Run:
    """Digits of one run with their offsets, cut into groups (i, j) at everything that stands between digits."""

    text: str
    digits: str
    at: tuple[int, ...] | range
    groups: list[tuple[int, int]]

    def number(self, kind: Kind, i: int, j: int, context: bool = False) -> Number:
        return Number(kind, self.at[i], self.at[j - 1] + 1, self.digits[i:j], context)

    def before(self, i: int, length: int = BEFORE) -> str:
        return self.text[max(0, self.at[i] - length) : self.at[i]]

    def gap(self, j: int) -> str:
        """What stands between digit j-1 and digit j."""
        return self.text[self.at[j - 1] + 1 : self.at[j]]


def run_of(text: str, start: int, end: int) -> Run:
    raw = text[start:end]
    if raw.isascii() and raw.isdigit():
        return Run(text, raw, range(start, end), [(0, end - start)])
    squeezed = squeeze(raw, SEPARATORS, offset=start)
    digits = squeezed.text.replace("Ⅹ", "X").replace("ⅹ", "X").upper()
    at = squeezed.at
    cuts = [
        i
        for i in range(1, len(digits))
        if at[i] != at[i - 1] + 1 and text[at[i - 1] + 1 : at[i]].strip(INVISIBLE)  # invisible ones do not part digits
    ]
    return Run(text, digits, at, list(zip([0, *cuts], [*cuts, len(digits)], strict=True)))
