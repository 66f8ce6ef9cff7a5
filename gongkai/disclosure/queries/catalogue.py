"""The catalogue and the columns, as read by everybody."""

from __future__ import annotations

from django.db.models import Count, Q

from gongkai.disclosure.models import CatalogueEntry, Column


def current_entries() -> list[CatalogueEntry]:
    """Entries of the catalogues in force, each with `live`: how many items of it are public."""
    rows = CatalogueEntry.objects.filter(catalogue__current=True).select_related("catalogue__organ", "column")
    rows = rows.annotate(live=Count("items", filter=Q(items__public="live")))
    return list(rows.order_by("catalogue__organ__order", "serial"))


def entry_of(organ_code: str, serial: int) -> CatalogueEntry | None:
    return (
        CatalogueEntry.objects.filter(catalogue__current=True, catalogue__organ__code=organ_code, serial=serial)
        .select_related("catalogue__organ")
        .first()
    )


def column_by_slug(slug: str) -> Column | None:
    return Column.objects.filter(slug=slug, active=True).first()
