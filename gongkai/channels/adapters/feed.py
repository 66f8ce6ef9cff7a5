"""Atom feeds: a face of the portal itself (`/feed/`), made from the releases at the moment somebody asks.

Nothing is handed over, so there is nothing that could be late or left behind: an item is in its agency's feed with the release,
comes again with its new validity, and is announced as deleted with the withdrawal (RFC 6721). What this adapter does is look:
"carried" in the matrix means that the entry was seen in the feed, "taken back" that only the announcement is. Static
copies of the feeds are the business of `static_site`.
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import fromstring

from django.conf import settings
from django.urls import reverse

from gongkai.channels.contract import Message, NotSent, PublicItem, Receipt
from gongkai.channels.site.asking import ask
from gongkai.disclosure.queries.public import item_url, public_state_mark
from gongkai.law.verdicts import Allowed, Verdict

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
#: Entries of a feed (portal/views/feeds.py); what is older had its turn.
ENTRIES = 50


class Feed:
    """Looks whether the feed says what it should."""

    code = "feed"
    title = "更新订阅"
    shows_validity = True
    in_place = True
    repeatable = True
    carriers: tuple[str, ...] = ()  # carries everything, see routing.EVERYTHING

    def missing(self) -> list[str]:
        return [] if settings.SITE["base_url"] else ["没有设置 SITE_BASE_URL。"]

    def carries(self, item: PublicItem) -> Verdict:
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        return Message("", item.title, "", {"index_number": item.index_number, "organ_code": item.organ_code})

    def deliver(self, message: Message) -> Receipt:
        number, organ = message.payload["index_number"], message.payload["organ_code"]
        named, full = _named(reverse("portal:feed_agency", args=[organ]), public_state_mark())
        if _entry(number) not in named and not full:
            raise NotSent("not_in_feed", "更新订阅里还没有这一条，系统会再看一次。")
        return Receipt(number, told={"organ_code": organ})

    def recall(self, receipt: Receipt) -> Receipt:
        number = receipt.index_number or receipt.reference
        organ = receipt.told.get("organ_code", "")
        address = reverse("portal:feed_agency", args=[organ]) if organ else reverse("portal:feed")
        if _entry(number) in _named(address, public_state_mark())[0]:
            raise NotSent("still_in_feed", "更新订阅里还有这一条，系统会再看一次。")
        return receipt

    def confirm(self, receipt: Receipt) -> Receipt | None:
        """Seen when it was delivered, and the feed is made anew for each reader."""
        return receipt


def _entry(index_number: str) -> str:
    return f"{settings.SITE['base_url'].rstrip('/')}{item_url(index_number)}"


@lru_cache(maxsize=64)
def _named(address: str, mark: tuple[int, int]) -> tuple[frozenset[str], bool]:
    """Entries a feed names, and whether it is full, so that older ones have left it."""
    root = fromstring(b"".join(ask(address).pieces))  # noqa: S314 -- our own bytes
    entries = [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]
    return frozenset(entries), len(entries) + len(list(root.iter(DELETED))) >= ENTRIES
