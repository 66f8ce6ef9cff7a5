"""WeasyPrint, allowed to fetch nothing. Loaded by `printed` only: it takes a second and more to load."""

from __future__ import annotations

from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher


class Refusing(URLFetcher):
    """Gives nothing out: no address of the net, no file of this machine, no data in an address."""

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        raise FatalURLFetchingError(f"documents fetch nothing: {url[:80]}")


def pressed(page: str, sheets: tuple[str, ...]) -> bytes:
    """A whole HTML page with its style sheets as PDF. Raises FatalURLFetchingError where something is to be fetched."""
    fetcher = Refusing()
    styles = [CSS(string=sheet, url_fetcher=fetcher) for sheet in sheets]
    return bytes(HTML(string=page, url_fetcher=fetcher).write_pdf(stylesheets=styles))
