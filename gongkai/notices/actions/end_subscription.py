"""End a subscription: the address is erased with it, and what still waited for it does not go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gongkai.foi import vault
from gongkai.foi.models import DataKey
from gongkai.notices import states
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.queries import sealed_of
from gongkai.notices.subscribing import (
    ASKED,
    ASKED_DAYS,
    BOUNCED,
    CONFIRMED,
    DIGEST,
    ENDED,
    KEEP_DAYS,
    LAPSED,
    LEFT,
    MOST_FAILURES,
    same_address,
    token_digest,
)

BATCH = 500


def leave(token: str, *, at: datetime) -> bool:
    """Whoever holds a mail of it may end it, at once, with everything else this address has asked for. False when
    nothing stood any more."""
    with transaction.atomic():
        found = Subscription.objects.filter(token_digest=token_digest(token)).exclude(state=ENDED).first()
        return found is not None and _end_address(sealed_of(found)[0], at) > 0


def end_of(address: str, *, at: datetime) -> int:
    """An address somebody wants out of here in another way (a letter, a returned mail); returns how many ended."""
    with transaction.atomic():
        return _end_address(address, at)


def _end_address(address: str, at: datetime) -> int:
    digests = vault.keyed_any("subscription.address", same_address(address))
    rows = Subscription.objects.select_for_update().filter(address_digest__in=digests).order_by("pk")
    return end(rows, LEFT, at=at)


def end(rows: Iterable[Subscription], how: str, *, at: datetime) -> int:
    """Erase, in the caller's transaction: the address with its key and digest, the choices, what was queued."""
    found = list(rows)
    keys = [row.key_id for row in found]
    waiting = OutgoingNotice.objects.filter(subscription__in=found, state=states.QUEUED)
    waiting.update(state=states.LAPSED, problem="passed", next_at=None, ended_at=at)
    Subscription.objects.filter(pk__in=[row.pk for row in found]).update(
        state=ENDED, ended_at=at, ended_as=how, key=None, sealed=b"", address_digest="", choices={}
    )
    DataKey.objects.filter(pk__in=keys).delete()
    return len(found)


def note_outcome(notice: OutgoingNotice, *, at: datetime) -> None:
    """What became of a mail, in the caller's transaction: an address that its own server refuses for good, again and
    again, is not written to any more. A fault of our own server says nothing about the address."""
    rows = Subscription.objects.select_for_update().filter(pk=notice.subscription_id).exclude(state=ENDED)
    subscription = rows.first()
    if subscription is None:
        return
    if notice.state == states.SENT:
        subscription.failures = 0
    elif notice.problem in ("recipient", "unusable"):
        subscription.failures += 1
    else:
        return
    if subscription.failures >= MOST_FAILURES or (notice.kind != DIGEST and subscription.failures):
        end([subscription], BOUNCED, at=at)
    else:
        subscription.save(update_fields=["failures"])


def forget(*, at: datetime) -> int:
    """Erase what was never confirmed in time, drop what ended long ago, renew digests made under a former key; returns
    how many were erased. Safe to run twice and in several processes."""
    with transaction.atomic():
        stale = Subscription.objects.filter(state=ASKED, asked_at__lte=at - ASKED_DAYS).order_by("pk")
        erased = end(stale.select_for_update(skip_locked=True)[:BATCH], LAPSED, at=at)
    with transaction.atomic():
        over = Q(ended_at__lte=at - KEEP_DAYS) & ~Q(state__in=[states.QUEUED, states.SENDING])
        old = OutgoingNotice.objects.filter(over, request__isnull=True).order_by("pk").values_list("pk", flat=True)
        OutgoingNotice.objects.filter(pk__in=list(old[:BATCH])).delete()
        ended = Subscription.objects.filter(state=ENDED, ended_at__lte=at - KEEP_DAYS, notices__isnull=True)
        Subscription.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:BATCH])).delete()
    _renew_digests()
    return erased


def _renew_digests() -> None:
    current = f"{vault.current().key_id}:"
    with transaction.atomic():
        rows = Subscription.objects.filter(state__in=[ASKED, CONFIRMED]).exclude(address_digest__startswith=current)
        for row in rows.select_related("key").select_for_update(skip_locked=True, of=("self",))[:BATCH]:
            row.address_digest = vault.keyed("subscription.address", same_address(sealed_of(row)[0]))
            row.save(update_fields=["address_digest"])
