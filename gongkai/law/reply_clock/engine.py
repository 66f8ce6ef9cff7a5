"""The reply clock itself: dated steps in, a `Clock` out; nothing is counted down, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from gongkai.law.reply_clock.acts import ACTS
from gongkai.law.reply_clock.clock import Clock, Interval, Status
from gongkai.law.reply_clock.state import State, Wait
from gongkai.law.reply_clock.steps import ClockStep, InputError, check_shape, receipt_of
from gongkai.law.workdays import WorkCalendar

_BY_DAY = attrgetter("on")


def reply_clock(steps: Iterable[ClockStep], calendar: WorkCalendar, as_of: date) -> Clock:
    """The clock of one request as known on `as_of`.

    Steps are taken by date, those of a day in the order given; what is dated after `as_of`, and what follows a reply
    or a withdrawal, is ignored. Raises `InputError` for facts that cannot be so, `CalendarError` for dates the
    calendar does not know.

    依据：条例30；条例31；条例32；条例33；条例34；条例35；109号；民法典201；民法典203
    """
    given = tuple(steps)
    for step in given:
        check_shape(step)
    receipt, received_on = receipt_of(given)
    if received_on > as_of:
        sentence = f"到{as_of}还没有收到申请（收到之日为{received_on}），无法计算；请核对日期。"
        raise InputError("not_yet_received", sentence)
    state = State(calendar, received_on, receipt)
    for step in sorted(given, key=_BY_DAY):
        if step is receipt:
            continue
        if step.on < received_on:
            sentence = f"{step.on}的步骤早于收到申请之日{received_on}，请核对日期。"
            raise InputError("before_receipt", sentence)
        if step.on > as_of or state.closed_on is not None:
            break
        state.lapse(step.on)
        ACTS[step.step](state, step)
    return _result(state, as_of)


def _result(state: State, as_of: date) -> Clock:
    """The state on `as_of`, or on the day of the reply or withdrawal, which ends the count."""
    horizon = state.closed_on or as_of
    state.lapse(horizon)
    state.note_silence(horizon)
    waits = state.waits()
    due = None if state.by == "withdrawn" else state.due()
    suspensions = tuple(state.suspensions())
    status = _status(state, as_of, due, waits, suspensions)
    counted_from = state.start if state.delayed is None else due
    return Clock(
        due_on=due,
        provisional=due is not None and state.calendar.is_provisional(counted_from or due, due),
        status=status,
        remaining=None if due is None or state.by else _remaining(state, as_of, due, suspensions),
        violations=tuple(state.violations),
        received_on=state.received,
        as_of=as_of,
        start=state.start,
        length=state.length,
        suspensions=suspensions,
        closed_on=state.closed_on,
        delayed=state.delayed is not None,
        waiting_until=waits[0].until if waits else None,
        notes=tuple(sorted(state.notes, key=_BY_DAY)),
        calendar=state.calendar,
    )


def _status(
    state: State, as_of: date, due: date | None, waits: list[Wait], suspensions: tuple[Interval, ...]
) -> Status:
    """Precedence: replied, withdrawn, given up, awaiting, late, suspended, running."""
    if state.by == "replied":
        assert state.closed_on is not None
        return "late" if due is not None and state.closed_on > due else "met"
    if state.by == "withdrawn":
        return "withdrawn"
    if any(wait.lapsed for wait in waits):
        return "abandoned"
    if waits:
        return "awaiting_clarification" if waits[0] is state.clarification else "awaiting_payment"
    assert due is not None
    if as_of > due:
        return "late"
    return "suspended" if any(asked < as_of <= ended for asked, ended in suspensions) else "running"


def _remaining(state: State, as_of: date, due: date, suspensions: tuple[Interval, ...]) -> int:
    if as_of >= due:
        return 0
    days = state.calendar.count(as_of, due)
    for asked, ended in suspensions:
        first, last = max(asked, as_of), min(ended, due)
        if first < last:
            days -= state.calendar.count(first, last)
    return days
