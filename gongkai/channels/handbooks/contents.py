"""What a handbook should hold now: the chosen items as they are public, in order, in chapters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings

from gongkai.channels.contract import PublicItem
from gongkai.channels.models import Handbook, HandbookItem
from gongkai.channels.queries import public_items, standings
from gongkai.channels.routing import ENDED
from gongkai.disclosure.models import Column, Release
from gongkai.pages.render import heading_label

CODE = "handbook"
#: The chapter of what has none.
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Items under one title, in their order. `title` is "" where the handbook has no chapters."""

    title: str
    entries: tuple[PublicItem, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An item that belongs in the handbook now: its release and what stands for it (`Posting.wanted`)."""

    item_id: int
    release_id: int
    state: str
    chapter: str


def places(handbook: Handbook, *, on: date) -> list[Place]:
    """Chosen, public and in force; in chapters, those in the order of their first."""
    rows = list(HandbookItem.objects.filter(handbook=handbook))
    keys = [row.item_id for row in rows]
    public = standings(on=on, item_ids=keys)
    names = _chapters(handbook, rows, [row.release_id for row in public.values()])
    found = [
        Place(row.item_id, public[row.item_id].release_id, public[row.item_id].text_state, names[row.item_id])
        for row in rows
        if row.item_id in public and public[row.item_id].validity not in ENDED
    ]
    order = list(dict.fromkeys(place.chapter for place in found))
    return sorted(found, key=lambda place: order.index(place.chapter))


def _chapters(handbook: Handbook, rows: Sequence[HandbookItem], releases: Sequence[int]) -> dict[int, str]:
    """Item → title of its chapter."""
    match handbook.chapters:
        case "hand":
            written = {row.item_id: row.chapter.strip() for row in rows}
            return {key: title or (OTHER if any(written.values()) else "") for key, title in written.items()}
        case "heading":
            found = Release.objects.filter(pk__in=releases).values_list("item_id", "heading")
            told = {key: heading_label(code) or OTHER for key, code in found}
        case "column":
            names = dict(Column.objects.values_list("slug", "name"))
            rows_of = Release.objects.filter(pk__in=releases).values_list("item_id", "column_slug")
            told = {key: names.get(slug, OTHER) for key, slug in rows_of}
        case other:
            raise ValueError(f"unknown way of chapters {other}")
    return {row.item_id: told.get(row.item_id, OTHER) for row in rows}


def chapters(found: Sequence[Place], *, on: date) -> list[Chapter]:
    """The same with all that stands on the pages."""
    public = public_items([place.item_id for place in found], on=on)
    by_place = [(place, public[place.item_id]) for place in found if place.item_id in public]
    if any(item.release_id != place.release_id for place, item in by_place) or len(by_place) < len(found):
        raise MovedOn
    return [
        Chapter(title, tuple(item for _, item in rows)) for title, rows in groupby(by_place, lambda row: row[0].chapter)
    ]


class MovedOn(Exception):
    """Something was released or taken down meanwhile; the next look sees it."""


def imprint(handbook: Handbook) -> dict[str, str]:
    """What the cover and the last page say besides the items: of the organ's entry in the directory, nothing else."""
    organ = handbook.organ
    return {
        "title": handbook.title,
        "subtitle": handbook.subtitle,
        "organ": organ.name,
        "address": organ.address,
        "hours": organ.hours,
        "phone": organ.phone,
        "contact": handbook.contact,
        "paper": handbook.paper,
        "base_url": settings.SITE["base_url"],
        "site": settings.SITE["name"],
    }


def mark_of(told: Mapping[str, str], found: Sequence[Place]) -> str:
    """Stands for everything that an edition shows; an edition with the same mark need not be made again."""
    rows = [[place.item_id, place.state, place.chapter] for place in found]
    return hashlib.sha256(json.dumps([dict(told), rows], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
