"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongkai.disclosure.queries import public
from gongkai.portal.views.shapes import counted_headings, list_row

LATEST = 6


def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    facets = public.facets({})
    rows = public.page(public.listed(), on=today, size=LATEST).rows
    released_today = [row for row in rows if timezone.localtime(row.released_at).date() == today]
    return render(
        request,
        "portal/home.html",
        {
            "total": facets.total,
            "example": facets.example,
            "today": {"date": today, "rows": [list_row(r) for r in released_today]},
            "latest": [list_row(r) for r in rows],
            "headings": counted_headings(facets.by["heading"]),
        },
    )
