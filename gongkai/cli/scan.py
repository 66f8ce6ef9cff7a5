"""`gongkai scan`: what files hold that must not go out; for one file, or the whole download folder of a website."""

from __future__ import annotations

import json
import os
import sys
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

from gongkai.chinese.cells import safe_cell
from gongkai.files.encoding import decode
from gongkai.files.hidden import HIDDEN
from gongkai.files.readable import readable_kind
from gongkai.files.reading import Reading, read_texts
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import FileKind
from gongkai.scanning.lists import lexicon
from gongkai.scanning.located import Located, scan_reading

SEVERITY = {"block": "不得公开", "confirm": "须核对", "note": "提示"}


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file: why it could not be checked whole, or what was found. `offsets` turns places into those of its text."""

    path: Path
    refused: Unreadable | None
    found: tuple[Located, ...] = ()
    warnings: tuple[str, ...] = ()
    offsets: Offsets | None = None

    def count(self, severity: str) -> int:
        return sum(located.finding.severity == severity for located in self.found)

    @property
    def blocks(self) -> bool:
        """Nothing may go out that could not be checked whole."""
        return self.refused is not None or self.count("block") > 0


class Offsets:
    """From offsets of a reading, where every line ends with \\n, to those of a text as it is written, \\r\\n counted."""

    def __init__(self, written: str) -> None:
        self._ends = [at - before for before, at in enumerate(_each(written, "\r\n"))]

    def __call__(self, offset: int) -> int:
        return offset + bisect_left(self._ends, offset)


def _each(text: str, what: str) -> Iterator[int]:
    at = text.find(what)
    while at != -1:
        yield at
        at = text.find(what, at + 1)


def scan(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="文件或者文件夹；文件夹连同其中的文件夹一起检查")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="每个文件输出一行 JSON，其中是原文，请妥善保管")] = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="把结果写成表格：每处发现一行，只写遮盖后的文字")] = None,
) -> None:
    """检查文件里有没有不得公开的内容，包括批注、隐藏的行列和工作表、文档属性等看不见的部分。

    有不得公开的内容，或者有文件不能完整检查，退出码为 1；只有须核对、提示的，退出码为 0。
    """
    try:
        lexicon()
    except ImproperlyConfigured as error:
        _stop(str(error))
    missing = [path for path in paths if not path.exists()]
    if missing:
        _stop(_("找不到 %(path)s，请核对路径。") % {"path": _shown(missing[0])})
    if xlsx is not None and (xlsx.exists() or not xlsx.resolve().parent.is_dir()):
        _stop(_("不能写入 %(file)s：已有同名文件，或者没有这个文件夹。请换一个名字。") % {"file": _shown(xlsx)})
    files = list(dict.fromkeys(_files(paths)))
    every: list[Scanned] = []
    for scanned in _with_progress(scan_files(files), len(files)):
        if as_json:
            sys.stdout.write(_line(as_record(scanned)))
        else:
            typer.echo("\n".join(_lines(scanned)))
        every.append(scanned)
    if not as_json:
        typer.echo(_summary(every))
    if xlsx is not None:
        write_report(xlsx, every)
        typer.echo(_("结果已写入 %(file)s。") % {"file": _shown(xlsx)}, err=True)
    if any(scanned.blocks for scanned in every):
        raise typer.Exit(1)


# ---- from paths to findings ----------------------------------------------------------------------------------------


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file, folders walked in order of names; links to folders are not followed."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names))


def scan_files(paths: Iterable[Path]) -> Iterator[Scanned]:
    """One outcome for each file, in order. Parsers run in a process of their own, one for many files."""
    waiting: deque[tuple[Path, FileKind | Unreadable]] = deque()

    def readable() -> Iterator[tuple[Path, FileKind]]:
        for path in paths:
            try:
                kind = _kind(path)
            except Unreadable as refused:
                waiting.append((path, refused))
                continue
            waiting.append((path, kind))
            yield path.absolute(), kind  # the sandbox works in a folder of its own

    for outcome in read_texts(readable()):
        yield from _refused(waiting)
        path, kind = waiting.popleft()
        yield Scanned(path, outcome) if isinstance(outcome, Unreadable) else _scanned(path, outcome)
    yield from _refused(waiting)


def _refused(waiting: deque[tuple[Path, FileKind | Unreadable]]) -> Iterator[Scanned]:
    while waiting and isinstance(waiting[0][1], Unreadable):
        path, refused = waiting.popleft()
        yield Scanned(path, refused if isinstance(refused, Unreadable) else None)


def _kind(path: Path) -> FileKind:
    if not path.is_file():
        raise Unreadable("not-a-file", _("这不是普通文件，或者是指向别处的链接，没有检查。"))
    try:
        kind = readable_kind(path, path.name)
    except OSError as error:
        raise Unreadable("not-readable", _("读不了这个文件：%(reason)s。") % {"reason": error.strerror}) from None
    if not kind.has_text:
        raise Unreadable("picture", _("这是图片，系统检查不到其中的文字，请打开核对。"))
    return kind


def _scanned(path: Path, reading: Reading) -> Scanned:
    written = decode(path.read_bytes()) if reading.kind in ("txt", "csv") else ""
    found = tuple(scan_reading(reading, heading=path.name, lexicon=lexicon()))
    return Scanned(path, None, found, reading.warnings, Offsets(written) if "\r\n" in written else None)


# ---- what is told --------------------------------------------------------------------------------------------------


def as_record(scanned: Scanned) -> dict[str, Any]:
    """The file as `--json` gives it; `start` and `end` count characters of a text file as it is decoded."""
    refused = scanned.refused
    return {
        "path": str(scanned.path),
        "refused": {"code": refused.code, "sentence": refused.sentence} if refused else None,
        "findings": [_finding(located, scanned.offsets) for located in scanned.found],
    }


def _finding(located: Located, offsets: Offsets | None) -> dict[str, Any]:
    f, where = located.finding, dict(located.where)
    at = offsets or (lambda offset: offset)
    if "places" in where:
        where["places"] = [[at(start), at(end)] for start, end in where["places"]]
    if located.hidden:
        where["hidden"] = located.hidden
    return {
        "code": f.code, "family": f.family, "severity": f.severity, "text": f.text, "start": at(f.start),
        "end": at(f.end), "where": where, "hidden": bool(located.hidden), "article": f.article, "sentence": f.sentence,
    }  # fmt: skip


def _line(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character in a text or a name can only be written escaped
        text = json.dumps(value)
    return text + "\n"


def place_of(located: Located) -> str:
    """Where a finding stands, for people: 工作表“名单”C2 等 30 处，隐藏的行."""
    where = located.where
    said = [str(where["member"])] if "member" in where else []
    if "sheet" in where:
        said.append(_("工作表“%(sheet)s”") % where + str(where.get("cell", "")))
    elif "page" in where:
        said.append(_("第 %(page)s 页") % where)
    elif "slide" in where:
        said.append(_("第 %(slide)s 张幻灯片") % where)
    elif "row" in where and "table" in where:
        said.append(_("第 %(table)s 个表格第 %(row)s 行") % where)
    elif "paragraph" in where:
        said.append(_("第 %(paragraph)s 段") % where)
    elif "line" in where:
        said.append(_("第 %(line)s 行") % where)
    else:
        said.append("" if located.hidden else _("文中"))
    if located.hidden:
        said.append(_("（%(part)s，打开文件看不到）") % {"part": HIDDEN.get(located.hidden, located.hidden)})
    many = len(located.finding.places)
    return "".join(said) + (_("等 %(n)s 处") % {"n": many} if many > 1 else "")


def masked(located: Located) -> str:
    """What may be shown of a finding: its masked text; of a whole text that no machine may mask, what it is."""
    return located.finding.suggestion or located.finding.title


def _lines(scanned: Scanned) -> list[str]:
    name = _shown(scanned.path)
    if scanned.refused is not None:
        return [name, "  " + _("无法完整检查：%(sentence)s") % {"sentence": scanned.refused.sentence}]
    lines = [
        f"  {SEVERITY[located.finding.severity]}  {place_of(located)}  {located.finding.title}  {_one_line(masked(located))}"
        for located in scanned.found
    ]
    lines = lines or ["  " + _("没有发现。")]
    lines += ["  " + warning for warning in scanned.warnings]
    return [name, *lines]


def _one_line(text: str) -> str:
    return _printable(" ".join(text.split()))[:80]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _shown(path: Path) -> str:
    return _printable(os.fsencode(path).decode("utf-8", "replace"))


def _summary(every: list[Scanned]) -> str:
    return _(
        "共 %(files)s 个文件：%(blocked)s 个有不得公开的内容，%(asked)s 个有须核对的内容，%(refused)s 个无法完整检查。"
    ) % {
        "files": len(every),
        "blocked": sum(scanned.count("block") > 0 for scanned in every),
        "asked": sum(scanned.count("block") == 0 and scanned.count("confirm") > 0 for scanned in every),
        "refused": sum(scanned.refused is not None for scanned in every),
    }


def _with_progress(scanned: Iterator[Scanned], total: int) -> Iterator[Scanned]:
    """The same, with a bar on standard error where a person looks on and there is more than one file."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=total < 2, redirect_stdout=False) as progress:
        bar = progress.add_task(_("检查"), total=total)
        for each in scanned:
            yield each
            progress.update(bar, advance=1)


