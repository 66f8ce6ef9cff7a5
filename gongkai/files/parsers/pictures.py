"""Remarks in the bytes of a picture: EXIF, XMP, comments, small pictures of it, and what follows its end."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import Image, UnidentifiedImageError

from gongkai.files.archive import MEGABYTE, Directory
from gongkai.files.copies.glyphs import CONTRAST
from gongkai.files.parsers.parts import strings, telling

#: [M] Nothing smaller holds a line of writing: a dot for a list, a line of colour.
LEAST_SIDE = 10
_QUICKLY = 8_000_000
_MOST_REMARK = 1_000_000
# Chunks that are drawn or say how; all others are remarks (PNG 11).
_DRAWN = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"hIST",
    )
    + (b"tIME", b"acTL", b"fcTL", b"fdAT")
)
_MAKERS = re.compile(
    r"(?i)copyright|rgb|iec|adobe|apple|profile|icc|gray|grey|display|public domain|curv|view|desc|XYZ|mluc"
)
_PADDING = b"\0\r\n "
#: Of the kinds whose end is known.
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>|<rdf:RDF.*?</rdf:RDF>", re.DOTALL)


def remarks(data: bytes) -> Iterator[tuple[str, str]]:
    """(hidden code, text) of each remark; drawings in vectors (EMF, WMF, SVG) hold text of their own, seen or not."""
    yield from _remarks(data)
    rest = behind(data)
    if rest.strip(_PADDING):
        yield "trailing_bytes", f"{len(rest)} bytes behind the end of the picture"
    while rest.strip(_PADDING):
        # Of a picture behind a picture only the remarks: its tables spell words too, which every other picture has.
        last = behind(rest)
        if rest.startswith(_BEGINNINGS):
            yield from (("trailing_bytes", text) for _, text in _remarks(rest[: len(rest) - len(last)]))
        else:
            yield from (("trailing_bytes", text) for text in strings(rest))
        rest = last


def _remarks(data: bytes) -> Iterator[tuple[str, str]]:
    if data[:4] == b"\x89PNG":
        yield from _png(data)
    elif data[:3] == b"\xff\xd8\xff":
        yield from _jpeg(data)
    elif data[:4] == b"GIF8":
        yield from _gif(data)
    elif data[:2] in (b"II", b"MM"):
        yield from (("exif", text) for text in strings(data) if telling(text) or len(text) > 12)
    else:
        yield from (("other_part", text) for text in strings(data) if telling(text) or len(text) > 6)


def behind(data: bytes) -> bytes:
    """What follows the end of a PNG, JPEG or GIF; nothing for other kinds."""
    if data[:4] == b"\x89PNG":
        at = data.find(b"IEND\xaeB`\x82")
        return data[at + 8 :] if at >= 0 else b""
    if data[:3] == b"\xff\xd8\xff":
        return data[_end_of_jpeg(data) :]
    if data[:4] == b"GIF8":
        return data[_end_of_gif(data) :]
    return b""


def _png(data: bytes) -> Iterator[tuple[str, str]]:
    at = 8
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        chunk = data[at + 8 : at + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            told = _unpacked(kind, chunk)
            if packet := _XMP.search(told):
                yield "xmp", _without_tags(packet.group())
            else:
                yield from (("exif", text) for text in strings(told))
        elif kind == b"iCCP":
            yield from (("exif", text) for text in _of_profile(_unpacked(b"zTXt", chunk)))
        elif kind not in _DRAWN:
            yield from (("other_part", text) for text in strings(chunk))
        at += 12 + size
        if kind == b"IEND":
            return


def _unpacked(kind: bytes, chunk: bytes) -> bytes:
    """zTXt and some iTXt chunks are compressed behind their keyword (PNG 11.3.3)."""
    keyword, _, rest = chunk.partition(b"\0")
    start = {b"zTXt": 1, b"iTXt": 2}.get(kind)
    if start is None or kind == b"iTXt" and rest[:1] != b"\1":
        return chunk
    if kind == b"iTXt":
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        start = 0
    try:
        return keyword + b"\0" + zlib.decompressobj().decompress(rest[start:], _MOST_REMARK)
    except zlib.error:
        return chunk


def _jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    for marker, segment in _segments(data):
        if marker in (0xE0, 0xE1, 0xED, 0xFE) or 0xE3 <= marker <= 0xEF and marker != 0xEE:
            if small := segment.find(b"\xff\xd8\xff", 4) + 1:
                yield "thumbnail", f"thumbnail of {len(segment) - small + 1} bytes"
                yield from (("thumbnail", text) for _, text in remarks(segment[small - 1 :]))
                segment = segment[: small - 1]
            if packet := _XMP.search(segment):
                yield "xmp", _without_tags(packet.group())
            elif marker != 0xE0:
                yield from (("exif", text) for text in strings(segment.removeprefix(b"Exif\0\0")))
        elif marker == 0xE2:
            yield from (("exif", text) for text in _of_profile(segment.removeprefix(b"ICC_PROFILE\0")))


def _of_profile(profile: bytes) -> Iterator[str]:
    """Words in a colour profile beside those of its makers (ICC.1, 10)."""
    yield from (text for text in strings(profile) if _is_of_a_person(text))


def _is_of_a_person(text: str) -> bool:
    return len(text) >= 6 and (telling(text) or not _MAKERS.search(text))


def _without_tags(packet: bytes) -> str:
    """The text and the attributes of an XMP packet, one line."""
    packet = re.sub(rb'\sxmlns(?::\w+)?="[^"]*"', b"", packet)
    values = re.findall(rb'(?<=\s)(?!rdf:|x:xmptk|xml:)[\w:]+="([^"<>]+)"', packet)
    text = b" ".join([re.sub(rb"<[^>]*>", b" ", packet), *values])
    return " ".join(text.decode("utf-8", "replace").split())


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment before the first scan (ISO/IEC 10918-1 B.1)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:
            at += 1
            continue
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 1], data[at + 4 : at + size]
        at += size


def _end_of_jpeg(data: bytes) -> int:
    """Behind the first end of image outside a segment; a small picture in the remarks has an end of its own."""
    at = 2 + sum(4 + len(segment) for _, segment in _segments(data))
    found = data.find(b"\xff\xd9", at)
    return found + 2 if found >= 0 else len(data)


def _gif(data: bytes) -> Iterator[tuple[str, str]]:
    for kind, text in _blocks(data):
        if kind == 0xFE:
            yield from (("exif", told) for told in strings(text))
        elif kind == 0xFF and (packet := _XMP.search(text)):
            yield "xmp", _without_tags(packet.group())
        elif kind in (0xFF, 0x01):
            yield from (("other_part", told) for told in strings(text) if not told.startswith("NETSCAPE"))


def _end_of_gif(data: bytes) -> int:
    at = len(data)
    for kind, place in _places(data):
        if kind == 0x3B:
            at = place
    return at


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Label and bytes of each extension (GIF89a, 23 ff.)."""
    at = None
    for kind, place in _places(data):
        if at is not None:
            yield at[0], _joined(data, at[1])
        at = (kind, place) if kind not in (0x2C, 0x3B) else None


