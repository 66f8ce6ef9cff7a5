"""What a day alone changes: a text comes into force or lapses, and no fact tells of it. Safe to run twice."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.channels.actions.follow import want
from gongkai.channels.adapters import CHANNELS
from gongkai.channels.contract import Channel
from gongkai.channels.models import Posting
from gongkai.channels.queries import Standing, standings
from gongkai.channels.routing import ENDED
from gongkai.disclosure.models import Item

TOGETHER = 500


def follow_day(*, at: datetime, on: date) -> int:
    """Want anew whatever is wanted otherwise than it is public on this day; returns how many items that were.

    Two questions for everything there is, and the texts of nothing but what changed.
    """
    channels = {channel.code: channel for channel in CHANNELS}
    public = standings(on=on)
    held = Posting.objects.filter(channel__in=channels).exclude(wanted="").values_list("item_id", "channel", "wanted")
    changed = sorted({i for i, code, wanted in held.iterator() if _stands(public.get(i), channels[code]) != wanted})
    for begun in range(0, len(changed), TOGETHER):
        with transaction.atomic():
            items = Item.objects.filter(pk__in=changed[begun : begun + TOGETHER]).select_related("entry")
            want(items, dict.fromkeys(changed, 0), at=at, on=on, only_known=True)
    return len(changed)


def _stands(public: Standing | None, channel: Channel) -> str:
    if public is None or (public.validity in ENDED and not channel.shows_validity):
        return ""
    return public.at(channel)
