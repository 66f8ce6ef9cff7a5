"""The address a visitor comes from, also behind proxies that are known."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The peer's address, or, behind `settings.TRUSTED_PROXIES` proxies, what the outermost of them saw.

    Each proxy appends the address it was reached from, so counting from the right nobody outside can choose the answer.
    """
    hops = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return str(forwarded[-hops])
    return str(request.META.get("REMOTE_ADDR", ""))
