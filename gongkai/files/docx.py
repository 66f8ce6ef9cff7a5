"""A Word file as the body of a draft: HTML in canonical form, images as files of their own, plain text, notes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gongkai.files import html as markup
from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import Limits, run
from gongkai.files.sniff import sniff

LIMITS = Limits(seconds=30)


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the document; the HTML refers to it by `src="cid:NAME"`."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Intake:
    """`warnings` are sentences for the writer: what was resolved or left out."""

    html: str
    images: tuple[Image, ...]
    text: str
    warnings: tuple[str, ...]


def docx_to_html(path: Path | str, *, limits: Limits = LIMITS) -> Intake:
    """The body of the .docx at `path`, read in the sandbox; `Unreadable` with the reason when it cannot be.

    Headers, footers, comments and deletions are not part of a body: `reading.read_text` has them for the scan.
    """
    found = run("gongkai.files.parsers.word:to_html", str(path), limits=limits)
    images = []
    for name, data in found["images"]:
        try:
            kind = sniff(data, name)
        except Unreadable:
            continue  # `clean_and_tell` misses it and says so
        images.append(Image(name, data, kind.media_type))
    kept = {f"cid:{image.name}" for image in images}
    cleaned = markup.clean_and_tell(found["html"], image_sources=kept)
    warnings = (*found["warnings"], *cleaned.warnings)
    return Intake(cleaned.html, tuple(images), markup.to_text(cleaned.html), warnings)
