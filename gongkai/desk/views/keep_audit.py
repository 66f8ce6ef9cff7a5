"""The audit administrator: the ledger and whether it is whole."""

from __future__ import annotations

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.pages.timeline import timeline
from gongkai.desk.screens import crumbs, screen
from gongkai.desk.templatetags.states import SUBJECTS
from gongkai.desk.who import Me, holding
from gongkai.ledger.kinds import KINDS
from gongkai.ledger.models import Fact
from gongkai.ledger.queries import last_position, verify

SIZE = 50
MOST_FAULTS = 100


@require_safe
@holding("audit_admin")
def ledger(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Facts, newest first, by kind, person or subject. They hold codes only, so no item's text is seen here."""
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "who", "subject", "before")}
    rows = Fact.objects.order_by("-id")
    if asked["kind"] in KINDS:
        rows = rows.filter(kind=asked["kind"])
    if asked["who"]:
        rows = rows.filter(actor_code=asked["who"])
    if asked["subject"]:
        # The screen shows 信息 MVMMLNRLVUH9; the code alone is enough to ask with.
        code = asked["subject"].rpartition(" ")[2]
        rows = rows.filter(subject__in=[code, *(f"{kind}:{code}" for kind in SUBJECTS)])
    if asked["before"].isdecimal() and len(asked["before"]) < 19:
        rows = rows.filter(pk__lt=int(asked["before"]))
    found = list(rows.select_related("seal")[: SIZE + 1])
    shown = found[:SIZE]
    lines = timeline(shown, merged=False)
    kept = {name: value for name, value in asked.items() if value and name != "before"}
    older = f"{reverse('desk:ledger')}?{urlencode(kept | {'before': shown[-1].pk})}" if len(found) > SIZE else ""
    context = {
        "lines": lines,
        "asked": asked,
        "kinds": KINDS,
        "pager": {"previous_url": "", "next_url": older},
        "sealed": last_position(),
        "crumbs": crumbs((_("审计记录"), "")),
    }
    return screen(request, me, "desk/ledger.html", context, section="ledger")


@require_http_methods(["GET", "POST"])
@holding("audit_admin")
def verification(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Walk the chain and tell what does not fit."""
    checked = request.method == "POST"
    faults = list(islice(verify(), MOST_FAULTS)) if checked else []
    context = {
        "checked": checked,
        "faults": faults,
        "sealed": last_position(),
        "unsealed": Fact.objects.filter(seal__isnull=True).count(),
        "crumbs": crumbs((_("审计记录"), reverse("desk:ledger")), (_("核验"), "")),
    }
    return screen(request, me, "desk/verification.html", context, section="ledger")
