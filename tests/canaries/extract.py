"""Everything that can be got out of a file by programs that know nothing of each other, to look for a canary in it.

`found(data, canary)` names the ways by which it turned up. None of this is the system's own attack on its copies.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pikepdf
import pypdf
import pypdfium2
from lxml import etree
from pdfminer.high_level import extract_text
from PIL import ExifTags, Image

_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_GAPS = re.compile(r"[\s\x00-\x1f\u00ad\ufeff\ufffd]+")
_MOST_INFLATED = 4_000_000
Texts = Iterator[str]


def found(data: bytes, canary: str) -> set[str]:
    """The ways by which the canary can be got out of the file."""
    wanted = _plain(canary)
    return {way for way, read in ways(data).items() if any(wanted in form for form in _forms("\n".join(read(data))))}


def ways(data: bytes) -> dict[str, Callable[[bytes], Texts]]:
    """The extractors that suit a file, told by its first bytes."""
    common = {"bytes": raw, "inflated": inflated, "coded": coded, "strings": strings}
    if data.startswith(b"%PDF-"):
        return common | {
            "PDFium": _pdfium,
            "pypdf": _pypdf,
            "pdfminer": _pdfminer,
            "objects": _objects,
            "revisions": _revisions,
        }
    if data.startswith(b"PK"):
        return common | {"zipfile": _members, "lxml": _xml, "openpyxl": _cells}
    if data[:4] in (b"\x89PNG", b"GIF8") or data[:3] == b"\xff\xd8\xff":
        return common | {"Pillow": _pillow, "pixels": _pixels}
    return common


def _plain(text: str) -> str:
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _forms(text: str) -> Iterator[str]:
    """The text itself, and what is written in characters that nobody sees."""
    yield _plain(re.sub("[\u200b-\u200f\u2060-\u2064]", "", text))
    yield _plain("".join(chr(ord(letter) - 0xE0000) for letter in text if 0xE0020 <= ord(letter) <= 0xE007E))
    bits = "".join("01"[letter == "\u200c"] for letter in text if letter in "\u200b\u200c")
    yield _plain("".join(chr(int(bits[n : n + 16], 2)) for n in range(0, len(bits) - 15, 16)))


# Any file


def _read(data: bytes) -> Texts:
    for encoding in _ENCODINGS:
        yield data.decode(encoding, "ignore")
    yield data[1:].decode("utf-16-le", "ignore")  # begun at an odd place


def raw(data: bytes) -> Texts:
    yield from _read(data)


def inflated(data: bytes) -> Texts:
    """Whatever unpacks from any place of the bytes, whether a directory or table leads there or not."""
    for content in _unpacked(data, 0):
        yield from _read(content)
        yield html.unescape(content.decode("utf-8", "ignore"))


def _unpacked(data: bytes, depth: int) -> Iterator[bytes]:
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|PK\x03\x04", data):
        at, bits = match.start(), zlib.MAX_WBITS
        if match.group().startswith(b"PK"):
            if len(data) < at + 30:
                continue
            at += (
                30
                + int.from_bytes(data[at + 26 : at + 28], "little")
                + int.from_bytes(data[at + 28 : at + 30], "little")
            )
            bits = -zlib.MAX_WBITS
        unpack = zlib.decompressobj(bits)
        try:
            content = unpack.decompress(data[at:], _MOST_INFLATED)
        except zlib.error:
            continue
        if len(content) > 3:
            yield content
            if depth < 2:
                yield from _unpacked(content, depth + 1)


def coded(data: bytes) -> Texts:
    """What stands in hexadecimal, base64, octal, percent and character references, in the file and in what unpacks."""
    for content in (data, *_unpacked(data, 0)):
        for run in re.findall(rb"(?:[0-9A-Fa-f]{2}[\s]*){8,}", content):
            yield from _read(binascii.unhexlify(re.sub(rb"\s", b"", run)))
        for run in re.findall(rb"[A-Za-z0-9+/]{12,}={0,2}", content):
            try:
                yield from _read(base64.b64decode(run + b"=" * (-len(run) % 4)))
            except binascii.Error:
                continue
        yield from _read(re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8) & 255]), content))
        yield from _read(re.sub(rb"[%#]([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), content))
        yield html.unescape(content.decode("utf-8", "ignore"))


def strings(data: bytes) -> Texts:
    """The program of that name where the machine has it, else runs of letters in one and in two bytes."""
    if program := shutil.which("strings"):
        for width in ("S", "l", "b"):
            said = subprocess.run([program, "-a", "-e", width], input=data, capture_output=True, check=True)
            yield said.stdout.decode("utf-8", "ignore")
        return
    for run in re.findall(rb"[\x20-\x7e\x80-\xff]{4,}|(?:[\x20-\x7e]\0){4,}|(?:\0[\x20-\x7e]){4,}", data):
        yield run.replace(b"\0", b"").decode("utf-8", "ignore")


# PDF


def _pdfium(data: bytes) -> Texts:
    document = pypdfium2.PdfDocument(data)
    try:
        yield str(document.get_metadata_dict())
        for held in document.get_toc():
            yield str(held.get_title())
        for n in range(document.count_attachments()):
            held = document.get_attachment(n)
            yield held.get_name()
            yield from _read(bytes(held.get_data()))
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_range()
            yield text.get_text_bounded()
            text.close()
            page.close()
    finally:
        document.close()


def _pypdf(data: bytes) -> Texts:
    read = pypdf.PdfReader(io.BytesIO(data))
    yield str(read.metadata or "")
    yield str(read.xmp_metadata.stream.get_data() if read.xmp_metadata else "")
    yield str(read.get_fields() or "")
    yield str(read.outline)
    yield str(read.named_destinations)
    yield str(read.page_labels)
    for name, contents in read.attachments.items():
        yield name
        for content in contents:
            yield from _read(content)
    for page in read.pages:
        yield page.extract_text()
        yield str([note.get_object() for note in page.get("/Annots") or ()])
        for picture in page.images:
            yield from _read(picture.data)


def _pdfminer(data: bytes) -> Texts:
    yield extract_text(io.BytesIO(data))


def _objects(data: bytes) -> Texts:
    """Every string, name and stream of every object, also of those that nothing leads to."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in [*pdf.objects, pdf.trailer]:
            yield from _held(held, 0)


