"""The text of a file, for searching and for the scan: everything in it, also what is hidden from view."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from gongkai.files.legacy import CONVERTED, converted
from gongkai.files.memory import as_path
from gongkai.files.readable import readable_kind
from gongkai.files.recognised import Recogniser, with_pictures
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, broken, run, run_many
from gongkai.files.sniff import FileKind

LIMITS = Limits(seconds=20)
# The kinds that have text, and what is counted in each.
_UNITS = {
    "docx": "段", "xlsx": "张工作表", "pptx": "页", "odt": "段", "ods": "张工作表", "pdf": "页", "ofd": "页",
    "html": "段", "txt": "行", "csv": "行", "zip": "个文件", "doc": "段", "rtf": "段", "xls": "张工作表", "ppt": "页",
    "png": "页", "jpeg": "页", "gif": "页",
}  # fmt: skip
_READ = "gongkai.files.parsers.texts:read"
_CELL = re.compile(r"([A-Z]+)(\d+)")
#: Empty cells between two of a row are kept as tabs, as far as a table is still a table.
_MOST_TABS = 64


@dataclass(frozen=True, slots=True)
class Part:
    """`text` begins at `start` of the whole. `where` says what applies of: `page` and `rect` (x0, y0, x1, y1 in points
    of the page as displayed), `paragraph`, `table`, `row`, `column`, `slide`, `line` (all from 1), `sheet` (name),
    `cell` ("B4"), `member` (path inside an archive or a file), `ocr` (true where the text was recognised in a picture),
    `hidden` (a code of `files.hidden.HIDDEN`). Pictures have `page` 1 and `rect` in their own points."""

    where: Mapping[str, Any]
    start: int
    text: str

    @property
    def hidden(self) -> str:
        """The code of what hides it; empty for what a reader of the document sees."""
        return str(self.where.get("hidden", ""))


@dataclass(frozen=True, slots=True)
class Reading:
    """All text of one file. `text` is the parts in order, cells of one row with tabs between them, else one a line.

    `count` is in `unit` (页, 段, 行, 张工作表, 个文件).
    """

    kind: str
    text: str
    parts: tuple[Part, ...]
    count: int
    unit: str
    warnings: tuple[str, ...]

    def at(self, offset: int) -> Part:
        """The part that holds a position of `text`; what stands between two parts belongs to the one before."""
        if not 0 <= offset < len(self.text):
            raise IndexError(offset)
        return self.parts[max(bisect_right(self.parts, offset, key=lambda part: part.start) - 1, 0)]

    @property
    def seen(self) -> str:
        """The text without what is hidden: what a reader of the document sees."""
        return _joined([(part.where, part.text) for part in self.parts if not part.hidden])[0]


def read_text(path: Path | str, kind: FileKind | str, *, limits: Limits = LIMITS) -> Reading:
    """The text of one file, read in the sandbox; `Unreadable` with the reason when it cannot be."""
    with closing(read_texts([(path, kind)], limits=limits)) as outcomes:
        outcome = next(outcomes)
    if isinstance(outcome, Unreadable):
        raise outcome
    return outcome


def read_texts(
    files: Iterable[tuple[Path | str, FileKind | str]], *, limits: Limits = LIMITS
) -> Generator[Reading | Unreadable, None, None]:
    """One outcome per file in order; many files share one child process, each with its own limits.

    Files are taken one by one: each may be gone when the next is asked for.
    """
    for direct, group in groupby(_named(files), key=lambda file: file[1] != "zip" and file[1] not in CONVERTED):
        if direct:
            yield from _direct(group, limits)
            continue
        for path, kind in group:
            try:
                yield _archive(path, limits) if kind == "zip" else _legacy(path, kind, limits)
            except Unreadable as refused:
                # Whoever keeps a refusal keeps no frame with it, and no child that waits in one.
                yield refused.with_traceback(None)


def _named(files: Iterable[tuple[Path | str, FileKind | str]]) -> Iterator[tuple[str, str]]:
    for path, kind in files:
        name = kind.name if isinstance(kind, FileKind) else kind
        if name not in _UNITS:
            raise ValueError(f"no text in files of kind {name}")
        yield str(path), name


def _direct(files: Iterable[tuple[str, str]], limits: Limits) -> Iterator[Reading | Unreadable]:
    asked: list[tuple[str, str]] = []

    def calls() -> Iterator[tuple[str, str]]:
        for path, kind in files:
            asked.append((path, kind))
            yield path, kind

    with closing(Recogniser()) as recogniser, closing(run_many(_READ, calls(), limits=limits)) as outcomes:
        for outcome in outcomes:
            yield outcome if isinstance(outcome, Unreadable) else _checked(*asked[-1], outcome, recogniser)


def _checked(path: str, kind: str, found: Any, recogniser: Recogniser) -> Reading | Unreadable:
    """A parser that was taken over may answer anything; what is no answer is a file that could not be read."""
    try:
        return _reading(kind, with_pictures(path, kind, found, recogniser))
    except Unreadable as refused:
        return refused
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return broken(f"no answer: {error!r}")


def _reading(kind: str, found: Mapping[str, Any]) -> Reading:
    parts: list[tuple[Mapping[str, Any], str]] = [(_completed(where), text) for where, text in found["parts"]]
    if kind in ("txt", "csv") and len(parts) == 1:
        parts = [({"line": number}, line) for number, line in enumerate(parts[0][1].split("\n"), start=1)]
    return _of(kind, parts, found["count"], found["warnings"])


def _completed(where: dict[str, Any]) -> dict[str, Any]:
    """Row and column from the name of the cell."""
    found = _CELL.fullmatch(where.get("cell", ""))
    if found:
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        where["row"], where["column"] = int(found[2]), column
    if "sheet" in where:
        where["sheet"] = sys.intern(where["sheet"])  # a sheet has a hundred thousand cells
    return where


def _of(kind: str, parts: list[tuple[Mapping[str, Any], str]], count: int, warnings: Iterable[str]) -> Reading:
    text, starts = _joined(parts)
    made = tuple(Part(where, start, piece) for (where, piece), start in zip(parts, starts, strict=True))
    return Reading(kind, text, made, count, _UNITS[kind], tuple(warnings))


def _joined(parts: list[tuple[Mapping[str, Any], str]]) -> tuple[str, list[int]]:
    """The whole text, and where in it each part begins."""
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    before: Mapping[str, Any] | None = None
    for where, text in parts:
        gap = _between(before, where)
        pieces += (gap, text)
        at += len(gap)
        starts.append(at)
        at += len(text)
        before = where
    return "".join(pieces), starts


def _between(before: Mapping[str, Any] | None, where: Mapping[str, Any]) -> str:
    """A new line; within a row of a table, as many tabs as columns lie between."""
    column: int = where.get("column", 0)
    if before is not None and column and before.get("column") and _row(before) == _row(where):
        apart: int = column - before["column"]
        return "\t" * min(max(apart, 1), _MOST_TABS)
    line = "" if before is None else "\n"
    return line + "\t" * (column - 1) if column and column <= _MOST_TABS else line


def _row(where: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(where.get(key) for key in ("member", "sheet", "slide", "table", "row", "hidden"))


def _legacy(path: str, kind: str, limits: Limits) -> Reading:
    """What a converter makes of an old document, and the readable runs of its bytes that are not in it."""
    with converted(path, kind) as (made, made_kind, warnings):
        reading = read_text(made, made_kind, limits=limits)
    known = _squeezed(reading.text)
    runs = run("gongkai.files.parsers.legacy:runs", path, limits=limits)
    more = [(where, text) for where, text in runs["parts"] if _squeezed(text) not in known]
    parts = [*((part.where, part.text) for part in reading.parts), *more]
    return _of(kind, parts, reading.count, [*reading.warnings, *warnings])


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _archive(path: str, limits: Limits) -> Reading:
    """Each member read by the parser of its own kind; one that cannot be read makes the whole unreadable."""
    listed = run("gongkai.files.parsers.zip:members", path, limits=limits)
    parts: list[tuple[Mapping[str, Any], str]] = [(where, text) for where, text in listed["parts"]]
    warnings: list[str] = []
    names = [name for _, name in listed["names"]]
    contents = run_many(
        "gongkai.files.parsers.zip:member", ((path, number) for number, _ in listed["names"]), limits=limits
    )
    readable: list[str] = []

    def files() -> Iterator[tuple[Path, FileKind]]:
        for name, data in zip(names, contents, strict=True):
            kind = _member_kind(name, data)
            with as_path(data, kind.suffixes[0]) as place:
                readable.append(name)
                yield place, kind

    # Closed here and not when it is forgotten: a refusal that somebody keeps would keep the child with it.
    with closing(contents), closing(read_texts(files(), limits=limits)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, Unreadable):
                raise _inside(readable[-1], outcome)
            for part in outcome.parts:
                deeper = f"{readable[-1]}/{part.where['member']}" if "member" in part.where else readable[-1]
                parts.append(({**part.where, "member": deeper}, part.text))
            warnings += [f"{readable[-1]}：{warning}" for warning in outcome.warnings]
    return _of("zip", parts, len(names), warnings)


def _member_kind(name: str, data: bytes | Unreadable) -> FileKind:
    try:
        if isinstance(data, Unreadable):
            raise data
        kind = readable_kind(data, re.sub(r'[:*?"<>|\\]', "_", PurePosixPath(name).name)[-200:])
    except Unreadable as refused:
        raise _inside(name, refused) from None
    if kind.name == "zip":
        raise _inside(name, Unreadable("nested-archive", "压缩包里还有压缩包，系统只检查一层。请解压后分别检查。"))
    return kind


def _inside(name: str, refused: Unreadable) -> Unreadable:
    return Unreadable(refused.code, f"压缩包里的“{name}”：{refused.sentence}", refused.detail)
