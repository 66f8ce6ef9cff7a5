"""A plain text for everybody: covered stretches replaced, what no reader sees left out. Runs in the sandbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from gongkai.files.encoding import decode

#: What stands where something was covered.
COVERED = "■■■"
# In a table of texts the separators stay, so that every value keeps its column.
_PIECE = {"txt": re.compile(r"[^\n]+"), "csv": re.compile(r'[^\n\t,;"]+')}
# Control, invisible and direction marks, halves; variation selectors can carry a whole message.
_DROPPED = frozenset(("Cc", "Cf", "Cs", "Cn"))
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def copy(data: bytes, kind: str, stretches: Sequence[Sequence[int]]) -> dict[str, Any]:
    """`stretches`: [start, end] of the text as `files.reading` tells it.

    Returns `text`, the `covered` words and the text beside them (`visible`).
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    made: list[str] = []
    covered: list[str] = []
    beside: list[str] = []
    at = 0
    for start, end in _merged(stretches):
        if end > len(text):
            raise ValueError(f"no stretch {start}–{end} in {len(text)} characters")
        beside.append(_shown(text[at:start]))
        made += [beside[-1], _PIECE[kind].sub(COVERED, text[start:end])]
        covered += [text[start:end], *_PIECE[kind].findall(text[start:end])]
        at = end
    beside.append(_shown(text[at:]))
    return {"text": "".join([*made, beside[-1]]), "covered": covered, "visible": "\n".join(beside)}


def _merged(stretches: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """In order, overlapping ones joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((int(s), int(e)) for s, e in stretches):
        if not 0 <= start < end:
            raise ValueError(f"no stretch {start}–{end}")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shown(text: str) -> str:
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _DROPPED)
    return _SELECTORS.sub("", kept)
