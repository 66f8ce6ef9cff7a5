"""What the parsers of office files share: safe XML, and the bounds of it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from gongkai.files.archive import MEGABYTE, Directory, damaged, open_directory
from gongkai.files.refusal import Unreadable

MOST_XML = 120 * MEGABYTE
MOST_TEXT = 5_000_000

_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def open_parts(path: str) -> Directory:
    """The parts of an OOXML file, after a look at each XML part: no document type, no odd encoding."""
    directory = open_directory(Path(path).read_bytes())
    for name in directory.names:
        if name.endswith((".xml", ".rels", ".vml")):
            _no_document_type(name, directory.read(name, MOST_XML))
    return directory


def _no_document_type(name: str, data: bytes) -> None:
    """OOXML forbids document types (ECMA-376 part 2, 8.1.1); they carry entity bombs and references to files."""
    encoding = _ENCODING.match(data)
    if encoding and encoding.group(1).lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"ascii"):
        raise _foreign(f"{name}: {encoding.group(1)!r}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _foreign(f"{name}: document type")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        plain = data.replace(b"\0", b"")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise _foreign(f"{name}: document type")


def _foreign(detail: str) -> Unreadable:
    return Unreadable(
        "foreign-xml", "文件内部有不属于办公文档的定义，没有打开。请用 Word、WPS 或 Excel 另存一份后再上传。", detail
    )


def parse(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise damaged(repr(error)) from None
    return root


def xml(directory: Directory, name: str) -> Element:
    return parse(directory.read(name, MOST_XML))


def main_part(directory: Directory, content_type: str) -> str:
    """Name of the part with this content type."""
    for element in xml(directory, "[Content_Types].xml"):
        name = element.get("PartName", "").lstrip("/")
        if element.get("ContentType") == content_type and name in directory:
            return name
    raise damaged(f"no part of type {content_type}")


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def too_much_text() -> Unreadable:
    return Unreadable(
        "too-much-text", f"文件里的文字超过 {MOST_TEXT // 10_000} 万字，系统不能逐字检查。请拆分成几个文件后再上传。"
    )
