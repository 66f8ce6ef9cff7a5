"""Which edition may be had, where an item stands, and which printed copies are out of date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from gongkai.channels.handbooks.contents import CODE, places
from gongkai.channels.models import Edition, EditionPlace, Handbook, HandbookItem, Posting, PrintEnding, PrintRun
from gongkai.channels.models.handbooks import AMENDED
from gongkai.channels.queries import Standing, standings
from gongkai.channels.routing import ENDED
from gongkai.channels.states import PLANNED, SENT
from gongkai.disclosure.models import CatalogueEntry, Item, Release

REVISED, WITHDRAWN, LAPSED = "revised", "withdrawn", "lapsed"
CHANGES: Final[dict[str, str]] = {REVISED: "已有新文本", WITHDRAWN: "已撤下", LAPSED: "已不再执行"}


# ---- editions --------------------------------------------------------------------------------------------------------


def newest(handbook: Handbook) -> Edition | None:
    return Edition.objects.filter(handbook=handbook).order_by("-number").select_related("blob").first()


def obtainable(handbook: Handbook, *, on: date) -> Edition | None:
    """The edition anybody may have: the newest of a published handbook, while every text in it is still the public one.

    Asked at each download: a text that was taken down a second ago is in nothing that can be had, made anew or not.
    """
    edition = newest(handbook) if handbook.published else None
    if edition is None or edition.blob_id is None:
        return None
    stands = {(place.item_id, place.state) for place in places(handbook, on=on)}
    printed = EditionPlace.objects.filter(edition=edition).values_list("item_id", "state")
    return edition if stands.issuperset(printed) else None


def published(number: int | None = None) -> QuerySet[Handbook]:
    """Handbooks the public may know, all or the one of this number."""
    rows = Handbook.objects.filter(published=True).select_related("organ")
    return rows if number is None else rows.filter(pk=number)


def chosen_in(item_id: int) -> bool:
    """Does the item stand in the set of a published handbook?"""
    return HandbookItem.objects.filter(item_id=item_id, handbook__published=True).exists()


def missing_from(code: str, state: str) -> bool:
    """Has some published handbook that chose the item (by its code) no newest edition with it in this state?

    `state` may be the beginning of one. True too where no handbook has chosen it any more.
    """
    chosen = set(Handbook.objects.filter(published=True, chosen__item__code=code).values_list("pk", flat=True))
    held = _newest_places().filter(item__code=code, state__startswith=state).values_list("edition__handbook", flat=True)
    return not chosen or bool(chosen - set(held))


def stands_in(index_number: str) -> bool:
    """Does the item stand in the newest edition of a published handbook?"""
    return _newest_places().filter(item__index_number=index_number).exists()


def _newest_places() -> QuerySet[EditionPlace]:
    newer = Edition.objects.filter(handbook=OuterRef("edition__handbook"), number__gt=OuterRef("edition__number"))
    return EditionPlace.objects.filter(~Exists(newer), edition__handbook__published=True)


def watched() -> tuple[object, ...]:
    """Changes with everything but releases that a handbook is made from; for asking cheaply whether to look at all."""
    books = Handbook.objects.aggregate(r=Sum("revision"), n=Count("pk"), p=Count("pk", filter=Q(published=True)))
    return books["r"], books["n"], books["p"], Edition.objects.aggregate(n=Max("pk"))["n"]


def is_awaited() -> bool:
    """Does a posting wait for an edition?"""
    return Posting.objects.filter(channel=CODE, state__in=[PLANNED, SENT]).exists()


# ---- the catalogue ---------------------------------------------------------------------------------------------------


def named_and_not_chosen(organs: Collection[int] | None, carriers: Iterable[str]) -> list[Item]:
    """Live items whose catalogue entry names a handbook and that stand in none; `organs` None for all."""
    named = [
        key
        for key, channels in CatalogueEntry.objects.filter(catalogue__current=True).values_list("pk", "channels")
        if any(carrier in name for name in channels for carrier in carriers)
    ]
    chosen = HandbookItem.objects.filter(item=OuterRef("pk"))
    rows = Item.objects.filter(~Exists(chosen), entry__in=named, public="live").select_related("organ", "entry")
    return list((rows if organs is None else rows.filter(organ__in=organs)).order_by("pk"))


# ---- printed copies --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One item of a printed edition that is not what it was: since when, and the days of the old and the new text."""

    item: Item
    title: str
    page: int
    kind: str  # of CHANGES
    old_on: date
    new_on: date
    since: datetime

    @property
    def word(self) -> str:
        return CHANGES[self.kind]


