"""What is public already on the matter somebody is about to ask for, and which agency it points to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from gongkai.foi.queries.drafts import Asked
from gongkai.foi.queries.suggest import Published
from gongkai.portal.forms.request import one_line
from gongkai.portal.views import shapes
from gongkai.portal.views.request_sitting import private
from gongkai.search.asking import LONGEST_QUESTION
from gongkai.search.queries import Answer, Found, SearchUnavailable, ask

SHOWN = 4
SHOWN_NEAR = 3
#: Of a question the index could only answer nearly, so many nearest ones tell which agency publishes on it.
NEAREST = 10
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")


def already_public(items: Sequence[Asked]) -> dict[str, Any]:
    """Per item the public documents nearest to it; `near` when none has all the words. `closed`: no search now."""
    groups, closed = [], False
    for number, item in enumerate(items, start=1):
        if item.blank:
            continue
        try:
            answer = _answer(item)
        except SearchUnavailable:
            closed = True
            break
        if answer is not None:
            near = answer.kind == "close"
            rows = [_row(found) for found in answer.hits[: SHOWN_NEAR if near else SHOWN]]
            groups.append({"number": number, "rows": rows, "near": near})
    return {"groups": groups, "closed": closed, "several": len(items) > 1, "asked": not all(i.blank for i in items)}


def published_on(item: Asked) -> Published:
    """How many of each agency search finds on an item, and the best title of each."""
    try:
        answer = _answer(item)
    except SearchUnavailable:
        answer = None
    if answer is None:
        return Published({}, {})
    nearest = answer.hits[:NEAREST]
    counted = Counter(found.row.organ_code for found in nearest)
    if answer.kind != "close" and answer.facets.get("organ"):
        counted = Counter(answer.facets["organ"])
    titles: dict[str, str] = {}
    for found in nearest:
        titles.setdefault(found.row.organ_code, found.title)
    return Published(counted, titles)


def _answer(item: Asked) -> Answer | None:
    """By its number, by all that was told, by the name, by the name of any year; None where nothing comes near."""
    for text in dict.fromkeys((item.document_number, item.text, item.name, _YEAR.sub("", item.name))):
        answer = _ask(text)
        if answer is not None and answer.hits:
            return answer
    return None


def _ask(text: str) -> Answer | None:
    query = one_line(text)[:LONGEST_QUESTION]
    if len(query) < 2:
        return None
    return ask(query, filters={}, sort="relevance", page=1, on=timezone.localdate(), facets=("organ",))


def _row(found: Found) -> dict[str, Any]:
    # Both were escaped by chinese.highlight.to_html, which writes <mark> itself.
    return shapes.list_row(found.row) | {
        "title_html": mark_safe(found.title_html),  # noqa: S308
        "excerpt_html": mark_safe(found.excerpt_html),  # noqa: S308
    }


@private
@require_POST
def while_typing(request: HttpRequest) -> HttpResponse:
    """The list beside the form, as HTML, for the text typed so far. Sent as a post: no address holds what was typed."""
    items = [Asked(name=one_line(text)) for text in request.POST.getlist("text")[:10]]
    return render(request, "portal/request_public.html", {"public": already_public(items)})
