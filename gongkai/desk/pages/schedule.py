"""The instant of an item in the words of the screens, and the alarms about instants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongkai.desk.who import Me
from gongkai.disclosure.actions.schedule import MAY_BRING_FORWARD
from gongkai.disclosure.models import Item, Schedule
from gongkai.disclosure.models.upkeep import SCHEDULE_STATES, WAITING
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.disclosure.queries.schedules import alarming, approved_text, schedule_of, waiting
from gongkai.law.moves import WORK
from gongkai.law.scheduling import LATE, NO_WORKER, after_last_day
from gongkai.web.wording import full_date, full_instant

MOST = 5  # items named on top of the to-do list


def scheduled(item: Item, at: datetime) -> dict[str, Any] | None:
    """What an item's own page says of its instant: when, how far the review is, what is wrong. None without one."""
    row = next((row for row in waiting(at=at, organs=[item.organ_id]) if row.item.pk == item.pk), None)
    if row is None:
        return None
    late = after_last_day(row.due_at.astimezone(at.tzinfo).date(), item.due_on)
    return {
        "due_at": row.due_at,
        "approved": row.approved_at is not None,
        "text": _("审查已经通过，到时间由系统发布，在此之前公众看不到。")
        if row.approved_at is not None
        else _("审查通过后到这一时间由系统发布；到时间审查没有完成的，不发布，通过后立即发布。"),
        "after_last_day": _("这个时间晚于公开期限的最后一日（%(day)s）。理由：%(reason)s")
        % {"day": full_date(item.due_on), "reason": row.schedule.reason or _("没有写明")}
        if late and item.due_on
        else "",
        "alarms": row.alarms,
    }


def schedule_page(me: Me, item: Item) -> dict[str, Any]:
    """The screen: what waits, what may be done about it, what was set before."""
    current = schedule_of(item)
    approved = approved_text(item) is not None
    return {
        "item": item,
        "current": current,
        "scheduled": scheduled(item, me.at),
        "state": _("审查已经通过") if approved else WORK[item.work],
        "last_day": item.due_on,
        "approved": approved,
        "may_release_now": approved and me.able(MAY_BRING_FORWARD, item) is not None,
        "cancelled_means": _("文本退回拟稿，不会发布；以后要发布的，重新送审。")
        if approved
        else _("不再等到这一时间，审查通过后立即发布。"),
        "former": [_former(row) for row in Schedule.objects.filter(item=item).exclude(state=WAITING).order_by("-id")],
    }


def todo_alarms(me: Me) -> dict[str, Any]:
    """For the top of the to-do list: items of theirs that should be out, one by one; those no worker looks after, by
    their number."""
    rows = alarming(at=me.at, organs=visible_organs(me.held))
    late = [
        {"item": row.item, "due_at": row.due_at, "alarm": alarm}
        for row in rows
        for alarm in row.alarms
        if alarm.code != NO_WORKER.code
    ]
    idle = sum(1 for row in rows if NO_WORKER in row.alarms)
    return {"late": late[:MOST], "more": max(0, len(late) - MOST), "idle": idle, "no_worker": NO_WORKER}


def keepers_alarm(me: Me) -> str:
    """For the system administrator, who sees no items: how many are in trouble, and that the worker is to be looked at."""
    codes = [alarm.code for row in alarming(at=me.at) for alarm in row.alarms]
    said = []
    if idle := codes.count(NO_WORKER.code):
        said.append(_("后台任务没有运行，%(n)d 条定时发布的信息到时间不会发布。请启动 gongkai worker。") % {"n": idle})
    if late := codes.count(LATE.code):
        said.append(_("%(n)d 条定时发布的信息到时间没有发布。请查看后台任务的记录。") % {"n": late})
    return "".join(said)


def when(item: Item) -> str:
    """The instant that waits, for the review screen; empty for none."""
    found = schedule_of(item)
    return full_instant(found.due_at) if found is not None else ""


def _former(row: Schedule) -> dict[str, Any]:
    return {
        "due_at": row.due_at,
        "state": SCHEDULE_STATES[row.state],
        "ended_at": row.ended_at,
        "reason": row.reason,
        "who": row.ended_by.name if row.ended_by else _("系统"),
    }