@dataclass(frozen=True, slots=True)
class Outdated:
    """Copies that are out of date, and what has changed since they were printed, by page."""

    run: PrintRun
    changes: tuple[Change, ...]

    @property
    def must_come_back(self) -> bool:
        """A text that may not be read any more: a slip beside it is not enough."""
        return any(change.kind == WITHDRAWN for change in self.changes)


def runs_of(handbook: Handbook) -> QuerySet[PrintRun]:
    rows = PrintRun.objects.filter(edition__handbook=handbook).select_related("edition", "by")
    return rows.prefetch_related("endings__by").order_by("-id")


def outdated(organs: Collection[int] | None, *, on: date) -> list[Outdated]:
    """Printed copies that are out of date and still about, those with a text taken down first; `organs` None for all."""
    rows = PrintRun.objects.select_related("edition__handbook__organ", "by").prefetch_related("endings")
    over = PrintEnding.objects.filter(run=OuterRef("pk")).exclude(verb=AMENDED)
    rows = rows.filter(~Exists(over))
    if organs is not None:
        rows = rows.filter(edition__handbook__organ__in=organs)
    runs = list(rows.order_by("on", "pk"))
    changed = _changed({run.edition_id for run in runs}, on)
    found = [Outdated(run, _since_slip(run, changed.get(run.edition_id, ()))) for run in runs]
    return sorted((row for row in found if row.changes), key=lambda row: not row.must_come_back)


def _since_slip(run: PrintRun, changes: Iterable[Change]) -> tuple[Change, ...]:
    """What has changed since the last slip was put in; what was taken down counts in any case."""
    slipped = max((ending.at for ending in run.endings.all() if ending.verb == AMENDED), default=None)
    return tuple(c for c in changes if slipped is None or c.since > slipped or c.kind == WITHDRAWN)


def _changed(editions: Collection[int], on: date) -> Mapping[int, list[Change]]:
    rows = list(
        EditionPlace.objects.filter(edition__in=editions).select_related("item", "release__version").order_by("page")
    )
    keys = {row.item_id for row in rows}
    public = standings(on=on, item_ids=keys)
    fronts = Release.objects.filter(item__in=keys).exclude(standing="replaced").select_related("version", "withdrawal")
    front = {release.item_id: release for release in fronts}
    found: dict[int, list[Change]] = {}
    for row in rows:
        change = _change(row, public.get(row.item_id), front[row.item_id])
        if change is not None:
            found.setdefault(row.edition_id, []).append(change)
    return found


def _change(row: EditionPlace, now: Standing | None, front: Release) -> Change | None:
    old = timezone.localtime(row.release.released_at).date()
    ended = getattr(front, "withdrawal", None)
    if now is None:
        kind, day, since = WITHDRAWN, ended.effective_on, ended.at  # type: ignore[union-attr]
    elif now.validity in ENDED and ended is not None:
        kind, day, since = LAPSED, ended.effective_on, ended.at
    elif now.validity in ENDED:
        day = front.version.valid_until + timedelta(days=1)  # type: ignore[operator]
        kind, since = LAPSED, timezone.make_aware(datetime.combine(day, time()))
    elif now.text_state != row.state:
        kind, day, since = REVISED, timezone.localtime(front.released_at).date(), front.released_at
    else:
        return None
    return Change(row.item, row.release.version.title, row.page, kind, old, day, since)


def handbooks_for(organs: Collection[int] | None) -> QuerySet[Handbook]:
    """Handbooks of these organs; None for all."""
    rows = Handbook.objects.select_related("organ")
    return rows if organs is None else rows.filter(Q(organ__in=organs))
