"""Turn facts about items into what every channel should hold. Safe to run twice, late, or in several processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.channels.adapters import CHANNELS
from gongkai.channels.contract import Channel, PublicItem
from gongkai.channels.models import Posting
from gongkai.channels.queries import chosen_channels, public_items, state_at
from gongkai.channels.routing import goes_to
from gongkai.channels.states import CONFIRMED, PLANNED, RECALLED, REJECTED, SENT
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.queries import unread

READER = "channels"
BATCH = 500
#: Facts after which what the public may find, or where it should be, has changed.
KINDS = frozenset(
    {
        "item.released", "item.released_emergency", "item.released_import", "item.withdrawn", "item.expired",
        "item.routed",
    }
)  # fmt: skip


def follow(*, at: datetime, on: date, limit: int = BATCH) -> int:
    """Read the next facts behind the own cursor; returns how many were read."""
    seals = unread(READER, limit=limit)
    if not seals:
        return 0
    newest = {s.fact.subject.removeprefix("item:"): s.position for s in seals if s.fact.kind in KINDS}
    with transaction.atomic():
        items = Item.objects.filter(code__in=newest).select_related("entry")
        want(items, {item.pk: newest[item.code] for item in items}, at=at, on=on)
        advance(READER, seals[-1].position)
    return len(seals)


def follow_all(*, at: datetime, on: date) -> int:
    """Follow until every sealed fact was read; returns how many were."""
    total = 0
    while read := follow(at=at, on=on, limit=2000):
        total += read
    return total


def want(
    items: Iterable[Item], positions: dict[int, int], *, at: datetime, on: date, only_known: bool = False,
    channels: Sequence[Channel] | None = None,
) -> None:  # fmt: skip
    """Write down what every channel in use should hold of these items, as they are public now.

    `only_known`: only where the item has been before; nothing is carried to a new place. `channels`: only at
    these, None for all there are.
    """
    items = list(items)
    public = public_items([item.pk for item in items], on=on)
    known = {(p.item_id, p.channel): p for p in Posting.objects.select_for_update().filter(item__in=items)}
    for item in items:
        chosen = chosen_channels(item)
        for channel in CHANNELS if channels is None else channels:
            posting = known.get((item.pk, channel.code))
            # Without its credentials a channel gets nothing new; what it already holds is still to be taken back.
            if posting is None and (only_known or channel.missing()):
                continue
            _want_one(item, channel, public.get(item.pk), chosen, posting, positions[item.pk], at)


def _want_one(
    item: Item, channel: Channel, public: PublicItem | None, chosen: tuple[str, ...] | None, posting: Posting | None,
    position: int, at: datetime,
) -> None:  # fmt: skip
    belongs = public is not None and goes_to(channel, item, public, chosen)
    wanted = state_at(channel, public) if public is not None and belongs else ""
    if posting is None:
        if not belongs:
            return
        posting = Posting(item=item, channel=channel.code, state=PLANNED)
    elif posting.wanted == wanted and posting.position >= position:
        return
    changed = posting.wanted != wanted or posting.pk is None
    posting.wanted, posting.position = wanted, max(position, posting.position)
    posting.release_id = public.release_id if public is not None else posting.release_id
    if changed:
        posting.wanted_at = at
        plan(posting, at)
    posting.save()


def plan(posting: Posting, at: datetime) -> None:
    """What is in somebody's hands, or unclear, is decided when that has ended."""
    posting.problem, posting.sentence, posting.attempts = "", "", 0
    if posting.state in (PLANNED, CONFIRMED, RECALLED, REJECTED, SENT):
        replan(posting, at)


def replan(posting: Posting, at: datetime) -> None:
    """What comes next for a posting that is in nobody's hands, from what is wanted and what is there."""
    if posting.wanted != posting.carried:
        posting.state, posting.next_at = PLANNED, at
    elif posting.carried:
        # Wanted again before it was taken back: how it stands there is asked, not assumed.
        posting.state, posting.next_at, posting.settled_at = SENT, at, at
    else:
        posting.state, posting.next_at = RECALLED, None
