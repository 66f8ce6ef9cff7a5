"""The days of a reply clock as a person reads them: month tables, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from gongkai.law.explain import joined, short_date
from gongkai.law.reply_clock import Clock, ClockStep, PicturedDay, picture

MOST_DAYS = 550  # a longer picture is told in words alone
WEEKDAYS = "一二三四五六日"
_RESTARTED_BY = {"clarification_received": "补正到", "fee_paid": "缴费"}


def months(clock: Clock, steps: Iterable[ClockStep]) -> list[dict[str, Any]]:
    """Month by month: {year, month, weeks: [[cell or None] × 7]}; empty without a picture."""
    days = picture(clock)
    if len(days) > MOST_DAYS:
        return []
    start_word = _start_word(clock, steps)
    shown = []
    for (year, month), of_month in groupby(days, key=lambda day: (day.on.year, day.on.month)):
        cells = {day.on: _cell(day, clock, start_word) for day in of_month}
        shown.append({"year": year, "month": month, "weeks": _weeks(cells)})
    return shown


def _weeks(cells: dict[date, dict[str, Any]]) -> list[list[dict[str, Any] | None]]:
    first, last = min(cells), max(cells)
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    return [[cells.get(monday + timedelta(days=7 * week + day)) for day in range(7)] for week in range(count)]


def _cell(day: PicturedDay, clock: Clock, start_word: str) -> dict[str, Any]:
    """{on, kind, word, worked, name, today, provisional}; `kind` names the look: counted or ahead of the day looked from."""
    match day.kind:
        case "start":
            kind, word = "start", start_word
        case "counted":
            kind, word = ("counted" if day.on <= _end(clock) else "ahead"), _("第%(n)s日") % {"n": day.number}
        case "due":
            kind, word = "due", _("到期")
        case "weekend" | "holiday":
            kind, word = "off", _("休")
        case "suspended":
            kind, word = "suspended", _("暂停")
        case other:
            raise ValueError(f"no look for a day that is {other!r}")
    return {
        "on": day.on,
        "kind": kind,
        "word": word,
        "worked": day.kind in ("counted", "due", "suspended") and bool(day.name),
        "name": day.name,
        "today": day.on == clock.as_of,
        "provisional": day.kind != "start" and clock.calendar.is_provisional(day.on, day.on),
    }


def _end(clock: Clock) -> date:
    """Days up to this one have been counted: the day looked from, or the day of the reply."""
    return clock.closed_on or clock.as_of


def _start_word(clock: Clock, steps: Iterable[ClockStep]) -> str:
    if clock.start == clock.received_on:
        return _("收到")
    restart = next(step.step for step in steps if step.on == clock.start and step.step in _RESTARTED_BY)
    return _(_RESTARTED_BY[restart])


# In words ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Run:
    """Neighbouring days that did the same to the count."""

    kind: str  # counted, ahead, unused (after the reply), off, suspended
    days: list[PicturedDay] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def reads(self, start: date) -> dict[str, str]:
        first, last = (short_date(day.on, beside=start) for day in (self.days[0], self.days[-1]))
        working = sum(day.kind in ("counted", "due", "suspended") for day in self.days)
        worked = [
            short_date(day.on, beside=start) for day in self.days if day.name and day.kind not in ("holiday", "weekend")
        ]
        remarks = [_("%(days)s调休上班") % {"days": joined(worked)}] if worked else []
        if self.names:
            said = _("含%(names)s放假") if self.kind == "suspended" else _("%(names)s放假")
            remarks.append(said % {"names": joined(self.names)})
        return {
            "days": first if first == last else f"{first}至{last}",
            "effect": self._effect(working),
            "remark": "，".join(remarks),
            "kind": self.kind,
        }

    def _effect(self, working: int) -> str:
        match self.kind:
            case "counted":
                return _("计 %(n)s 日") % {"n": working}
            case "ahead":
                return _("还有 %(n)s 日") % {"n": working}
            case "unused":
                return _("没有用到 %(n)s 日") % {"n": working}
            case "suspended":
                return _("暂停 %(n)s 日") % {"n": working}
            case "off":
                return _("不计")
            case other:
                raise ValueError(f"no words for {other!r}")


def in_words(clock: Clock) -> list[dict[str, str]]:
    """{days, effect, remark, kind} for each run of days. A weekend inside a run is passed over, one at its edge too."""
    runs: list[Run] = []
    for day in picture(clock)[1:]:
        kind = _run_kind(day, clock, runs)
        if kind == "":
            continue
        if not runs or runs[-1].kind != kind:
            runs.append(Run(kind))
        runs[-1].days.append(day)
        if day.kind == "holiday":
            runs[-1].names.append(day.name)
    return [run.reads(clock.start) for run in runs]


def _run_kind(day: PicturedDay, clock: Clock, runs: Sequence[Run]) -> str:
    """The run a day belongs to; empty for a weekend, and for leave while suspended that of the suspension."""
    if day.kind == "weekend":
        return ""
    if day.kind == "suspended":
        return "suspended"
    if day.kind == "holiday":
        inside = any(asked < day.on < ended for asked, ended in clock.suspensions)
        return "suspended" if inside and runs and runs[-1].kind == "suspended" else "off"
    if day.on <= _end(clock):
        return "counted"
    return "unused" if clock.closed_on else "ahead"
