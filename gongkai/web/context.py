"""What every template may use."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

# Links of the frame of public pages. One that has no route yet is empty and its link is left out.
FRAME = (
    "home", "open", "apply", "guide", "rules", "reports", "comments", "search", "track", "accessibility", "about",
    "contact", "sitemap", "privacy", "open_data", "feed", "subscribe",
)  # fmt: skip


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: the site's own facts, see settings.SITE; `to_<name>`: addresses of the frame's links."""
    return {"site": settings.SITE, **routes(settings.ROOT_URLCONF)}


@lru_cache(maxsize=4)
def routes(urlconf: str) -> dict[str, str]:
    """Resolved once: forty look-ups would otherwise cost more than the rest of a page."""
    found = {f"to_{name}": _reverse(urlconf, f"portal:{name}") for name in FRAME}
    found["to_large"] = _reverse(urlconf, "portal:display", "large")
    found["to_standard"] = _reverse(urlconf, "portal:display", "standard")
    return found


def _reverse(urlconf: str, name: str, *args: str) -> str:
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""
