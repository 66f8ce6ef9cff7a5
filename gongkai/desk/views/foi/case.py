"""One request, and a look at who asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.desk.pages.foi.case import case_page
from gongkai.desk.pages.foi.matter import title
from gongkai.desk.pages.foi.rights import handled
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.reveal import ROLES as REVEALERS
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.particulars import COLUMNS, IDENTITY_KINDS, warnings


@require_safe
@staff
def case(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The file of a request."""
    found, _actor = handled(me, number)
    context = case_page(me, found)
    context["crumbs"] = crumbs((_("依申请公开"), reverse("desk:cases")), (number, ""))
    return screen(request, me, "desk/foi/case.html", context, section="foi")


@require_POST
@staff
def applicant(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Who asked, in full, on this page alone; the look is on record and nothing is kept by the browser."""
    found, actor = handled(me, number, REVEALERS, whole=True)
    told = reveal(number, actor=actor, at=me.at)
    context = {
        "case": found,
        "title": title(found),
        "told": told,
        "column": COLUMNS[found.applicant.column],
        "identity": IDENTITY_KINDS[told.identity_kind],
        "warnings": warnings(told),
        "crumbs": crumbs(
            (_("依申请公开"), reverse("desk:cases")),
            (number, reverse("desk:case", args=[number])),
            (_("申请人信息"), ""),
        ),
    }
    return screen(request, me, "desk/foi/applicant.html", context, section="foi")
