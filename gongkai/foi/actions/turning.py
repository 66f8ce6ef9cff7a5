"""The one place that changes a request's state and its dates, and the checks every action begins with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.foi.models import CaseNote, CaseStep, FoiRequest, Outcome
from gongkai.foi.queries.clock import FIELDS, as_law, calendar_for, in_force
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law import foi_moves as moves
from gongkai.law.replies import report_row
from gongkai.law.reply_clock import Clock, ClockStep, InputError, reply_clock
from gongkai.law.roles import role
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.law.workdays import CalendarError, WorkCalendar
from gongkai.ledger.actions.record import record

# The applicant acting through the public site; who it is stands in the request, sealed.
APPLICANT = Actor(None, "applicant", "申请人", "applicant", None, "", None, "")
OFFICER = ("foi_officer",)
HEAD = ("foi_head",)
APPROVED_BY = "政府信息公开工作机构负责人"


@dataclass(frozen=True, slots=True)
class Turned:
    """What a verb left behind: the rows of its steps and the clock after it (None while receipt is not confirmed)."""

    steps: tuple[CaseStep, ...]
    clock: Clock | None


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def locked(number: str) -> FoiRequest:
    """The request's row, locked until the transaction ends; call inside a transaction.

    Only what never changes is joined: after waiting for the lock PostgreSQL reads the row anew, but not its joins.
    """
    rows = FoiRequest.objects.select_for_update(of=("self",))
    return rows.select_related("organ", "key", "applicant__key").get(number=number)


def require_post(
    actor: Actor, case: FoiRequest, roles: Collection[str], doing: str, *, applicant: bool = False
) -> None:
    """The actor must hold one of the roles for the request's organ, or be the applicant where that is allowed."""
    if applicant and actor is APPLICANT:
        return
    if actor.role not in roles or actor.organ_id != case.organ_id:
        titles = "、".join(role(code).title for code in roles)
        raise Refusal(Refused("not_your_post", f"您没有为本机关{doing}的岗位（{titles}），没有办理。"))


def clock_on(case: FoiRequest, on: date) -> Clock:
    """The clock on a day; refuses where facts or calendar do not allow one."""
    return _clock(in_force(case.steps.all()), calendar_for(case.organ), on)


def turn(
    case: FoiRequest, verb: str, kind: str, *, actor: Actor, at: datetime, steps: Sequence[ClockStep] = (),
    replaces: CaseStep | None = None, outside: bool = False, outcome: Outcome | None = None,
    void: Outcome | None = None, note: str = "", data: dict[str, Any] | None = None, digest: str = "",
) -> Turned:  # fmt: skip
    """Do one verb: ask the law about state, dates and clock; write steps, state and copies of the clock; record it.

    `outside` marks facts that came from elsewhere (an answer, a payment): they are written down even where they show
    that an earlier act was late. Runs in the caller's transaction with the request locked.
    """
    require(moves.may(verb, case.state))
    if at < case.touched_at:
        raise Refusal(Refused("clock_backwards", "系统时间早于这件申请上一步的时间，没有办理。请检查服务器的时间。"))
    today, calendar = day_of(at), calendar_for(case.organ)
    rows = list(case.steps.all())
    before = in_force(rows)
    _check_dates(steps, before, today=today, received_on=case.received_on, outside=outside or replaces is not None)
    added = [_row(case, rows, n, step, replaces, at) for n, step in enumerate(steps)]
    now = _clock(_with(before, added, replaces, rows), calendar, today) if before or added else None
    if now is not None and not outside:
        require(moves.may_take(_clock(before, calendar, today) if before else None, now))
    state = moves.after(verb, case.state, now.status if now else "")
    for row in added:
        row.save(force_insert=True)
    if void is not None:
        void.voided_at = at
        void.save(update_fields=["voided_at"])
    if outcome is not None:
        outcome.save(force_insert=True)
    case.state = moves.settle(state, now.status) if now is not None else state
    copy_clock(case, now)
    case.touched_at = at
    case.save()
    if note.strip():
        CaseNote.objects.create(request=case, verb=verb, text=sealed_text(case.key, note.strip(), "note.text"), at=at)
    record(
        kind, subject=case.subject, organ_code=case.organ.code, actor=actor, at=at, digest=digest,
        data={"verb": verb, "state": case.state} | ({"steps": [_told(row) for row in added]} if added else {})
        | (data or {}),
    )  # fmt: skip
    # Rows read before this verb are stale now.
    case._prefetched_objects_cache = {}
    return Turned(tuple(added), now)


def copy_clock(case: FoiRequest, now: Clock | None) -> None:
    """Set the copies of the clock on the row in hand; the caller saves it."""
    if now is None:
        return
    case.received_on = now.received_on
    case.due_on, case.provisional = now.due_on, now.provisional
    case.clock_status, case.waiting_until = now.status, now.waiting_until


def outcome_of(case: FoiRequest, reply_code: str, *, on: date, ground: str = "") -> Outcome:
    """The line of table 3 for a request, not saved."""
    return Outcome(
        request=case, reply_code=reply_code, ground=ground, report_row=report_row(reply_code, ground),
        column=case.applicant.column, decided_on=on,
    )  # fmt: skip


def _check_dates(
    steps: Sequence[ClockStep], before: Sequence[ClockStep], *, today: date, received_on: date | None, outside: bool
) -> None:
    for step in steps:
        for day in (step.on, step.confirmed_on, step.received_on):
            if day is not None:
                require(moves.may_date(day, today=today, received_on=received_on))
        latest = max((s.on for s in before if s.step != "received"), default=None)
        if not outside and latest is not None and step.on < latest:
            raise Refusal(
                Refused("before_last_step", f"日期{step.on}早于上一步的日期{latest}，请核对；按实际办理的日期登记。")
            )


def _row(
    case: FoiRequest, rows: Sequence[CaseStep], n: int, step: ClockStep, replaces: CaseStep | None, at: datetime
) -> CaseStep:
    seq = replaces.seq if replaces is not None else max((r.seq for r in rows), default=0) + 1 + n
    return CaseStep(
        request=case, seq=seq, replaces=replaces, recorded_at=at, **{name: getattr(step, name) for name in FIELDS}
    )


def _with(
    before: Sequence[ClockStep], added: Sequence[CaseStep], replaces: CaseStep | None, rows: Sequence[CaseStep]
) -> tuple[ClockStep, ...]:
    if replaces is None:
        return (*before, *map(as_law, added))
    gone = {row.replaces_id for row in rows} | {replaces.pk}
    kept = [row for row in rows if row.pk not in gone] + list(added)
    return tuple(as_law(row) for row in sorted(kept, key=lambda row: row.seq))


def _clock(steps: Sequence[ClockStep], calendar: WorkCalendar, on: date) -> Clock:
    try:
        return reply_clock(steps, calendar, on)
    except InputError as error:
        raise Refusal(Refused(error.code, error.sentence)) from None
    except CalendarError as error:
        raise Refusal(Refused("no_calendar", f"{error}")) from None


def _told(row: CaseStep) -> dict[str, Any]:
    """A step as a fact tells it: dates, codes and labels, no name."""
    values = {name: getattr(row, name) for name in FIELDS} | {"seq": row.seq}
    if row.replaces_id is not None:
        values["replaces"] = True
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v is not None}
