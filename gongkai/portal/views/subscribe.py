"""邮件订阅: ask, confirm, leave. Opening an address changes nothing, so that what looks at mails beforehand cannot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongkai.disclosure.queries.public import facets
from gongkai.law.verdicts import Refusal
from gongkai.notices.actions.end_subscription import leave as end
from gongkai.notices.actions.subscribe import ask
from gongkai.notices.actions.subscribe import confirm as say_yes
from gongkai.notices.models import Subscription
from gongkai.notices.queries import subscription_by, subscriptions_open
from gongkai.notices.subscribing import ASKED_DAYS, CONFIRMED, DIGEST_AT, FILTERS, chosen
from gongkai.portal.forms.subscribe import SubscribeForm
from gongkai.portal.views import shapes
from gongkai.portal.views.tracking_session import private
from gongkai.web.client_ip import client_ip

STATUS = {"too_many": 429, "mail_off": 503}


@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form. Its answer is the same whoever's address it is, and whether that is known here or not."""
    status = 200
    if request.method == "POST":
        form = SubscribeForm(request.POST)
        if form.is_valid():
            told = form.cleaned_data
            try:
                ask(told["address"], told, network=client_ip(request), at=timezone.localtime())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = STATUS[refusal.refused.code]
            else:
                return _told(request, _("请到邮箱里确认"), "asked")
    else:
        form = SubscribeForm(initial={name: request.GET.getlist(name)[:20] for name in FILTERS})
    context = {"form": form, "on": subscriptions_open(), "hour": f"{DIGEST_AT.hour}:{DIGEST_AT.minute:02d}"}
    return _page(request, "portal/subscribe.html", _("邮件订阅"), context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms."""
    at = timezone.localtime()
    if request.method == "POST":
        made = say_yes(token, at=at)
        if made is not None:
            return _told(request, _("订阅已确认"), "confirmed", made)
        return _gone(request)
    found = subscription_by(token, at=at)
    if found is None:
        return _gone(request)
    if found.state == CONFIRMED:
        return _told(request, _("订阅已确认"), "confirmed", found)
    return _told(request, _("确认订阅"), "confirm", found, button=_("确认订阅"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST ends: from the button, or at once from the mail program (RFC 8058), which has no cookie of ours and
    needs none, because whoever knows the token holds the mail."""
    at = timezone.localtime()
    if request.method == "POST":
        end(token, at=at)
        # The same when it had ended before: a mail program may say it twice.
        return _told(request, _("已退订"), "left")
    if subscription_by(token, at=at) is None:
        return _gone(request)
    return _told(request, _("退订"), "leave", button=_("退订并清除邮箱地址"))


def _told(
    request: HttpRequest, title: str, step: str, subscription: Subscription | None = None, *, button: str = ""
) -> HttpResponse:
    context = {
        "step": step,
        "button": button,
        "days": ASKED_DAYS.days,
        "hour": f"{DIGEST_AT.hour}:{DIGEST_AT.minute:02d}",
        "choices": _choices(subscription) if subscription is not None else [],
    }
    return _page(request, "portal/subscribe_step.html", title, context)


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"step": "gone", "button": "", "choices": [], "days": ASKED_DAYS.days, "hour": ""}
    return _page(request, "portal/subscribe_step.html", _("链接已经失效"), context, status=404)


def _choices(subscription: Subscription) -> list[dict[str, str]]:
    """What was chosen, in words."""
    found, kept = facets({}), chosen(subscription.choices)
    return [
        {"label": str(shapes.LABELS[name]), "values": "、".join(shapes.label_of(name, v, found) for v in kept[name])}
        for name in ("heading", "agency", "theme")
        if name in kept
    ]


def _page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    path = [(_("邮件订阅"), reverse("portal:subscribe"))] if template.endswith("_step.html") else []
    crumbs = shapes.crumbs(*path, (title, ""))
    return private(render(request, template, {"title": title, "crumbs": crumbs, **context}, status=status))
