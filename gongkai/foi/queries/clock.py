"""The clock of a request, computed by law from its dated steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_path
from gongkai.calendars.queries import work_calendar
from gongkai.foi.models import CaseStep, FoiRequest
from gongkai.law.reply_clock import Clock, ClockStep, reply_clock
from gongkai.law.workdays import WorkCalendar

#: The columns of a step are the fields law takes.
FIELDS = tuple(f.name for f in fields(ClockStep))


def as_law(row: CaseStep) -> ClockStep:
    return ClockStep(**{name: getattr(row, name) for name in FIELDS})


def in_force(rows: Iterable[CaseStep]) -> tuple[ClockStep, ...]:
    """The steps of one request that nothing replaced, in their order."""
    kept = list(rows)
    replaced = {row.replaces_id for row in kept if row.replaces_id is not None}
    return tuple(as_law(row) for row in sorted(kept, key=lambda r: (r.seq, r.pk)) if row.pk not in replaced)


def steps_of(case: FoiRequest) -> tuple[ClockStep, ...]:
    """One query, or none where the steps were prefetched."""
    return in_force(case.steps.all())


def calendar_for(organ: Organ) -> WorkCalendar:
    """The work calendar with the local holidays of the organ's subtree."""
    return work_calendar(organ_path(organ))


def clock_of(case: FoiRequest, as_of: date) -> Clock | None:
    """The clock as seen on a day; None while the day of receipt is not confirmed."""
    steps = steps_of(case)
    return reply_clock(steps, calendar_for(case.organ), as_of) if steps else None


def last_day(steps: Sequence[ClockStep]) -> date:
    """The day from which on the due day no longer depends on the day it is looked at."""
    return max(max(step.on, step.confirmed_on or step.on) for step in steps)
