"""Parts of the frame that are the same on every public page are rendered once for a process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from gongkai.web.context import routes

register = template.Library()


@register.simple_tag
def fixed(name: str, section: str = "") -> SafeString:
    """The template `name` with `site`, the routes and `section`, and nothing of the request."""
    return _rendered(name, section, get_language(), settings.ROOT_URLCONF, tuple(settings.SITE.items()))


@lru_cache(maxsize=64)
def _rendered(name: str, section: str, language: str, urlconf: str, site: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(name, {"site": dict(site), "section": section, **routes(urlconf)})
