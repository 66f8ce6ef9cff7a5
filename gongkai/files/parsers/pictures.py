"""Remarks in the bytes of a picture within a document: EXIF, XMP, comments, and what follows its end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from gongkai.files.parsers.parts import strings, telling

_ENDS = {b"\x89PNG": b"IEND\xaeB`\x82", b"\xff\xd8\xff": b"\xff\xd9", b"GIF8": b"\x00;"}
_MOST_REMARK = 1_000_000
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>|<rdf:RDF.*?</rdf:RDF>", re.DOTALL)


def remarks(data: bytes) -> Iterator[tuple[str, str]]:
    """(hidden code, text) of each remark; drawings in vectors (EMF, WMF, SVG) hold text of their own, seen or not."""
    if data[:4] == b"\x89PNG":
        yield from _png(data)
    elif data[:3] == b"\xff\xd8\xff":
        yield from _jpeg(data)
    elif data[:2] in (b"II", b"MM") or data[:4] == b"GIF8":
        yield from (("exif", text) for text in strings(data) if telling(text) or len(text) > 12)
    else:
        yield from (("other_part", text) for text in strings(data) if telling(text) or len(text) > 6)
    for head, end in _ENDS.items():
        if data.startswith(head) and (at := data.rfind(end)) >= 0:
            yield from (("trailing_bytes", text) for text in strings(data[at + len(end) :]))


def _png(data: bytes) -> Iterator[tuple[str, str]]:
    at = 8
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield from (("exif", text) for text in strings(_unpacked(kind, data[at + 8 : at + 8 + size])))
        at += 12 + size


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
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at + 4 : at + size]
        marker = data[at + 1]
        if marker in (0xE1, 0xED, 0xFE):
            packet = _XMP.search(segment)
            if packet:
                yield "xmp", " ".join(re.sub(rb"<[^>]*>", b" ", packet.group()).decode("utf-8", "replace").split())
            else:
                yield from (("exif", text) for text in strings(segment.removeprefix(b"Exif\0\0")))
        at += size
