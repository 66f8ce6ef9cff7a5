"""`gongkai redact | clean | inspect`: one file on the owner's own machine, without the database.

Exit 0: done. Exit 1: the file cannot be read whole, or no copy of it withstands the attack. Exit 2: asked wrongly.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn, get_args

import typer
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

from gongkai.files.hidden import HIDDEN
from gongkai.files.memory import as_path
from gongkai.files.readable import readable_kind
from gongkai.files.reading import Part, Reading, read_text
from gongkai.files.refusal import Unreadable
from gongkai.scanning.redacting import Looked, Made, Proposal, copy_with, look_at
from gongkai.scanning.rules.findings import Family

FAMILIES: tuple[str, ...] = get_args(Family)
#: What is covered where no family is named.
COVERED = ("block", "confirm")
_FILE = typer.Argument(metavar="FILE", help="要处理的文件")
_OUT = typer.Option("--out", help="写到哪里；不能是原来的文件，已有的文件也不覆盖")
_SHOWN = 30


def redact(
    file: Annotated[Path, _FILE],
    out: Annotated[Path, _OUT],
    family: Annotated[
        list[str] | None, typer.Option("--family", help="只遮盖这一类，可以写几次：" + "、".join(FAMILIES))
    ] = None,
) -> None:
    """遮盖查出的内容，生成可以公开的副本：看不见的部分去掉，副本经过核验。

    不写 --family 时，遮盖全部不得公开和须核对的内容；机器查不全，发出以前请人核对。
    """
    if unknown := [name for name in family or () if name not in FAMILIES]:
        _stop(_("没有“%(name)s”这一类，可以用的是：%(known)s。") % {"name": unknown[0], "known": "、".join(FAMILIES)})
    data = _read(file, out)
    with _refusals(file):
        looked = look_at(data, file.name)
        chosen = [p for p in looked.proposals if _is_chosen(p, family)]
        made = copy_with(looked.base, [q for p in chosen for q in p.places], looked.secrets, looked.lines)
        _write(out, made)
    for proposal in chosen:
        if not proposal.places:
            typer.echo(_("没有遮盖（查不到它在页面上的位置）：%(title)s") % {"title": proposal.finding.title}, err=True)
    count = sum(len(p.places) for p in chosen)
    _tell(out, looked, made, _("遮盖 %(places)s 处（%(what)s）") % {"places": count, "what": _listed(chosen)})


def clean(file: Annotated[Path, _FILE], out: Annotated[Path, _OUT]) -> None:
    """只去掉看不见的部分（批注、修订、隐藏的行列、属性等），看得见的不动；副本经过核验。"""
    data = _read(file, out)
    with _refusals(file):
        looked = look_at(data, file.name)
        made = copy_with(looked.base, [], looked.secrets, looked.lines)
        _write(out, made)
    _tell(out, looked, made, _("没有遮盖"))


def inspect(file: Annotated[Path, _FILE]) -> None:
    """列出文件里看不见的部分：是什么、有几处、在哪里、写着什么。"""
    data = _content(file)
    with _refusals(file):
        kind = readable_kind(data, file.name)
        with as_path(data, kind.suffixes[0]) as path:
            reading = read_text(path, kind)
    parts = [part for part in reading.parts if part.hidden and part.text.strip()]
    for code, count in Counter(part.hidden for part in parts).most_common():
        typer.echo(_("%(title)s  %(count)s 处") % {"title": HIDDEN[code], "count": count})
        of_kind = [part for part in parts if part.hidden == code]
        for part in of_kind[:_SHOWN]:
            typer.echo(f"    {place(part)}  {_one_line(part.text)}".rstrip())
        if count > _SHOWN:
            typer.echo("    " + _("……其余 %(count)s 处没有列出") % {"count": count - _SHOWN})
    if not parts:
        typer.echo(_("没有看不见的部分。"))
    _warn(reading)


def place(part: Part) -> str:
    """Where a hidden part stands, for people."""
    where = part.where
    said = [f"{where['member']}"] if "member" in where else []
    if "sheet" in where:
        said.append(_("工作表“%(sheet)s”") % where + str(where.get("cell", "")))
    for key, words in (("page", _("第 %(n)s 页")), ("slide", _("第 %(n)s 张幻灯片")), ("paragraph", _("第 %(n)s 段"))):
        if key in where:
            said.append(words % {"n": where[key]})
    if "table" in where and "row" in where:
        said.append(_("第 %(table)s 个表格第 %(row)s 行") % where)
    return "，".join(said) or _("整个文件")


# ---- files -----------------------------------------------------------------------------------------------------------


def _read(file: Path, out: Path) -> bytes:
    """The content, after a look at where the copy is to go."""
    data = _content(file)
    if out.exists() and out.samefile(file):
        _stop(_("副本不能写到原来的文件里，请换一个名字。"))
    if out.exists() or out.is_symlink():
        _stop(_("已经有 %(file)s，没有覆盖。请换一个名字，或者先移走它。") % {"file": _shown(out)})
    if not out.absolute().parent.is_dir():
        _stop(_("没有文件夹 %(folder)s，请先建立。") % {"folder": _shown(out.absolute().parent)})
    return data


def _content(file: Path) -> bytes:
    if not file.is_file():
        _stop(_("找不到文件 %(file)s，请核对路径。") % {"file": _shown(file)})
    try:
        return file.read_bytes()
    except OSError as error:
        _stop(_("读不了文件 %(file)s：%(reason)s。") % {"file": _shown(file), "reason": error.strerror})


def _write(out: Path, made: Made) -> None:
    """Whole or not at all: written beside its place, then given its name; never over another file."""
    if out.suffix.lower() not in made.kind.suffixes:
        _stop(
            _("这种文件的副本是 %(kind)s，请把 --out 写成以 %(ending)s 结尾的名字。")
            % {"kind": made.kind.name.upper(), "ending": made.kind.suffixes[0]}
        )
    try:
        handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=".gongkai-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made.data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.link(name, out)  # unlike a rename it never replaces what appeared meanwhile
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except FileExistsError:
        _stop(_("已经有 %(file)s，没有覆盖。请换一个名字，或者先移走它。") % {"file": _shown(out)})
    except OSError as error:
        _stop(_("写不了 %(file)s：%(reason)s，什么也没有写出。") % {"file": _shown(out), "reason": error.strerror})


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


# ---- findings and words ----------------------------------------------------------------------------------------------


def _is_chosen(proposal: Proposal, families: Sequence[str] | None) -> bool:
    finding = proposal.finding
    return finding.family in families if families else finding.severity in COVERED


def _listed(chosen: Sequence[Proposal]) -> str:
    counts = Counter(proposal.finding.title for proposal in chosen for _place in proposal.places)
    return "、".join(f"{title} {count}" for title, count in counts.items()) or _("没有查出要遮盖的内容")


def _tell(out: Path, looked: Looked, made: Made, done: str) -> None:
    hidden = "、".join(f"{row['title']} {row['count']}" for row in looked.hidden)
    typer.echo(_("已写入 %(file)s：%(done)s。") % {"file": _shown(out), "done": done})
    typer.echo(_("去掉看不见的部分：%(what)s。") % {"what": hidden or _("没有")})
    for sentence in (*looked.warnings, *made.lost):
        typer.echo(_("请留意：%(sentence)s") % {"sentence": sentence}, err=True)


def _warn(reading: Reading) -> None:
    for sentence in reading.warnings:
        typer.echo(_("请留意：%(sentence)s") % {"sentence": sentence}, err=True)


@contextmanager
def _refusals(file: Path) -> Iterator[None]:
    try:
        yield
    except Unreadable as refused:
        typer.echo(f"{_shown(file)}：{refused.sentence}", err=True)
        raise typer.Exit(1) from None
    except ImproperlyConfigured as error:
        _stop(str(error))


def _one_line(text: str) -> str:
    plain = " ".join(text.split())
    return _printable(plain[:60] + ("…" if len(plain) > 60 else ""))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _shown(path: Path) -> str:
    return _printable(os.fsencode(path).decode("utf-8", "replace"))


def _(text: str) -> str:
    """The words in the language set. Translations need the apps, which need no database."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    return str(gettext(text))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
