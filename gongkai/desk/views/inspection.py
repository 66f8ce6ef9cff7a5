"""网站检查: the inspection indicators, what fails and where to mend it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.pages.inspection import page, ways_of
from gongkai.desk.screens import INSPECTS, SEES_INSPECTION, crumbs, done, screen
from gongkai.desk.who import Me, staff
from gongkai.files.sniff import KINDS
from gongkai.law.inspection import VERDICTS
from gongkai.reporting.actions.inspect import inspect
from gongkai.reporting.models import Inspection
from gongkai.reporting.queries import newest
from gongkai.reporting.sheets import sheet


def _inspector(me: Me) -> Actor | None:
    return next((actor for actor in me.held if actor.role in INSPECTS), None)


@require_safe
@staff
def inspection(request: HttpRequest, me: Me) -> HttpResponse:
    """The newest inspection, or the one named by its number."""
    if not me.has(*SEES_INSPECTION):
        raise PermissionDenied
    chosen = request.GET.get("number", "")
    found = Inspection.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 16 else newest()
    if found is not None and request.GET.get("export"):
        return HttpResponse(
            sheet(found),
            content_type=KINDS["xlsx"].media_type,
            headers={
                "Content-Disposition": content_disposition_header(True, _("网站检查") + f"-{found.at:%Y%m%d}.xlsx")
                or ""
            },
        )
    context = {
        "earlier": [
            {"pk": row.pk, "at": row.at, "word": VERDICTS[row.verdict]} for row in Inspection.objects.all()[:30]
        ],
        "may_inspect": _inspector(me) is not None,
        "crumbs": crumbs((_("网站检查"), "")),
        **(page(found, ways_of(found, me)) if found is not None else {}),
    }
    return screen(request, me, "desk/inspection.html", context, section="inspection")


@require_POST
@staff
def inspect_now(request: HttpRequest, me: Me) -> HttpResponse:
    """Measure everything anew."""
    actor = _inspector(me)
    if actor is None:
        raise PermissionDenied
    made = inspect(actor=actor, at=me.at)
    return done(request, _("已重新检查，结果：%(verdict)s。") % {"verdict": VERDICTS[made.verdict]}, "desk:inspection")
