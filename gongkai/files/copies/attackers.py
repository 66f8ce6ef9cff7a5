"""The readers that attack a copy. Each takes the bytes and gives texts, or bytes to be searched. In the sandbox.

PDF: PDFium, pypdf and pdfminer.six give one text a page first; then every string and stream of every object. Packages
of XML: openpyxl, an XML parser, every member unpacked. Pictures: their remarks, their structure piece by piece. The
bytes of every file as they are.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdf
import pypdfium2 as pdfium
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextContainer
from PIL import Image

Piece = str | bytes
Reader = Callable[[bytes], Iterator[Piece]]
ENCODINGS = ("utf-8", "gb18030", "utf-16-be", "utf-16-le")
#: What a picture needs to be drawn; anything else in it says more.
_PNG_PARTS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"))
_JPEG_PARTS = frozenset((0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA, 0xE0))


# PDF


def _pdfium(data: bytes) -> Iterator[Piece]:
    shown = pdfium.PdfDocument(data)
    for number in range(len(shown)):
        yield shown[number].get_textpage().get_text_range()


def _pypdf(data: bytes) -> Iterator[Piece]:
    read = pypdf.PdfReader(io.BytesIO(data))
    yield from [page.extract_text() for page in read.pages]
    yield str(read.metadata or "")
    yield from read.attachments


def _pdfminer(data: bytes) -> Iterator[Piece]:
    for page in extract_pages(io.BytesIO(data), laparams=LAParams(all_texts=True, boxes_flow=None)):
        yield "\n".join(_layout(page))


def _layout(held: Any) -> Iterator[str]:
    if isinstance(held, LTTextContainer | LTChar):
        yield held.get_text()
    elif isinstance(held, LTContainer):
        for inner in held:
            yield from _layout(inner)


def _objects(data: bytes) -> Iterator[Piece]:
    """Every string and every stream of every object, and the file as it is: also what no page uses."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in pdf.objects:
            yield from _strings(held, 0)
            if isinstance(held, pikepdf.Stream):
                try:
                    yield held.read_bytes()
                except pikepdf.PdfError:
                    yield held.read_raw_bytes()
    yield data


def _strings(held: Any, depth: int) -> Iterator[Piece]:
    if depth > 20 or not isinstance(held, pikepdf.Object):
        return
    if isinstance(held, pikepdf.String):
        yield str(held)
        yield bytes(held)
    elif isinstance(held, pikepdf.Name):
        yield str(held)
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        for key in held.keys():  # noqa: SIM118 - no mapping
            yield str(key)
            if key != "/Parent":
                yield from _strings(held[key], depth + 1)
    elif isinstance(held, pikepdf.Array):
        for inner in held:
            yield from _strings(inner, depth + 1)


# packages of XML


def _members(data: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            yield entry.filename
            yield entry.comment
            content = package.read(entry)
            yield content
            if entry.filename.endswith((".xml", ".rels")):
                text = html.unescape(content.decode("utf-8", "ignore"))
                yield text
                yield re.sub(r"<[^>]*>", "", text)
        yield package.comment


def _cells(data: bytes) -> Iterator[Piece]:
    for page in load_workbook(io.BytesIO(data)).worksheets:
        yield page.title
        for row in page.iter_rows(values_only=True):
            yield "\t".join(str(value) for value in row if value is not None)


def _elements(data: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = fromstring(package.read(name))
                yield from root.itertext()
                yield from (value for element in root.iter() for value in element.attrib.values())


# pictures


def _remarks(data: bytes) -> Iterator[Piece]:
    with Image.open(io.BytesIO(data)) as picture:
        yield str({key: value for key, value in picture.info.items() if key not in ("icc_profile", "jfif")})
        yield str(dict(picture.getexif()))


def _structure(data: bytes) -> Iterator[Piece]:
    """Walks through the file itself: a part that draws nothing, or anything behind the end, is an error."""
    if data[:2] == b"\xff\xd8":
        yield from _segments(data)
        return
    at = 8
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name not in _PNG_PARTS:
            raise ValueError(f"part {name!r}")
        yield data[at + 8 : at + 8 + size]
        at += 12 + size
        if name == b"IEND" and at != len(data):
            raise ValueError("bytes behind the end")
    points = b"".join(piece for piece in _png_points(data))
    yield zlib.decompress(points)


def _png_points(data: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            yield data[at + 8 : at + 8 + size]
        at += 12 + size


def _segments(data: bytes) -> Iterator[Piece]:
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at] != 0xFF or marker not in _JPEG_PARTS or marker == 0xE0 and size != 18:
            raise ValueError(f"part {marker:#x}")
        yield data[at + 4 : at + size]
        at += size
        if marker != 0xDA:
            continue
        while data[at : at + 1] != b"\xff" or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at = data.index(b"\xff", at + 1)
        if data[at + 1] == 0xD9:
            if at + 2 != len(data):
                raise ValueError("bytes behind the end")
            return
    raise ValueError("no end")


# plain texts


def _text(data: bytes) -> Iterator[Piece]:
    yield data.decode("utf-8-sig")


def _values(data: bytes) -> Iterator[Piece]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield "\t".join(row)


def _bytes(data: bytes) -> Iterator[Piece]:
    yield data


READERS: dict[str, dict[str, Reader]] = {
    "pdf": {"PDFium": _pdfium, "pypdf": _pypdf, "pdfminer": _pdfminer, "对象": _objects},
    "xlsx": {"openpyxl": _cells, "XML": _elements, "成员": _members, "字节": _bytes},
    "image": {"附注": _remarks, "结构": _structure, "字节": _bytes},
    "text": {"UTF-8": _text, "表格": _values, "字节": _bytes},
}
#: These find a word in pieces and in several places: how often it turns up says nothing.
RAW = frozenset(("对象", "成员", "字节", "XML", "结构", "附注", "openpyxl", "表格"))
