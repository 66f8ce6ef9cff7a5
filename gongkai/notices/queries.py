"""What is queued, what waits for a person, and how it stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from gongkai.foi.queries.sealed import json_of
from gongkai.foi.vault import Unsealable
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.states import NEEDS_A_PERSON, QUEUED, STATES
from gongkai.notices.subscribing import ASKED, ASKED_DAYS, CONFIRMED, PLACE, token_digest


def notices_of(organ_ids: Collection[int], *, states: Collection[str] = ()) -> QuerySet[OutgoingNotice]:
    """Notices about requests to these organs, newest first."""
    rows = OutgoingNotice.objects.filter(request__organ_id__in=organ_ids)
    if states:
        rows = rows.filter(state__in=states)
    return rows.select_related("request").order_by("-pk")


def counted(organ_ids: Collection[int] | None = None) -> dict[tuple[str, str], int]:
    """How many notices stand in each (way, state); all organs without a choice. One query."""
    rows = OutgoingNotice.objects.filter(request__isnull=False)
    if organ_ids is not None:
        rows = rows.filter(request__organ_id__in=organ_ids)
    return {(way, state): n for way, state, n in rows.values_list("way", "state").annotate(n=Count("pk")).order_by()}


def by_state(organ_ids: Collection[int]) -> dict[str, int]:
    """How many notices of these organs stand in each state; every state is named."""
    totals = dict.fromkeys(STATES, 0)
    for (_, state), n in counted(organ_ids).items():
        totals[state] += n
    return totals


def in_trouble(*, limit: int = 200) -> QuerySet[OutgoingNotice]:
    """What waits for a person, and what could not go out at the last attempt; longest waiting first."""
    trouble = Q(state__in=NEEDS_A_PERSON) | (Q(state=QUEUED) & ~Q(problem=""))
    return (
        OutgoingNotice.objects.filter(trouble, request__isnull=False).select_related("request").order_by("pk")[:limit]
    )


def waiting_since(at: datetime) -> int:
    """How many were queued before an instant and still are."""
    return OutgoingNotice.objects.filter(state=QUEUED, queued_at__lt=at).count()


def for_a_person() -> int:
    """How many wait for somebody to look."""
    return OutgoingNotice.objects.filter(state__in=NEEDS_A_PERSON, request__isnull=False).count()


# ---- subscriptions ---------------------------------------------------------------------------------------------------


def subscriptions_open() -> bool:
    """Can this installation take subscriptions: a mail server, and a key to seal addresses with?"""
    return bool(settings.EMAIL_HOST and settings.FOI_DATA_KEYS)


def confirmed_subscriptions() -> int:
    """How many there are; nothing more of them is anybody's business."""
    return Subscription.objects.filter(state=CONFIRMED).count()


def subscription_by(token: str, *, at: datetime) -> Subscription | None:
    """The one whose mails carry this token, as long as it stands; what was never confirmed lapses after its days."""
    found = Subscription.objects.filter(token_digest=token_digest(token), state__in=[ASKED, CONFIRMED]).first()
    if found is not None and found.state == ASKED and found.asked_at + ASKED_DAYS <= at:
        return None
    return found


def sealed_of(subscription: Subscription) -> tuple[str, str]:
    """Address and token. `Unsealable` once erased."""
    if subscription.key is None:
        raise Unsealable("the subscription has ended")
    told = json_of(subscription.key, subscription.sealed, PLACE)
    return told["address"], told["token"]
