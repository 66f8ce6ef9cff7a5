"""Look for everything that is wrong with released items: what is new opens, what is gone ends, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.ledger.actions.record import record
from gongkai.reporting.findings import KINDS, LONGEST_TOLD, FindingKind, Found
from gongkai.reporting.models import Finding

_CHUNK = 500
#: Told before each kind: (code, how many kinds are done, how many there are).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many findings are open now, and how many of them are new or ended."""

    open: int
    opened: int
    ended: int


def refresh(
    *, actor: Actor, at: datetime, kinds: Sequence[FindingKind] = KINDS, progress: Progress | None = None
) -> Refreshed:
    """Find anew. Safe to run twice and at once in several processes: a finding is open once at most."""
    on = timezone.localtime(at).date()
    total = opened = ended = 0
    for done, kind in enumerate(kinds):
        if progress is not None:
            progress(kind.code, done, len(kinds))
        found = {(row.item_id, row.key): row for row in kind.find(on)}
        new, gone = _keep(kind, found, at)
        total, opened, ended = total + len(found), opened + new, ended + gone
    with transaction.atomic():
        counts = {"open": total, "opened": opened, "ended": ended}
        record("upkeep.checked", subject="site", organ_code=actor.organ_code, actor=actor, at=at, data=counts)
    return Refreshed(total, opened, ended)


def end_of_item(item_id: int, codes: Iterable[str], *, at: datetime) -> int:
    """A person has just dealt with these at one item: they end at once, not only at the next search."""
    return Finding.objects.filter(item_id=item_id, kind__in=list(codes), ended_at__isnull=True).update(ended_at=at)


def _keep(kind: FindingKind, found: dict[tuple[int, str], Found], at: datetime) -> tuple[int, int]:
    """Write down the difference for one kind; (opened, ended)."""
    with transaction.atomic():
        stored = {
            (row.item_id, row.key): row
            for row in Finding.objects.select_for_update().filter(kind=kind.code, ended_at__isnull=True)
        }
        gone = [row.pk for key, row in stored.items() if key not in found]
        for start in range(0, len(gone), _CHUNK):
            Finding.objects.filter(pk__in=gone[start : start + _CHUNK]).update(ended_at=at)
        changed = []
        for key, row in stored.items():
            if key in found and (row.told, row.data) != (_told(found[key]), found[key].data):
                row.told, row.data = _told(found[key]), found[key].data
                changed.append(row)
        Finding.objects.bulk_update(changed, ["told", "data"], batch_size=_CHUNK)
        Finding.objects.filter(kind=kind.code, ended_at__isnull=True).update(last_at=at)
        fresh = [key for key in found if key not in stored]
        # Two processes may find the same at once: the database keeps one row.
        Finding.objects.bulk_create(
            [
                Finding(
                    kind=kind.code, item_id=item, key=name, told=_told(found[item, name]), data=found[item, name].data,
                    first_at=at, last_at=at,
                )
                for item, name in fresh
            ],
            batch_size=_CHUNK, ignore_conflicts=True,
        )  # fmt: skip
        return len(fresh), len(gone)


def _told(found: Found) -> str:
    return found.told if len(found.told) <= LONGEST_TOLD else found.told[: LONGEST_TOLD - 1] + "…"
