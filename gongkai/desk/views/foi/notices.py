"""Notices to applicants: how they stand, and what a person decides about one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from gongkai.desk.pages.foi.notices import ROLE, notices_page, organs_of
from gongkai.desk.screens import crumbs, done, refused, screen
from gongkai.desk.who import Me, staff
from gongkai.law.verdicts import Refusal
from gongkai.notices.actions.settle import drop, retry, take_as_sent
from gongkai.notices.queries import notices_of

VERBS: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    "retry": (retry, lazy("已重新排队。")),
    "sent": (take_as_sent, lazy("已认定为发出。")),
    "drop": (drop, lazy("这条通知不再发送，请用其他方式告知申请人。")),
}


@require_safe
@staff
def notices(request: HttpRequest, me: Me) -> HttpResponse:
    """The queue of this person's organs."""
    if not me.has(ROLE):
        raise Http404
    context = notices_page(me, request.GET.dict())
    context["crumbs"] = crumbs((_("依申请公开"), reverse("desk:cases")), (_("通知发送情况"), ""))
    return screen(request, me, "desk/foi/notices.html", context, section="foi")


@require_POST
@staff
def settle(request: HttpRequest, me: Me, notice_id: int) -> HttpResponse:
    """One decision about one notice of one's own organ."""
    notice = notices_of(organs_of(me)).get(pk=notice_id)
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise ObjectDoesNotExist(verb)
    action, sentence = VERBS[verb]
    actor = next(a for a in me.held if a.role == ROLE and a.organ_id == notice.request.organ_id)
    try:
        action(notice.pk, actor=actor, at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:case_notices")
    return done(request, str(sentence), "desk:case_notices")
