"""查询申请进度: opening one's own case with query code and second fact, and the page of the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.foi.actions.note_failed_lookup import note_failed_lookup
from gongkai.foi.documents.fields import CHANNEL_WORDS
from gongkai.foi.models import FoiRequest
from gongkai.foi.models.cases import DELIVERIES, FILE_KINDS, FORMS
from gongkai.foi.particulars import COLUMNS, IDENTITY_KINDS, masked
from gongkai.foi.queries.attempts import wait_until
from gongkai.foi.queries.progress import Progress, fee_of, note_of, own_files, progress
from gongkai.foi.queries.sealed import particulars
from gongkai.foi.queries.tracking import case_by_code
from gongkai.portal.forms.tracking import ClarifyForm, LoginForm, ReasonsForm
from gongkai.portal.views.tracking_page import case_page, head
from gongkai.portal.views.tracking_session import forget, frame, opened, own_case, private, remember
from gongkai.web.client_ip import client_ip
from gongkai.web.wording import time_of_day


@sensitive_post_parameters("code", "fact")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The code is posted, never in an address. Code or fact wrong: one answer, one status, one cost."""
    at = timezone.localtime()
    if request.method != "POST":
        if opened(request, at) is not None:
            return private(HttpResponseRedirect(reverse("portal:track_case")))
        return _login_page(request, LoginForm())
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form)
    code, address = form.cleaned_data["code"], client_ip(request)
    until = wait_until(code, address, at=at)
    if until is not None:
        form.add_error(
            None, _("连续填错的次数太多。请在 %(time)s 以后再试，或者致电查询。") % {"time": _minute_after(until)}
        )
        response = _login_page(request, form, status=429)
        response["Retry-After"] = str(int((until - at).total_seconds()) + 1)
        return response
    case = case_by_code(code, form.cleaned_data["fact"])
    if case is None:
        note_failed_lookup(code, address, at=at)
        form.add_error(
            None, _("查询码和核对信息对不上，请对照登记回执再填。个人信息已经按规定清除的申请，也不能再查询。")
        )
        return _login_page(request, form)
    response = HttpResponseRedirect(reverse("portal:track_case"))
    remember(response, case, since=at, at=at)
    return private(response)


def _minute_after(until: datetime) -> str:
    """The first whole minute that is not too early."""
    return time_of_day(until.fromtimestamp(-(-until.timestamp() // 60) * 60, until.tzinfo))


def _login_page(request: HttpRequest, form: LoginForm, status: int = 200) -> HttpResponse:
    return private(render(request, "portal/track_login.html", frame() | {"form": form}, status=status))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, as one should on somebody else's computer."""
    response = HttpResponseRedirect(reverse("portal:track"))
    forget(response)
    return private(response)


@own_case("GET")
def stay(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """Asked for while somebody is typing, so that the session does not end under their hands."""
    return HttpResponse(status=204)


@own_case("GET")
def case(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    return case_response(request, progress(case, today=at.date()))


def case_response(request: HttpRequest, seen: Progress, form: forms.Form | None = None) -> HttpResponse:
    """The page of the case; `form` as it came back with faults, else a fresh one where the applicant must write."""
    return render(request, "portal/track_case.html", frame() | case_page(seen) | _to_do(seen, form))


def _to_do(seen: Progress, form: forms.Form | None) -> dict[str, Any]:
    """What the applicant has to do now: {form, asked} or {fee}."""
    match seen.phase:
        case "clarify":
            wish = seen.wish
            told = {"name": wish.name, "document_number": wish.document_number, "features": wish.features}
            return {"form": form or ClarifyForm(initial=told), "asked": note_of(seen.case, "ask_clarification")}
        case "reasons":
            return {"form": form or ReasonsForm(), "asked": note_of(seen.case, "ask_reasons")}
        case "pay":
            return {"fee": fee_of(seen.case)}
        case _:
            return {}


@own_case("GET")
def wanted(request: HttpRequest, case: FoiRequest, at: datetime) -> HttpResponse:
    """查看申请内容: what was asked, and by whom with everything personal masked, so that it may be printed."""
    seen = progress(case, today=at.date())
    told = masked(particulars(case.applicant))
    values = {
        "seen": seen,
        "told": told,
        "identity": IDENTITY_KINDS[told.identity_kind],
        "column": COLUMNS[case.applicant.column],
        "channel": CHANNEL_WORDS[case.channel],
        "form_word": FORMS[seen.wish.form],
        "delivery_word": DELIVERIES[seen.wish.delivery],
        "files": [{"kind": FILE_KINDS[paper.kind], "size": paper.size} for paper in own_files(case)],
    }
    return render(request, "portal/track_request.html", frame(_("申请内容")) | head(seen) | values)
