"""`gongkai channels`: how items stand at the channels, one tried once more, one taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.agencies.actors import SYSTEM
from gongkai.cli.setup import ready

if TYPE_CHECKING:
    from gongkai.channels.models import Posting

Number = Annotated[int, typer.Argument(metavar="ID", help="编号，见 gongkai channels status")]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """各渠道已发布、等待、待核实的有多少；逐条列出待核实的和没有撤回干净的。"""
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.channels.adapters import CHANNELS
    from gongkai.channels.queries import alarms, counted, to_settle
    from gongkai.channels.states import STATES

    now = timezone.now()
    totals, waiting, late = counted(), list(to_settle()), list(alarms(at=now))
    rows = [
        {"kind": kind, **_row(posting)} for kind, found in (("settle", waiting), ("alarm", late)) for posting in found
    ]
    if as_json:
        channels = [
            {"channel": c.code, "missing": c.missing(), "counts": {s: n for (code, s), n in totals.items() if code == c.code}}
            for c in CHANNELS
        ]  # fmt: skip
        typer.echo(json.dumps({"channels": channels, "trouble": rows}, ensure_ascii=False, indent=1))
        return
    for channel in CHANNELS:
        told = "，".join(f"{STATES[s]} {totals[channel.code, s]}" for s in STATES if (channel.code, s) in totals)
        on = "".join(channel.missing()) or _("已启用")
        typer.echo(f"{channel.title}（{on.rstrip('。')}）：{told or _('没有信息')}")
    for row in rows:
        word = _("待核实") if row["kind"] == "settle" else _("没有撤回干净")
        typer.echo(f"{row['id']:>6}  {word}  {row['index_number']}  {row['channel']}  {row['sentence']}")


def _row(posting: Posting) -> dict[str, str | int]:
    from gongkai.channels.states import STATES

    return {
        "id": posting.pk, "index_number": posting.item.index_number or posting.item.code, "channel": posting.channel,
        "state": posting.state, "sentence": posting.sentence or STATES[posting.state], "attempts": posting.attempts,
    }  # fmt: skip


def retry(posting: Number) -> None:
    """渠道没有接受的，原因排除以后重新提交。"""
    ready(migrated=True)
    from gongkai.channels.actions.settle import retry as again

    _act(posting, lambda at: again(posting, actor=SYSTEM, at=at), _("已重新提交：%(number)s。"))


def recall(posting: Number) -> None:
    """从一个渠道撤回一条信息；信息本身仍然公开。要撤下信息，请在工作台办理。"""
    ready(migrated=True)
    from gongkai.channels.actions.take_back import take_back

    _act(posting, lambda at: take_back(posting, actor=SYSTEM, at=at), _("已安排撤回：%(number)s。"))


def _act(number: int, act: Callable[[datetime], Posting], done: str) -> None:
    from django.utils import timezone

    from gongkai.channels.models import Posting

    try:
        row = act(timezone.now())
    except Posting.DoesNotExist:
        typer.echo(_("没有编号为 %(id)s 的记录，请核对。") % {"id": number}, err=True)
        raise typer.Exit(2) from None
    typer.echo(done % {"number": row.item.index_number or row.item.code})
