"""`gongkai foi …`: an old register comes in, who must act, new data keys."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

if TYPE_CHECKING:
    from gongkai.agencies.actors import Actor
    from gongkai.agencies.models import Organ
    from gongkai.foi.models import FoiRequest
    from gongkai.foi.register_sheet import OldCase

Rejected = tuple[int, str, str]  # line, register number, reasons


def import_register(
    file: Annotated[Path, typer.Argument(help="旧的申请登记：.csv（UTF-8、GB18030），列名见说明")],
    agency: Annotated[str, typer.Option(help="登记属于这个机关：机关代码")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    reject: Annotated[
        Path | None, typer.Option(help="未导入的行和原因写到这里（默认：原文件名加 .rejects.csv）")
    ] = None,
    by: Annotated[str, typer.Option(help="经办人工号，默认为系统")] = "",
) -> None:
    """导入一个机关旧的申请登记，一行一件；同一文件可以再导入，不会重复。

    有问题的行不导入，连同原因写到另一个文件，改好后可以单独导入；其余各行照常导入。
    """
    ready(migrated=True)
    from django.db import transaction
    from django.utils import timezone

    lines = _lines(file)
    rejects = reject or Path(f"{file.name}.rejects.csv")
    if rejects.is_dir() or not os.access(rejects.parent, os.W_OK):
        # Said before anything comes in: afterwards the reasons would be lost.
        _stop(_("不能写入 %(file)s，请用 --reject 另选一个文件。") % {"file": rejects})
    if rejects.resolve() == file.resolve():
        _stop(_("--reject 不能是要导入的文件，请另选一个。"))
    organ, at = _organ(agency), timezone.now()
    actor = _actor(by, organ, timezone.localdate())
    with transaction.atomic() if dry_run else nullcontext():
        taken, again, bad = _take(organ, lines, actor, at)
        if dry_run:
            transaction.set_rollback(True)
    counts = {"taken": taken, "again": again, "bad": len(bad)}
    if dry_run:
        said = _("试运行，没有写入：可以导入 %(taken)s 件，已在系统中 %(again)s 件，有问题 %(bad)s 件。")
    else:
        said = _("已导入 %(taken)s 件，已在系统中 %(again)s 件，未导入 %(bad)s 件。")
    typer.echo(said % counts)
    if bad:
        _write_rejects(rejects, bad)
        typer.echo(_("未导入的行和原因见 %(file)s") % {"file": rejects})
        raise typer.Exit(1)


def due(
    within: Annotated[int, typer.Option(min=0, help="几个工作日之内到期的")] = 5,
    agency: Annotated[str, typer.Option(help="只看这个机关及其下级（代码）；不写时看全部机关")] = "",
) -> None:
    """列出应当办理的申请：已逾期、将到期、视为放弃待办结、收到之日没有确认的，以及轮到谁办。"""
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.models import Organ
    from gongkai.agencies.queries import subtree
    from gongkai.foi.queries.board import must_act
    from gongkai.law.foi_moves import STATES

    organ_ids = subtree(_organ(agency)) if agency else list(Organ.objects.values_list("pk", flat=True))
    today = timezone.localdate()
    rows = must_act(organ_ids, today=today, within=within)
    whose = _whose([row.case for row in rows])
    for row in rows:
        told = row.clock.sentence if row.clock else _("收到之日没有确认，期限还没有起算")
        typer.echo(f"{row.case.number}\t{row.case.organ.label}\t{STATES[row.case.state]}\t{whose[row.case.pk]}\t{told}")
    late = sum(1 for row in rows if row.clock is not None and row.clock.status == "late")
    told = {"count": len(rows), "late": late, "within": within}
    typer.echo(
        _("%(within)s 个工作日内应当办理 %(count)s 件，其中已逾期 %(late)s 件。") % told
        if rows
        else _("%(within)s 个工作日内没有到期的申请。") % told
    )


def rotate_keys() -> None:
    """把封存的数据密钥换到 FOI_DATA_KEYS 的第一个主密钥之下。可以中断后重来。"""
    ready(migrated=True)
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.foi import vault
    from gongkai.foi.actions.rotate_keys import rotate_keys as rotate

    try:
        done = rotate(actor=SYSTEM, at=timezone.now())
        current = vault.current().key_id
    except ImproperlyConfigured as error:
        _stop(str(error))
    except vault.Unsealable as error:
        typer.echo(
            _("有数据密钥打不开：%(error)s。请把原来的主密钥写在 FOI_DATA_KEYS 后面再运行。") % {"error": error},
            err=True,
        )
        raise typer.Exit(1) from None
    typer.echo(
        _("已换到主密钥 %(key)s，共 %(count)s 个数据密钥。原来的主密钥可以拿掉了。") % {"key": current, "count": done}
    )


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    from gongkai.files.encoding import decode
    from gongkai.files.refusal import Unreadable
    from gongkai.foi.register_sheet import BadRegister, read_register

    if not file.is_file():
        _stop(_("找不到文件 %(file)s，请核对路径。") % {"file": file})
    try:
        return list(read_register(decode(file.read_bytes())))
    except (Unreadable, BadRegister) as error:
        _stop(str(error))


def _take(
    organ: Organ, lines: list[tuple[int, dict[str, str]]], actor: Actor, at: datetime
) -> tuple[int, int, list[Rejected]]:
    """Every line, each in a transaction of its own; how many came in, were known, and what was wrong with the rest."""
    from rich.console import Console
    from rich.progress import track

    from gongkai.foi.actions.import_cases import import_case
    from gongkai.foi.register_sheet import BadLine, old_case
    from gongkai.law.verdicts import Refusal

    taken = again = 0
    bad: list[Rejected] = []
    for number, values in track(lines, description=_("导入"), console=Console(stderr=True), transient=True):
        try:
            old: OldCase = old_case(values)
            known = import_case(organ, old, actor=actor, at=at).again
            again, taken = again + known, taken + (not known)
        except (BadLine, Refusal) as error:
            bad.append((number, values.get("登记号", ""), str(error)))
    return taken, again, bad


def _write_rejects(path: Path, bad: Iterable[Rejected]) -> None:
    """With the line and the register number alone: what applicants told stays in the file it came from."""
    from gongkai.chinese.cells import safe_cell

    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([_("行"), _("登记号"), _("原因")])
        writer.writerows([safe_cell(cell) for cell in row] for row in bad)


def _whose(cases: list[FoiRequest]) -> dict[int, str]:
    """Case → the role whose turn it is: the officer, or the step of the sign-off. One query."""
    from gongkai.foi.models import ReplyVersion
    from gongkai.law.foi_moves import IN_REVIEW
    from gongkai.law.roles import role
    from gongkai.review.models import Case

    whose = {case.pk: role("foi_officer").title for case in cases}
    versions = {v.pk: v.request_id for v in ReplyVersion.objects.filter(
        request__in=[case.pk for case in cases if case.state == IN_REVIEW])}  # fmt: skip
    reviews = Case.objects.filter(subject_kind__startswith="foi.reply", subject_key__in=versions, state="open")
    for review in reviews.prefetch_related("steps"):
        step = next(step for step in review.steps.all() if step.order == review.current_order)
        whose[versions[review.subject_key]] = step.title
    return whose


def _organ(code: str) -> Organ:
    from gongkai.agencies.models import Organ

    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        _stop(_("没有代码为 %(code)s 的机关，请核对。") % {"code": code})
    return organ


def _actor(staff_number: str, organ: Organ, today: date) -> Actor:
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.models import Person
    from gongkai.agencies.queries import capacity

    if not staff_number:
        return SYSTEM
    person = Person.objects.filter(staff_number=staff_number, is_active=True).first()
    held = capacity(person, role="foi_officer", organ_id=organ.pk, on=today) if person else None
    if held is None:
        _stop(_("工号 %(number)s 没有在这个机关经办申请的岗位，请核对。") % {"number": staff_number})
    return held


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