def _places(data: bytes) -> Iterator[tuple[int, int]]:
    """Label of each block and where its content begins; 0x3B and the end of the file at the last."""
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while at < len(data):
        if data[at] == 0x21 and at + 2 < len(data):
            yield data[at + 1], at + 2
            at = _behind(data, at + 2)
        elif data[at] == 0x2C and at + 10 < len(data):
            table = 3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0
            yield 0x2C, at
            at = _behind(data, at + 11 + table)
        else:
            yield 0x3B, at + 1
            return


def _behind(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _joined(data: bytes, at: int) -> bytes:
    pieces = []
    while at < len(data) and data[at]:
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(pieces)


def to_be_looked_at(names: Iterable[str], directory: Directory) -> list[dict[str, Any]]:
    """The pictures of a package in which a line of writing has room, for `parsers.ocr`."""
    return [{"member": name, "must": False} for name in names if _has_room(directory.read(name, 20 * MEGABYTE))]


def _has_room(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if min(opened.size) < LEAST_SIDE or max(opened.size) < 3 * LEAST_SIDE:
                return False
            opened.draft("L", (1_000, 1_000))
            levels: Any = opened.convert("L").getextrema() if opened.width * opened.height <= _QUICKLY else (0, 255)
            return bool(levels[1] - levels[0] >= CONTRAST or "A" in opened.getbands())
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return True  # it is told of as one that could not be read
