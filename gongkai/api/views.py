"""The questions of version 1. Everything starts from releases: what is not public cannot be named here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.api import openapi
from gongkai.api.answers import ApiError, answered
from gongkai.api.asked import cursor, number, only
from gongkai.api.shapes import change_value, item_value, notice_value, row_value, states_of
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.changes import changes_after
from gongkai.disclosure.queries.document import document
from gongkai.law.headings import HEADINGS
from gongkai.ledger.queries import last_position
from gongkai.web.addresses import base_url


@answered
def changes(request: HttpRequest) -> dict[str, Any]:
    """What changed behind a position, in order. `position` is where to go on from."""
    only(request, ("after", "limit"))
    after = number(request, "after", 0, least=0, most=10**18 - 1)
    limit = number(request, "limit", openapi.CHANGES, least=1, most=openapi.MOST_CHANGES)
    if after > last_position():
        raise ApiError(400, "unknown_position", _("这个位置还没有到。系统可能从备份恢复过，请从 0 重新查询。"), "after")
    found = changes_after(after, limit=limit + 1)
    base, more = base_url(request), len(found) > limit
    found = found[:limit]
    return {
        "changes": [change_value(change, base) for change in found],
        "position": found[-1].position if found else after,
        "more": more,
    }


@answered
def item(request: HttpRequest, *, index_number: str) -> dict[str, Any]:
    """One item as its page shows it; one whose text is gone answers 410 with its notice alone."""
    only(request, ())
    doc = document(index_number, on=timezone.localdate())
    if doc is None:
        raise ApiError(404, "no_item", _("没有这个索引号的公开信息，请核对。"), "index_number")
    base = base_url(request)
    if doc.notice_only:
        told = notice_value(doc, base)
        raise ApiError(410, "withdrawn", _("这条信息已经撤下，只留下说明。"), "index_number", beside={"notice": told})
    return item_value(doc, base)


@answered
def items(request: HttpRequest) -> dict[str, Any]:
    """Public items, newest first: values of one parameter add up, parameters narrow each other."""
    names = ("heading", "agency", "theme")
    only(request, (*names, "cursor", "limit"), repeated=names)
    limit = number(request, "limit", public.PAGE, least=1, most=openapi.MOST_ITEMS)
    chosen = {name: request.GET.getlist(name) for name in names if name in request.GET}
    known = {"heading": {h.code for h in HEADINGS}, "agency": set(public.facets_organ_names())}
    for name, values in known.items():
        if any(value not in values for value in chosen.get(name, ())):
            raise ApiError(400, "unknown_value", _("没有这个代码，请核对。"), name)
    page = public.page(public.filtered(chosen), on=timezone.localdate(), cursor=cursor(request), size=limit)
    base, states = base_url(request), states_of([row.key for row in page.rows])
    return {"items": [row_value(row, states[row.key], base) for row in page.rows], "next": page.older or None}


@answered
def description(request: HttpRequest) -> dict[str, Any]:
    """What this API answers, for machines (OpenAPI 3.1)."""
    only(request, ())
    return openapi.document(base_url(request))


@answered
def unknown(request: HttpRequest) -> dict[str, Any]:
    raise ApiError(404, "no_address", _("没有这个接口，请核对地址；接口说明在 /api/v1/openapi.json。"))
