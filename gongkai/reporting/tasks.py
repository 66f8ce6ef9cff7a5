"""What the worker calls: an inspection every night, findings once a day, links a few at a time."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.actions.look import recompute_looks
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.queries import unread
from gongkai.reporting.actions.check_links import check_round, gather
from gongkai.reporting.actions.find import refresh
from gongkai.reporting.actions.inspect import inspect
from gongkai.reporting.found import checked_on
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


def upkeep() -> None:
    """Once a day: the stored days of the next look set right, and a search for what is wrong with released items."""
    now = timezone.localtime()
    if checked_on() != now.date():
        recompute_looks(actor=SYSTEM, at=now)
        refresh(actor=SYSTEM, at=now)


def links() -> int:
    """Ask a few of the addresses that are due."""
    return check_round(at=timezone.now())
