"""A text as the public will see it, before it is public: the same templates, addresses of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.agencies.models import Organ
from gongkai.desk.pages.images import base
from gongkai.disclosure.freezing import FIELDS, files_of
from gongkai.disclosure.models import Draft, Item, Version
from gongkai.disclosure.queries.public import item_url, listed, status_of
from gongkai.pages.render import preview_item


def of_version(item: Item, version: Version, on: date) -> dict[str, Any]:
    """The value `item` of pages/item.html for a frozen version."""
    return _value(
        item, version, on, lambda f: reverse("desk:version_file", args=[item.code, version.number, f["order"]])
    )


def of_draft(item: Item, draft: Draft, on: date) -> dict[str, Any]:
    """The same for a draft, shown as the version it would become; nothing is stored."""
    files = files_of(list(draft.attachments.select_related("blob", "copy").order_by("order")))
    unsaved = Version(item=item, number=0, files=files, **{name: getattr(draft, name) for name in FIELDS})
    return _value(item, unsaved, on, lambda f: reverse("desk:file", args=[item.code, f["order"]]))


def _value(item: Item, version: Version, on: date, file_url: Callable[[Mapping[str, Any]], str]) -> dict[str, Any]:
    names = dict(Organ.objects.filter(code__in=version.co_organs).values_list("code", "name"))
    value = preview_item(
        version,
        organ=item.organ.name,
        co_organs=names,
        heading_code=item.heading,
        index_number=item.index_number or "",
        image_base=base(item),
        on=on,
        file_url=file_url,
        kind=item.column.kind if item.column else "",
    )
    documents = listed().filter(standing="live", item__index_number__in=version.interprets)
    value["interprets"] = [
        {"title": title, "url": item_url(number), "validity": status_of("", start, until, on)}
        for title, number, start, until in documents.values_list(
            "version__title", "item__index_number", "version__effective_from", "version__valid_until"
        )
    ]
    return value
