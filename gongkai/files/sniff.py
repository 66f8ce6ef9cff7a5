"""What a file is by its content, and whether it may come in at all. Nothing is unpacked or parsed here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from gongkai.files.archive import Directory, damaged, encrypted, macros, open_directory
from gongkai.files.encoding import decode
from gongkai.files.refusal import Unreadable

LIMIT = 20 * 1024 * 1024
MOST_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class FileKind:
    """`name` is permanent (docx, xlsx, pdf, ofd, png, jpeg, gif, txt, csv); `has_text` where `reading` can read it."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    has_text: bool

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


_OOXML = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, FileKind] = {
    kind.name: kind
    for kind in (
        FileKind("docx", f"{_OOXML}.wordprocessingml.document", (".docx",), True),
        FileKind("xlsx", f"{_OOXML}.spreadsheetml.sheet", (".xlsx",), True),
        FileKind("pdf", "application/pdf", (".pdf",), True),
        FileKind("ofd", "application/ofd", (".ofd",), True),
        FileKind("png", "image/png", (".png",), True),
        FileKind("jpeg", "image/jpeg", (".jpg", ".jpeg"), True),
        FileKind("gif", "image/gif", (".gif",), True),
        FileKind("txt", "text/plain", (".txt",), True),
        FileKind("csv", "text/csv", (".csv",), True),
    )
}
ACCEPTED = "、".join(suffix for kind in KINDS.values() for suffix in kind.suffixes)

_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

# Named so that the sentence can say what to do instead.
_REFUSED_SUFFIXES: dict[str, tuple[str, str]] = {
    **dict.fromkeys((".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlsb"), ("macros", macros().sentence)),
    **dict.fromkeys(
        (".doc", ".wps", ".rtf", ".dot", ".odt"),
        ("old-format", "系统不能检查这种格式的内容。请在 Word 或 WPS 里另存为 .docx 后再上传。"),
    ),
    **dict.fromkeys((".xls", ".et", ".ods"), ("old-format", "系统不能检查这种格式的内容。请另存为 .xlsx 后再上传。")),
    **dict.fromkeys(
        (".ppt", ".pptx", ".dps", ".odp"), ("presentation", "演示文稿不能作为附件。请导出为 PDF 后再上传。")
    ),
    **dict.fromkeys(
        (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".tgz"),
        ("archive", "压缩包里的文件系统不能逐个检查。请解压后分别上传。"),
    ),
    **dict.fromkeys(
        (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".shtml"),
        ("active-page", "网页和 SVG 文件可能带有脚本，不能作为附件。请另存为 PDF 或图片后再上传。"),
    ),
    **dict.fromkeys(
        (".exe", ".dll", ".com", ".bat", ".cmd", ".scr", ".msi", ".js", ".mjs", ".vbs", ".vbe", ".ps1", ".jar", ".apk")
        + (".hta", ".lnk", ".sh", ".py", ".php", ".jsp", ".asp", ".aspx", ".iso", ".img", ".vhd", ".reg", ".cpl")
        + (".wsf", ".url", ".chm"),
        ("program", "可执行程序、脚本和快捷方式不能上传。"),
    ),
}


def sniff(source: bytes | Path | str, filename: str, *, limit: int = LIMIT) -> FileKind:
    """The kind of a file; `Unreadable` with a reason and a way out for everything else.

    `source` is the content or the path of a file; `limit` is in bytes.
    """
    suffix = plain_suffix(filename)
    data = file_content(source, limit)
    if suffix in _REFUSED_SUFFIXES:
        raise Unreadable(*_REFUSED_SUFFIXES[suffix])
    kind = _kind_of(data, suffix)
    if suffix not in kind.suffixes:
        raise Unreadable(
            "name-and-content-differ",
            f"文件名以“{suffix or '（无后缀）'}”结尾，内容却是 {kind.name.upper()}。"
            f"请改为正确的后缀（{kind.suffixes[0]}）；如内容不对，请重新选择文件。",
        )
    return kind


def plain_suffix(filename: str) -> str:
    """The last suffix in lower case, for a name that is a plain name."""
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in filename)
    if hidden or re.search(r'[/\\:*?"<>|]', filename) or filename.strip(" .") in ("",) or len(filename) > 200:
        raise Unreadable(
            "unsafe-name",
            "文件名为空、过长，或含有路径和不可见字符。请改成普通的文件名（200 字以内）后再上传。",
            repr(filename[:300]),
        )
    return PurePath(filename.rstrip(" .")).suffix.lower()


def file_content(source: bytes | Path | str, limit: int) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        source = Path(source)
        if source.is_symlink() or not source.is_file():
            raise ValueError(f"not a plain file: {source}")
        size = source.stat().st_size
    if size == 0:
        raise Unreadable("empty", "文件是空的（0 字节）。请在本机打开确认内容后重新选择。")
    if size > limit:
        raise Unreadable("too-large", f"文件超过 {limit // (1024 * 1024)} MB，请拆分或改为 PDF。")
    return source if isinstance(source, bytes) else source.read_bytes()


def by_magic(data: bytes) -> FileKind | None:
    """The kind its first bytes tell; None for plain text and for what nobody knows."""
    for magic, judge in _BY_MAGIC:
        if data.startswith(magic):
            return judge(data)
    return None


def _kind_of(data: bytes, suffix: str) -> FileKind:
    if (known := by_magic(data)) is not None:
        return known
    if suffix in (".docx", ".xlsx", ".pdf", ".ofd", ".png", ".jpg", ".jpeg", ".gif"):
        raise Unreadable(
            "not-what-it-says",
            f"文件名以“{suffix}”结尾，但内容不是这种文件。请用原来的软件打开，另存一份后再上传。",
        )
    return _text(data, suffix)


