"""Ask for a subscription, and confirm it from the mail. What one is told never depends on what the address is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.foi import vault
from gongkai.foi.actions.receive import new_key
from gongkai.foi.models import LookupAttempt
from gongkai.foi.queries.attempts import WINDOW, network_of
from gongkai.foi.queries.sealed import sealed_json
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.queries import last_position
from gongkai.notices.actions.end_subscription import end
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.queries import sealed_of, subscription_by, subscriptions_open
from gongkai.notices.states import QUEUED
from gongkai.notices.subscribing import (
    ADDRESS_WINDOW,
    ASKED,
    CONFIRM,
    CONFIRMED,
    PER_ADDRESS,
    PER_NETWORK,
    PLACE,
    REPLACED,
    chosen,
    new_token,
    same_address,
    token_digest,
)


def ask(address: str, choices: Mapping[str, Sequence[str]], *, network: str, at: datetime) -> None:
    """Send the owner of an address the question whether it was they.

    Says nothing of whether the address is known, or was asked too often: then no mail goes out. Only the network that
    asks for too many is told, because it learns nothing by that.
    """
    if not subscriptions_open():
        raise Refusal(Refused("mail_off", "本站没有开通邮件订阅，可以用更新订阅（Atom）。"))
    with transaction.atomic():
        _count(network, at)
        digest = same_address(address)
        known = Subscription.objects.filter(address_digest__in=vault.keyed_any("subscription.address", digest))
        if known.filter(asked_at__gt=at - ADDRESS_WINDOW).count() >= PER_ADDRESS:
            return
        key, token = new_key(), new_token()
        made = Subscription.objects.create(
            state=ASKED, choices=chosen(choices), key=key, asked_at=at, token_digest=token_digest(token),
            sealed=sealed_json(key, {"address": address.strip(), "token": token}, PLACE),
            address_digest=vault.keyed("subscription.address", digest),
        )  # fmt: skip
        OutgoingNotice.objects.create(
            subscription=made, kind=CONFIRM, way="mail", position=0, state=QUEUED, queued_at=at, next_at=at
        )


def _count(network: str, at: datetime) -> None:
    """Refuse what is one too many for its network, which stands in the table as a keyed digest only."""
    place = ("subscription.network", network_of(network))
    asked = LookupAttempt.objects.filter(place__in=vault.keyed_any(*place), failed_at__gt=at - WINDOW)
    last = list(asked.order_by("-failed_at").values_list("failed_at", flat=True)[:PER_NETWORK])
    if len(last) == PER_NETWORK:
        free = timezone.localtime(last[-1] + WINDOW)
        raise Refusal(Refused("too_many", f"您所在的网络短时间内要求订阅的次数太多，请在{free:%H:%M}以后再试。"))
    LookupAttempt.objects.bulk_create([LookupAttempt(place=vault.keyed(*place), failed_at=at)])


def confirm(token: str, *, at: datetime) -> Subscription | None:
    """The owner said yes; None when the link holds no longer. Confirmed twice it stays as it is.

    What the address had subscribed before is replaced, and goes on from where it stood.
    """
    with transaction.atomic():
        found = subscription_by(token, at=at)
        if found is None:
            return None
        digests = vault.keyed_any("subscription.address", same_address(sealed_of(found)[0]))
        rows = Subscription.objects.select_for_update().filter(address_digest__in=digests).order_by("pk")
        of_address = {row.pk: row for row in rows}
        row = of_address.get(found.pk)
        if row is None or row.state == CONFIRMED:
            return row
        former = next((other for other in of_address.values() if other.state == CONFIRMED), None)
        row.position = former.position if former else last_position()
        row.planned_on = former.planned_on if former else None
        if former:
            end([former], REPLACED, at=at)
        row.state, row.confirmed_at = CONFIRMED, at
        row.save(update_fields=["state", "confirmed_at", "position", "planned_on"])
        return row
