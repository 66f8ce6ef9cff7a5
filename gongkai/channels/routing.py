"""Which item goes where: what was chosen for it, else what its catalogue entry says, else the channels that carry all."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gongkai.channels.contract import ByChoice, Channel, PublicItem
from gongkai.disclosure.models import Item

#: [I] Channels that carry every public item, whatever a catalogue says: the site itself and what repeats it whole.
EVERYTHING = frozenset({"static_site", "feed", "service_platform"})


def goes_to(channel: Channel, item: Item, public: PublicItem, chosen: Collection[str] | None) -> bool:
    """Should this channel hold the item? A repealed document stays only where its validity is shown."""
    if public.validity in ENDED and not channel.shows_validity:
        return False
    return is_for(channel, item, chosen)


def is_for(channel: Channel, item: Item, chosen: Collection[str] | None) -> bool:
    """Is the item meant for this channel at all, public or not yet?"""
    if isinstance(channel, ByChoice):
        return channel.chosen(item.pk)
    return channel.code in EVERYTHING or channel.code in (chosen if chosen is not None else named_for(item, (channel,)))


def named_for(item: Item, channels: Iterable[Channel]) -> tuple[str, ...]:
    """Which of these channels the item's catalogue entry (公开渠道和载体) means, by code."""
    named = item.entry.channels if item.entry is not None else ()
    return tuple(c.code for c in channels if any(carrier in name for name in named for carrier in c.carriers))


#: Validities (`disclosure.queries.public.status_of`) after which a text is history.
ENDED = frozenset({"abolished", "expired", "amended"})
