"""What search may show, and what the index may hold: releases in front of their item, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from gongkai.disclosure.models import Item, Release, VersionAttachment
from gongkai.disclosure.queries.public import ROW_FIELDS, Row, listed, row_of


def in_front() -> QuerySet[Release]:
    """Listed releases that stand in front of their item: at most one for each."""
    return listed().exclude(standing="replaced")


def public_rows(item_ids: Iterable[int], *, on: date) -> dict[int, Row]:
    """Lines for search hits by item; items that may not be shown (any more) are left out."""
    rows = in_front().filter(item_id__in=list(item_ids)).values("item_id", *ROW_FIELDS)
    return {values["item_id"]: row_of(values, on) for values in rows}


def public_texts(item_ids: Iterable[int]) -> dict[int, tuple[str, list[tuple[int, str, str]]]]:
    """Body text and (order, filename, text) of attachments for excerpts of search hits, by item."""
    rows = in_front().filter(item_id__in=list(item_ids)).values_list("item_id", "version_id", "version__body_text")
    found: dict[int, tuple[str, list[tuple[int, str, str]]]] = {}
    by_version: dict[int, int] = {}
    for item_id, version_id, text in rows:
        found[item_id] = (text, [])
        by_version[version_id] = item_id
    files = VersionAttachment.objects.filter(version_id__in=by_version, inline=False).exclude(text="")
    for version_id, order, name, text in files.values_list("version_id", "order", "filename", "text"):
        found[by_version[version_id]][1].append((order, name, text))
    return found


def documents_for_index(item_codes: Sequence[str] | None = None) -> QuerySet[Release]:
    """Releases the index should hold, with their relations: all, or those of the items."""
    rows = in_front().select_related("version", "item", "organ").prefetch_related("version__attachments")
    return rows if item_codes is None else rows.filter(item__code__in=list(item_codes))


def item_ids(item_codes: Iterable[str]) -> dict[str, int]:
    """Primary keys of items by code."""
    return dict(Item.objects.filter(code__in=list(item_codes)).values_list("code", "pk"))


def external_ids(ids: Iterable[int]) -> dict[int, str]:
    """What an imported item was called where it came from."""
    return dict(Item.objects.filter(pk__in=list(ids)).values_list("pk", "external_id"))
