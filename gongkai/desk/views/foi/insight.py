"""The leaders' view of requests."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.pages.foi.insight import insight_page
from gongkai.desk.pages.foi.rights import OVERSEERS
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.who import Me, staff


@require_safe
@staff
def insight(request: HttpRequest, me: Me) -> HttpResponse:
    """How many, how late, how long."""
    if not me.has(*OVERSEERS):
        raise Http404
    context = insight_page(me, request.GET.dict())
    context["supervises"] = me.has("supervisor")
    context["crumbs"] = crumbs((_("依申请公开"), reverse("desk:cases")), (_("办理情况"), ""))
    return screen(request, me, "desk/foi/insight.html", context, section="foi")
