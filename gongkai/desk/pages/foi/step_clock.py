"""The clock of a request on the screen of a step, and what the step would do to it: law asked, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.law.articles import cite
from gongkai.law.explain import Step
from gongkai.law.foi_moves import may_date, may_take
from gongkai.law.reply_clock import Clock, ClockStep, InputError, reply_clock
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.law.workdays import CalendarError, WorkCalendar
from gongkai.web.wording import date_with_weekday, full_date, thousands, working_days_left


@dataclass(frozen=True, slots=True)
class Trial:
    """Steps as they would stand, with the clock law gives for them; `refused` where law gives none."""

    clock: Clock | None = None
    refused: Refused | None = None


def try_steps(steps: Sequence[ClockStep], calendar: WorkCalendar, as_of: date) -> Trial:
    """Ask law; what it cannot read or count comes back as its own sentence."""
    try:
        return Trial(clock=reply_clock(steps, calendar, as_of))
    except InputError as error:
        return Trial(refused=Refused(error.code, error.sentence))
    except CalendarError as error:
        return Trial(refused=Refused("no_calendar", str(error)))


def judge(before: Clock | None, now: Trial, dated: Sequence[ClockStep], today: date, *, outside: bool) -> Verdict:
    """The questions the action will ask of dates and clock. `outside`: a fact from elsewhere is taken as it is."""
    for step in dated:
        for day in (step.on, step.confirmed_on, step.received_on):
            if day is not None:
                verdict = may_date(day, today=today, received_on=before.received_on if before else None)
                if not verdict:
                    return verdict
    if now.refused is not None:
        return now.refused
    if now.clock is None or outside:
        return Allowed()
    return may_take(before, now.clock)


def clock_box(clock: Clock | None, *, url: str = "", url_text: str = "") -> dict[str, Any]:
    """The value `clock` of web/components/clock.html for a request; None while its receipt is not confirmed."""
    link = {"url": url, "url_text": url_text}
    if clock is None:
        return link | {
            "state": "waiting", "lead": _("期限未起算"), "number": "", "unit": "",
            "sentence": _("收到之日还没有确认，答复期限没有起算。"), "article": cite("条例31"),
        }  # fmt: skip
    lead, number, state = _count(clock)
    return link | {
        "state": state, "lead": lead, "number": number, "unit": _("个工作日") if number else "",
        "sentence": f"{_since(clock)}{answer_by(clock)}。", "article": _article(clock),
    }  # fmt: skip


def _count(clock: Clock) -> tuple[str, str, str]:
    """Lead, number and state of the box."""
    match clock.status:
        case "awaiting_clarification":
            return _("等待补正"), "", "waiting"
        case "awaiting_payment":
            return _("等待缴费"), "", "waiting"
        case "abandoned":
            return _("视为放弃"), "", "waiting"
        case "withdrawn":
            return _("已撤回"), "", "running"
        case "met":
            return _("已答复"), "", "running"
        case "late" if clock.closed_on is not None:
            return _("逾期答复"), "", "pressing"
        case "late":
            return _("逾期"), thousands(overdue(clock)) if overdue(clock) else "", "pressing"
        case "suspended":
            return _("暂停，余"), thousands(clock.remaining or 0), "waiting"
        case "running" if clock.remaining:
            return _("还有"), thousands(clock.remaining), "running"
        case "running":
            return _("今天到期"), "", "pressing"
        case _:
            raise ValueError(f"unknown status {clock.status}")


def overdue(clock: Clock) -> int:
    """Working days since the due day."""
    return clock.calendar.count(clock.due_on, clock.as_of) if clock.due_on and clock.as_of > clock.due_on else 0


def answer_by(clock: Clock | None) -> str:
    """最迟2026年3月30日（星期一）答复 and what else may stand there; no full stop."""
    if clock is None:
        return _("期限没有起算")
    last = _("，最迟%(day)s") % {"day": date_with_weekday(clock.waiting_until)} if clock.waiting_until else ""
    match clock.status:
        case "awaiting_clarification":
            return _("停止计算，等待申请人补正%(last)s") % {"last": last}
        case "awaiting_payment":
            return _("停止计算，等待申请人缴费%(last)s") % {"last": last}
        case "abandoned":
            return _("申请人逾期，视为放弃申请，不再处理")
        case "withdrawn":
            return _("申请人撤回申请，不再计算")
        case "met" | "late" if clock.closed_on is not None:
            due = _("，期限是%(day)s") % {"day": date_with_weekday(clock.due_on)} if clock.due_on else ""
            return _("%(day)s答复%(due)s") % {"day": date_with_weekday(clock.closed_on), "due": due}
        case "running" | "suspended" | "late":
            assert clock.due_on is not None
            estimate = _("（预估）") if clock.provisional else ""
            return _("最迟%(day)s%(estimate)s答复") % {"day": date_with_weekday(clock.due_on), "estimate": estimate}
        case _:
            raise ValueError(f"unknown status {clock.status}")


def _since(clock: Clock) -> str:
    """What the last day is counted from."""
    if clock.due_on is None or clock.delayed or clock.closed_on is not None:
        return _("%(day)s收到申请，") % {"day": full_date(clock.received_on)}
    return _("自%(day)s次日起算第 %(n)d 个工作日，") % {"day": full_date(clock.start), "n": clock.length}


def _article(clock: Clock) -> str:
    """The rule behind what stands in the box."""
    known = {"awaiting_clarification": "条例30", "awaiting_payment": "109号6", "withdrawn": "条例27"}
    given_up = next((note.article for note in reversed(clock.notes) if note.effect == "abandoned"), "")
    if clock.status == "abandoned" and given_up:
        return given_up
    return cite("条例35" if clock.delayed else known.get(clock.status, "条例33"))


def remaining(clock: Clock | None) -> str:
    """还有 12 个工作日; empty where nothing counts down."""
    if clock is None or clock.remaining is None or clock.closed_on is not None:
        return ""
    if clock.status == "late":
        return working_days_left(-overdue(clock)) if overdue(clock) else _("已逾期")
    return working_days_left(clock.remaining)


def side(clock: Clock | None) -> dict[str, str]:
    """One side of before and after."""
    return {"day": answer_by(clock), "left": remaining(clock)}


def added_notes(before: Clock | None, now: Clock) -> list[Step]:
    """The lines of the explanation that the trial added, in law's own words."""
    known = {(note.on, note.sentence) for note in before.notes} if before is not None else set()
    return [note for note in now.notes if (note.on, note.sentence) not in known]
