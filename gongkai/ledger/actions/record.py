"""Write one fact, inside the transaction of the act it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from gongkai.ledger.kinds import KINDS
from gongkai.ledger.models import Fact


class Acting(Protocol):
    """Who acts: a staff number and the post it is done from."""

    @property
    def staff_number(self) -> str: ...

    @property
    def post_code(self) -> str: ...


def build(
    kind: str,
    *,
    subject: str,
    actor: Acting,
    at: datetime,
    organ_code: str = "",
    digest: str = "",
    data: dict[str, Any] | None = None,
) -> Fact:
    """A fact that is not written yet; an unlisted kind or a naive instant raises."""
    if kind not in KINDS:
        raise KeyError(f"fact kind not listed in ledger/kinds.py: {kind}")
    if at.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return Fact(
        kind=kind,
        subject=subject,
        organ_code=organ_code,
        actor_code=actor.staff_number,
        post_code=actor.post_code,
        at=at,
        digest=digest,
        data=data or {},
    )


def record(
    kind: str,
    *,
    subject: str,
    actor: Acting,
    at: datetime,
    organ_code: str = "",
    digest: str = "",
    data: dict[str, Any] | None = None,
) -> Fact:
    """Write one fact. Refuses to run outside a transaction: a fact without its act, or the reverse, is a lie."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is written in the transaction of its act")
    fact = build(kind, subject=subject, actor=actor, at=at, organ_code=organ_code, digest=digest, data=data)
    fact.save(force_insert=True)
    return fact


def record_many(facts: Iterable[Fact]) -> None:
    """Write facts made by `build`, for bulk acts; same rule about the transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is written in the transaction of its act")
    Fact.objects.bulk_create(list(facts), batch_size=500)
