"""What is in the bytes of a PDF beside its objects: remarks between them, what follows the end, earlier revisions."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

from gongkai.files.parsers.parts import strings
from gongkai.files.refusal import Unreadable

#: [M] Each signature or correction adds one.
MOST_REVISIONS = 30
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_OBJECT = re.compile(rb"\d+[ \t]+\d+[ \t]+obj\b.*?\bendobj\b", re.DOTALL)
_TABLE = re.compile(rb"\bxref\s+(?:\d+ \d+\s+(?:\d{10} \d{5} [fn]\s+)*)+|\bstartxref\s+\d+|%%EOF|\btrailer\b\s*<<")
_HEAD = re.compile(rb"\A%PDF-\d\.\d[ \t]*(?:\r\n|\r|\n)(?:%[\x80-\xff]{4,10}[^\r\n]{0,8}(?:\r\n|\r|\n))?")
_REMARK = re.compile(rb"[\r\n]%(?!%EOF|PDF-)([^\r\n]{4,})")


def between(data: bytes) -> Iterator[str]:
    """Words that belong to no object: remarks of the file's syntax, and what stands before, between and behind."""
    bare = _STREAM.sub(b"", _HEAD.sub(b"", data))
    for remark in _REMARK.findall(bare):
        yield from strings(remark)
    left = _TABLE.sub(b"\n", _OBJECT.sub(b"\n", bare))
    end = data.rfind(b"%%EOF")
    yield from strings(
        re.sub(rb"/(?:Size|Prev|Root|Info|ID|XRefStm)\b|\d+ \d+ R|<[0-9A-Fa-f]*>|[\r\n]%[^\r\n]*", b"\n", left)
    )
    if end >= 0:
        yield from strings(data[end + 5 :])


def revisions(data: bytes) -> Iterator[bytes]:
    """The file as it was before each update, oldest first; what cannot be opened was none (a linearised first part)."""
    ends = [match.end() for match in re.finditer(rb"%%EOF", data)][:-1]
    if len(ends) > MOST_REVISIONS:
        raise Unreadable(
            "too-many-revisions",
            f"PDF 里保留着 {len(ends)} 个早先的版本，系统不能逐个检查。请用“打印为 PDF”重新生成后再上传。",
        )
    for end in ends:
        before = data[:end]
        try:
            with pikepdf.open(io.BytesIO(before), attempt_recovery=False):
                pass
        except (pikepdf.PdfError, ValueError):
            continue
        yield before
