"""The board of requests, and the same as a table."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.pages.foi import board as page
from gongkai.desk.pages.foi.rights import OVERSEERS
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.tables import csv_file
from gongkai.desk.who import Me, staff


@require_safe
@staff
def board(request: HttpRequest, me: Me) -> HttpResponse:
    """Requests by their statutory day, a page at a time."""
    if not page.may_see(me):
        raise Http404
    context = page.board_page(page.board_of(me, request.GET.dict()))
    context |= {
        "today": me.today,
        "crumbs": crumbs((_("依申请公开"), "")),
        "may_register": me.has("foi_officer"),
        "oversees": me.has(*OVERSEERS),
        "complaints": me.has("supervisor", "foi_head", "leader"),
        "has_tasks": me.has("drafter", "section_reviewer"),
    }
    return screen(request, me, "desk/foi/board.html", context, section="foi")


@require_safe
@staff
def export(request: HttpRequest, me: Me) -> HttpResponse:
    """The rows of the board with the same filters; no personal data."""
    if not page.may_see(me):
        raise Http404
    rows = page.table(page.board_of(me, request.GET.dict()))
    return csv_file(_("依申请公开") + f"-{me.today.isoformat()}.csv", [str(head) for head in page.HEAD], rows)