def _held(held: Any, depth: int) -> Texts:
    if depth > 30:
        return
    if isinstance(held, pikepdf.String):
        yield str(held)
        yield from _read(bytes(held))
    elif isinstance(held, pikepdf.Name):
        yield str(held)
    elif isinstance(held, pikepdf.Array):
        for each in held:
            yield from _held(each, depth + 1)
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        for key in held.keys():  # noqa: SIM118 - no mapping
            yield str(key)
            inner = held[key]
            if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                yield from _held(inner, depth + 1)
        if isinstance(held, pikepdf.Stream):
            yield from _read(held.read_raw_bytes())
            try:
                yield from _read(held.read_bytes())
            except pikepdf.PdfError:
                return


def _revisions(data: bytes) -> Texts:
    """The file as it was at each of its ends."""
    for end in re.finditer(rb"%%EOF", data[:-10]):
        try:
            yield from _pypdf(data[: end.end()])
        except (pypdf.errors.PyPdfError, KeyError, ValueError, AttributeError):
            continue


# Archives of XML


def _members(data: bytes) -> Texts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield package.comment.decode("utf-8", "ignore")
        for entry in package.infolist():
            yield entry.filename
            yield from _read(entry.comment + entry.extra)
            content = package.read(entry)
            yield from _read(content)
            if content.startswith(b"PK"):
                yield from _members(content)


def _xml(data: bytes) -> Texts:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            content = package.read(entry)
            if content.startswith(b"PK"):
                yield from _xml(content)
            if content.lstrip()[:1] == b"<" and (root := etree.fromstring(content, parser)) is not None:
                yield "".join(root.itertext())
                for element in root.iter():
                    yield from (
                        f"{value}" for value in (*element.attrib.values(), element.text or "", element.tail or "")
                    )


def _cells(data: bytes) -> Texts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "xl/workbook.xml" not in package.namelist():
            return
    book = openpyxl.load_workbook(io.BytesIO(data))
    yield str({key: value for key, value in vars(book.properties).items() if value})
    yield str([(name, held.attr_text) for name, held in book.defined_names.items()])
    for sheet in book.worksheets:
        yield sheet.title
        yield f"{sheet.oddHeader.center.text} {sheet.oddFooter.center.text}"
        for row in sheet.iter_rows():
            for cell in row:
                yield f"{cell.value} {cell.comment.text if cell.comment else ''}"


# Pictures


def _pillow(data: bytes) -> Texts:
    with Image.open(io.BytesIO(data)) as opened:
        held = [*opened.info.values(), *getattr(opened, "text", {}).values(), *getattr(opened, "text", {})]
        exif = opened.getexif()
        held += [*exif.values(), *(value for code in ExifTags.IFD for value in exif.get_ifd(code).values())]
        for value in held:
            if isinstance(value, bytes):
                yield from _read(value)
            else:
                yield str(value)


def _pixels(data: bytes) -> Texts:
    """The samples of every picture in the file, band by band, and its table of colours."""
    with Image.open(io.BytesIO(data)) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            yield from _read(bytes(opened.getpalette() or b""))
            for band in opened.split():
                yield from _read(band.tobytes())
