"""A text as the public will see it, before it is public: the same templates, addresses of the desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.agencies.models import Organ
from gongkai.desk.pages.images import base
from gongkai.disclosure.freezing import FIELDS, files_of
from gongkai.disclosure.models import Draft, Item, Version
from gongkai.pages.render import preview_item


def of_version(item: Item, version: Version) -> dict[str, Any]:
    """The value `item` of pages/item.html for a frozen version."""
    return _value(item, version, lambda f: reverse("desk:version_file", args=[item.code, version.number, f["order"]]))


def of_draft(item: Item, draft: Draft) -> dict[str, Any]:
    """The same for a draft, shown as the version it would become; nothing is stored."""
    files = files_of(list(draft.attachments.select_related("blob").order_by("order")))
    unsaved = Version(item=item, number=0, files=files, **{name: getattr(draft, name) for name in FIELDS})
    return _value(item, unsaved, lambda f: reverse("desk:file", args=[item.code, f["order"]]))


def _value(item: Item, version: Version, file_url: Any) -> dict[str, Any]:
    names = dict(Organ.objects.filter(code__in=version.co_organs).values_list("code", "name"))
    return preview_item(
        version,
        organ=item.organ.name,
        co_organs=names,
        heading_code=item.heading,
        index_number=item.index_number or "",
        image_base=base(item),
        file_url=file_url,
    )
