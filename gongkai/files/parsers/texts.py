"""All text of a file, piece by piece: what a reader sees, and what only a program sees.

Each function takes a path and returns `{"parts": [[where, text], …], "count": n, "warnings": [...]}`; `where` is a
dictionary for people (`{"page": 3}`, `{"sheet": "名单", "hidden": true}`, `{"part": "页眉"}`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2

from gongkai.files.archive import Directory, damaged, encrypted, open_directory
from gongkai.files.encoding import decode
from gongkai.files.parsers.ooxml import (
    MOST_TEXT,
    Walk,
    local,
    main_part,
    numbered,
    open_parts,
    parse,
    properties,
    too_much_text,
)
from gongkai.files.refusal import Unreadable

_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MOST_PAGES = 5_000
_MOST_CELLS = 2_000_000

Where = dict[str, Any]


def _result(parts: Iterable[tuple[Where, str]], count: int, warnings: list[str] | None = None) -> dict[str, Any]:
    kept = [[where, text] for where, text in parts if text.strip()]
    if sum(len(text) for _, text in kept) > MOST_TEXT:
        raise too_much_text()
    return {"parts": kept, "count": count, "warnings": warnings or []}


def _walked(directory: Directory, pattern: str, part: str) -> list[tuple[Where, str]]:
    return [({"part": part}, Walk(directory.read(name, 2**27)).text) for name in numbered(directory, pattern)]


def _embedded(directory: Directory) -> list[str]:
    count = len(numbered(directory, r"(?:word|xl)/embeddings/[^/]+"))
    return [f"文件里嵌有 {count} 个对象（附件、图表数据等），系统检查不到其中的内容，请打开核对。"] if count else []


def word(path: str) -> dict[str, Any]:
    """A .docx: body, headers, footers, notes, comments, tracked deletions, diagrams, properties; count = paragraphs."""
    directory = open_parts(path)
    body = Walk(directory.read(main_part(directory, _WORD_MAIN), 2**27))
    parts: list[tuple[Where, str]] = _walked(directory, r"word/header\d*\.xml", "页眉")
    parts.append(({"part": "正文"}, body.text))
    parts += _walked(directory, r"word/footer\d*\.xml", "页脚")
    parts += _walked(directory, r"word/(?:foot|end)notes\.xml", "脚注")
    parts += _walked(directory, r"word/comments\.xml", "批注")
    parts.append(({"part": "已删除的修订"}, body.deleted))
    parts += _walked(directory, r"word/(?:charts/chart|diagrams/data)\d+\.xml", "图表")
    parts.append(({"part": "文档属性"}, properties(directory)))
    return _result(parts, body.text.count("\n") + 1 if body.text else 0, _embedded(directory))


def sheet(path: str) -> dict[str, Any]:
    """A .xlsx: every sheet, hidden ones marked; print headers, comments, text boxes, properties; count = sheets."""
    directory = open_parts(path)
    try:
        # A file object: by path it would insist on a suffix, which stored files do not have.
        book = openpyxl.load_workbook(
            io.BytesIO(Path(path).read_bytes()), read_only=True, data_only=True, keep_links=False
        )
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise damaged(repr(error)) from None
    parts: list[tuple[Where, str]] = []
    cells = 0
    for each in book.worksheets:
        each.reset_dimensions()  # a wrong dimension would cut the sheet off, or pad it to a million rows
        lines = []
        for row in each.iter_rows(values_only=True):
            cells += len(row) + 1
            if cells > _MOST_CELLS:
                raise too_much_text()
            line = "\t".join("" if value is None else _shown(value) for value in row).rstrip("\t")
            if line:
                lines.append(line)
        parts.append(({"sheet": each.title, "hidden": each.sheet_state != "visible"}, "\n".join(lines)))
    for name in numbered(directory, r"xl/worksheets/sheet\d+\.xml"):
        parts.append(({"part": "页眉页脚"}, _print_headers(directory.read(name, 2**27))))
    parts += _walked(directory, r"xl/(?:comments\d+|comments/comment\d+|threadedComments/[^/]+)\.xml", "批注")
    parts += _walked(directory, r"xl/(?:drawings/drawing|charts/chart|diagrams/data)\d+\.xml", "图形")
    parts.append(({"part": "文档属性"}, properties(directory)))
    return _result(parts, len(book.worksheets), _embedded(directory))


def _shown(value: object) -> str:
    """Whole numbers without a decimal point: an ID number typed as a number is still one."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)


def _print_headers(data: bytes) -> str:
    found = re.findall(rb"<(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<", data)
    plain = (unescape(text.decode("utf-8", "replace")) for text in found)
    # &L &C &R sections, &P page and the like, &"font,style", &12 size (ECMA-376 part 1, 18.3.1.46)
    shown = (re.sub(r'&(?:"[^"]*"|\d+|K[0-9A-Fa-f]{6}|[A-Za-z])', " ", text).strip() for text in plain)
    return "\n".join(text for text in shown if text)


def pdf(path: str) -> dict[str, Any]:
    """A PDF: the text layer of each page, and the properties; count = pages."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise encrypted(str(error)) from None
        raise damaged(str(error)) from None
    if len(document) > _MOST_PAGES:
        raise Unreadable(
            "too-many-pages", f"PDF 有 {len(document):,} 页，超过 {_MOST_PAGES:,} 页的上限。请拆分成几个文件后再上传。"
        )
    parts: list[tuple[Where, str]] = []
    silent = []
    total = 0
    for number in range(len(document)):
        text = _page(document, number)
        total += len(text)
        if total > MOST_TEXT:
            raise too_much_text()
        if text.strip():
            parts.append(({"page": number + 1}, text))
        else:
            silent.append(number + 1)
    parts.append(({"part": "文档属性"}, "\n".join(value for value in _pdf_properties(document) if value)))
    return _result(parts, len(document), _without_text(silent, len(document)))


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
    return _result(parts, len(pages), _without_text(silent, len(pages)))


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
    """A .txt or .csv in UTF-8, UTF-16 with mark or GB18030; count = lines."""
    text = decode(Path(path).read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    return _result([({}, text)], text.count("\n") + 1 if text else 0)


_READERS = {"docx": word, "xlsx": sheet, "pdf": pdf, "ofd": ofd, "txt": plain, "csv": plain}


def read(path: str, kind: str) -> dict[str, Any]:
    """All text of the file at `path`, which is of the named kind."""
    return _READERS[kind](path)
