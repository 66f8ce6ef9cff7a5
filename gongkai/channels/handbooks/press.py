"""Pages of a book by WeasyPrint, which may fetch nothing but pictures within the markup. Runs in the sandbox."""

from __future__ import annotations

from typing import Any

from weasyprint import CSS, HTML

from gongkai.files.copies.press import Within

#: [I] pictures on paper: more dots than this are not seen
DOTS_PER_INCH = 200
JPEG_QUALITY = 82


def pressed(page: str, style: str, base_url: str) -> list[Any]:
    """[the PDF, its number of pages, the page on which each named place begins, counted from 1].

    Tagged and with an outline (PDF/UA); addresses without a host are those of `base_url`.
    """
    fetcher = Within()
    options: dict[str, Any] = {
        "pdf_variant": "pdf/ua-1", "optimize_images": True, "dpi": DOTS_PER_INCH, "jpeg_quality": JPEG_QUALITY,
    }  # fmt: skip
    sheet = CSS(string=style, url_fetcher=fetcher)
    made = HTML(string=page, url_fetcher=fetcher, base_url=base_url).render(stylesheets=[sheet], **options)
    places: dict[str, int] = {}
    for number, one in enumerate(made.pages, start=1):
        for name in one.anchors:
            places.setdefault(name, number)
    return [bytes(made.write_pdf(**options)), len(made.pages), places]
