"""Keep the copies of the clock equal to what the law computes, when the calendar changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.calendars.actions.record_changes import DueChange, record_changes
from gongkai.foi.actions.turning import copy_clock, day_of
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import calendar_for, last_day, steps_of
from gongkai.law.foi_moves import ENDED, REGISTERED
from gongkai.law.reply_clock import reply_clock
from gongkai.law.workdays import WorkCalendar

CAPABILITY = "依申请公开"


def preview() -> list[DueChange]:
    """What a recomputation would change over every open request. Writes nothing."""
    return [change for change, _ in _changes(at=None)]


def recompute(*, reason: str, actor: Actor, at: datetime) -> list[DueChange]:
    """Bring every open request up to the calendar in force; change rows, and one fact for the batch."""
    with transaction.atomic():
        changed = list(_changes(at=at))
        columns = ["due_on", "provisional", "clock_status", "waiting_until"]
        FoiRequest.objects.bulk_update([case for _, case in changed], columns, batch_size=500)
        changes = [change for change, _ in changed]
        record_changes(CAPABILITY, changes, reason=reason, actor=actor, at=at)
        return changes


def _changes(*, at: datetime | None) -> Iterator[tuple[DueChange, FoiRequest]]:
    rows = FoiRequest.objects.exclude(state__in=[*ENDED, REGISTERED]).select_related("organ").order_by("pk")
    if at is not None:
        rows = rows.select_for_update(of=("self",))
    calendars: dict[int, WorkCalendar] = {}
    for case in rows.prefetch_related("steps"):
        calendar = calendars.setdefault(case.organ_id, calendar_for(case.organ))
        steps = steps_of(case)
        as_of = last_day(steps) if at is None else max(last_day(steps), day_of(at))
        old = (case.due_on, case.provisional, case.waiting_until)
        copy_clock(case, reply_clock(steps, calendar, as_of))
        if (case.due_on, case.provisional, case.waiting_until) != old:
            yield DueChange(case.subject, case.number, old[0], case.due_on), case
