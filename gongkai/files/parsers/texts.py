"""All text of a file, piece by piece: what a reader sees, and what only a program sees.

Each parser takes a path and returns `{"parts": [[where, text], …], "count": n, "warnings": [...]}`. `where` says what
applies of: `page`, `rect`, `paragraph`, `table`, `row`, `column`, `sheet`, `cell`, `slide`, `line`, `member` (a path
inside an archive or a file), and `hidden` (a code of `files.hidden`) for what a reader of the document does not see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdfium2

from gongkai.files.archive import damaged, encrypted, open_directory
from gongkai.files.encoding import decode
from gongkai.files.parsers import document, odf, page, sheet, slides
from gongkai.files.parsers.ooxml import MOST_TEXT, local, parse, too_much_text
from gongkai.files.parsers.parts import Where, answer
from gongkai.files.refusal import Unreadable

_MOST_PAGES = 5_000


def pdf(path: str) -> dict[str, Any]:
    """A PDF: the text layer of each page, and the properties; count = pages."""
    try:
        opened = pypdfium2.PdfDocument(Path(path).read_bytes())
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise encrypted(str(error)) from None
        raise damaged(str(error)) from None
    if len(opened) > _MOST_PAGES:
        raise Unreadable(
            "too-many-pages", f"PDF 有 {len(opened):,} 页，超过 {_MOST_PAGES:,} 页的上限。请拆分成几个文件后再上传。"
        )
    parts: list[tuple[Where, str]] = []
    silent = []
    total = 0
    for number in range(len(opened)):
        text = _page(opened, number)
        total += len(text)
        if total > MOST_TEXT:
            raise too_much_text()
        if text.strip():
            parts.append(({"page": number + 1}, text))
        else:
            silent.append(number + 1)
    parts.append(({"part": "文档属性"}, "\n".join(value for value in _pdf_properties(opened) if value)))
    return answer(parts, len(opened), _without_text(silent, len(opened)))


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise damaged(f"page {number + 1}: {error}") from None
    return str(text).replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", "").replace("\0", "")


def _pdf_properties(document: pypdfium2.PdfDocument) -> list[str]:
    return [str(document.get_metadata_value(key)) for key in ("Title", "Author", "Subject", "Keywords")]


def _without_text(pages: list[int], of: int) -> list[str]:
    if not pages:
        return []
    which = "所有页面" if len(pages) == of else "第 " + "、".join(map(str, pages[:20])) + " 页"
    more = " 等" if len(pages) > 20 and len(pages) != of else ""
    return [f"{which}{more}没有文字（可能是扫描件或空白页），检索不到，系统也检查不到其中的内容，请人工核对。"]


def ofd(path: str) -> dict[str, Any]:
    """An OFD (GB/T 33190): the text codes of each page content in order; count = page parts."""
    directory = open_directory(Path(path).read_bytes())
    parts: list[tuple[Where, str]] = []
    pages = [name for name in directory.names if re.fullmatch(r".*/Page_?\d+/Content\.xml", name)]
    pages.sort(key=lambda name: (len(name), name))
    others = [name for name in directory.names if name.endswith(".xml") and name not in pages]
    for number, name in enumerate(pages, start=1):
        parts.append(({"page": number}, _text_codes(directory.read(name, 2**26))))
    for name in others:
        parts.append(({"part": "其他"}, _text_codes(directory.read(name, 2**26))))
    silent = [number for number in range(1, len(pages) + 1) if not parts[number - 1][1].strip()]
    return answer(parts, len(pages), _without_text(silent, len(pages)))


def _text_codes(data: bytes) -> str:
    """Text objects in document order; those on one base line belong together."""
    pieces: list[str] = []
    last: float | None = None
    for element in parse(data).iter():
        if local(element.tag) != "TextObject":
            continue
        height = _height(element.get("Boundary", ""))
        if pieces and (last is None or height is None or abs(height - last) > 0.5):
            pieces.append("\n")
        last = height
        pieces += [child.text or "" for child in element if local(child.tag) == "TextCode"]
    return "".join(pieces)


def _height(boundary: str) -> float | None:
    """The y of `x y width height` in millimetres."""
    numbers = boundary.split()
    try:
        return float(numbers[1]) if len(numbers) == 4 else None
    except ValueError:
        return None


def plain(path: str) -> dict[str, Any]:
    """A .txt or .csv in UTF-8, UTF-16 with mark or GB18030; count = lines. `reading` tells the lines apart."""
    text = decode(Path(path).read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    return answer([({}, text)], text.count("\n") + 1 if text else 0)


# Kind to parser; one named by its module is loaded when the first file of its kind comes.
_READERS: dict[str, Callable[[str], dict[str, Any]] | str] = {
    "docx": document.read,
    "xlsx": sheet.read,
    "pptx": slides.read,
    "odt": odf.read,
    "ods": odf.read,
    "html": page.read,
    "txt": plain,
    "csv": plain,
    "pdf": pdf,
    "ofd": ofd,
}


def read(path: str, kind: str) -> dict[str, Any]:
    """All text of the file at `path`, which is of the named kind."""
    reader = _READERS[kind]
    if isinstance(reader, str):
        module, _, name = reader.partition(":")
        reader = getattr(import_module(module), name)
    return reader(path)
