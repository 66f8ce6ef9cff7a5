"""Where a channel calls back. Nothing is done, and nothing told, without a right signature."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.channels.actions.take_callback import take_wechat
from gongkai.channels.adapters.wechat_callback import Garbled, genuine

_MOST = 64 * 1024  # bytes; an event has a few hundred
_ECHO = re.compile(r"[0-9A-Za-z_-]{1,128}")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def wechat(request: HttpRequest) -> HttpResponse:
    """GET: WeChat checks the address when it is set up. POST: an event; any answer but `success` is sent once more."""
    now = timezone.now()
    given = [request.GET.get(name, "") for name in ("signature", "timestamp", "nonce")]
    if not genuine(settings.WECHAT_TOKEN, *given, at=now):
        raise PermissionDenied
    if request.method == "GET":
        echo = request.GET.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            return HttpResponseBadRequest(content_type="text/plain")
        return HttpResponse(echo, content_type="text/plain")
    if len(request.body) > _MOST:
        return HttpResponse(status=413, content_type="text/plain")
    try:
        take_wechat(request.body, at=now)
    except Garbled:
        return HttpResponseBadRequest(content_type="text/plain")
    return HttpResponse("success", content_type="text/plain")
