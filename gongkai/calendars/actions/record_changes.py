"""Put the due dates that moved on the record: change rows, and one fact with their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongkai.calendars.models import DeadlineBatch, DeadlineChange
from gongkai.ledger.actions.record import Acting, record


@dataclass(frozen=True, slots=True)
class DueChange:
    """A due date that moved. `subject` is the ledger's subject of the matter, `title` for a person to read."""

    subject: str
    title: str
    old: date | None
    new: date | None


def changes_digest(changes: Sequence[DueChange]) -> str:
    """SHA-256 over `subject old new`, one line a change, in the order given."""
    lines = (f"{change.subject} {change.old or '-'} {change.new or '-'}" for change in changes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def record_changes(
    capability: str, changes: Sequence[DueChange], *, reason: str, actor: Acting, at: datetime
) -> DeadlineBatch | None:
    """Keep each old and new date with the reason, and record one fact for the batch. Nothing moved: nothing kept.

    Call it in the transaction that writes the new dates. Cheap for many: rows are written in bulk.
    """
    if not changes:
        return None
    digest = changes_digest(changes)
    with transaction.atomic():
        batch = DeadlineBatch.objects.create(capability=capability, reason=reason[:300], digest=digest, at=at)
        DeadlineChange.objects.bulk_create(
            (DeadlineChange(batch=batch, subject=change.subject, old=change.old, new=change.new) for change in changes),
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
