"""Keep the copies of the clock equal to what the law computes, when the calendar changes.

Made for a million open requests: rows are read as tuples, a page of requests with its steps at a time; law is asked
once for steps that are the same; what moved is written once for each new value, of which there are as many as days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.calendars.actions.record_changes import DueChange, record_changes
from gongkai.foi.actions.turning import day_of
from gongkai.foi.models import CaseStep, FoiRequest
from gongkai.foi.queries.board import Calendars
from gongkai.foi.queries.clock import FIELDS, last_day
from gongkai.law.foi_moves import ENDED, REGISTERED
from gongkai.law.reply_clock import ClockStep, reply_clock
from gongkai.law.workdays import WorkCalendar

CAPABILITY = "依申请公开"
PAGE = 20_000  # requests read at a time
WRITTEN = 2_000  # rows written by one statement
KEPT = 1 << 16  # different steps whose clock is remembered


class Copies(NamedTuple):
    """The columns that repeat what the clock says."""

    due_on: date | None
    provisional: bool
    waiting_until: date | None
    clock_status: str


Changed = tuple[DueChange, int, Copies]  # what goes on the record, the row's key, its new copies


def preview() -> list[DueChange]:
    """What a recomputation would change over every open request. Writes nothing."""
    return [change for page in _changes(at=None) for change, _, _ in page]


def recompute(*, reason: str, actor: Actor, at: datetime) -> list[DueChange]:
    """Bring every open request up to the calendar in force; change rows, and one fact for the batch."""
    with transaction.atomic():
        changes: list[DueChange] = []
        for page in _changes(at=at):
            _write(page)
            changes += [change for change, _, _ in page]
        record_changes(CAPABILITY, changes, reason=reason, actor=actor, at=at)
        return changes


def _write(page: list[Changed]) -> None:
    """One statement for each new value: requests of one page lie together in the table, so its pages are read once."""
    moved: dict[Copies, list[int]] = defaultdict(list)
    for _, pk, now in page:
        moved[now].append(pk)
    for now, pks in moved.items():
        for first in range(0, len(pks), WRITTEN):
            FoiRequest.objects.filter(pk__in=pks[first : first + WRITTEN]).update(**now._asdict())


def _changes(*, at: datetime | None) -> Iterator[list[Changed]]:
    """Page by page the requests whose copies are not what law says; locked when `at` is given."""
    calendars, ask = Calendars(), _asker(day_of(at) if at is not None else None)
    for page in _pages(lock=at is not None):
        steps = _steps_between(page[0][0], page[-1][0])
        changed: list[Changed] = []
        for pk, number, organ_id, due_on, provisional, waiting_until in page:
            now = ask(calendars.of(organ_id), steps[pk])
            if now[:3] != (due_on, provisional, waiting_until):
                changed.append((DueChange(f"foi:{number}", number, due_on, now.due_on), pk, now))
        yield changed


def _asker(today: date | None) -> Callable[[WorkCalendar, tuple[tuple[Any, ...], ...]], Copies]:
    """Law's answer to the steps of a request, remembered: requests received on one day mostly have the same steps."""

    @lru_cache(maxsize=KEPT)
    def ask(calendar: WorkCalendar, rows: tuple[tuple[Any, ...], ...]) -> Copies:
        steps = tuple(ClockStep(*row) for row in rows)
        last = last_day(steps)
        clock = reply_clock(steps, calendar, last if today is None else max(last, today))
        return Copies(clock.due_on, clock.provisional, clock.waiting_until, clock.status)

    return ask


def _pages(*, lock: bool) -> Iterator[list[tuple[Any, ...]]]:
    """(key, number, organ, due day, provisional, last day of waiting) of open requests, in order of key."""
    rows = FoiRequest.objects.exclude(state__in=[*ENDED, REGISTERED]).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    last = 0
    while page := list(
        rows.filter(pk__gt=last).values_list(
            "pk", "number", "organ_id", "due_on", "provisional", "waiting_until"
        )[:PAGE]
    ):  # fmt: skip
        yield page
        last = page[-1][0]


def _steps_between(first: int, last: int) -> dict[int, tuple[tuple[Any, ...], ...]]:
    """The steps in force of open requests with these keys, as tuples of `ClockStep`'s fields. One query."""
    rows = CaseStep.objects.filter(request__gte=first, request__lte=last).exclude(
        request__state__in=[*ENDED, REGISTERED]
    )
    told = rows.order_by("request_id", "seq", "pk").values_list("request_id", "pk", "replaces_id", *FIELDS)
    steps = {}
    for request_id, own in groupby(told.iterator(chunk_size=10_000), key=itemgetter(0)):
        kept = list(own)
        replaced = {row[2] for row in kept}
        steps[request_id] = tuple(row[3:] for row in kept if row[1] not in replaced)
    return steps
