"""The copy of a scan read again by the recogniser, as anybody may who has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.recognised_lines import still_read, under
from gongkai.files.memory import as_path
from gongkai.files.recognised import LIMITS
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import run_many

if TYPE_CHECKING:
    from gongkai.files.copies import Line, Mark


def recognised_beside(data: bytes, kind: str, marks: Sequence[Mark], lines: Sequence[Line]) -> list[str]:
    """Covered words of which a good part is still read beside their mark; only pages with lines under a mark are read.

    Where lines are known there was a recogniser; should it fail now, that is raised and no copy goes out.
    """
    by_page: dict[int, list[Rect]] = defaultdict(list)
    for mark in marks:
        by_page[mark.page].append(mark.rect)
    covered = {page: under([(line.rect, line.text) for line in lines if line.page == page], rects)[0]
               for page, rects in by_page.items()}  # fmt: skip
    pages = sorted(page for page, words in covered.items() if words)
    found: list[str] = []
    with as_path(data, f".{kind}") as path:
        calls = [(str(path), kind, {"where": {"page": page}, "page": page, "must": False}) for page in pages]
        for page, outcome in zip(pages, run_many("gongkai.files.parsers.ocr:look", calls, limits=LIMITS), strict=True):
            if isinstance(outcome, Unreadable):
                raise outcome
            read = [(Rect(*where["rect"]), text) for where, text in outcome["parts"]]
            found += still_read(read, by_page[page], covered[page])
    return found
