"""Words in the objects of a PDF: strings in the encodings that are met, XMP packets, streams of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from gongkai.files.parsers.ooxml import local, parse
from gongkai.files.parsers.parts import strings, telling
from gongkai.files.refusal import Unreadable

MOST_STREAM = 60_000_000
_DATE = re.compile(r"D:\d{4}[\d'Z+\-]*|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
# Names a typesetter gives by itself.
_GIVEN = re.compile(
    r"(?:[a-z]{1,5}:|uuid:|urn:|xmp\.[di]id:)?[0-9A-Fa-f-]{20,}|application/pdf|x-default|default|zh-CN|zh|en-US|en"
    r"|(?:page|section|subsection|chapter|cite|equation|figure|table|Doc-Start|_?bookmark|_Toc|_Ref|Outline)[\w.:*-]*"
)


def text_of(held: pikepdf.String) -> str:
    """A string as text: UTF-16 or UTF-8 with mark, the encoding of PDF, or the bytes of a Chinese system."""
    raw = bytes(held)
    if not raw.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")) and any(byte >= 0x80 for byte in raw):
        for encoding in ("utf-8", "gb18030"):
            try:
                told = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if re.search(r"[\u4e00-\u9fff]", told):
                return told.strip()
    return str(held).replace("\0", "").strip()


def worth(text: str) -> bool:
    """Whether a string from a place of no known meaning is told: neither a date nor a name a program gives."""
    if len(text) < 4 or _DATE.fullmatch(text) or _GIVEN.fullmatch(text):
        return False
    return telling(text) or (len(text) >= 6 and re.search(r"[A-Za-z\u4e00-\u9fff]{3}", text) is not None)


def decoded(stream: pikepdf.Stream) -> bytes:
    """The bytes of a stream; as they are in the file where no filter of ours undoes them (photographs)."""
    try:
        data = bytes(stream.read_bytes())
    except (pikepdf.PdfError, NotImplementedError, ValueError):
        data = bytes(stream.read_raw_bytes())
    if len(data) > MOST_STREAM:
        raise Unreadable(
            "unpacks-too-large",
            "文件解压后过大，可能是压缩炸弹，没有打开。请确认来源；确为公文的，请压缩图片或拆分后再上传。",
            f"stream of {len(data)}",
        )
    return data


def is_font_or_profile(data: bytes) -> bool:
    """Fonts and colour profiles that no key names as such."""
    return (
        data.startswith((b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"%!PS-AdobeFont", b"\1\0\4"))
        or data[36:40] == b"acsp"
    )


def of_xml(data: bytes) -> Iterator[str]:
    """The values of an XMP packet or of a form in XML, one by one."""
    try:
        root = parse(data.strip().rstrip(b"\0"))
    except Unreadable:
        yield from strings(re.sub(rb"<[^>]*>", b"\n", data))
        return
    for element in root.iter():
        for key, value in (("", element.text), *element.attrib.items()):
            value = (value or "").strip()
            if len(value) > 1 and local(key) not in ("lang", "about", "parseType", "x", "xmptk") and _tells(value):
                yield value


def _tells(value: str) -> bool:
    return not (_DATE.fullmatch(value) or _GIVEN.fullmatch(value) or re.fullmatch(r"[\d.]{1,4}|\w", value))


def numbers(held: Any, count: int) -> list[float] | None:
    """An array of so many numbers, else None."""
    try:
        found = [float(value) for value in held]
    except (TypeError, ValueError):
        return None
    return found if len(found) == count else None
