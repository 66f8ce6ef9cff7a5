"""The supervising office: complaints and ratings."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.foi.complaints import ComplaintAnswerForm
from gongkai.desk.pages.foi.complaints import complaint_page, complaint_rows
from gongkai.desk.pages.foi.insight import ratings_table
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.who import Me, staff
from gongkai.foi.actions.answer_complaint import answer_complaint
from gongkai.foi.queries.oversight import complaints_for, counted_for
from gongkai.law.verdicts import Refusal


@require_safe
@staff
def complaints(request: HttpRequest, me: Me) -> HttpResponse:
    """Every complaint, and how satisfied applicants are."""
    _supervisor(me)
    context = {
        "rows": complaint_rows(me),
        "ratings": ratings_table(counted_for(me.held)),
        "crumbs": crumbs((_("依申请公开"), reverse("desk:cases")), (_("投诉和评价"), "")),
    }
    return screen(request, me, "desk/foi/complaints.html", context, section="foi")


@require_http_methods(["GET", "POST"])
@staff
def complaint(request: HttpRequest, me: Me, pk: int) -> HttpResponse:
    """One complaint and its answer."""
    actor = _supervisor(me)
    found = complaints_for(me.held).get(pk=pk)
    form = ComplaintAnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_complaint(found.pk, answer=form.cleaned_data["answer"], actor=actor, at=me.at)
            except Refusal as refusal:
                form.add_error(None, words(refusal))
            else:
                return done(request, _("已答复，申请人凭查询码可以看到。"), "desk:case_complaints")
    context: dict[str, Any] = complaint_page(me, found) | {"form": form}
    context["crumbs"] = crumbs(
        (_("依申请公开"), reverse("desk:cases")),
        (_("投诉和评价"), reverse("desk:case_complaints")),
        (found.request.number, ""),
    )
    return screen(request, me, "desk/foi/complaint.html", context, section="foi", status=status)


def _supervisor(me: Me) -> Actor:
    """The capacity of a supervisor; nobody else finds such a page."""
    found = next((actor for actor in me.held if actor.role == "supervisor"), None)
    if found is None:
        raise Http404
    return found
