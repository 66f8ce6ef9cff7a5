"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: the site's own facts, see settings.SITE."""
    return {"site": settings.SITE}
