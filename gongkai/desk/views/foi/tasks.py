"""Accept, assign, finish, record a search; the list of a section's own tasks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.pages.foi.tasks import Accept, Assign, Finish, Search, task_rows
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.views.foi.step import screen_for
from gongkai.desk.who import Me, staff
from gongkai.foi.queries.desk import OF_THE_SECTION

accept = screen_for(Accept())
assign = screen_for(Assign())
finish = screen_for(Finish())
search = screen_for(Search())


@require_safe
@staff
def tasks(request: HttpRequest, me: Me) -> HttpResponse:
    """What the sections of this person have to do for requests."""
    if not me.has(*OF_THE_SECTION):
        raise Http404
    context = {
        "rows": task_rows(me),
        "crumbs": crumbs((_("依申请公开"), reverse("desk:cases")), (_("科室事项"), "")),
    }
    return screen(request, me, "desk/foi/tasks.html", context, section="foi")
