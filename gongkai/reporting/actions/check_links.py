"""Which addresses public pages point to, and whether they answer. Politely: few at a time, one server once in a round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction

from gongkai.disclosure.models import Item, Release, VersionAttachment
from gongkai.files.queries import path_of
from gongkai.reporting.fetching import Answered, ask, is_public
from gongkai.reporting.models import LinkCheck, LinkPlace

_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"', re.IGNORECASE)
_ITEM = re.compile(r"^/items/(?P<number>.+?)/(?:files/(?P<order>\d+)/[^/]+)?$")
#: [I] a link is asked again after this; a dead one sooner, to tell a bad hour from a dead page
AGAIN = timedelta(days=14)
AGAIN_DEAD = timedelta(days=1)
#: [I] only what failed so often in a row counts as dead
FAILS = 2
ROUND = 40


def gather(item_ids: Iterable[int], *, at: datetime) -> int:
    """Write down the links of the public texts of these items; links nobody has any more are forgotten."""
    items = list(item_ids)
    rows = list(
        Release.objects.filter(item_id__in=items, listed=True).exclude(standing="replaced").select_related("version")
    )
    with transaction.atomic():
        LinkPlace.objects.filter(item_id__in=items).delete()
        for row in rows:
            for url in dict.fromkeys(_links(row)):
                check, _ = LinkCheck.objects.get_or_create(
                    url=url, defaults={"inside": url.startswith("/"), "next_at": at}
                )
                LinkPlace.objects.get_or_create(check_of=check, item_id=row.item_id)
        LinkCheck.objects.filter(places__isnull=True).delete()
    return len(rows)


def _links(row: Release) -> Iterable[str]:
    base = settings.SITE["base_url"]
    for found in _HREF.findall(row.version.body):
        url = unescape(found)
        if base and url.startswith(base + "/"):
            url = url.removeprefix(base)
        if len(url) <= 600 and urlsplit(url).scheme in ("", "http", "https") and not url.startswith("#"):
            yield url.split("#")[0]
    for file in row.version.files:
        if not file["inline"]:
            yield f"/items/{row.item.index_number}/files/{file['order']}/{file['filename']}"[:600]


def check_round(*, at: datetime, allowed: Callable[[str], bool] = is_public, most: int = ROUND) -> int:
    """Ask the addresses that are due, each server once; returns how many were asked."""
    asked_hosts: set[str] = set()
    done = 0
    for check in LinkCheck.objects.filter(next_at__lte=at).order_by("next_at", "pk")[: most * 5]:
        host = urlsplit(check.url).hostname or ""
        if host and host in asked_hosts:
            continue
        asked_hosts.add(host) if host else None
        _keep(check, _inside(check.url) if check.inside else ask(check.url, allowed=allowed), at)
        done += 1
        if done >= most:
            break
    return done


def _keep(check: LinkCheck, answered: Answered, at: datetime) -> None:
    fails = check.fails + 1 if answered.state == "dead" else 0
    # One bad hour of another server is no dead link; what lies in our own house is known at once.
    dead = answered.state == "dead" and (check.inside or fails >= FAILS)
    state = "dead" if dead else ("alive" if answered.state == "dead" else answered.state)
    if answered.state == "dead" and not dead and check.state == "dead":
        state = "dead"
    LinkCheck.objects.filter(pk=check.pk).update(
        checked_at=at, state=state, told=answered.told[:120], fails=fails,
        next_at=at + (AGAIN_DEAD if answered.state == "dead" else AGAIN),
    )  # fmt: skip


def _inside(url: str) -> Answered:
    """Our own pages are not asked over the network: the item and the bytes of the file are looked up."""
    found = _ITEM.match(unquote(urlsplit(url).path))
    if found is None:
        return Answered("alive")
    item = Item.objects.filter(index_number=found["number"], releases__listed=True).first()
    if item is None:
        return Answered("dead", "所指的信息现在看不到")
    if found["order"] is None:
        return Answered("alive")
    rows = VersionAttachment.objects.filter(
        version__item=item, version__release__listed=True, order=int(found["order"]), inline=False
    )
    file = rows.exclude(version__release__standing="replaced").first()
    if file is None:
        return Answered("dead", "附件不在这条信息里")
    return Answered("alive") if path_of(file.blob_id).is_file() else Answered("dead", "附件的文件丢失")
