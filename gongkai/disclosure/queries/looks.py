"""When released texts have to be looked at again, as the law computes it; what is due, whose it is, who can look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.queries import staffed
from gongkai.disclosure.models import Item, Look, Release, Version
from gongkai.disclosure.queries.desk import items_visible_to
from gongkai.law import moves
from gongkai.law.upkeep import EARLY_DAYS, OTHER, Cause, Kept, causes, months_with, next_look
from gongkai.law.validity import NormativeDocument

#: Who may say that a released text is still right: its section, and the organ's disclosure office.
MAY_LOOK = ("drafter", "section_reviewer", "compliance_reviewer")

_COLUMNS = (
    "item_id", "column_kind", "heading", "released_at", "published_elsewhere_on", "version__effective_from",
    "version__valid_until", "version__is_trial",
)  # fmt: skip


def first_look_on(item: Item, version: Version, at: datetime) -> date | None:
    """The day of the first look at a version that comes out at this instant; None for what needs none."""
    kind = item.column.kind if item.column else ""
    document = NormativeDocument(version.effective_from, version.valid_until, version.is_trial)
    return _day(Kept(kind, item.heading, timezone.localtime(at).date(), document=document))


def imported_look_on(published_on: date | None, at: datetime) -> date | None:
    """As `first_look_on` for a text that was taken over: it counts from the day it came out there."""
    return _day(Kept(OTHER, "", published_on or timezone.localtime(at).date()))


def _day(kept: Kept) -> date | None:
    cause = next_look(kept, months=months_with(settings.LOOK_MONTHS))
    return None if cause is None else cause.on


def kept_of(values: dict[str, Any]) -> Kept:
    """The facts of a row of `_live()`."""
    document = NormativeDocument(
        values["version__effective_from"], values["version__valid_until"], values["version__is_trial"]
    )
    looked = values["looked_at"]
    return Kept(
        values["column_kind"] or OTHER, values["heading"],
        values["published_elsewhere_on"] or timezone.localtime(values["released_at"]).date(),
        timezone.localtime(looked).date() if looked else None, document,
    )  # fmt: skip


def _live() -> QuerySet[Release, dict[str, Any]]:
    return Release.objects.filter(standing="live").values(*_COLUMNS).annotate(looked_at=Max("looks__at"))


def causes_of(item: Item) -> tuple[Cause, ...]:
    """Every reason to look at the released text of the item again, earliest first; none where nothing is released."""
    values = next(iter(_live().filter(item=item)), None)
    return () if values is None else causes(kept_of(values), months=months_with(settings.LOOK_MONTHS))


def causes_of_many(items: Sequence[Item]) -> dict[int, tuple[Cause, ...]]:
    """As `causes_of`, for many items in one query; an item without a released text has none."""
    months = months_with(settings.LOOK_MONTHS)
    found = {values["item_id"]: causes(kept_of(values), months=months) for values in _live().filter(item__in=items)}
    return {item.pk: found.get(item.pk, ()) for item in items}


def look_days(item_ids: Iterable[int] | None = None) -> Iterator[tuple[int, date | None]]:
    """(item, day of its next look) of what is released, straight from the facts and not from the cache."""
    rows = _live() if item_ids is None else _live().filter(item__in=list(item_ids))
    months = months_with(settings.LOOK_MONTHS)
    for values in rows.order_by("item_id").iterator(chunk_size=2000):
        cause = next_look(kept_of(values), months=months)
        yield values["item_id"], None if cause is None else cause.on


def look_after(item: Item, looked_on: date) -> date | None:
    """The day of the look after one on `looked_on`; None for what lapses before it is due, or needs none any more."""
    values = _live().get(item=item)
    return _day(replace(kept_of(values), looked_on=looked_on))


def validity_due(on: date) -> Iterator[tuple[int, date]]:
    """(item, last day of validity) of documents whose validity asks for a look now: six months before its end, and
    once more a month before where somebody has looked."""
    rows = _live().filter(version__valid_until__gte=on).order_by("version__valid_until", "item_id")
    for values in rows.iterator(chunk_size=2000):
        due = [c for c in causes(kept_of(values)) if c.code == "validity" and c.on <= on]
        if due:
            yield values["item_id"], values["version__valid_until"]


def may_look(held: Sequence[Actor], item: Item) -> Actor | None:
    """The capacity in which somebody may look at this item, or None."""
    for actor in held:
        if actor.role not in MAY_LOOK or actor.organ_id != item.organ_id:
            continue
        everywhere = actor.role == "compliance_reviewer" or actor.grant_id is not None or item.section_id is None
        if everywhere or actor.section_id == item.section_id:
            return actor
    return None


def to_look_at(held: Sequence[Actor], *, on: date, ahead: int = 0) -> QuerySet[Item]:
    """Released items these capacities may see that are due for a look on a day, or `ahead` days later; earliest first."""
    rows = items_visible_to(held).filter(public=moves.LIVE, next_look_on__lte=on + timedelta(days=ahead))
    return rows.order_by("next_look_on", "pk")


def mine_to_look_at(held: Sequence[Actor], *, on: date, ahead: int = 0) -> QuerySet[Item]:
    """As `to_look_at`, only what these people may look at themselves."""
    mine = Q(pk__in=[])
    for actor in held:
        if actor.role in MAY_LOOK:
            whole = actor.role == "compliance_reviewer" or actor.grant_id is not None
            place = Q() if whole else Q(section_id=actor.section_id) | Q(section=None)
            mine |= Q(organ_id=actor.organ_id) & place
    return to_look_at(held, on=on, ahead=ahead).filter(mine)


def looks_of(item: Item) -> QuerySet[Look]:
    """Looks at every text of the item, newest first."""
    return Look.objects.filter(release__item=item).select_related("by", "release__version").order_by("-id")


def same_reason_today(person_id: int, reason: str, item: Item, day: date) -> int:
    """For how many other items the person gave the very same reason on that day."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = Look.objects.filter(by_id=person_id, reason=reason.strip(), at__gte=start, at__lt=start + timedelta(days=1))
    return rows.exclude(release__item=item).values("release__item").distinct().count()


def unowned(*, on: date) -> QuerySet[Item]:
    """Released items for which nobody is left: their section has no active people, or without a section their organ."""
    people = staffed(on)
    there = Q(organ_id__in=people.acted_for) | Q(section_id__in=people.sections, section__active=True)
    there |= Q(section=None, organ_id__in=people.organs)
    rows = Item.objects.filter(public=moves.LIVE).exclude(pk__in=Item.objects.filter(there).values("pk"))
    return rows.select_related("organ", "section").order_by("organ_id", F("section_id").asc(nulls_first=True), "pk")


#: How far ahead the list of looks reaches.
AHEAD = EARLY_DAYS