# ---- the report ----------------------------------------------------------------------------------------------------


def write_report(path: Path, every: Iterable[Scanned]) -> None:
    """Two sheets: one row for each finding with masked text only, and one row for each file."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    findings = book.create_sheet(_("发现"))
    summary = book.create_sheet(_("文件"))
    _row(
        findings,
        _("文件"),
        _("位置"),
        _("能否看到"),
        _("处理"),
        _("是什么"),
        _("遮盖后"),
        _("处数"),
        _("依据"),
        _("说明"),
    )
    _row(summary, _("文件"), _("结果"), _("不得公开"), _("须核对"), _("提示"), _("无法检查的原因、须留意的情况"))
    for scanned in every:
        name = _shown(scanned.path)
        for located in scanned.found:
            f = located.finding
            seen = _("看不到") if located.hidden else _("看得到")
            _row(
                findings, name, place_of(located), seen, SEVERITY[f.severity], f.title, masked(located), len(f.places),
                f.article, f.sentence,
            )  # fmt: skip
        told = [scanned.refused.sentence] if scanned.refused else list(scanned.warnings)
        counts = [scanned.count(severity) for severity in SEVERITY]
        _row(summary, name, _result(scanned), *counts, " ".join(told))
    book.save(path)


def _result(scanned: Scanned) -> str:
    if scanned.refused is not None:
        return _("无法完整检查")
    for severity, said in SEVERITY.items():
        if scanned.count(severity):
            return _("有%(what)s的内容") % {"what": said}
    return _("没有发现")


def _row(sheet: Any, *values: object) -> None:
    sheet.append([value if isinstance(value, int) else safe_cell(_printable(str(value))) for value in values])


# ---- words ---------------------------------------------------------------------------------------------------------


def _(text: str) -> str:
    """The words in the language set. Translations need the apps, which need no database."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    said: str = gettext(text)
    return said


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
