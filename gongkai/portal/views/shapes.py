"""Values the templates show, made from rows of `disclosure.queries.public`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.disclosure.queries.public import FILTERS, Facets, Row
from gongkai.law.announcements import standing
from gongkai.law.headings import HEADINGS, heading
from gongkai.pages.render import heading_label, item_url

LABELS = {"heading": _("公开类别"), "agency": _("机关"), "theme": _("主题"), "year": _("发布年份"), "column": _("栏目")}
SHOWN = 8  # values of one filter before the rest is left out


def to(name: str, *args: Any) -> str:
    """Address of a route of the portal. Looked up once: that costs as much as a query."""
    return _to(settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=1024)
def _to(urlconf: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(f"portal:{name}", urlconf=urlconf, args=args)


def list_row(row: Row) -> dict[str, Any]:
    """A line of a list."""
    return {
        "url": item_url(row.index_number),
        "title": row.title,
        "validity": standing(row.column_kind, row.valid_until, row.effective_from, row.status),
        "agency": row.organ,
        "document_number": row.doc_number,
        "heading": heading_label(row.heading),
        "released_at": row.released_at,
    }


def year_groups(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows in order, in groups of their year of release."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        year = timezone.localtime(row.released_at).year
        if not groups or groups[-1]["year"] != year:
            groups.append({"year": year, "rows": []})
        groups[-1]["rows"].append(list_row(row))
    return groups


def crumbs(*path: tuple[str, str]) -> list[dict[str, str]]:
    """(title, url) from 首页 on; the last has no url."""
    return [{"title": _("首页"), "url": to("home")}, *({"title": t, "url": u} for t, u in path)]


def label_of(name: str, value: str, facets: Facets) -> str:
    """The words a filter value is shown with."""
    match name:
        case "heading":
            return heading_label(value) if any(h.code == value for h in HEADINGS) else value
        case "agency":
            return facets.organ_names.get(value, value)
        case "year":
            return _("%(year)s 年") % {"year": value}
        case _:
            return value


def chosen_from(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """Filter values of a query string; what is not a known filter or no value is left out."""
    getlist = query.getlist  # type: ignore[attr-defined]
    chosen = {name: [v for v in getlist(name) if v][:20] for name in FILTERS}
    chosen["year"] = [v for v in chosen["year"] if v.isdecimal() and len(v) == 4]
    return {name: values for name, values in chosen.items() if values}


def filter_groups(facets: Facets, chosen: Mapping[str, Sequence[str]], names: Iterable[str]) -> list[dict[str, Any]]:
    """The filter column: per filter its values with counts, most frequent first, chosen ones always shown."""
    groups = []
    for name in names:
        counted = facets.by[name]
        picked = list(chosen.get(name, ()))
        if name == "year":
            values = sorted(counted, reverse=True)
        elif name == "heading":
            values = [h.code for h in HEADINGS if h.code in counted]
        else:
            values = sorted(counted, key=lambda v: (-counted[v], v))
        shown = [v for v in values if v in picked] + [v for v in values if v not in picked]
        shown = shown[: max(SHOWN, len(picked))] if name != "heading" else values
        options = [
            {"value": v, "label": label_of(name, v, facets), "count": counted.get(v, 0), "checked": v in picked}
            for v in dict.fromkeys([*[p for p in picked if p not in counted], *shown])
        ]
        if options:
            groups.append({"name": name, "label": LABELS[name], "options": options, "more_url": "", "more_text": ""})
    return groups


def chips(
    chosen: Mapping[str, Sequence[str]], facets: Facets, base: str, kept: Sequence[tuple[str, str]] = ()
) -> list[dict[str, str]]:
    """Chosen filters as removable chips."""
    every = [(name, value) for name, values in chosen.items() for value in values]
    return [
        {
            "label": label_of(name, value, facets),
            "url": address(base, [*kept, *[pair for pair in every if pair != (name, value)]]),
        }
        for name, value in every
    ]


def address(base: str, pairs: Iterable[tuple[str, str]]) -> str:
    """An address with a query string, or without one."""
    query = urlencode([(k, v) for k, v in pairs if v != ""])
    return f"{base}?{query}" if query else base


def counted_headings(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The fifteen headings of Art. 20 in order, each with its count."""
    return [
        {"url": to("heading", h.code), "title": h.short, "count": counts.get(h.code, 0)}
        for h in HEADINGS
        if h.code.startswith("20-")
    ]


def heading_of(code: str) -> Any:
    """The heading's row, or None for a code that is not in the law."""
    try:
        return heading(code)
    except LookupError:
        return None
