"""A channel that was filled as a whole: its postings say so, so that what it holds can be taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM
from gongkai.channels.models import Posting
from gongkai.channels.queries import public_states
from gongkai.channels.states import CONFIRMED, PLANNED, RECALLED, SENDING
from gongkai.ledger.actions.record import record

TOGETHER = 500


def adopt(channel: str, *, at: datetime, on: date) -> int:
    """Everything public is there, nothing else is. Returns how many items the channel holds.

    A posting that somebody has in hand is left: how that ends is written by its own process.
    """
    states = public_states(on=on)
    with transaction.atomic():
        held = {row.item_id: row for row in Posting.objects.select_for_update().filter(channel=channel)}
        fresh = [
            _there(Posting(item_id=item_id, channel=channel, wanted_at=at), release, state, at)
            for item_id, (release, state) in states.items()
            if item_id not in held
        ]
        Posting.objects.bulk_create(fresh, batch_size=TOGETHER)
        for item_id, row in held.items():
            if row.state == SENDING:
                continue
            if item_id in states:
                release, state = states[item_id]
                # A former build or delivery left nearly all of them as they should be.
                if not (row.is_settled and row.carried == state and row.release_id == release):
                    _there(row, release, state, at).save()
            elif row.carried or row.state == PLANNED:
                row.wanted = row.carried = row.problem = row.sentence = ""
                row.state, row.next_at, row.attempts, row.settled_at = RECALLED, None, 0, at
                row.save()
        record("channel.filled", subject=f"channel:{channel}", actor=SYSTEM, at=at, data={"items": len(states)})
    return len(states)


def _there(row: Posting, release: int, state: str, at: datetime) -> Posting:
    row.wanted = row.carried = state
    row.release_id = release
    row.state, row.next_at, row.attempts, row.problem, row.sentence, row.settled_at = CONFIRMED, None, 0, "", "", at
    row.wanted_at = at
    return row
