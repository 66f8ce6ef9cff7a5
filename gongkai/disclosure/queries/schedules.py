"""Texts that wait for their instant: which, whether they are approved by now, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from gongkai.disclosure.models import Item, Release, Schedule, Version
from gongkai.disclosure.models.upkeep import WAITING
from gongkai.law import moves
from gongkai.law.scheduling import ALIVE_WITHIN, Alarm, alarms
from gongkai.ledger.queries import last_sign
from gongkai.review.models import Case


@dataclass(frozen=True)
class Waiting:
    """An instant that waits. `approved_at`: when the text on the table got its last opinion; None while one is missing."""

    schedule: Schedule
    item: Item
    version: Version | None
    approved_at: datetime | None
    alarms: tuple[Alarm, ...]

    @property
    def due_at(self) -> datetime:
        return self.schedule.due_at


def schedule_of(item: Item) -> Schedule | None:
    """The instant that waits for the item."""
    return Schedule.objects.filter(item=item, state=WAITING).select_related("set_by").first()


def approved_text(item: Item) -> tuple[Version, Case] | None:
    """The text on the table with its approved case; None while it is being written or an opinion is missing.

    An approved text without a release exists only where an instant waits: otherwise the last opinion releases it.
    """
    if item.work != moves.IN_REVIEW:
        return None
    version = Version.objects.filter(item=item).order_by("-number").first()
    if version is None or Release.objects.filter(version=version).exists():
        return None
    case = Case.objects.filter(subject_kind="disclosure.version", subject_key=version.pk, state="approved").first()
    return (version, case) if case is not None else None


def waiting(*, at: datetime, organs: Collection[int] | None = None) -> list[Waiting]:
    """Every instant that waits, the next one first; `organs` None for all of them."""
    rows = (
        Schedule.objects.filter(state=WAITING).select_related("item__organ", "item__section").order_by("due_at", "id")
    )
    if organs is not None:
        rows = rows.filter(item__organ_id__in=organs)
    schedules = list(rows)
    if not schedules:
        return []
    newest = {v.item_id: v for v in Version.objects.filter(item__in=[s.item_id for s in schedules]).order_by("number")}
    cases = {
        case.subject_key: case
        for case in Case.objects.filter(
            subject_kind="disclosure.version", state="approved", subject_key__in=[v.pk for v in newest.values()]
        )
    }
    sign = last_sign(by=at + ALIVE_WITHIN)
    return [_waiting(s, newest.get(s.item_id), cases, sign, at) for s in schedules]


def alarming(*, at: datetime, organs: Collection[int] | None = None) -> list[Waiting]:
    """Those with something wrong: late, not reviewed in time, or no worker to release them."""
    return [row for row in waiting(at=at, organs=organs) if row.alarms]


def _waiting(
    schedule: Schedule, version: Version | None, cases: dict[int, Case], sign: datetime | None, at: datetime
) -> Waiting:
    item = schedule.item
    on_table = version if item.work == moves.IN_REVIEW else None
    case = cases.get(on_table.pk) if on_table is not None else None
    approved_at = case.closed_at if case is not None else None
    found = alarms(schedule.due_at, approved_at=approved_at, now=at, last_sign=sign)
    return Waiting(schedule, item, on_table, approved_at, found)
