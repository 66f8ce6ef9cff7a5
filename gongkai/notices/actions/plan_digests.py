"""Once a day, queue a digest for every confirmed subscription for which something has changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongkai.disclosure.queries.changes import news_between
from gongkai.ledger.queries import last_position
from gongkai.notices.mailings import columns_of
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.queries import subscriptions_open
from gongkai.notices.states import QUEUED
from gongkai.notices.subscribing import CONFIRMED, DIGEST, DIGEST_AT, matches

BATCH = 500


def plan_digests(*, at: datetime, limit: int = BATCH) -> int:
    """Plan for the next subscriptions whose day has not been planned; returns how many were looked at.

    The cursor moves in the transaction that queues the mail, so a change is told once. Nothing is made up for days on
    which no worker ran: the next digest covers them.
    """
    local = timezone.localtime(at)
    if local.time() < DIGEST_AT or not subscriptions_open():
        return 0
    upto, today = last_position(), local.date()
    with transaction.atomic():
        due = Subscription.objects.filter(Q(planned_on__isnull=True) | Q(planned_on__lt=today), state=CONFIRMED)
        rows = list(due.select_for_update(skip_locked=True).order_by("pk")[:limit])
        if not rows:
            return 0
        changes = list(news_between(min(row.position for row in rows), upto))
        columns = columns_of(changes)
        mails = [
            OutgoingNotice(
                subscription=row, kind=DIGEST, way="mail", since=row.position, position=upto, rank=1, state=QUEUED,
                queued_at=at, next_at=at,
            )
            for row in rows
            if any(change.position > row.position and matches(row.choices, columns[change.release_id])
                   for change in changes)
        ]  # fmt: skip
        OutgoingNotice.objects.bulk_create(mails)
        Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(position=upto, planned_on=today)
    return len(rows)
