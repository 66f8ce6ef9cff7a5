"""One way from a file to its copy: the form that is marked (`Base`), and the copy with places covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.files.copies import Copy, Line, Mark, copy_of_image, copy_of_pdf, copy_of_sheet, copy_of_text
from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.office import docx_to_pdf, ofd_to_pdf
from gongkai.files.reading import Reading
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import run

_TO_PDF = {"docx": docx_to_pdf, "ofd": ofd_to_pdf}
PICTURES = ("png", "jpeg", "gif")


@dataclass(frozen=True, slots=True)
class Base:
    """The form of a file that is marked and copied. `lost`: what could be seen in the original and is not in it."""

    data: bytes
    kind: str
    lost: tuple[str, ...] = ()


def base_of(data: bytes, kind: str) -> Base:
    """PDF, spreadsheets, pictures and plain text as they are; anything else as the PDF made of it."""
    if kind in ("pdf", "xlsx", *PICTURES, "txt", "csv"):
        return Base(data, kind)
    if kind in _TO_PDF:
        made, lost = _TO_PDF[kind](data)
        return Base(made, "pdf", lost)
    raise Unreadable("no-copy", "这种文件系统做不出可以公开的副本。请另存为 PDF 后再上传。", kind)


def page_sizes(base: Base) -> tuple[tuple[float, float], ...]:
    """Width and height of every page in points as displayed, of a picture in pixels; empty for what has no pages."""
    if base.kind == "pdf":
        return tuple((w, h) for w, h in run("gongkai.files.copies.pdf:sizes", base.data))
    if base.kind in PICTURES:
        width, height = run("gongkai.files.copies.image:size", base.data)
        return ((width, height),)
    return ()


def made_copy(
    base: Base, places: Sequence[Mapping[str, Any]], secrets: Sequence[str], lines: Sequence[Line] = ()
) -> Copy:
    """The copy of a base with these places (see `scanning.models.RedactionMark.places`) covered.

    `lines`: what was recognised on its pages (`lines_of`).
    """
    match base.kind:
        case "pdf":
            return copy_of_pdf(base.data, _marks(places), secrets, lines)
        case "xlsx":
            return copy_of_sheet(base.data, [(p["sheet"], p["cell"]) for p in places], secrets)
        case "png" | "jpeg" | "gif":
            return copy_of_image(base.data, _marks(places), secrets, lines)
        case "txt" | "csv":
            return copy_of_text(base.data, base.kind, [(p["start"], p["end"]) for p in places], secrets)
        case other:
            raise ValueError(f"no copy of {other}")


def lines_of(reading: Reading) -> tuple[Line, ...]:
    """The lines of a file that were recognised, and that a reader sees."""
    return tuple(
        Line(part.where.get("page", 1), Rect(*part.where["rect"]), part.text)
        for part in reading.parts
        if part.where.get("ocr") and not part.hidden
    )


def _marks(places: Sequence[Mapping[str, Any]]) -> list[Mark]:
    return [Mark(p.get("page", 1), *p["rect"]) for p in places]
