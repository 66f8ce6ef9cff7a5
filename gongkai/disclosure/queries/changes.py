"""What changed in public, in the order of the ledger: for whoever follows it from outside or is told by mail.

A change names an item by its index number and says nothing of its words; whoever wants them reads what is public of it now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Min

from gongkai.disclosure.models import Item, Release
from gongkai.ledger.models import Seal

IMPORTED: Final = "item.released_import"
RELEASED, CHANGED, WITHDRAWN, EXPIRED = "released", "changed", "withdrawn", "expired"
#: Facts after which the public finds something else than before.
FACTS: Final[Mapping[str, str]] = {
    "item.released": RELEASED,
    "item.released_emergency": RELEASED,
    IMPORTED: RELEASED,
    "item.withdrawn": WITHDRAWN,
    "item.expired": EXPIRED,
}

_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `reason` is that of a withdrawal (law/moves.py), "" for a release; `digest` that of the version."""

    position: int
    kind: str
    index_number: str
    item_id: int
    release_id: int
    at: datetime
    reason: str
    digest: str


def changes_after(position: int, *, limit: int) -> list[Change]:
    """The next changes behind a position, in order. Positions only grow and are never given anew, so that the same
    question gets the same answer, but for what was added at its end."""
    seals = Seal.objects.filter(position__gt=position, fact__kind__in=FACTS)
    return _changes(list(seals.select_related("fact").order_by("position")[:limit]))


def news_between(since: int, upto: int) -> Iterator[Change]:
    """Every change behind `since` up to `upto`, in order, without what came in with the history of a former site."""
    kinds = [kind for kind in FACTS if kind != IMPORTED]
    seals = Seal.objects.filter(position__lte=upto, fact__kind__in=kinds).select_related("fact").order_by("position")
    while found := list(seals.filter(position__gt=since)[:_AT_ONCE]):
        yield from _changes(found)
        since = found[-1].position


def _changes(seals: list[Seal]) -> list[Change]:
    codes = {seal.fact.subject.removeprefix("item:") for seal in seals}
    items = {code: (pk, number) for code, pk, number in
             Item.objects.filter(code__in=codes).values_list("code", "pk", "index_number")}  # fmt: skip
    rows = Release.objects.filter(item__code__in=codes).values_list("item_id").annotate(first=Min("pk")).order_by()
    first = dict(rows)
    made = []
    for seal in seals:
        fact = seal.fact
        item_id, number = items[fact.subject.removeprefix("item:")]
        kind, release = FACTS[fact.kind], fact.data["release"]
        if kind == RELEASED and release != first[item_id]:
            kind = CHANGED
        reason = fact.data.get("reason", "")
        made.append(Change(seal.position, kind, number or "", item_id, release, fact.at, reason, fact.digest))
    return made
