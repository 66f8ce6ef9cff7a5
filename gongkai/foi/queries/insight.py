"""How long replies took, and where the time went: working days, counted by law's own clock and calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import Final

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from gongkai.foi.models import CaseStep, FoiRequest
from gongkai.foi.queries.board import BANDS, OPEN, Calendars, Horizon, Row, clocked, in_group
from gongkai.law.reply_clock import Clock, ClockStep

#: [M] what good offices reach (国办 assessment practice); overridable where a city sets its own
TARGET_WORKING_DAYS: Final = 5
#: [I] replies looked at for averages, newest first: a page must not read a province's decade
MOST: Final = 5000
STAGES: Final = {
    "confirm": "确认收到",
    "clarify": "等申请人补正",
    "work": "检索、审查和拟写",
    "consult": "征求意见",
    "pay": "等申请人缴费",
    "sign": "审签",
    "deliver": "盖章和送达",
}
_WAITS: Final = {
    "clarify": ("clarification_asked", ("clarification_received", "reopened")),
    "pay": ("fee_notified", ("fee_paid", "reopened")),
}


@dataclass(frozen=True, slots=True)
class Took:
    """One reply: working days that counted, of how many allowed, whether late, and working days in each stage passed."""

    organ_id: int
    days: int
    allowed: int
    late: bool
    stages: dict[str, int]


def replied_between(rows: QuerySet[FoiRequest], first: date, last: date) -> QuerySet[FoiRequest]:
    """Those of `rows` that were replied to in these days."""
    replies = CaseStep.objects.filter(step="replied", on__range=(first, last))
    return rows.filter(pk__in=replies.values("request"))


def took(rows: QuerySet[FoiRequest], today: date, calendars: Calendars | None = None) -> list[Took]:
    """Of replied requests, the newest `MOST`. Two queries beside the calendars."""
    newest = rows.annotate(submitted_at=Max("replies__frozen_at")).order_by("-pk").prefetch_related("steps")[:MOST]
    return [_took(row) for row in clocked(newest, today, calendars) if row.clock and row.clock.closed_on]


def _took(row: Row) -> Took:
    clock = row.clock
    assert clock is not None
    assert clock.closed_on is not None
    return Took(row.case.organ_id, counted_days(clock), clock.length, clock.status == "late", _stages(row, clock))


def counted_days(clock: Clock) -> int:
    """Working days from the start of the count to the reply, without those spent consulting (条例33)."""
    assert clock.closed_on is not None
    start, end = clock.start, clock.closed_on
    away = sum(_between(clock, max(asked, start), min(ended, end)) for asked, ended in clock.suspensions)
    return _between(clock, start, end) - away


def _between(clock: Clock, first: date, last: date) -> int:
    return clock.calendar.count(first, last) if first < last else 0


def _stages(row: Row, clock: Clock) -> dict[str, int]:
    """Working days in each stage the request passed through; what is left over of receipt to sign-off is the work."""
    case = row.case
    assert clock.closed_on is not None
    submitted_at = getattr(case, "submitted_at", None)
    submitted = timezone.localtime(submitted_at).date() if submitted_at else None
    signed = case.signed_on
    ended = submitted or signed or clock.closed_on
    steps = list(case.steps.all())
    found = {name: _waited(clock, steps, *kinds) for name, kinds in _WAITS.items()}
    found["consult"] = (
        sum(_between(clock, asked, min(end, ended)) for asked, end in clock.suspensions) if clock.suspensions else None
    )
    away = sum(days or 0 for days in found.values())
    found["confirm"] = _between(clock, case.arrived_on, clock.received_on) if case.arrived_on else None
    found["work"] = max(0, _between(clock, clock.received_on, ended) - away)
    found["sign"] = _between(clock, submitted, signed) if submitted and signed else None
    found["deliver"] = _between(clock, signed, clock.closed_on) if signed else None
    return {name: days for name in STAGES if (days := found[name]) is not None}


def _waited(clock: Clock, steps: Sequence[CaseStep | ClockStep], asked: str, ends: tuple[str, ...]) -> int | None:
    """Working days from each asking to what ended it; None where nothing was asked."""
    total, since = None, None
    for step in sorted(steps, key=lambda s: s.on):
        if step.step == asked:
            since, total = since or step.on, total or 0
        elif step.step in ends and since is not None:
            total = (total or 0) + _between(clock, since, step.on)
            since = None
    return total


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage over many replies: how many passed it, the median and the longest, in working days."""

    code: str
    title: str
    cases: int
    median: float
    longest: int


def stage_costs(replies: Iterable[Took]) -> list[Stage]:
    """In the order of the work; stages nobody passed are left out."""
    known = list(replies)
    made = []
    for code, title in STAGES.items():
        days = [reply.stages[code] for reply in known if code in reply.stages]
        if days:
            made.append(Stage(code, title, len(days), float(median(days)), max(days)))
    return made


@dataclass(frozen=True, slots=True)
class Pace:
    """Replies of a period: mean working days, how many in time, how many within the target. None without replies."""

    replies: int
    mean: float | None
    in_time: int
    within_target: int


def pace(replies: Iterable[Took], target: int = TARGET_WORKING_DAYS) -> Pace:
    known = list(replies)
    return Pace(
        len(known),
        fmean(reply.days for reply in known) if known else None,
        sum(1 for reply in known if not reply.late),
        sum(1 for reply in known if reply.days <= target),
    )


def counts_by_organ(rows: QuerySet[FoiRequest], h: Horizon) -> dict[int, dict[str, int]]:
    """Open requests of each organ by group. One query."""
    asked = {code: Count("pk", filter=in_group(code, h)) for code in BANDS if code != "ended"}
    found = rows.filter(state__in=OPEN).order_by().values("organ").annotate(open=Count("pk"), **asked)
    return {row.pop("organ"): row for row in map(dict, found)}
