"""The directory of a zip archive, judged before anything is unpacked (`sniff` and the readers of OOXML use it)."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace

from gongkai.files.refusal import Unreadable

MEGABYTE = 1024 * 1024
# [M] of this system; a Word file of 300 pages with pictures has some 200 parts and unpacks to 30 MB.
MOST_ENTRIES = 5_000
MOST_DIRECTORY = 2 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
# Repetitive sheets reach 1:60; deflate cannot exceed 1:1032.
MOST_RATIO = 150
RATIO_COUNTS_FROM = 5 * MEGABYTE
DEEPEST = 2  # a report with an embedded Word file with an embedded sheet

# All that `zipfile` and `zlib` raise on an entry that is not what the directory says.
_BAD_ENTRY = (
    KeyError,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_INNER = re.compile(r"\.(?:docx|xlsx|pptx|docm|xlsm|pptm|zip|ofd|jar|odt|ods)$", re.IGNORECASE)
_PROGRAM = re.compile(r"\.(?:exe|dll|com|bat|cmd|scr|msi|js|vbs|vbe|ps1|jar|hta|lnk|sh|apk)$", re.IGNORECASE)
_MACRO = re.compile(
    r"(?:^|/)(?:vbaProject[^/]*\.bin|vbaData\.xml|macrosheets/[^/]+|attachedToolbars\.bin)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Directory:
    """Names of the entries, and the bytes they unpack to, those of inner archives included."""

    names: tuple[str, ...]
    unpacked: int
    _archive: zipfile.ZipFile

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str, most: int = 4 * MEGABYTE) -> bytes:
        """One entry, refused beyond `most` bytes."""
        try:
            info = self._archive.getinfo(name)
            if info.file_size > most:
                raise bomb(f"{name}: {info.file_size} bytes")
            with self._archive.open(info) as entry:
                return entry.read(info.file_size)  # a size: what is unpacked beyond it is never made
        except _BAD_ENTRY as error:
            raise damaged(f"{name}: {error!r}") from None


def damaged(detail: str) -> Unreadable:
    return Unreadable("damaged", "文件不完整或已损坏（可能没有传完）。请在本机打开确认内容，另存一份后再上传。", detail)


def bomb(detail: str) -> Unreadable:
    return Unreadable(
        "unpacks-too-large",
        "文件解压后过大，可能是压缩炸弹，没有打开。请确认来源；确为公文的，请压缩图片或拆分后再上传。",
        detail,
    )


def open_directory(data: bytes, *, depth: int = 0) -> Directory:
    """The directory of a zip archive in `data`, or `Unreadable` with the reason it must not be opened."""
    _bounded_end(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise damaged(repr(error)) from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise bomb(f"{len(entries)} entries")
    unpacked = 0
    names = set()
    for entry in entries:
        _judge(entry)
        if entry.filename in names:
            raise damaged(f"twice: {entry.filename}")
        names.add(entry.filename)
        unpacked += entry.file_size
    if unpacked > MOST_UNPACKED:
        raise bomb(f"{unpacked} bytes in all")
    directory = Directory(tuple(entry.filename for entry in entries), unpacked, archive)
    for entry in entries:
        if _INNER.search(entry.filename):
            unpacked += _judge_inner(directory, entry.filename, depth)
            if unpacked > MOST_UNPACKED:
                raise bomb(f"{unpacked} bytes with what is inside")
    return replace(directory, unpacked=unpacked)


def _bounded_end(data: bytes) -> None:
    """Refuse by the end record alone, so that a directory of millions of entries is never read."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or len(data) - at < _END.size:
        raise damaged("no end of directory")
    _, _, _, _, entries, size, _, _ = _END.unpack_from(data, at)
    if at >= 76 and data[at - 20 : at - 16] == b"PK\x06\x07":
        end64 = data.rfind(b"PK\x06\x06", 0, at - 20)
        if end64 < 0 or at - end64 < _END64.size:
            raise damaged("no end of directory (64)")
        record = _END64.unpack_from(data, end64)
        entries, size = max(record[7], entries % 0xFFFF), max(record[8], size % 0xFFFFFFFF)
    if entries > MOST_ENTRIES or size > MOST_DIRECTORY:
        raise bomb(f"{entries} entries, directory of {size} bytes")


def _judge(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\x00" in entry.orig_filename:
        raise Unreadable(
            "unsafe-path", "文件内部含有指向外部位置的路径，没有打开。请用原来的软件重新生成后再上传。", entry.filename
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(
            "symbolic-link", "文件内部含有指向别处的链接，没有打开。请用原来的软件重新生成后再上传。", entry.filename
        )
    if entry.flag_bits & 0x1:
        raise encrypted(entry.filename)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged(f"compression {entry.compress_type}")
    if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise bomb(f"{entry.filename}: {entry.file_size} from {entry.compress_size}")
    if _MACRO.search(name):
        raise macros(entry.filename)
    if _PROGRAM.search(name):
        raise Unreadable("program-inside", "文件里嵌有可执行程序，不能上传。请删去嵌入的对象后再上传。", entry.filename)


def encrypted(detail: str = "") -> Unreadable:
    return Unreadable("encrypted", "文件设有密码或加密，系统无法检查内容。请去掉密码和加密后再上传。", detail)


def macros(detail: str = "") -> Unreadable:
    return Unreadable("macros", "文件含有宏，不能上传。请另存为不含宏的格式（.docx、.xlsx 或 PDF）后再上传。", detail)


def _judge_inner(directory: Directory, name: str, depth: int) -> int:
    if depth >= DEEPEST:
        raise bomb(f"nested: {name}")
    inner = directory.read(name, 20 * MEGABYTE)
    if not inner.startswith(b"PK\x03\x04"):
        return 0
    return open_directory(inner, depth=depth + 1).unpacked
