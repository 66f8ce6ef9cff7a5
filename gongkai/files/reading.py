"""The text of an attachment, for searching and for the scan: everything in it, also what is hidden from view."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run_many
from gongkai.files.sniff import FileKind

LIMITS = Limits(seconds=20)
# The kinds that have text, and what is counted in each.
_UNITS = {"docx": "段", "xlsx": "张工作表", "pdf": "页", "ofd": "页", "txt": "行", "csv": "行"}


@dataclass(frozen=True, slots=True)
class Part:
    """`text` begins at `start` of the whole; `where` is for people: page, sheet and hidden, or part (页眉, 批注 …)."""

    where: Mapping[str, Any]
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All text of one file. `text` is the parts joined by newlines; `count` is in `unit` (页, 段, 行, 张工作表)."""

    kind: str
    text: str
    parts: tuple[Part, ...]
    count: int
    unit: str
    warnings: tuple[str, ...]

    def at(self, offset: int) -> Part:
        """The part that holds a position of `text`; its own newline belongs to the part before it."""
        if not 0 <= offset < len(self.text):
            raise IndexError(offset)
        return self.parts[bisect_right(self.parts, offset, key=lambda part: part.start) - 1]


def read_text(path: Path | str, kind: FileKind | str, *, limits: Limits = LIMITS) -> Reading:
    """The text of one file, read in the sandbox; `Unreadable` with the reason when it cannot be."""
    for outcome in read_texts([(path, kind)], limits=limits):
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome
    raise AssertionError("one file has one outcome")


def read_texts(
    files: Iterable[tuple[Path | str, FileKind | str]], *, limits: Limits = LIMITS
) -> Iterator[Reading | Unreadable]:
    """One outcome per file in order; many files share one child process, each with its own limits."""
    named = [(str(path), kind.name if isinstance(kind, FileKind) else kind) for path, kind in files]
    for _, kind in named:
        if kind not in _UNITS:
            raise ValueError(f"no text in files of kind {kind}")
    outcomes = run_many("gongkai.files.parsers.texts:read", named, limits=limits)
    for (_, kind), outcome in zip(named, outcomes, strict=True):
        yield outcome if isinstance(outcome, Unreadable) else _reading(kind, outcome)


def _reading(kind: str, found: dict[str, Any]) -> Reading:
    parts, start = [], 0
    for where, text in found["parts"]:
        parts.append(Part(where, start, text))
        start += len(text) + 1
    return Reading(
        kind,
        "\n".join(part.text for part in parts),
        tuple(parts),
        found["count"],
        _UNITS[kind],
        tuple(found["warnings"]),
    )
