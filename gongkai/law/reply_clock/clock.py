"""What a reply clock answers: the due day, how it stands, what was done wrongly, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from gongkai.law.articles import cite
from gongkai.law.explain import Step, full_date, joined, short_date
from gongkai.law.proactive import holiday_names
from gongkai.law.workdays import WorkCalendar

Status = Literal[
    "running",
    "suspended",
    "awaiting_clarification",
    "awaiting_payment",
    "met",
    "late",
    "abandoned",
    "withdrawn",
]
Interval = tuple[date, date]  # (asked, ended]: the first day is outside


@dataclass(frozen=True, slots=True)
class Violation:
    """An act against the rules. It had no effect on the clock, save that a courier's reply is a reply."""

    code: str
    article: str
    sentence: str
    on: date


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one request as seen on `as_of`.

    `due_on` is None while a clarification or a payment is awaited, when given up or withdrawn.
    `remaining` is working days that still count after `as_of` up to the due day: 0 when past, None when there is no
    due day or it is replied. `start` is the day the running count began (receipt, or the latest restart), `length`
    the days to count (20 and the extension), `suspensions` disjoint (from, until] in order.
    """

    due_on: date | None
    provisional: bool
    status: Status
    remaining: int | None
    violations: tuple[Violation, ...]
    received_on: date
    as_of: date
    start: date
    length: int
    suspensions: tuple[Interval, ...]
    closed_on: date | None = None
    delayed: bool = False
    waiting_until: date | None = None  # last day to clarify or pay, None when reopened or nothing is awaited
    notes: tuple[Step, ...] = field(default=(), repr=False)
    calendar: WorkCalendar = field(default=None, repr=False, compare=False)  # type: ignore[assignment]

    @property
    def explain(self) -> tuple[Step, ...]:
        """What happened in order of date, how the days were counted, and the one line."""
        return (*self.notes, *_counting(self), Step(self.due_on or self.as_of, "result", cite("条例33"), self.sentence))

    @property
    def sentence(self) -> str:
        """One line for a list: 应于2026年10月22日（星期四）前答复，剩余12个工作日"""
        return _one_line(self)

    def as_json(self) -> dict[str, Any]:
        """The answer of `gongkai law due`, without the case's `id`."""
        return {
            "reply": {
                "due_on": self.due_on.isoformat() if self.due_on else None,
                "provisional": self.provisional,
                "status": self.status,
                "remaining_working_days": self.remaining,
            },
            "violations": [{"code": v.code, "article": v.article, "sentence": v.sentence} for v in self.violations],
            "explain": [
                {"on": (step.on or self.as_of).isoformat(), "effect": step.effect, "article": step.article,
                 "sentence": step.sentence}
                for step in self.explain
            ],
        }  # fmt: skip


def _counting(clock: Clock) -> list[Step]:
    """How the count went from the start to the due day: worked weekends, leave, suspended days, the last day."""
    if clock.due_on is None or clock.delayed:
        return []
    start, due, calendar = clock.start, clock.due_on, clock.calendar
    marks = calendar.marks(start, due)
    worked = [mark.on for mark in marks if mark.kind == "work" and not _suspended(mark.on, clock)]
    off = [mark for mark in marks if mark.kind == "off"]
    article = cite("条例33")
    steps = [Step(start, "day_not_counted", cite("民法典201"), f"{short_date(start)}当日不计，自次日起算")]
    if worked:
        days = joined(short_date(day, beside=start) for day in worked)
        steps.append(Step(worked[0], "worked_weekend_counted", article, f"{days}调休上班，计入"))
    if off:
        steps.append(Step(off[0].on, "holiday_not_counted", article, f"{holiday_names(m.name for m in off)}假期不计"))
    for asked, ended in clock.suspensions:
        first = max(asked, start)
        skipped = calendar.count(first, ended) if first < ended and first < due else 0
        if skipped:
            days = f"{short_date(first, beside=start)}次日至{short_date(ended, beside=start)}"
            said = f"{days}征求意见，{skipped}个工作日不计"
            steps.append(Step(asked, "days_suspended", cite("条例33.3"), said))
    steps.append(Step(due, "last_day", article, f"第{clock.length}个工作日为{full_date(due)}"))
    if clock.provisional:
        said = f"{calendar.last_official_year + 1}年以后的放假安排尚未公布，日期为预估"
        steps.append(Step(due, "provisional", cite("放假办法"), said))
    return steps


def _suspended(day: date, clock: Clock) -> bool:
    return any(asked < day <= ended for asked, ended in clock.suspensions)


def _one_line(clock: Clock) -> str:
    estimate = "（预估）" if clock.provisional else ""
    due = f"应于{full_date(clock.due_on)}{estimate}前答复" if clock.due_on else ""
    match clock.status:
        case "running":
            return f"{due}，剩余{clock.remaining}个工作日"
        case "suspended":
            return f"{due}，剩余{clock.remaining}个工作日，现因征求意见暂停计算"
        case "awaiting_clarification":
            return f"等待申请人补正{_last_day(clock)}，收到补正之日起重新计算20个工作日"
        case "awaiting_payment":
            return f"等待申请人缴纳信息处理费{_last_day(clock)}，缴费后重新计算20个工作日"
        case "abandoned":
            return "申请人逾期未补正或者未缴费，视为放弃申请，不再处理"
        case "withdrawn":
            assert clock.closed_on is not None
            return f"申请人已于{full_date(clock.closed_on)}撤回申请，不再计算"
        case "met":
            assert clock.closed_on is not None
            replied = f"已于{full_date(clock.closed_on)}答复"
            return f"{due}，{replied}，未逾期" if due else replied
        case "late":
            return _late_line(clock, due)
        case _:
            raise ValueError(f"unknown status {clock.status!r}")


def _late_line(clock: Clock, due: str) -> str:
    assert clock.due_on is not None
    until = clock.closed_on or clock.as_of
    over = clock.calendar.count(clock.due_on, until)
    late = f"逾期{over}个工作日" if over else "已逾期"
    if clock.closed_on:
        return f"{due}，{full_date(clock.closed_on)}才答复，{late}"
    return f"{due}，剩余0个工作日，{late}"


def _last_day(clock: Clock) -> str:
    return f"，最迟{full_date(clock.waiting_until)}" if clock.waiting_until else ""
