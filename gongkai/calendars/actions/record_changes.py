"""Put the due dates that moved on the record: change rows, and one fact with their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongkai.calendars.models import DeadlineBatch, DeadlineChange
from gongkai.law.workdays import WorkCalendar
from gongkai.ledger.actions.record import Acting, record

#: Gives the calendar of an organ from its codes, root first: the one in force, or the one of a preview.
CalendarFor = Callable[[tuple[str, ...]], WorkCalendar]


@dataclass(frozen=True, slots=True)
class DueChange:
    """A due date that moves. `subject` is the ledger's subject of the matter, `title` for a person to read."""

    subject: str
    title: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Recomputer:
    """One capability with clocks: what would move under a calendar, and the action that moves it.

    `preview(calendar_for, as_of)` writes nothing. `recompute(calendar_for, reason=…, actor=…, at=…)` writes the new
    dates and calls `record_changes` in the same transaction. Both give the changes.
    """

    name: str
    preview: Callable[[CalendarFor, date], Sequence[DueChange]]
    recompute: Callable[..., Sequence[DueChange]]


def changes_digest(changes: Sequence[DueChange]) -> str:
    """SHA-256 over `subject before after`, one line a change, in the order given."""
    lines = (f"{change.subject} {change.before or '-'} {change.after or '-'}" for change in changes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def record_changes(
    capability: str, changes: Sequence[DueChange], *, reason: str, actor: Acting, at: datetime
) -> DeadlineBatch | None:
    """Keep each old and new date with the reason, and record one fact for the batch. Nothing moved: nothing kept.

    Call it in the transaction that writes the new dates.
    """
    if not changes:
        return None
    digest = changes_digest(changes)
    with transaction.atomic():
        batch = DeadlineBatch.objects.create(capability=capability, reason=reason[:300], digest=digest, at=at)
        DeadlineChange.objects.bulk_create(
            (
                DeadlineChange(batch=batch, subject=change.subject, before=change.before, after=change.after)
                for change in changes
            ),
            batch_size=1000,
        )
        record(
            "deadlines.recomputed",
            subject=f"deadlines:{capability}:{batch.pk}",
            actor=actor,
            at=at,
            digest=digest,
            data={"capability": capability, "changes": len(changes), "batch": batch.pk},
        )
    return batch
