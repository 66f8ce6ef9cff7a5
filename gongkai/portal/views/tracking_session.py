"""The short session of an applicant: one signed cookie, for one case, for the tracking pages alone.

It holds the row of the case and the keyed digest of its query code, neither code nor name nor number. The session
slides: half an hour without a page ends it, a day's work does in any case. Nothing is kept on the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.tracking import case_by_handle
from gongkai.portal.views import shapes
from gongkai.web.errors import not_found

COOKIE: Final = "gongkai_track"
IDLE: Final = timedelta(minutes=30)  # [I] sliding
LONGEST: Final = timedelta(hours=8)  # [I] however busy
_SALT: Final = "gongkai.portal.track"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that stands: its case and when it was opened."""

    case: FoiRequest
    since: datetime


def opened(request: HttpRequest, at: datetime) -> Opened | None:
    """The session of this browser; None when there is none, it is over, or it was tampered with."""
    try:
        row, handle, since, seen = signing.Signer(salt=_SALT).unsign_object(request.COOKIES.get(COOKIE, ""))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    now = at.timestamp()
    if now - seen > IDLE.total_seconds() or now - since > LONGEST.total_seconds() or seen > now + 60:
        return None
    case = case_by_handle(row, handle)
    return Opened(case, datetime.fromtimestamp(since, at.tzinfo)) if case is not None else None


def remember(response: HttpResponse, case: FoiRequest, *, since: datetime, at: datetime) -> None:
    """Begin the session, or let it slide."""
    told = [case.pk, case.code_digest, int(since.timestamp()), int(at.timestamp())]
    response.set_cookie(
        COOKIE, signing.Signer(salt=_SALT).sign_object(told), path=reverse("portal:track"), httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("portal:track"), samesite="Lax")


def private(response: HttpResponse) -> HttpResponse:
    """Not kept by any cache, not indexed."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


CaseView = Callable[..., HttpResponse]


def own_case(*methods: str) -> Callable[[CaseView], CaseView]:
    """A page of one's own case: `view(request, case, at, …)`. Without a session every address answers alike.

    An erased case has one page, which says so.
    """

    def decorate(view: CaseView) -> CaseView:
        @wraps(view)
        def shown(request: HttpRequest, **more: object) -> HttpResponse:
            at = timezone.localtime()
            session = opened(request, at)
            if session is None:
                response: HttpResponse = HttpResponseRedirect(reverse("portal:track"))
                forget(response)
                return private(response)
            if request.method not in (methods if "GET" not in methods else (*methods, "HEAD")):
                return private(HttpResponseNotAllowed(methods))
            if session.case.erased_at is not None:
                response = render(request, "portal/track_erased.html", frame() | {"case": session.case}, status=410)
                forget(response)
                return private(response)
            try:
                response = view(request, session.case, at, **more)
            except Http404 as missing:
                response = not_found(request, missing)
            remember(response, session.case, since=session.since, at=at)
            return private(response)

        return shown

    return decorate


def frame(title: str = "") -> dict[str, object]:
    """What every tracking page hands to its template; `title` of a page below the case's own."""
    path = [(_("依申请公开"), reverse("portal:apply"))]
    path += [(_("查询申请进度"), reverse("portal:track_case")), (title, "")] if title else [(_("查询申请进度"), "")]
    return {"section": "apply", "crumbs": shapes.crumbs(*path)}
