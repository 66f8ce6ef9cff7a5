"""Requests by their statutory day: the groups of the board, a page of it, counts, and who must act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from gongkai.agencies.models import Organ
from gongkai.calendars.queries import organs_with_own_days, work_calendar
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import in_force
from gongkai.law.foi_moves import CLOSED, ENDED, REGISTERED, STATES, WAITING
from gongkai.law.reply_clock import Clock, ClockStep, reply_clock
from gongkai.law.workdays import WorkCalendar

OPEN: Final = tuple(state for state in STATES if state not in ENDED)
#: Has its outcome and is not yet in the file.
TO_FILE: Final = tuple(state for state in STATES if state in ENDED and state != CLOSED)
SOON, TEN = 3, 10  # working days
#: Groups of the board, in its order; `later` is `ten` and `more` together.
GROUPS: Final = ("late", "today", "soon", "later", "applicant", "unconfirmed", "ended")
#: What a filter may ask for besides.
BANDS: Final = (*GROUPS, "ten", "more")


class Calendars:
    """The work calendar of each organ: three queries for any number of organs with the same local holidays."""

    def __init__(self) -> None:
        self._parents: dict[int, tuple[str, int | None]] | None = None
        self._local: frozenset[str] = frozenset()
        self._known: dict[tuple[str, ...], WorkCalendar] = {}

    def of(self, organ_id: int | None) -> WorkCalendar:
        """The national calendar for None."""
        if self._parents is None:
            self._parents = {pk: (code, up) for pk, code, up in Organ.objects.values_list("pk", "code", "parent_id")}
            self._local = organs_with_own_days()
        path: list[str] = []
        while organ_id is not None:
            code, organ_id = self._parents[organ_id]
            if code in self._local:
                path.insert(0, code)
        key = tuple(path)
        if key not in self._known:
            self._known[key] = work_calendar(key)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Horizon:
    """Today, the third and the tenth working day from it: where one group ends and the next begins."""

    today: date
    soon: date
    ten: date


def horizon(calendar: WorkCalendar, today: date) -> Horizon:
    return Horizon(today, calendar.add(today, SOON), calendar.add(today, TEN))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board; `clock` is as of today, None while the day of receipt is not confirmed."""

    case: FoiRequest
    clock: Clock | None


def in_group(code: str, h: Horizon) -> Q:
    """Requests of one group or band. An unknown code raises ValueError."""
    running = Q(state__in=[s for s in OPEN if s not in WAITING and s != REGISTERED])
    match code:
        case "late":
            return running & Q(due_on__lt=h.today)
        case "today":
            return running & Q(due_on=h.today)
        case "soon":
            return running & Q(due_on__gt=h.today, due_on__lte=h.soon)
        case "later":
            return running & Q(due_on__gt=h.soon)
        case "ten":
            return running & Q(due_on__gt=h.soon, due_on__lte=h.ten)
        case "more":
            return running & Q(due_on__gt=h.ten)
        case "applicant":
            return Q(state__in=sorted(WAITING))
        case "unconfirmed":
            return Q(state=REGISTERED)
        case "ended":
            return Q(state__in=sorted(ENDED))
        case _:
            raise ValueError(f"unknown group {code}")


def group_of(case: FoiRequest, h: Horizon) -> str:
    """The group of the board a request stands in."""
    if case.state in ENDED:
        return "ended"
    if case.state == REGISTERED:
        return "unconfirmed"
    if case.state in WAITING:
        return "applicant"
    if case.due_on is None:
        raise ValueError(f"{case.number} runs without a due day")
    if case.due_on < h.today:
        return "late"
    if case.due_on == h.today:
        return "today"
    return "soon" if case.due_on <= h.soon else "later"


