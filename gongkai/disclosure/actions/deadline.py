"""Keep the cached due date equal to what the law computes."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.calendars.actions.record_changes import DueChange, record_changes
from gongkai.disclosure.actions.moving import subject_of
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.clock import calendar_for, clock
from gongkai.law import moves
from gongkai.law.workdays import WorkCalendar

CAPABILITY = "主动公开"
OPEN_WORK = (moves.DRAFTING, moves.IN_REVIEW, moves.RETURNED, moves.REFUSED)


def refresh_due(item: Item, formed_on: date | None) -> None:
    """Set `formed_on` and recompute the due date on the row in hand; the caller saves it."""
    item.formed_on = formed_on
    if formed_on is None:
        item.due_on, item.due_provisional = None, False
        return
    due = clock(item, calendar_for(item.organ), formed_on)
    if due is None:
        raise RuntimeError("a dated item has a clock")
    item.due_on, item.due_provisional = due.due_on, due.provisional


def preview() -> list[DueChange]:
    """What a recomputation would change, over every item that still has to be published. Writes nothing."""
    return [change for change, _ in _changes()]


def recompute(*, reason: str, actor: Actor, at: datetime) -> list[DueChange]:
    """Bring every open due date up to the calendar in force; change rows, and one fact for the batch."""
    with transaction.atomic():
        changed = list(_changes(lock=True))
        Item.objects.bulk_update([item for _, item in changed], ["due_on", "due_provisional"], batch_size=500)
        changes = [change for change, _ in changed]
        record_changes(CAPABILITY, changes, reason=reason, actor=actor, at=at)
        return changes


def _changes(*, lock: bool = False) -> Iterator[tuple[DueChange, Item]]:
    rows = Item.objects.filter(work__in=OPEN_WORK, formed_on__isnull=False).select_related("organ", "entry")
    if lock:
        rows = rows.select_for_update(of=("self",))
    calendars: dict[int, WorkCalendar] = {}
    for item in rows.order_by("pk"):
        if item.organ_id not in calendars:
            calendars[item.organ_id] = calendar_for(item.organ)
        old, old_provisional = item.due_on, item.due_provisional
        due = clock(item, calendars[item.organ_id], item.formed_on or date.min)
        if due is None:
            continue
        item.due_on, item.due_provisional = due.due_on, due.provisional
        if (item.due_on, item.due_provisional) != (old, old_provisional):
            yield DueChange(subject_of(item), item.working_title, old, item.due_on), item