# zip: docx, xlsx, ofd


def _zip(data: bytes) -> FileKind:
    directory = open_directory(data)
    if "[Content_Types].xml" in directory:
        return ooxml_kind(directory)
    if "OFD.xml" in directory:
        return KINDS["ofd"]
    if "EncryptedPackage" in directory or "META-INF/encryption.xml" in directory:
        raise encrypted()
    raise Unreadable(*_REFUSED_SUFFIXES[".zip"])


def ooxml_kind(directory: Directory) -> FileKind:
    """docx or xlsx by the content type of the main part; anything else is refused."""
    types = content_types(directory)
    if any("macroenabled" in value.lower() or "vbaproject" in value.lower() for value in types.values()):
        raise macros()
    for main, kind in ((_WORD_MAIN, "docx"), (_SHEET_MAIN, "xlsx")):
        parts = [part for part, value in types.items() if value == main]
        if parts and parts[0].lstrip("/") in directory:
            return KINDS[kind]
    if any("presentationml" in value for value in types.values()):
        raise Unreadable(*_REFUSED_SUFFIXES[".pptx"])
    raise Unreadable(
        "not-what-it-says", "文件不是完整的 Word 或 Excel 文档。请用原来的软件打开，另存为 .docx 或 .xlsx 后再上传。"
    )


def content_types(directory: Directory) -> dict[str, str]:
    """Part name (or `*.` with an extension) to content type."""
    try:
        root = fromstring(directory.read("[Content_Types].xml", 1024 * 1024), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise damaged(repr(error)) from None
    return {
        element.get("PartName") or f"*.{element.get('Extension', '')}": element.get("ContentType", "")
        for element in root
    }


# compound file: encrypted OOXML, or the old binary formats


def _compound(data: bytes) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        raise Unreadable(*_REFUSED_SUFFIXES[".xls"])
    raise Unreadable(*_REFUSED_SUFFIXES[".doc"])


def _pdf(data: bytes) -> FileKind:
    if not re.match(rb"%PDF-[12]\.\d", data) or b"%%EOF" not in data[-2048:]:
        raise damaged("no %%EOF")
    if re.search(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)", data):
        raise encrypted()
    if re.search(rb"/S\s*/(?:JavaScript|Launch)\b|/JavaScript\s*(?:<<|\d+\s+\d+\s+R)", data):
        raise Unreadable("active-pdf", "PDF 里带有脚本或启动程序的动作，不能上传。请用“打印为 PDF”重新生成后再上传。")
    return KINDS["pdf"]


# images: whole, not too many points, nothing appended


def _png(data: bytes) -> FileKind:
    if data[12:16] != b"IHDR" or b"IEND" not in data[-64:]:
        raise damaged("png")
    return _image("png", data, int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))


def _gif(data: bytes) -> FileKind:
    if len(data) < 14 or data.rstrip(b"\0")[-1:] != b"\x3b":
        raise damaged("gif")
    return _image("gif", data, int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))


def _jpeg(data: bytes) -> FileKind:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if b"\xff\xd9" not in data[at:]:
                break
            height, width = int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
            return _image("jpeg", data, width, height)
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise damaged("jpeg")


def _image(name: str, data: bytes, width: int, height: int) -> FileKind:
    if width * height > MOST_PIXELS:
        raise Unreadable("too-many-pixels", f"图片有 {width}×{height} 个像素，过大。请缩小后再上传。")
    if b"PK\x05\x06" in data[-65_557:] or re.search(rb"<(?:script|html|svg|!doctype)", data[:2048], re.IGNORECASE):
        raise Unreadable("two-in-one", "图片里夹带了别的内容，不能上传。请在图片软件里另存一份后再上传。")
    return KINDS[name]


def _text(data: bytes, suffix: str) -> FileKind:
    if suffix not in (".txt", ".csv"):
        raise Unreadable("unknown", f"系统不认识这种文件。可以上传的有：{ACCEPTED}。")
    text = decode(data)
    start = text[:4096].lstrip().lower()
    if re.match(r"<(?:!doctype|html|svg|script|\?xml|head|body|iframe)\b|<!--", start):
        raise Unreadable(*_REFUSED_SUFFIXES[".html"])
    return KINDS[suffix[1:]]


def _program(data: bytes) -> FileKind:
    raise Unreadable(*_REFUSED_SUFFIXES[".exe"])


def _archive(data: bytes) -> FileKind:
    raise Unreadable(*_REFUSED_SUFFIXES[".zip"])


def _rich_text(data: bytes) -> FileKind:
    raise Unreadable(*_REFUSED_SUFFIXES[".rtf"])


_BY_MAGIC: tuple[tuple[bytes, Callable[[bytes], FileKind]], ...] = (
    (b"PK\x03\x04", _zip),
    (b"PK\x05\x06", _zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _compound),
    (b"%PDF-", _pdf),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"\xff\xd8\xff", _jpeg),
    (b"{\\rtf", _rich_text),
    (b"MZ", _program),
    (b"\x7fELF", _program),
    (b"\xfe\xed\xfa", _program),
    (b"\xca\xfe\xba\xbe", _program),
    (b"\xcf\xfa\xed\xfe", _program),
    (b"#!", _program),
    (b"L\0\0\0\x01\x14\x02\0", _program),
    (b"Rar!", _archive),
    (b"7z\xbc\xaf", _archive),
    (b"\x1f\x8b", _archive),
    (b"BZh", _archive),
    (b"\xfd7zXZ", _archive),
)
