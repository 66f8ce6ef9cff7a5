"""`gongkai import …`"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

CHUNK = 100


def items(
    file: Annotated[Path, typer.Argument(help="JSON Lines，每行至少有 id、title、body、agency、date、url")],
    rejects: Annotated[Path | None, typer.Option(help="未导入的行写到这里（默认：原文件名加 .rejects.jsonl）")] = None,
    column: Annotated[
        str, typer.Option(help="没有写栏目（column）或者写的栏目没有设置的行，放进哪个栏目：栏目名称或者代码")
    ] = "",
    approver: Annotated[list[str] | None, typer.Option(help="批准导入的管理员工号，系统启用后要写两次")] = None,
) -> None:
    """导入一个网站的历史信息。可以中断后重来，同一文件再导入不会重复。"""
    ready(migrated=True)
    from django.db import DatabaseError

    from gongkai.search.engine import IndexBroken
    from gongkai.search.lock import LockBusy

    try:
        _bring_in(file, rejects or Path.cwd() / f"{file.name}.rejects.jsonl", approver or [], column)
    except (DatabaseError, OSError, LockBusy, IndexBroken) as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        typer.echo(
            _(
                "导入没有做完（%(said)s）。已经导入的都已保存，请排除故障（磁盘空间、数据库、索引），再运行同一条命令接着导入。"
            )
            % {"said": said},
            err=True,
        )
        raise typer.Exit(1) from None


def _bring_in(file: Path, reject_file: Path, approver: list[str], column: str) -> None:
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from gongkai.disclosure.actions.import_items import (
        Rejected,
        begin_batch,
        columns_by_name,
        examine_line,
        finish_batch,
        take_in,
    )
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all
    from gongkai.search.engine import IndexBroken

    if not file.is_file():
        typer.echo(_("找不到文件 %(file)s，请核对路径。") % {"file": file}, err=True)
        raise typer.Exit(2)
    if reject_file.is_dir() or not os.access(reject_file.parent, os.W_OK):
        # Said before anything comes in: afterwards the reasons would be lost.
        typer.echo(_("不能写入 %(file)s，请用 --rejects 另选一个文件。") % {"file": reject_file}, err=True)
        raise typer.Exit(2)
    columns = columns_by_name()
    if column and column not in columns:
        told = "、".join(dict.fromkeys(c.name for c in columns.values())) or _("还没有设置栏目")
        typer.echo(_("没有栏目“%(name)s”。现有：%(told)s。") % {"name": column, "told": told}, err=True)
        raise typer.Exit(2)
    digest, total = _digest_and_lines(file)
    batch = begin_batch(file.name, digest, at=timezone.now(), approvers=_approvers(approver))
    today = timezone.localdate()
    bad: list[Rejected] = []
    no_column: Counter[str] = Counter()
    released = unreleased = known = 0
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        bar = progress.add_task(_("导入"), total=total)
        chunk = []
        for number, raw in _lines(file):
            outcome = (
                raw
                if isinstance(raw, Rejected)
                else examine_line(number, raw, today=today, columns=columns, column=column)
            )
            if isinstance(outcome, Rejected):
                bad.append(outcome)
            else:
                chunk.append(outcome)
                if outcome.no_column:
                    no_column[outcome.no_column] += 1
            if len(chunk) >= CHUNK:
                taken = take_in(batch, chunk, at=timezone.now())
                released, unreleased, known = (
                    released + taken.released, unreleased + taken.unreleased, known + taken.known,
                )  # fmt: skip
                bad += taken.rejected
                chunk = []
            progress.update(bar, advance=1)
        if chunk:
            taken = take_in(batch, chunk, at=timezone.now())
            released, unreleased, known = released + taken.released, unreleased + taken.unreleased, known + taken.known
            bad += taken.rejected
        marked = sum(1 for row in bad if row.marked)
        finish_batch(batch, rejected=len(bad), marked=marked, at=timezone.now())
        progress.update(bar, description=_("更新索引"))
        seal_all(at=timezone.now())
        try:
            follow_all(on=timezone.localdate())
        except ValueError as error:  # what the engine raises where it cannot write
            raise IndexBroken(str(error)) from error
    if bad:
        _write_rejects(reject_file, bad)
    typer.echo(
        _("已发布 %(released)s 条，待处理 %(unreleased)s 条，已在系统中 %(known)s 条，未导入 %(bad)s 条。")
        % {"released": released, "unreleased": unreleased, "known": known, "bad": len(bad)}
    )
    if told := [name for name, _count in no_column.most_common(10)]:
        typer.echo(
            _("%(n)s 条写的栏目没有设置（%(told)s），%(where)s。")
            % {
                "n": no_column.total(), "told": "、".join(told) + (_("等") if len(no_column) > len(told) else ""),
                "where": _("放进了“%(name)s”") % {"name": columns[column].name} if column else _("没有放进栏目"),
            }
        )  # fmt: skip
    if unreleased:
        typer.echo(_("待处理的信息含有禁止公开的内容，没有发布，已列为草稿，请在工作台逐条处理。"))
    if bad:
        typer.echo(_("未导入的行和原因见 %(file)s") % {"file": reject_file})


def _digest_and_lines(file: Path) -> tuple[str, int]:
    sha, lines, last = hashlib.sha256(), 0, b"\n"
    with file.open("rb") as source:
        while block := source.read(1 << 20):
            sha.update(block)
            lines += block.count(b"\n")
            last = block
    return sha.hexdigest(), lines + (0 if last.endswith(b"\n") else 1)


def _lines(file: Path) -> Iterator[tuple[int, Any]]:
    """Line number and decoded value, or a `Rejected` where the line is no JSON in UTF-8 or GB18030."""
    from gongkai.disclosure.actions.import_items import Rejected

    with file.open("rb") as source:
        for number, raw in enumerate(source, start=1):
            raw = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if not raw.strip():
                yield number, Rejected(number, "", "空行。")
                continue
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                try:
                    text = raw.decode("gb18030")
                except UnicodeDecodeError:
                    yield number, Rejected(number, "", "编码不是 UTF-8 或者 GB18030，请转换后再导入。")
                    continue
            try:
                yield number, json.loads(text)
            except ValueError:
                yield number, Rejected(number, "", "不是完整的 JSON，请检查引号和括号。")
            except RecursionError:
                yield number, Rejected(number, "", "嵌套过深，不是信息记录。")


def _write_rejects(path: Path, bad: list[Any]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in sorted(bad, key=lambda r: r.line):
            out.write(
                json.dumps({"line": row.line, "id": row.external_id, "reason": row.reason}, ensure_ascii=False) + "\n"
            )


def _approvers(staff_numbers: list[str]) -> list[Any]:
    from django.contrib.auth import authenticate
    from django.http import HttpRequest

    # Failures are counted and lock the account as at the sign-in page; whoever counts them asks for an address.
    here = HttpRequest()
    here.META["REMOTE_ADDR"] = "127.0.0.1"
    people = []
    for number in staff_numbers:
        password = typer.prompt(_("%(number)s 的口令") % {"number": number}, hide_input=True)
        person = authenticate(here, username=number, password=password)
        if person is None:
            typer.echo(
                _("工号 %(number)s 的口令不对，或者输错次数过多已经锁定，没有导入。") % {"number": number}, err=True
            )
            raise typer.Exit(2)
        people.append(person)
    return people