def counts(rows: QuerySet[FoiRequest], h: Horizon) -> dict[str, int]:
    """How many of `rows` stand in each group and band, open in all (`open`) and to be filed (`to_file`). One query."""
    asked = {code: Count("pk", filter=in_group(code, h)) for code in BANDS if code != "ended"}
    asked["open"] = Count("pk", filter=Q(state__in=OPEN))
    asked["to_file"] = Count("pk", filter=Q(state__in=TO_FILE))
    return dict(rows.filter(state__in=(*OPEN, *TO_FILE)).order_by().aggregate(**asked))


def by_due(rows: QuerySet[FoiRequest]) -> QuerySet[FoiRequest]:
    """In the order of the groups: due day, then what waits for the applicant by its own last day, then unconfirmed."""
    place = Case(
        When(state__in=sorted(ENDED), then=Value(3)),
        When(state=REGISTERED, then=Value(2)),
        When(state__in=sorted(WAITING), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return rows.order_by(place, F("due_on").asc(nulls_last=True), F("waiting_until").asc(nulls_last=True), "pk")


def open_cases(organ_ids: Collection[int], *, states: Sequence[str] = ()) -> QuerySet[FoiRequest]:
    """Not ended, by due day; what waits for the applicant comes last, by its own last day."""
    rows = FoiRequest.objects.filter(organ_id__in=organ_ids, state__in=OPEN)
    if states:
        rows = rows.filter(state__in=states)
    return by_due(rows)


def board(
    organ_ids: Collection[int], *, today: date, states: Sequence[str] = (), offset: int = 0, limit: int = 50
) -> list[Row]:
    """A page of the board of these organs."""
    return page(open_cases(organ_ids, states=states), today=today, offset=offset, limit=limit)


def page(
    rows: QuerySet[FoiRequest], *, today: date, offset: int = 0, limit: int = 50, calendars: Calendars | None = None
) -> list[Row]:
    """A page of ordered rows with their clocks: two queries, and three for the calendars."""
    shown = rows[offset : offset + limit].select_related("organ", "section", "key").prefetch_related("steps")
    return with_clocks(shown, today, calendars)


def with_clocks(cases: Iterable[FoiRequest], today: date, calendars: Calendars | None = None) -> list[Row]:
    """Each request with its clock as of today; steps prefetched."""
    return list(clocked(cases, today, calendars))


def clocked(cases: Iterable[FoiRequest], today: date, calendars: Calendars | None = None) -> Iterator[Row]:
    """The same one by one, for long lists; law is asked once for steps that are the same."""
    calendars = calendars or Calendars()
    known: dict[tuple[int, tuple[ClockStep, ...]], Clock] = {}
    for case in cases:
        steps = in_force(case.steps.all())
        if not steps:
            yield Row(case, None)
            continue
        calendar = calendars.of(case.organ_id)
        key = (id(calendar), steps)
        if key not in known:
            known[key] = reply_clock(steps, calendar, today)
        yield Row(case, known[key])


def must_act(organ_ids: Collection[int], *, today: date, within: int) -> list[Row]:
    """Requests late, due within so many working days, given up and not closed, or never confirmed."""
    # So many working days never lie further off than this, whatever the holidays; law then says exactly which.
    far = today + timedelta(days=3 * within + 30)
    rows = FoiRequest.objects.filter(organ_id__in=organ_ids, state__in=OPEN)
    rows = rows.filter(Q(due_on__lte=far) | Q(waiting_until__lt=today) | Q(state=REGISTERED))
    ordered = rows.order_by(F("due_on").asc(nulls_last=True), "pk").select_related("organ", "section")
    return [row for row in with_clocks(ordered.prefetch_related("steps"), today) if _acts(row.clock, within)]


def _acts(clock: Clock | None, within: int) -> bool:
    if clock is None or clock.status in ("late", "abandoned"):
        return True
    return clock.remaining is not None and clock.remaining <= within


def stages(organ_ids: Collection[int]) -> dict[str, int]:
    """How many requests stand in each state; every state is named. One query."""
    return stages_of(FoiRequest.objects.filter(organ_id__in=organ_ids))


def stages_of(rows: QuerySet[FoiRequest]) -> dict[str, int]:
    """The same over any requests."""
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(STATES, 0) | dict(counted)
