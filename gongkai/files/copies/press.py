"""Pages from markup by WeasyPrint, which may fetch nothing but pictures within the markup. Runs in the sandbox."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class Within(URLFetcher):
    """`data:` addresses in base64, and no other."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        head, comma, body = url.partition(",")
        if not head.startswith("data:") or not head.endswith(";base64") or not comma:
            raise FatalURLFetchingError(f"copies fetch nothing: {url[:80]}")
        media_type = head.removeprefix("data:").removesuffix(";base64")
        return URLFetcherResponse(url, b64decode(body), {"Content-Type": media_type})


def pressed(page: str, style: str) -> bytes:
    """A whole page of HTML with its style sheet as PDF."""
    fetcher = Within()
    made = HTML(string=page, url_fetcher=fetcher).write_pdf(stylesheets=[CSS(string=style, url_fetcher=fetcher)])
    return bytes(made)
