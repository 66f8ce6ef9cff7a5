"""Try to get out of a copy what must not be in it, by several readers that know nothing of each other. In the sandbox.

For a PDF: PDFium, pypdf and pdfminer.six read the text; besides, every stream is decoded and every string of every
object looked at, and the bytes as they are. For packages of XML every member is unpacked and read as text. A word that
may be seen elsewhere in the document anyway is no find as long as it turns up no more often than it may be seen.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pikepdf
import pypdf
import pypdfium2 as pdfium
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from PIL import Image

from gongkai.files.refusal import Unreadable

#: Shorter words turn up by chance.
LEAST = 4
_ENCODINGS = ("utf-8", "gb18030", "utf-16-be", "utf-16-le")
_GAPS = re.compile(r"[\s\u00a0\u200b-\u200f\ufeff\x00-\x1f]+")


def attack(data: bytes, kind: str, secrets: Sequence[str], visible: str) -> list[list[str]]:
    """Every find as [reader, secret]; `visible` is all that may be seen. A reader that fails is a find of its own."""
    wanted = {plain(secret) for secret in secrets}
    wanted = {secret for secret in wanted if len(secret) >= LEAST}
    may = plain(visible)
    finds = []
    for name, reader in _READERS[kind].items():
        try:
            text = plain("\n".join(reader(data)))
        except Unreadable:
            raise
        except Exception as error:  # a reader that cannot read proves nothing
            finds.append([name, f"({type(error).__name__})"])
            continue
        # Raw bytes hold each word in pieces and in several places: there, once is enough.
        finds += [[name, secret] for secret in sorted(wanted) if _more(text, secret, may, name)]
    return finds


def _more(text: str, secret: str, may: str, reader: str) -> bool:
    if reader in _RAW:
        return secret in text and secret not in may
    return text.count(secret) > may.count(secret)


def plain(text: str) -> str:
    """One form for comparing: compatibility forms folded, no blanks, upper case."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _pdfium(data: bytes) -> Iterator[str]:
    shown = pdfium.PdfDocument(data)
    for number in range(len(shown)):
        yield shown[number].get_textpage().get_text_range()


def _pypdf(data: bytes) -> Iterator[str]:
    read = pypdf.PdfReader(io.BytesIO(data))
    yield from (page.extract_text() for page in read.pages)
    yield str(read.metadata or "")
    yield from read.attachments


def _pdfminer(data: bytes) -> Iterator[str]:
    yield extract_text(io.BytesIO(data))


def _objects(data: bytes) -> Iterator[str]:
    """Every string and every stream of every object, and the file as it is: also what no page uses."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in pdf.objects:
            yield from _strings(held, 0)
            if isinstance(held, pikepdf.Stream):
                try:
                    yield from _readings(held.read_bytes())
                except pikepdf.PdfError:
                    yield from _readings(held.read_raw_bytes())
    yield from _readings(data)


def _strings(held: Any, depth: int) -> Iterator[str]:
    if depth > 20 or not isinstance(held, pikepdf.Object):
        return
    if isinstance(held, pikepdf.String):
        yield str(held)
        yield from _readings(bytes(held))
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        for key in held.keys():  # noqa: SIM118 - no mapping
            yield str(key)
            if key != "/Parent":
                yield from _strings(held[key], depth + 1)
    elif isinstance(held, pikepdf.Array):
        for inner in held:
            yield from _strings(inner, depth + 1)


def _readings(data: bytes) -> Iterator[str]:
    for encoding in _ENCODINGS:
        yield data.decode(encoding, "ignore")


def _members(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            yield entry.filename
            yield entry.comment.decode("utf-8", "ignore")
            for text in _readings(package.read(entry)):
                yield text
                yield html.unescape(text)
                yield re.sub(r"<[^>]*>", "", html.unescape(text))
        yield package.comment.decode("utf-8", "ignore")


def _cells(data: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield "\t".join(str(value) for value in row if value is not None)


def _shared(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = fromstring(package.read(name))
                yield from root.itertext()
                yield from (value for element in root.iter() for value in element.attrib.values())


def _remarks(data: bytes) -> Iterator[str]:
    with Image.open(io.BytesIO(data)) as picture:
        yield str({key: value for key, value in picture.info.items() if key not in ("icc_profile", "jfif")})
        yield str(dict(picture.getexif()))


def _bytes(data: bytes) -> Iterator[str]:
    yield from _readings(data)


_READERS: dict[str, dict[str, Callable[[bytes], Iterator[str]]]] = {
    "pdf": {"PDFium": _pdfium, "pypdf": _pypdf, "pdfminer": _pdfminer, "对象": _objects},
    "xlsx": {"openpyxl": _cells, "XML": _shared, "成员": _members, "字节": _bytes},
    "image": {"附注": _remarks, "字节": _bytes},
}
_RAW = frozenset(("对象", "成员", "字节", "XML"))
