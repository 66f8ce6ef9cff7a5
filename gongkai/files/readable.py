"""What a file is, for reading and scanning it: wider than what may be attached (`sniff`), and by content alone.

A website's download folder is full of files under the wrong name: sheets of a web page called .xls, new documents
called .doc or .wps. The content decides; the name only tells kinds of plain text apart.
"""

from __future__ import annotations

import re
from pathlib import Path

from gongkai.files import sniff
from gongkai.files.archive import damaged, encrypted, macros, open_directory
from gongkai.files.encoding import decode
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import KINDS, LIMIT, FileKind, file_content, ooxml_kind, plain_suffix

_ODF = "application/vnd.oasis.opendocument"
_OOXML = "application/vnd.openxmlformats-officedocument"

#: Every kind `reading` can read, or turn into one it can read.
READABLE: dict[str, FileKind] = KINDS | {
    kind.name: kind
    for kind in (
        FileKind("pptx", f"{_OOXML}.presentationml.presentation", (".pptx",), True),
        FileKind("odt", f"{_ODF}.text", (".odt",), True),
        FileKind("ods", f"{_ODF}.spreadsheet", (".ods",), True),
        FileKind("html", "text/html", (".html", ".htm", ".xhtml", ".shtml"), True),
        FileKind("zip", "application/zip", (".zip",), True),
        FileKind("doc", "application/msword", (".doc", ".wps", ".dot"), True),
        FileKind("xls", "application/vnd.ms-excel", (".xls", ".et", ".xlt"), True),
        FileKind("ppt", "application/vnd.ms-powerpoint", (".ppt", ".dps", ".pps"), True),
        FileKind("rtf", "application/rtf", (".rtf",), True),
    )
}

_TEXT_SUFFIXES = (".txt", ".csv", ".tsv", ".md", ".json", ".jsonl", ".xml", ".log", ".ini", ".toml", ".yaml", ".yml")
# The main streams of the old formats (MS-DOC, MS-XLS, MS-PPT).
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"))
_MARKUP = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b",
                     re.IGNORECASE | re.DOTALL)  # fmt: skip


def readable_kind(source: bytes | Path | str, filename: str, *, limit: int = LIMIT) -> FileKind:
    """The kind of a file that can be read; `Unreadable` with a reason and a way out for everything else."""
    suffix = plain_suffix(filename)
    data = file_content(source, limit)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data)
    if data.startswith(b"{\\rtf"):
        return READABLE["rtf"]
    known = sniff.by_magic(data)
    if known is not None:
        return known
    return _written(data, suffix)


def _package(data: bytes) -> FileKind:
    directory = open_directory(data)
    if "[Content_Types].xml" in directory:
        return _office(data)
    if "OFD.xml" in directory:
        return KINDS["ofd"]
    if "EncryptedPackage" in directory or "META-INF/encryption.xml" in directory:
        raise encrypted()
    if "mimetype" in directory and "META-INF/manifest.xml" in directory:
        told = directory.read("mimetype", 200).decode("ascii", "replace").strip()
        for name in ("odt", "ods"):
            if told.removesuffix("-template") == READABLE[name].media_type:
                return READABLE[name]
        raise Unreadable("old-format", "系统不能检查这种格式的内容。请另存为 .docx、.xlsx 或者 PDF 后再检查。", told)
    return READABLE["zip"]


def _office(data: bytes) -> FileKind:
    directory = open_directory(data)
    types = sniff.content_types(directory)
    if any("macroenabled" in value.lower() or "vbaproject" in value.lower() for value in types.values()):
        raise macros()
    presentation = f"{_OOXML}.presentationml.presentation.main+xml", f"{_OOXML}.presentationml.slideshow.main+xml"
    if any(value in presentation and part.lstrip("/") in directory for part, value in types.items()):
        return READABLE["pptx"]
    return ooxml_kind(directory)


def _compound(data: bytes) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    for stream, name in _STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return READABLE[name]
    raise Unreadable("unknown", "系统不认识这种文件，无法检查。请用原来的软件另存为 .docx、.xlsx 或者 PDF 后再检查。")


def _written(data: bytes, suffix: str) -> FileKind:
    """Plain text or a web page; a name that promises something else makes it a broken file of that kind."""
    promised = next((kind for kind in READABLE.values() if suffix in kind.suffixes), None)
    try:
        text = decode(data)
    except Unreadable:
        if promised is not None and promised.name not in ("txt", "csv", "html"):
            raise damaged(f"not {promised.name}") from None
        if promised is not None or suffix in _TEXT_SUFFIXES:
            raise
        raise Unreadable(
            "unknown", "系统不认识这种文件，无法检查。请用原来的软件另存为 .docx、.xlsx 或者 PDF 后再检查。"
        ) from None
    if suffix in READABLE["html"].suffixes or _MARKUP.match(text[:8192]):
        return READABLE["html"]
    if promised is not None and promised.name not in ("txt", "csv"):
        raise Unreadable(
            "not-what-it-says",
            f"文件名以“{suffix}”结尾，但内容不是这种文件。请用原来的软件打开，另存一份后再检查。",
        )
    return KINDS["csv" if suffix in (".csv", ".tsv") else "txt"]
