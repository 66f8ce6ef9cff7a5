"""Release at a set instant: which instant may be set, who may bring it forward, and what is an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from gongkai.law.explain import day_in_words
from gongkai.law.verdicts import Allowed, Refused, Verdict

#: [I] How far ahead an instant may lie; beyond that it is a slip of the pen.
FARTHEST_DAYS: Final = 366
#: An approved text that is not out so long after its instant is late.
LATE_AFTER: Final = timedelta(seconds=60)
#: [I] A worker that has given no sign for so long is not running; it gives one every ten seconds.
ALIVE_WITHIN: Final = timedelta(seconds=45)
LONGEST_REASON: Final = 140


def may_set(
    instant: datetime, day: date, *, now: datetime, openness: str, last_day: date | None, reason: str
) -> Verdict:
    """May this instant be set? `day` is the instant's day where the organ is, `last_day` the last one to publish.

    In the future and not further than `FARTHEST_DAYS`; only for what is disclosed on the organ's own initiative. Past
    the last day only with the reason written down: setting an instant moves no statutory day.

    依据：条例26；条例19
    """
    if openness != "proactive":
        return Refused(
            "not_proactive", "只有主动公开的信息可以定时发布，这一份不是主动公开。", "《政府信息公开条例》第十九条"
        )
    if instant <= now:
        return Refused("instant_past", "定时发布的时间已经过去，请填写以后的时间。")
    if instant - now > timedelta(days=FARTHEST_DAYS):
        return Refused("instant_far", f"定时发布的时间在 {FARTHEST_DAYS} 天以后，请核对年份。")
    if len(reason.strip()) > LONGEST_REASON:
        return Refused("reason_long", f"理由最长 {LONGEST_REASON} 字，请精简。")
    if after_last_day(day, last_day) and not reason.strip():
        return Refused(
            "after_last_day",
            f"这个时间晚于公开期限的最后一日（{_in_words(last_day)}）。请提前；确须晚于期限的，写明理由，期限不因此改变。",
            "《政府信息公开条例》第二十六条",
        )
    return Allowed()


def after_last_day(day: date, last_day: date | None) -> bool:
    """Does the day lie past the last one to publish? Never while no such day is known.

    依据：条例26
    """
    return last_day is not None and day > last_day


def may_change(new: datetime | None, old: datetime | None, *, in_review: bool, drafts: bool) -> Verdict:
    """May the instant become `new` (None: as soon as all opinions are there)?

    While a text is in review its drafter may only put the instant off: the reviewers agreed to a text that is not to be
    public before it.

    依据：设计
    """
    sooner = old is not None and (new is None or new < old)
    if in_review and drafts and sooner:
        return Refused(
            "not_sooner",
            "文本已经送审，审查人看到的发布时间不能由拟稿人提前。请撤回送审，或者由合规审核、负责人或应急发布岗办理。",
        )
    return Allowed()


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong with a text that waits for its instant, and what to do."""

    code: str  # late | unreviewed | no_worker
    title: str
    sentence: str


NO_WORKER: Final = Alarm(
    "no_worker", "后台任务没有运行", "到时间不会发布。请系统管理员启动后台任务（gongkai worker），启动后一分钟内补发。"
)
LATE: Final = Alarm("late", "到时间没有发布", "审查已经通过，时间已过，还没有发布。请系统管理员查看后台任务的记录。")
UNREVIEWED: Final = Alarm(
    "unreviewed",
    "到时间审查未完成",
    "时间已过，审查还没有完成，没有发布。审查通过后立即发布；不再需要的，请改期或者取消。",
)


def alarms(
    due_at: datetime, *, approved_at: datetime | None, now: datetime, last_sign: datetime | None
) -> tuple[Alarm, ...]:
    """What is wrong at `now`, gravest first: a text that should be out, one not reviewed in time, no worker.

    依据：设计
    """
    found = []
    if approved_at is None and now >= due_at:
        found.append(UNREVIEWED)
    # An approval that lies in the future comes from a clock that was set back since: it excuses nothing.
    since = max(due_at, approved_at) if approved_at is not None and approved_at <= now else due_at
    if approved_at is not None and now - since > LATE_AFTER:
        found.append(LATE)
    if not alive(last_sign, now):
        found.append(NO_WORKER)
    return tuple(found)


def alive(last_sign: datetime | None, now: datetime) -> bool:
    """Did a worker give a sign just now? One that lies in the future comes from a clock that was set back since.

    依据：设计
    """
    return last_sign is not None and abs(now - last_sign) <= ALIVE_WITHIN


def _in_words(day: date | None) -> str:
    return day_in_words(day) if day else ""
