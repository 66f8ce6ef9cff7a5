"""Facts after which any public page may be another: an organ, a section, a column or the catalogue changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.queries import position_of, sealed_after

KINDS = frozenset(
    {
        "organ.added", "organ.changed", "section.added", "agencies.imported", "column.added", "column.changed",
        "catalogue.imported", "item.handed_over",
    }
)  # fmt: skip


def renewed_until(channel: str, position: int) -> None:
    """Everything was made from what the ledger said up to here."""
    advance(_reader(channel), position)


def _reader(channel: str) -> str:
    return f"renewals:{channel}"


@contextmanager
def renewals(channel: str) -> Iterator[bool]:
    """Whether there was such a fact since the last time; counted as read only when the block ended without an error."""
    begun = position = position_of(_reader(channel))
    found = False
    while seals := sealed_after(position, limit=2000):
        found = found or any(seal.fact.kind in KINDS for seal in seals)
        position = seals[-1].position
    yield found
    if position > begun:
        advance(_reader(channel), position)
