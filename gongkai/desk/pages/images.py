"""Images in the body: `asset:<digest>` where it is stored, an address of the desk where it is edited."""

from __future__ import annotations

from django.urls import reverse

from gongkai.disclosure.models import Item
from gongkai.files.html import clean_and_tell, image_sources_of, replace_images

ASSET = "asset:"


def base(item: Item) -> str:
    """The address before the digest."""
    return reverse("desk:image", args=[item.code, "0" * 64]).removesuffix("0" * 64)


def to_desk(body: str, item: Item) -> str:
    """Stored HTML with addresses a browser can load."""
    here = base(item)
    return replace_images(body, {s: here + s.removeprefix(ASSET) for s in image_sources_of(body)})


def from_desk(html: str, item: Item) -> tuple[str, tuple[str, ...]]:
    """What the editor sent, cleaned, with stored addresses; and sentences on what did not come along.

    Raises `Unreadable` for what cannot be taken in.
    """
    here = base(item)
    cleaned = clean_and_tell(html, image_sources=(here, ASSET))
    sources = {
        source: ASSET + source.removeprefix(here).removeprefix(ASSET) for source in image_sources_of(cleaned.html)
    }
    return replace_images(cleaned.html, sources), cleaned.warnings
