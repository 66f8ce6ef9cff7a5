"""All text of a file, piece by piece: what a reader sees, and what only a program sees.

Each parser takes a path and returns `{"parts": [[where, text], …], "count": n, "warnings": [...]}`. `where` says what
applies of: `page`, `rect`, `paragraph`, `table`, `row`, `column`, `sheet`, `cell`, `slide`, `line`, `member` (a path
inside an archive or a file), and `hidden` (a code of `files.hidden`) for what a reader of the document does not see.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai.files.encoding import decode
from gongkai.files.parsers import document, odf, page, sheet, slides
from gongkai.files.parsers.parts import answer


def plain(path: str) -> dict[str, Any]:
    """A .txt or .csv in UTF-8, UTF-16 with mark or GB18030; count = lines. `reading` tells the lines apart."""
    text = decode(Path(path).read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    return answer([({}, text)], text.count("\n") + 1 if text else 0)


# Kind to parser; one named by its module is loaded when the first file of its kind comes.
_READERS: dict[str, Callable[[str], dict[str, Any]] | str] = {
    "docx": document.read,
    "xlsx": sheet.read,
    "pptx": slides.read,
    "odt": odf.read,
    "ods": odf.read,
    "html": page.read,
    "txt": plain,
    "csv": plain,
    "pdf": "gongkai.files.parsers.pdf:read",
    "png": "gongkai.files.parsers.image:read",
    "jpeg": "gongkai.files.parsers.image:read",
    "gif": "gongkai.files.parsers.image:read",
    "ofd": "gongkai.files.parsers.ofd:read",
}


def read(path: str, kind: str) -> dict[str, Any]:
    """All text of the file at `path`, which is of the named kind."""
    reader = _READERS[kind]
    if isinstance(reader, str):
        module, _, name = reader.partition(":")
        reader = getattr(import_module(module), name)
    return reader(path)
