"""Give committed facts their position and their link in the chain."""

from datetime import datetime

from django.db import connection, transaction

from gongkai.ledger.canonical import GENESIS, link
from gongkai.ledger.models import Fact, Seal
from gongkai.ledger.queries import leaf_of

# Any fixed number: the advisory lock that makes the sealer the only one on PostgreSQL.
_SEALER_LOCK = 7_210_045_001


# A quick run looks only this many ids behind the newest sealed fact; a sweep looks at all.
_WINDOW = 10_000


def seal(*, at: datetime, limit: int = 1000, sweep: bool = True) -> int:
    """Seal up to `limit` facts in order of their ids; returns how many.

    `sweep=False` leaves out facts that committed more than 10,000 ids late: cheap enough for every second.

    One sealer at a time: SQLite transactions are immediate, PostgreSQL takes an advisory lock. A fact that commits
    after facts with higher ids were sealed simply gets a later position, so no reader can pass it by.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
        last = Seal.objects.order_by("-position").first()
        position, former = (last.position, last.link) if last else (0, GENESIS)
        seals = []
        waiting = Fact.objects.filter(seal__isnull=True)
        if not sweep and last:
            waiting = waiting.filter(id__gt=last.fact_id - _WINDOW)
        for fact in waiting.order_by("id")[:limit]:
            position += 1
            digest = leaf_of(fact)
            former = link(former, digest)
            seals.append(Seal(position=position, fact=fact, leaf=digest, link=former, sealed_at=at))
        Seal.objects.bulk_create(seals, batch_size=500)
        return len(seals)


def seal_all(*, at: datetime, sweep: bool = True) -> int:
    """Seal until nothing committed is left; returns how many."""
    total = 0
    while sealed := seal(at=at, sweep=sweep):
        total += sealed
    return total
