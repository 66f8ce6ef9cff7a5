"""Which item goes where: what was chosen for it, else what its catalogue entry says, else the channels that carry all."""

from __future__ import annotations

from collections.abc import Collection

from gongkai.channels.contract import Channel, PublicItem
from gongkai.disclosure.models import Item

#: [I] Channels that carry every public item, whatever a catalogue says: the site itself and what repeats it whole.
EVERYTHING = frozenset({"static_site", "feed", "service_platform"})


def goes_to(channel: Channel, item: Item, public: PublicItem, chosen: Collection[str] | None) -> bool:
    """Should this channel hold the item? A repealed document stays only where its validity is shown."""
    if public.validity in ENDED and not channel.shows_validity:
        return False
    if channel.code in EVERYTHING:
        return True
    if chosen is not None:
        return channel.code in chosen
    named = item.entry.channels if item.entry is not None else ()
    return any(carrier in name for name in named for carrier in channel.carriers)


#: Validities (`disclosure.queries.public.status_of`) after which a text is history.
ENDED = frozenset({"abolished", "expired", "amended"})
