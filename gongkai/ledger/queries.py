"""Timelines, what a reader has not seen yet, and whether the chain is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from gongkai.ledger.canonical import GENESIS, leaf, link
from gongkai.ledger.models import Cursor, Fact, Heartbeat, Seal


def timeline(subject: str) -> QuerySet[Fact]:
    """Facts about one subject, newest first."""
    return Fact.objects.filter(subject=subject).order_by("-id")


def position_of(name: str) -> int:
    """How far the reader has come; 0 before its first run."""
    return Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0


def last_position() -> int:
    return Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0


def sealed_after(position: int, *, limit: int = 500) -> list[Seal]:
    """The next sealed facts behind a position, in order; for readers that keep their position themselves."""
    return list(Seal.objects.filter(position__gt=position).select_related("fact").order_by("position")[:limit])


def unread(name: str, *, limit: int = 500) -> list[Seal]:
    """The next sealed facts behind the reader's cursor, in order of position."""
    return list(Seal.objects.filter(position__gt=position_of(name)).select_related("fact").order_by("position")[:limit])


def leaf_of(fact: Fact) -> str:
    """The leaf digest of a stored fact."""
    return leaf(
        fact_id=fact.pk,
        kind=fact.kind,
        subject=fact.subject,
        organ_code=fact.organ_code,
        actor_code=fact.actor_code,
        post_code=fact.post_code,
        at=fact.at,
        content_digest=fact.digest,
        data=fact.data,
    )


def last_sign(*, by: datetime) -> datetime | None:
    """When a worker last said that it runs, not counting signs after `by`, which a clock left that was set back since."""
    return Heartbeat.objects.filter(at__lte=by).aggregate(at=Max("at"))["at"]


@dataclass(frozen=True)
class Fault:
    """A place where the record is not what it was when it was sealed."""

    position: int
    sentence: str


def verify() -> Iterator[Fault]:
    """Walk the chain and compare every fact with its seal; yields what does not fit, in order."""
    former, expected = GENESIS, 0
    for seal in Seal.objects.select_related("fact").order_by("position").iterator(chunk_size=2000):
        expected += 1
        if seal.position != expected:
            yield Fault(expected, f"第 {expected} 条记录不见了。")
            expected = seal.position
        if leaf_of(seal.fact) != seal.leaf:
            yield Fault(seal.position, f"第 {seal.position} 条记录的内容与封存时不同。")
        if link(former, seal.leaf) != seal.link:
            yield Fault(seal.position, f"第 {seal.position} 条记录与前一条接不上。")
        former = seal.link
