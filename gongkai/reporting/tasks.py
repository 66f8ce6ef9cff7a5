"""What the worker calls: an inspection every night, links a few at a time."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.queries import unread
from gongkai.reporting.actions.check_links import check_round, gather
from gongkai.reporting.actions.inspect import inspect
from gongkai.reporting.queries import newest

READER = "reporting.links"
KINDS = frozenset({"item.released", "item.released_emergency", "item.released_import", "item.withdrawn"})


def tick() -> None:
    """Once a day an inspection; new links written down."""
    now = timezone.now()
    last = newest()
    if last is None or now - last.at >= timedelta(days=1):
        inspect(actor=SYSTEM, at=now)
    seals = unread(READER, limit=500)
    if seals:
        codes = {seal.fact.subject.removeprefix("item:") for seal in seals if seal.fact.kind in KINDS}
        gather(Item.objects.filter(code__in=codes).values_list("pk", flat=True), at=now)
        advance(READER, seals[-1].position)


def links() -> int:
    """Ask a few of the addresses that are due."""
    return check_round(at=timezone.now())
