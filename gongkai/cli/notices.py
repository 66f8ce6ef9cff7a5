"""`gongkai notices`: how the notices to applicants stand, one of them sent once more, an address taken out of subscriptions."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


def status(
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """各种方式的通知有多少已发出、在排队、要人处理；逐条列出要人处理的。"""
    ready(migrated=True)
    from gongkai.notices.kinds import KINDS
    from gongkai.notices.queries import confirmed_subscriptions, counted, in_trouble
    from gongkai.notices.states import PROBLEMS, STATES, WAYS
    from gongkai.notices.ways import ways_on

    totals, on = counted(), ways_on()
    rows = [
        {"id": n.pk, "case": n.request.number, "kind": n.kind, "way": n.way, "state": n.state, "problem": n.problem,
         "attempts": n.attempts}
        for n in in_trouble()
    ]  # fmt: skip
    if as_json:
        counts = [{"way": way, "state": state, "count": n} for (way, state), n in sorted(totals.items())]
        told_all = {"ways": list(on), "counts": counts, "subscriptions": confirmed_subscriptions(), "trouble": rows}
        typer.echo(json.dumps(told_all, ensure_ascii=False, indent=1))
        return
    for way, title in WAYS.items():
        told = "，".join(f"{STATES[s]} {totals[way, s]}" for s in STATES if (way, s) in totals) or _("没有通知")
        typer.echo(f"{title}（{_('已启用') if way in on else _('没有启用')}）：{told}")
    typer.echo(_("已确认的邮件订阅：%(n)s 个") % {"n": confirmed_subscriptions()})
    for row in rows:
        said = PROBLEMS[str(row["problem"])]
        typer.echo(
            f"{row['id']:>6}  {row['case']}  {KINDS[str(row['kind'])].title}  {WAYS[str(row['way'])]}  "
            f"{STATES[str(row['state'])]}（{said}）"
        )


def retry(
    notice: Annotated[int, typer.Argument(metavar="ID", help="通知的编号，见 gongkai notices status")],
) -> None:
    """把一条没有发出、不清楚是否发出的通知重新排队。不清楚的，申请人可能收到两次。"""
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.notices.actions.settle import retry as send_again
    from gongkai.notices.models import OutgoingNotice

    try:
        again = send_again(notice, actor=SYSTEM, at=timezone.now())
    except OutgoingNotice.DoesNotExist:
        typer.echo(_("没有编号为 %(id)s 的通知，请核对。") % {"id": notice}, err=True)
        raise typer.Exit(2) from None
    typer.echo(_("已重新排队：%(case)s。") % {"case": again.request.number})


def unsubscribe(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="要退订的邮箱地址")],
) -> None:
    """退订一个邮箱地址，地址从系统里清除。用于来信来电要求退订、邮件被退回的。"""
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.notices.actions.end_subscription import end_of

    ended = end_of(address, at=timezone.now())
    typer.echo(_("已退订，清除 %(n)s 处。") % {"n": ended} if ended else _("没有这个地址的订阅。"))
