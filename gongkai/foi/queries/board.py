"""Open requests by their statutory day, and who must act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import calendar_for, in_force
from gongkai.law.foi_moves import ENDED, REGISTERED, STATES
from gongkai.law.reply_clock import Clock, reply_clock
from gongkai.law.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board; `clock` is as of today, None while the day of receipt is not confirmed."""

    case: FoiRequest
    clock: Clock | None


def open_cases(organ_ids: Collection[int], *, states: Sequence[str] = ()) -> QuerySet[FoiRequest]:
    """Not ended, by due day; what waits for the applicant comes last, by its own last day."""
    rows = FoiRequest.objects.filter(organ_id__in=organ_ids).exclude(state__in=ENDED)
    if states:
        rows = rows.filter(state__in=states)
    return rows.order_by(F("due_on").asc(nulls_last=True), F("waiting_until").asc(nulls_last=True), "pk")


def board(
    organ_ids: Collection[int], *, today: date, states: Sequence[str] = (), offset: int = 0, limit: int = 50
) -> list[Row]:
    """A page of the board: two queries and one calendar for each organ."""
    page = open_cases(organ_ids, states=states)[offset : offset + limit]
    return with_clocks(page.select_related("organ", "section").prefetch_related("steps"), today)


def with_clocks(cases: Iterable[FoiRequest], today: date) -> list[Row]:
    """Each request with its clock as of today; steps prefetched."""
    calendars: dict[int, WorkCalendar] = {}
    rows = []
    for case in cases:
        steps = in_force(case.steps.all())
        if not steps:
            rows.append(Row(case, None))
            continue
        if case.organ_id not in calendars:
            calendars[case.organ_id] = calendar_for(case.organ)
        rows.append(Row(case, reply_clock(steps, calendars[case.organ_id], today)))
    return rows


def must_act(organ_ids: Collection[int], *, today: date, within: int) -> list[Row]:
    """Requests late, due within so many working days, given up and not closed, or never confirmed."""
    rows = FoiRequest.objects.filter(organ_id__in=organ_ids).exclude(state__in=ENDED)
    rows = rows.filter(Q(due_on__isnull=False) | Q(waiting_until__lt=today) | Q(state=REGISTERED))
    ordered = rows.order_by(F("due_on").asc(nulls_last=True), "pk").select_related("organ", "section")
    return [row for row in with_clocks(ordered.prefetch_related("steps"), today) if _acts(row.clock, within)]


def _acts(clock: Clock | None, within: int) -> bool:
    if clock is None or clock.status in ("late", "abandoned"):
        return True
    return clock.remaining is not None and clock.remaining <= within


def stages(organ_ids: Collection[int]) -> dict[str, int]:
    """How many requests stand in each state; every state is named. One query."""
    counted = FoiRequest.objects.filter(organ_id__in=organ_ids).values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(STATES, 0) | dict(counted.order_by())
