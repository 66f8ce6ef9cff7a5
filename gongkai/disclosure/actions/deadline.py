"""Keep the cached due date equal to what the law computes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.clock import calendar_for, clock
from gongkai.law import moves
from gongkai.ledger.actions.record import record
from gongkai.ledger.canonical import digest

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


@dataclass(frozen=True)
class Change:
    """One due date that would change, or did."""

    item_code: str
    title: str
    old: date | None
    new: date | None


def preview() -> list[Change]:
    """What a recomputation would change, over every item that still has to be published."""
    return [change for change, _ in _changes()]


def recompute(*, reason: str, actor: Actor, at: datetime) -> list[Change]:
    """Bring every open due date up to the calendar of now; one fact for the batch with the digest of its changes."""
    with transaction.atomic():
        changed = list(_changes(lock=True))
        for _, item in changed:
            item.save(update_fields=["due_on", "due_provisional"])
        rows = [[c.item_code, str(c.old), str(c.new)] for c, _ in changed]
        if rows:
            record(
                "deadlines.recomputed", subject="disclosure", actor=actor, at=at, digest=digest(rows),
                data={"reason": reason, "changed": len(rows)},
            )  # fmt: skip
            for change, item in changed:
                record(
                    "item.deadline_changed", subject=f"item:{item.code}", organ_code=item.organ.code, actor=actor,
                    at=at, data={"old": str(change.old), "new": str(change.new), "reason": reason},
                )  # fmt: skip
        return [change for change, _ in changed]


def _changes(*, lock: bool = False) -> Iterator[tuple[Change, Item]]:
    rows = Item.objects.filter(work__in=OPEN_WORK, formed_on__isnull=False).select_related("organ", "entry")
    if lock:
        rows = rows.select_for_update(of=("self",))
    calendars = {}
    for item in rows.order_by("pk"):
        if item.organ_id not in calendars:
            calendars[item.organ_id] = calendar_for(item.organ)
        old, old_provisional = item.due_on, item.due_provisional
        due = clock(item, calendars[item.organ_id], item.formed_on or date.min)
        if due is None:
            continue
        item.due_on, item.due_provisional = due.due_on, due.provisional
        if (item.due_on, item.due_provisional) != (old, old_provisional):
            yield Change(item.code, item.working_title, old, item.due_on), item
