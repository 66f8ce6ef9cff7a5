"""All text of a PDF: each line of each page with its place, and everything its reader does not see."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.files.archive import damaged, encrypted
from gongkai.files.copies.glyphs import view_of
from gongkai.files.parsers.ooxml import MOST_TEXT, too_much_text
from gongkai.files.parsers.parts import Found, answer
from gongkai.files.parsers.pdf_file import between, revisions
from gongkai.files.parsers.pdf_hidden import Hidden
from gongkai.files.parsers.pdf_page import look
from gongkai.files.refusal import Unreadable

_MOST_PAGES = 5_000
_OFFSET = re.compile(r"[\d\s]{1,10}")
#: Annotations that draw nothing.
_SILENT = ("/Link", "/Popup")


def read(path: str) -> dict[str, Any]:
    """`count` is of pages; `scans` are the pages that must be looked at as pictures (`parsers.ocr`)."""
    data = Path(path).read_bytes()
    read = _Read(data)
    parts = read.parts + read.hidden
    known = {_plain(text) for _, text in parts}
    for number, before in enumerate(revisions(data), start=1):
        earlier = _Read(before)
        for where, text in earlier.parts + earlier.hidden:
            if _plain(text) not in known:
                known.add(_plain(text))
                parts.append(({**where, "member": f"revision {number}", "hidden": "earlier_revision"}, text))
    parts += [
        ({"hidden": "trailing_bytes"}, text) for text in dict.fromkeys(between(data)) if not _OFFSET.fullmatch(text)
    ]
    return answer(parts, read.count, read.warnings) | {"scans": read.scans}


class _Read:
    """One state of the file: the last, or what it was before an update."""

    def __init__(self, data: bytes) -> None:
        shown = _opened(data)
        self.count = len(shown)
        source = _source(data)
        if len(source.pages) != self.count:
            raise damaged(f"{len(source.pages)} or {self.count} pages")
        try:
            hidden = Hidden(source, lambda number: view_of(shown[number - 1]))
            hidden.read()
        except (pikepdf.PdfError, RecursionError) as error:
            raise damaged(repr(error)) from None
        self.warnings = hidden.warnings
        annotated = _annotated(source)
        if hidden.changed:
            out = io.BytesIO()
            source.save(out)
            shown = _opened(out.getvalue())
        shown.init_forms()
        self.parts: list[Found] = []
        self.scans: list[dict[str, Any]] = []
        self._look(shown, annotated)
        self.hidden = list(_unseen(hidden.parts, self.parts))

    def _look(self, shown: pdfium.PdfDocument, annotated: set[int]) -> None:
        total = 0
        for number in range(1, self.count + 1):
            try:
                page = shown[number - 1]
                if number in annotated and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
                    page.close()
                    page = shown[number - 1]
                looked = look(page, number)
                page.close()
            except pdfium.PdfiumError as error:
                raise damaged(f"page {number}: {error}") from None
            total += sum(len(text) for _, text in looked.parts)
            if total > MOST_TEXT:
                raise too_much_text()
            self.parts += looked.parts
            if looked.scan:
                self.scans.append({"page": number, "must": looked.must})


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise encrypted(str(error)) from None
        raise damaged(str(error)) from None
    if len(opened) > _MOST_PAGES:
        raise Unreadable(
            "too-many-pages", f"PDF 有 {len(opened):,} 页，超过 {_MOST_PAGES:,} 页的上限。请拆分成几个文件后再上传。"
        )
    return opened


def _source(data: bytes) -> pikepdf.Pdf:
    try:
        source = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise encrypted(str(error)) from None
    except (pikepdf.PdfError, ValueError) as error:
        raise damaged(str(error)) from None
    if source.is_encrypted:
        raise encrypted("owner password")
    return source


def _annotated(source: pikepdf.Pdf) -> set[int]:
    """Pages on which an annotation may draw something; they are read with it drawn in."""
    return {
        number
        for number, page in enumerate(source.pages, start=1)
        if any(str(held.get("/Subtype")) not in _SILENT for held in page.obj.get("/Annots") or () if _is_one(held))
    }


def _is_one(held: Any) -> bool:
    return isinstance(held, pikepdf.Dictionary)


def _unseen(hidden: list[Found], seen: list[Found]) -> list[Found]:
    """Remarks, fields and words for the blind that stand on the page for everybody are not hidden."""
    pages: dict[int, str] = defaultdict(str)
    for where, text in seen:
        if "hidden" not in where:
            pages[where["page"]] += _plain(text)
    return [
        (where, text)
        for where, text in hidden
        if where["hidden"] not in ("annotation", "form_field", "alt_text")
        or _plain(text) not in pages[where.get("page", 0)]
    ]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
