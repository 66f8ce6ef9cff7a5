"""Small services on canonical HTML: its images, and HTML from plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from gongkai.files.html.tree import escape_attribute, escape_text

_SOURCE = re.compile(r'<img src="([^"]*)"')
_HEADING = re.compile(r"#{1,6} +")


def image_sources_of(html: str) -> list[str]:
    """The `src` of every image of canonical HTML, in order, each once."""
    return list(dict.fromkeys(unescape(source) for source in _SOURCE.findall(html)))


def replace_images(html: str, sources: Mapping[str, str]) -> str:
    """Canonical HTML with each `src` looked up in `sources`; a source that is not there raises KeyError."""
    return _SOURCE.sub(lambda found: f'<img src="{escape_attribute(sources[unescape(found.group(1))])}"', html)


def from_text(text: str) -> str:
    """A paragraph for each line of plain text; lines of the form `## …` become headings. Still to be cleaned."""
    blocks = []
    for line in text.splitlines():
        if not line.strip():
            continue
        heading = _HEADING.match(line)
        if heading:
            level = min(max(len(heading.group().strip()), 2), 4)
            blocks.append(f"<h{level}>{escape_text(line[heading.end() :])}</h{level}>")
        else:
            blocks.append(f"<p>{escape_text(line)}</p>")
    return "".join(blocks)
