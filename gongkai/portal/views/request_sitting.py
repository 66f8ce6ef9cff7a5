"""What every page of the request form shares: the draft behind the browser's cookie, the frame of the pages.

The cookie holds a random token and nothing else. What was typed goes into the sealed draft, never into an address, a
title, a session or a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from gongkai.agencies.models import Organ
from gongkai.foi.actions.drafts import NoDraft, save_draft, start_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import RequestDraft
from gongkai.foi.queries.drafts import Filled, configured, draft_by_token, filled, receiving_organs
from gongkai.portal.forms.request import unfinished
from gongkai.portal.views import shapes

COOKIE = "request_draft"
View = Callable[..., HttpResponse]

#: (code, address name, title) of each page in order; the code is that of forms.request.unfinished.
STEPS = (
    ("what", "request", gettext_noop("所需信息")),
    ("agency", "request_agency", gettext_noop("受理机关")),
    ("applicant", "request_applicant", gettext_noop("申请人")),
    ("files", "request_files", gettext_noop("证明材料")),
    ("delivery", "request_delivery", gettext_noop("获取方式")),
    ("check", "request_check", gettext_noop("核对提出")),
)


@dataclass(slots=True)
class Sitting:
    """The form as this browser has it now; `draft` None while nothing was saved yet."""

    token: str
    draft: RequestDraft | None
    told: Filled
    at: datetime

    @property
    def submitted(self) -> bool:
        return self.draft is not None and self.draft.submitted_at is not None

    @property
    def organ(self) -> Organ | None:
        return next((o for _depth, o in receiving_organs() if o.code == self.told.organ), None)

    def keep(self, **changes: Any) -> None:
        """Save some fields; a form that is gone meanwhile begins anew with what this page holds. Raises `Refusal`."""
        try:
            self.draft = save_draft(self.token, changes, actor=APPLICANT, at=self.at)
        except NoDraft:
            whole = {name: getattr(self.told, name) for name in Filled.__dataclass_fields__} | changes
            self.token, self.draft = start_draft(Filled(**whole), actor=APPLICANT, at=self.at)
        self.told = filled(self.draft)


def sit(request: HttpRequest) -> Sitting:
    at = timezone.now()
    token = request.COOKIES.get(COOKIE, "")
    draft = draft_by_token(token, at=at)
    if draft is None:
        return Sitting("", None, Filled(), at)
    return Sitting(token, draft, Filled() if draft.submitted_at else filled(draft), at)


def private(view: View) -> View:
    """No cache keeps the answer, and an error report shows none of what was typed."""

    @wraps(view)
    @sensitive_post_parameters()
    @sensitive_variables()
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answered


def going_on(view: View) -> View:
    """For pages after the first: without a draft back to the beginning, with a submitted one to its receipt."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = sit(request)
        if here.submitted:
            return HttpResponseRedirect(reverse("portal:request_receipt"))
        if here.draft is None:
            return HttpResponseRedirect(reverse("portal:request") + "?gone=1")
        return remembered(request, view(request, here, *args, **kwargs), here)

    return answered


def remembered(request: HttpRequest, response: HttpResponse, here: Sitting) -> HttpResponse:
    """Let the browser keep the token for as long as the draft is kept."""
    if here.draft is not None and COOKIE not in response.cookies:
        response.set_cookie(
            COOKIE, here.token, max_age=timedelta(days=configured("DRAFT_DAYS")), path=reverse("portal:request"),
            httponly=True, samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
    return response


def forgotten(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=reverse("portal:request"), samesite="Lax")
    return response


def frame(here: Sitting, code: str, title: str) -> dict[str, Any]:
    """The values every page shows: steps, when the draft was saved, whom to call."""
    number = next(n for n, (step, _name, _title) in enumerate(STEPS, start=1) if step == code)
    return {
        "section": "apply",
        "crumbs": shapes.crumbs((_("依申请公开"), reverse("portal:apply")), (_("提出申请"), "")),
        "title": title,
        "steps": _steps(here, code),
        "step_number": number,
        "step_title": _(STEPS[number - 1][2]),
        "step_count": len(STEPS),
        "saved_at": here.draft.saved_at if here.draft is not None else None,
        "draft_days": configured("DRAFT_DAYS"),
        "help": helpers(here.organ),
        "back_url": reverse(f"portal:{STEPS[number - 2][1]}") if number > 1 else "",
    }


def _steps(here: Sitting, current: str) -> list[dict[str, Any]]:
    lacks: Mapping[str, Any] = unfinished(here.told, organ_choices())
    return [
        {
            "title": _(title),
            "url": reverse(f"portal:{name}") if here.draft is not None and code != current else "",
            "state": "now" if code == current else "done" if code in TOLD and code not in lacks else "later",
        }
        for code, name, title in STEPS
    ]


#: Steps whose completeness can be told; files may always stay empty.
TOLD = ("what", "agency", "applicant", "delivery")


def organ_choices() -> list[tuple[str, str]]:
    return [(organ.code, organ.name) for _depth, organ in receiving_organs()]


def helpers(organ: Organ | None) -> dict[str, str]:
    """Who helps those who find it hard to read or write (条例29、43): the agency once chosen, else the operator."""
    site = settings.SITE
    own = (organ.name, organ.phone, organ.address, organ.hours) if organ is not None and organ.phone else None
    name, phone, address, hours = own or (site["operator"], site["phone"], site["address"], site["hours"])
    return {"name": name, "phone": phone, "address": address, "hours": hours}


def pressed(request: HttpRequest, *names: str) -> tuple[str, str]:
    """Which button was pressed, with its value; ("next", "") for none of those named."""
    for name in names:
        if name in request.POST:
            return name, request.POST[name]
    return "next", ""
