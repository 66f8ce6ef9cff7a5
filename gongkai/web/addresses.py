"""The site's public address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def base_url(request: HttpRequest) -> str:
    """Configured, else the one it was asked under; without a slash at its end."""
    configured: str = settings.SITE["base_url"]
    return configured.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
