"""The encoding of a plain text file: UTF-8 (with or without mark), UTF-16 with mark, or GB18030."""

from __future__ import annotations

import codecs
import re

from gongkai.files.refusal import Unreadable

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str:
    """The text, without byte order mark; `Unreadable` when no encoding fits or it is not text at all."""
    text = _decoded(data)
    if _CONTROL.search(text):
        raise _unknown("control characters")
    return text


def _decoded(data: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _strictly(data[len(mark) :], (name,))
    return _strictly(data, ("utf-8", "gb18030"))


def _strictly(data: bytes, names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise _unknown(f"none of {names}")


def _unknown(detail: str) -> Unreadable:
    return Unreadable("encoding", "文件不是文字，或编码无法识别。请在记事本里打开，另存为“UTF-8”编码后再上传。", detail)
