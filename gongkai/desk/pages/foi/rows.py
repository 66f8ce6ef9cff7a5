"""One line of a list of requests: date, what remains, matter, step, whose turn."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages.clocks import due_note
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.step_clock import overdue
from gongkai.desk.who import Me
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.board import Row
from gongkai.foi.queries.signing import Reading
from gongkai.law import foi_moves as moves
from gongkai.law.reply_clock import Clock
from gongkai.law.roles import role
from gongkai.web.wording import paused_in_column, short_date, working_days_in_column

#: State → the article the step stands on, as a list shows it.
ARTICLES = {
    moves.REGISTERED: "第三十一条",
    moves.AWAITING_CLARIFICATION: "第三十条",
    moves.AWAITING_PAYMENT: "第四十二条",
}
NOTES = {moves.AWAITING_CLARIFICATION: "补正最后一日", moves.AWAITING_PAYMENT: "缴费最后一日"}


def shown(row: Row, me: Me, group: str, reading: Reading | None, *, open_text: bool) -> dict[str, Any]:
    """The values of templates/desk/foi/_rows.html. `open_text` False: numbers, states and dates only."""
    case = row.case
    verb = turn(case, me, row.clock, reading) if open_text else ""
    due, note = due_of(row)
    place = f"{case.organ.label} {case.section.name}" if case.section else case.organ.label
    facts = [case.number, place, ARTICLES.get(case.state, _("第三十三条"))]
    return {
        "due": due,
        "due_note": note,
        "left": left(row.clock, case),
        "pressing": group in ("late", "today"),
        "url": reverse("desk:case", args=[case.number]) if open_text else "",
        "title": title(case) if open_text else case.number,
        "facts": facts if open_text else facts[1:],
        "step": reading.step if reading else moves.STATES[case.state],
        "who": _("您") if verb else whose(case, reading),
        "verb": verb or (_("查看") if open_text else ""),
        "mine": bool(verb),
    }


def due_of(row: Row) -> tuple[date | None, str]:
    """The day that counts now, and what it is where that is not the plain statutory day."""
    case, clock = row.case, row.clock
    if case.state in moves.WAITING:
        return case.waiting_until, _(NOTES[case.state]) if case.waiting_until else _("没有限定日期")
    if clock is None or clock.due_on is None:
        return None, _("没有起算") if clock is None else ""
    if clock.status == "suspended":
        return clock.due_on, _("预计")
    return clock.due_on, due_note(clock.due_on, clock.calendar, provisional=clock.provisional)


def left(clock: Clock | None, case: FoiRequest) -> str:
    """What remains, under the column head 剩余工作日."""
    if clock is None:
        return _("未起算")
    match clock.status:
        case "awaiting_clarification" | "awaiting_payment":
            return _("停止计算")
        case "abandoned":
            return _("申请人逾期")
        case "withdrawn":
            return _("已撤回")
        case "met":
            return _("按期答复")
        case "late" if clock.closed_on is not None:
            return _("逾期答复")
        case "late":
            return working_days_in_column(-overdue(clock)) if overdue(clock) else _("已逾期")
        case "suspended":
            return paused_in_column(clock.remaining or 0)
        case "running":
            return working_days_in_column(clock.remaining or 0)
        case _:
            raise ValueError(f"unknown status {clock.status} of {case.number}")


def turn(case: FoiRequest, me: Me, clock: Clock | None, reading: Reading | None) -> str:
    """The verb of this person's button; empty when it waits for somebody else."""
    officer = me.able(("foi_officer",), case) is not None
    lapsed = clock is not None and clock.status == "abandoned"
    if case.state in moves.WAITING:
        return _("办结") if officer and lapsed else ""
    if case.state == moves.IN_REVIEW:
        return _("审核") if reading is not None and me.able((reading.role,), case) is not None else ""
    if case.state == moves.CLOSED or not officer:
        return ""
    verbs = {moves.REGISTERED: _("确认"), moves.RECEIVED: _("受理"), moves.SIGNED: _("送达")}
    return _("归档") if case.state in moves.ENDED else verbs.get(case.state, _("办理"))


def whose(case: FoiRequest, reading: Reading | None) -> str:
    """Who acts next, when it is not this person."""
    if case.state in moves.WAITING:
        return _("申请人")
    if reading is not None:
        return f"{role(reading.role).title}（{case.organ.label}）"
    if case.section is not None:
        return f"{case.section.name}（{case.organ.label}）"
    return _("经办人（%(organ)s）") % {"organ": case.organ.label}


def received(case: FoiRequest) -> str:
    """9月21日收到"""
    return _("%(day)s收到") % {"day": short_date(case.received_on)} if case.received_on else ""
