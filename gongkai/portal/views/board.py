"""The hall screen: what stands on the notice board, as one page that goes round by itself (portal/static/portal/board.js).

Without scripts it is a page to read. With them it asks for itself again and again; its mark changes with what it shows.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Organ
from gongkai.channels import board as boards
from gongkai.web.addresses import base_url
from gongkai.web.slides import drawn

#: [I] own choice: seconds that a page of an item stands on the screen
SECONDS = 15
#: [I] own choice: seconds between two looks for what changed; a recall has to reach a screen within a minute
LOOK_SECONDS = 20
#: [I] own choice: seconds without an answer after which a screen says that it is offline
OFFLINE_SECONDS = 120
#: [I] own choice: seconds without an answer after which a screen shows nothing any more: it may have been recalled
GIVE_UP_SECONDS = 24 * 3600
#: [I] own choice: seconds for which nginx may keep the page (docs/nginx.conf)
KEPT_SECONDS = 2
_AT = "@at@"


@require_safe
def board(request: HttpRequest, code: str = "") -> HttpResponse:
    """Of all organs, or of one."""
    now = timezone.localtime()
    # The instant stands in the page but not in its mark: the same content is the same page.
    page = render_to_string("portal/board.html", {**_context(request, code), "at": _AT}, request)
    mark = f'"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
    made = HttpResponse(page.replace(_AT, now.isoformat(timespec="seconds")))
    made["ETag"] = mark
    made["X-Accel-Expires"] = str(KEPT_SECONDS)
    patch_cache_control(made, no_cache=True)
    return get_conditional_response(request, etag=mark, response=made) or made


def _context(request: HttpRequest, code: str) -> dict[str, Any]:
    now = timezone.localtime()
    organ = Organ.objects.filter(code=code).exclude(kind="historic").first() if code else None
    if code and organ is None:
        raise Http404
    shown = boards.slides(on=now.date(), zone=timezone.get_current_timezone(), organ_code=code)
    base = base_url(request)
    return {
        "name": _("%(name)s信息公示栏") % {"name": organ.name if organ else settings.SITE["government"]},
        "slides": [drawn(one, base) for one in shown],
        "full": len(shown) >= boards.MOST,
        "seconds": SECONDS,
        "look": LOOK_SECONDS,
        "offline": OFFLINE_SECONDS,
        "give_up": GIVE_UP_SECONDS,
        "worker": reverse("portal:board_worker"),
    }


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page for a machine that starts without the net. Under /board/, because that is its reach."""
    made = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(made, no_cache=True)
    return made


@cache
def _worker() -> str:
    return files("gongkai.portal").joinpath("static/portal/board_worker.js").read_text(encoding="utf-8")
