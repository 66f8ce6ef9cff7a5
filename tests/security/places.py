"""Every address of the system, taken from the routes themselves, so that a new one is attacked without being named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
# Routes written as regular expressions, spelled with holes.
SPELLED = {
    "item": "items/<index_number>/",
    "print": "items/<index_number>/print/",
    "file": "items/<index_number>/files/<order>/<filename>",
    "image": "items/<index_number>/images/<digest>",
}
SPELLED_OF_THE_API = {"changes": "v1/changes", "items": "v1/items", "item": "v1/items/<index_number>"}
# Parameters that are read under a name from a table or by a form's prefix.
MORE_PARAMETERS = {"heading", "agency", "theme", "year", "column", "validity", "q", "page", "after", "based_on", "next"}


@dataclass(frozen=True)
class Place:
    """One route: `space` is desk, portal or api, `holes` the names of its arguments."""

    space: str
    name: str
    spelled: str

    @property
    def holes(self) -> list[str]:
        return HOLE.findall(self.spelled)

    def filled(self, values: Mapping[str, str], *, otherwise: str = "1") -> str:
        """The address with its holes filled; values are percent-encoded whole, slashes too."""
        return HOLE.sub(lambda hole: quote(str(values.get(hole[1], otherwise)), safe="%"), self.spelled)


def places() -> list[Place]:
    """All of them, in the order of the routes."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Place]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, prefix + str(pattern.pattern), pattern.app_name or space)
            continue
        assert isinstance(pattern, URLPattern)
        spelled = str(pattern.pattern)
        if spelled.startswith("^"):
            spelled = (SPELLED_OF_THE_API if space == "api" else SPELLED)[pattern.name or ""]
        yield Place(space, pattern.name or "", f"/{prefix}{spelled}")


def parameters() -> list[str]:
    """Names that any view or form of the desk, the portal and the interface reads from a request."""
    found = set(MORE_PARAMETERS)
    for space in ("desk", "portal", "api"):
        for path in (Path(settings.BASE_DIR) / "gongkai" / space).rglob("*.py"):
            text = path.read_text()
            found.update(re.findall(r"(?:GET|POST|query|asked)\.get(?:list)?\(\"(\w+)\"", text))
            found.update(re.findall(r"(?:GET|POST|asked)\[\"(\w+)\"\]", text))
            found.update(re.findall(r"^    (\w+) = (?:forms\.\w+Field|DayField)\(", text, re.MULTILINE))
    return sorted(found)


# What people send who are not people: kept as they stand in an address, percent-encoded.
HOSTILE = {
    "null": "%00",
    "null inside": "a%00b",
    "not utf-8": "%ff%fe%fd",
    "half a surrogate": "%ed%a0%80",
    "up and out": "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "up and out, dots only": "..",
    "up and out, Windows": "..%5c..%5cwin.ini",
    "absolute": "%2fetc%2fpasswd",
    "quote": "'%20OR%20'1'='1",
    "double quote": "%22%20OR%201=1--",
    "stacked": "1);DROP%20TABLE%20disclosure_item;--",
    "like": "%25_%25",
    "backslash": "%5c",
    "query syntax": "title:(%2A%20AND%20NOT%20",
    "query range": "released:[%2A%20TO%20%2A]",
    "query regex": "/(a%2B)%2B$/",
    "star": "%2A",
    "tag": "%3Cscript%3Ehit(1)%3C/script%3E",
    "template": "%7B%7B7*7%7D%7D%7B%25%20debug%20%25%7D",
    "format": "%25s%25n%7B0%7D",
    "line": "a%0d%0aSet-Cookie:%20x=1",
    "minus": "-1",
    "nothing": "0",
    "superscript": "%C2%B2",
    "four superscripts": "%C2%B2" * 4,
    "Arabic digits": "%D9%A3",
    "full width": "%EF%BC%91",
    "fraction": "1.5",
    "exponent": "1e309",
    "past 63 bits": "9223372036854775808",
    "thirty digits": "1" + "0" * 30,
    "five thousand digits": "9" * 5000,
    "long": "%E4%BF%A1" * 3000,
    "long latin": "a" * 9000,
    "right to left": "%E2%80%AE%E2%81%A6",
    "beyond the plane": "%F0%A0%80%80",
    "cursor": "o:2026-01-01T00:00:00:1",
    "cursor far": "o:9999-12-31T23:59:59+00:00:99999999999999999999999",
    "cursor first": "n:0001-01-01T00:00:00-12:00:1",
    "date": "0000-00-00",
    "date far": "9999-12-31",
    "date first": "0001-01-01",
    "json": "%5B%7B%22a%22:%20%5B%5D%7D%5D",
    "nan": "NaN",
    "true": "true",
    "empty": "",
    "blank": "%20%20",
}

_SHARP = (
    "null", "not utf-8", "up and out", "quote", "query syntax", "tag", "line", "minus", "superscript", "four superscripts", "past 63 bits",
    "five thousand digits", "long", "cursor far", "date far", "exponent", "like",
)  # fmt: skip
#: What a run takes; all of them in `make test-full`.
SHARP = HOSTILE if os.environ.get("GONGKAI_FULL") else {name: HOSTILE[name] for name in _SHARP}
#: For forms, where one submission costs most.
SHARPEST = (
    SHARP
    if os.environ.get("GONGKAI_FULL")
    else {name: HOSTILE[name] for name in ("null", "not utf-8", "superscript", "past 63 bits", "five thousand digits")}
)
