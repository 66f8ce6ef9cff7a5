"""Search over everything that is public. Works without script; the form is a plain GET."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.disclosure.queries import public
from gongkai.pages.render import item_url
from gongkai.portal.views import shapes
from gongkai.search.asking import LONGEST_QUESTION, Relaxation, Sort
from gongkai.search.queries import PAGE, Answer, Found, SearchUnavailable, ask

# Names in addresses and in the index: agency is `organ` there.
FILTERS = {"validity": "validity", "agency": "organ", "heading": "heading", "theme": "theme", "year": "year"}
VALIDITY = {
    "effective": _("现行有效"),
    "amended": _("已修改"),
    "abolished": _("已废止"),
    "expired": _("已失效"),
    "pending": _("尚未施行"),
}
LABELS = {**shapes.LABELS, "validity": _("有效性")}
LAST_PAGE = 40


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUESTION]
    base = reverse("portal:search")
    if not query:
        return render(request, "portal/search.html", {"query": "", "section": "search"})
    chosen = {
        name: [v for v in request.GET.getlist(name) if v][:20] for name in FILTERS if any(request.GET.getlist(name))
    }
    order: Sort = "date" if request.GET.get("order") == "date" else "relevance"
    number = _page_number(request.GET.get("page", "1"))
    try:
        answer = _ask(query, chosen, order, number)
    except SearchUnavailable:
        return render(request, "portal/search_closed.html", {"query": query, "section": "search"}, status=503)
    facets = public.facets({})
    kept = [("q", query)] + ([("order", "date")] if order == "date" else [])
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    context = {
        "query": query,
        "section": "search",
        "filters": _filters(answer.facets, chosen, facets),
        "kept": kept,
        "action": base,
        "chosen": len(pairs),
        "chips": [
            {"label": _label(n, v, facets), "url": shapes.address(base, [*kept, *[p for p in pairs if p != (n, v)]])}
            for n, v in pairs
        ],
        "clear_url": shapes.address(base, kept),
    }
    if not answer.hits:
        context |= {
            "total": facets.total,
            "chosen_words": [_label(n, v, facets) for n, v in pairs],
            "relaxations": [_relaxed(r, base) for r in answer.relaxations],
            "supervisor": {"name": settings.SITE["operator"], "telephone": settings.SITE["phone"]},
        }
        return render(request, "portal/search_empty.html", context)
    exact = answer.kind == "number" and len(answer.hits) == 1
    rows = [_hit(found) for found in answer.hits]
    pages = min(-(-answer.total // PAGE), LAST_PAGE)
    every = [*kept, *pairs]
    context |= {
        "count": answer.total,
        "approximate": answer.approximate,
        "close": answer.kind == "close",
        "relaxations": [_relaxed(r, base) for r in answer.relaxations[:3]],
        "order": order,
        "order_urls": {
            "relevance": shapes.address(base, [("q", query), *pairs]),
            "date": shapes.address(base, [("q", query), ("order", "date"), *pairs]),
        },
        "exact": rows[0] if exact else None,
        "rows": [] if exact else rows,
        "pager": {
            "pages": [
                {"number": n, "url": shapes.address(base, [*every, ("page", str(n))]), "current": n == number}
                for n in _around(number, pages)
            ]
            if pages > 1
            else [],
            "previous_url": shapes.address(base, [*every, ("page", str(number - 1))]) if number > 1 else "",
            "next_url": shapes.address(base, [*every, ("page", str(number + 1))]) if number < pages else "",
        },
    }
    return render(request, "portal/search.html", context)


def _ask(query: str, chosen: Mapping[str, list[str]], order: Sort, number: int) -> Answer:
    filters = {FILTERS[name]: values for name, values in chosen.items()}
    return ask(query, filters=filters, sort=order, page=number, on=timezone.localdate())


def _page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


def _around(number: int, pages: int) -> list[int]:
    return list(range(max(1, number - 3), min(pages, number + 3) + 1))


def _hit(found: Found) -> dict[str, Any]:
    row = shapes.list_row(found.row)
    attachment = None
    if found.attachment is not None:
        order, name = found.attachment
        attachment = {"title": name, "url": f"{item_url(found.index_number)}files/{order}/{name}", "place": ""}
    # Both were escaped by chinese.highlight.to_html, which writes <mark> itself.
    return row | {
        "title_html": mark_safe(found.title_html),  # noqa: S308
        "excerpt_html": mark_safe(found.excerpt_html),  # noqa: S308
        "attachment": attachment,
    }


def _label(name: str, value: str, facets: public.Facets) -> str:
    if name == "validity":
        return VALIDITY.get(value, value)
    return shapes.label_of(name, value, facets)


def _filters(
    counted: Mapping[str, Mapping[str, int]], chosen: Mapping[str, list[str]], facets: public.Facets
) -> list[dict[str, Any]]:
    groups = []
    for name, field in FILTERS.items():
        counts = counted.get(field, {})
        picked = chosen.get(name, [])
        values = sorted(counts, reverse=True) if name == "year" else sorted(counts, key=lambda v: -counts[v])
        values = [v for v in dict.fromkeys([*picked, *values]) if v and (name != "validity" or v in VALIDITY)]
        options = [
            {"value": v, "label": _label(name, v, facets), "count": counts.get(v, 0), "checked": v in picked}
            for v in values[: max(shapes.SHOWN, len(picked))]
        ]
        if options:
            groups.append({"name": name, "label": LABELS[name], "options": options, "more_url": "", "more_text": ""})
    return groups


def _relaxed(relaxation: Relaxation, base: str) -> dict[str, str]:
    names = {index: face for face, index in FILTERS.items()}
    pairs = [("q", relaxation.query.text)] + [
        (names[field], value) for field, values in relaxation.query.filters.items() for value in values
    ]
    if relaxation.value:
        text = _("不限%(what)s，有 %(n)s 件") % {"what": LABELS[names[relaxation.dropped]], "n": relaxation.total}
    else:
        text = _("不含“%(word)s”，有 %(n)s 件") % {"word": relaxation.dropped, "n": relaxation.total}
    return {"text": text, "url": shapes.address(base, pairs)}
