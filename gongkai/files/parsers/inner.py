"""Files within files: read by the parser of their own kind, or by their bare strings with a warning.

A file that is known and cannot be read (encrypted, damaged, nested too deep) makes the whole unreadable: what was not
looked at is not passed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from gongkai.files.archive import MEGABYTE, bomb, damaged, encrypted, open_directory
from gongkai.files.parsers import compound
from gongkai.files.parsers.parts import Found, strings
from gongkai.files.readable import readable_kind
from gongkai.files.refusal import Unreadable

MOST_BYTES = 15 * MEGABYTE  # the child may write no more than 16 MB, to memory either
DEEPEST = 3
_depth = 0

UNKNOWN = "文件里嵌有系统不认识的对象（{name}），只检查了其中可以直接读出的文字，请打开核对。"
UNSEEN = "文件里嵌有图片或扫描的页面（{name}），其中的文字没有检查，请打开核对。"
# Streams of an OLE object that hold another file as it is (MS-OLEDS 2.3.6; Acrobat and Office for the others).
_WHOLE = ("CONTENTS", "Package", "EmbeddedOdf")


@contextmanager
def as_name(data: bytes) -> Iterator[str]:
    """Bytes under a name, without a disk and without removing anything (the sandbox forbids that)."""
    if len(data) > MOST_BYTES:
        raise bomb(f"a file of {len(data)} bytes inside")
    descriptor = os.memfd_create("inner")
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def inner(name: str, data: bytes, code: str = "embedded_file") -> tuple[list[Found], list[str]]:
    """The parts and warnings of a file within a file; every part carries `member` and the hidden `code`."""
    if data.startswith(compound.MAGIC):
        return _object(name, data, code)
    try:
        kind = readable_kind(data, "inner" + _suffix(name))
    except Unreadable as refused:
        if refused.code in ("unknown", "encoding", "empty", "not-what-it-says"):
            return _bare(name, data, code)
        raise
    if kind.name == "zip":
        return _archive(name, data, code)
    if kind.name in ("txt", "csv") and _suffix(name) not in (".txt", ".csv", ".xml", ".json", ".md"):
        return _bare(name, data, code)  # any bytes are text in some encoding
    found = _read(name, data, kind.name)
    parts = [(marked(where, name, code), text) for where, text in found["parts"]]
    warnings = [f"{name}：{warning}" for warning in found["warnings"]]
    return parts, [*warnings, UNSEEN.format(name=name)] if found.get("scans") else warnings


def marked(where: dict[str, object], member: str, code: str) -> dict[str, object]:
    """A place within `member`; what the inner file hides is hidden twice over and keeps the outer code."""
    inside = f"{member}/{where['member']}" if "member" in where else member
    return {**where, "member": inside, "hidden": code}


def _read(name: str, data: bytes, kind: str) -> dict[str, list[tuple[dict[str, object], str]]]:
    global _depth
    if _depth >= DEEPEST:
        raise bomb(f"nested: {name}")
    _depth += 1
    try:
        with as_name(data) as path:
            table = import_module("gongkai.files.parsers.texts")  # it names the parsers that use this
            found: dict[str, list[tuple[dict[str, object], str]]] = table.read(path, kind)
            return found
    finally:
        _depth -= 1


def _archive(name: str, data: bytes, code: str) -> tuple[list[Found], list[str]]:
    global _depth
    if _depth >= DEEPEST:
        raise bomb(f"nested: {name}")
    _depth += 1
    try:
        directory = open_directory(data)
        parts: list[Found] = []
        warnings: list[str] = []
        for member in directory.names:
            if not member.endswith("/"):
                more, told = inner(f"{name}/{member}", directory.read(member, MOST_BYTES), code)
                parts += more
                warnings += told
        return parts, warnings
    finally:
        _depth -= 1


def _object(name: str, data: bytes, code: str) -> tuple[list[Found], list[str]]:
    """An OLE object: the file it wraps, or the strings of its streams."""
    try:
        held = compound.streams(data)
    except Unreadable:
        return _bare(name, data, code)
    if "EncryptedPackage" in held:
        raise encrypted(name)
    parts: list[Found] = []
    warnings: list[str] = []
    known = False
    for stream, content in held.items():
        bare = stream.lstrip("\x01\x02\x03")
        if bare == "Ole10Native":
            label, payload, rest = _native(content)
            parts.append(({"member": name, "hidden": code}, label))
            parts += [({"member": name, "hidden": code}, text) for text in strings(rest)]
            more, told = inner(f"{name}/{label.splitlines()[0] if label else 'object'}", payload, code)
        elif bare in _WHOLE and content:
            more, told = inner(f"{name}/{bare}", content, code)
        else:
            parts += [({"member": f"{name}/{bare}", "hidden": code}, text) for text in strings(content)]
            continue
        known = True
        parts += more
        warnings += told
    return parts, warnings if known else [UNKNOWN.format(name=name)]


def _native(content: bytes) -> tuple[str, bytes, bytes]:
    """Names (one a line) and bytes of a packaged file (MS-OLEDS 2.3.6, and what Windows writes into it), and the rest."""
    try:
        at = 6
        names = []
        for _ in range(2):
            end = content.index(b"\0", at)
            names.append(content[at:end])
            at = end + 1
        at += 4
        size = struct.unpack_from("<I", content, at)[0]
        names.append(content[at + 4 : at + 4 + size].rstrip(b"\0"))
        at += 4 + size
        size = struct.unpack_from("<I", content, at)[0]
        payload, rest = content[at + 4 : at + 4 + size], content[at + 4 + size :]
    except (ValueError, struct.error) as error:
        raise damaged(f"packaged object: {error}") from None
    told = dict.fromkeys(_decoded(name) for name in names if name)
    return "\n".join(told), payload, rest


def _decoded(name: bytes) -> str:
    try:
        return name.decode("gb18030")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _bare(name: str, data: bytes, code: str) -> tuple[list[Found], list[str]]:
    parts = [({"member": name, "hidden": code}, text) for text in strings(data)]
    return parts, [UNKNOWN.format(name=name)]


def _suffix(name: str) -> str:
    dot = name.rpartition("/")[2].rpartition(".")
    return f".{dot[2].lower()}" if dot[1] and dot[2].isascii() and dot[2].isalnum() else ""
