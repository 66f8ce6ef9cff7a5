"""The catalogue and the columns, as read by everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongkai.disclosure.models import CatalogueEntry, Column, Item


def item_counts(**which: Q) -> dict[str, Any]:
    """Annotations for catalogue entries: how many items each condition holds for.

    A new year's catalogue is new rows; an item keeps the entry it was made under and counts for the entry of the same
    organ with the same 一级事项 and 二级事项, whatever its serial is now.
    """
    same = Item.objects.filter(
        entry__catalogue__organ=OuterRef("catalogue__organ"), entry__level1=OuterRef("level1"),
        entry__level2=OuterRef("level2"),
    ).order_by()  # fmt: skip
    return {
        name: Coalesce(Subquery(same.filter(wanted).values("entry__level1").annotate(n=Count("pk")).values("n")), 0)
        for name, wanted in which.items()
    }


def alike(entry: CatalogueEntry) -> QuerySet[CatalogueEntry]:
    """The entry and its forerunners: the same matter in every catalogue of the organ."""
    return CatalogueEntry.objects.filter(
        catalogue__organ_id=entry.catalogue.organ_id, level1=entry.level1, level2=entry.level2
    )


def alike_by_id(entry_id: int) -> QuerySet[CatalogueEntry]:
    """As `alike`, from a primary key; none for a key that is not there."""
    entry = CatalogueEntry.objects.select_related("catalogue").filter(pk=entry_id).first()
    return CatalogueEntry.objects.none() if entry is None else alike(entry)


def current_entries() -> list[CatalogueEntry]:
    """Entries of the catalogues in force, each with `live`: how many items of it are public."""
    rows = CatalogueEntry.objects.filter(catalogue__current=True).select_related("catalogue__organ", "column")
    rows = rows.annotate(**item_counts(live=Q(public="live")))
    return list(rows.order_by("catalogue__organ__order", "serial"))


def entry_of(organ_code: str, serial: int) -> CatalogueEntry | None:
    return (
        CatalogueEntry.objects.filter(catalogue__current=True, catalogue__organ__code=organ_code, serial=serial)
        .select_related("catalogue__organ")
        .first()
    )


def column_by_slug(slug: str) -> Column | None:
    return Column.objects.filter(slug=slug, active=True).first()


def current_entries_of(entry_ids: Iterable[int]) -> list[CatalogueEntry]:
    """The entries in force that stand for these, whatever their serial is now (see `item_counts`)."""
    matters = set(CatalogueEntry.objects.filter(pk__in=list(entry_ids)).values_list(*_MATTER))
    every = CatalogueEntry.objects.filter(catalogue__current=True).select_related("catalogue__organ").order_by("pk")
    return [e for e in every if (e.catalogue.organ_id, e.level1, e.level2) in matters]


def entries_in_use() -> list[CatalogueEntry]:
    """The entries in force under which something is listed."""
    used = Item.objects.filter(releases__listed=True, entry__isnull=False).values_list("entry_id", flat=True)
    return current_entries_of(set(used))


_MATTER = ("catalogue__organ_id", "level1", "level2")
