"""Everything that is released, by heading, agency, theme, year, column and catalogue entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.disclosure.models import CatalogueEntry
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.catalogue import alike, column_by_slug, current_entries, entry_of
from gongkai.disclosure.queries.shelves import ShelfPage, Where, shelf_page, where_of
from gongkai.law.headings import HEADINGS
from gongkai.portal.views import shapes

OPEN_COLUMN = {
    "name": _("法定主动公开内容"),
    "description": _("依照《政府信息公开条例》第二十条、第二十一条主动公开的政府信息"),
    "keywords": _("政府信息公开,主动公开"),
    "kind": _("政策"),
}


def open_contents(request: HttpRequest) -> HttpResponse:
    """The way into everything."""
    facets = public.facets({})
    by_count = sorted(facets.by["agency"].items(), key=lambda pair: -pair[1])
    return render(
        request,
        "portal/open.html",
        {
            "section": "open",
            "crumbs": shapes.crumbs((_("法定主动公开内容"), "")),
            "column": OPEN_COLUMN,
            "total": facets.total,
            "headings": shapes.counted_headings(facets.by["heading"]),
            "further": [
                {
                    "url": shapes.to("heading", h.code),
                    "title": h.short,
                    "count": facets.by["heading"][h.code],
                }
                for h in HEADINGS
                if not h.code.startswith("20-") and h.code in facets.by["heading"]
            ],
            "agencies": [
                {"url": shapes.to("agency", c), "title": facets.organ_names.get(c, c), "count": n}
                for c, n in by_count[:24]
            ],
            "agencies_total": len(by_count),
            "themes": [
                {"url": shapes.to("theme", name), "title": name, "count": n}
                for name, n in sorted(facets.by["theme"].items(), key=lambda pair: -pair[1])[:24]
            ],
            "years": [
                {"url": shapes.to("year", year), "title": _("%(y)s 年") % {"y": year}, "count": n}
                for year, n in sorted(facets.by["year"].items(), reverse=True)
            ],
        },
    )


def latest(request: HttpRequest, number: int | None = None) -> HttpResponse:
    return _listing(request, "latest", None, title=_("最新发布"), lead="", number=number)


def by_heading(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    row = shapes.heading_of(code)
    if row is None:
        raise Http404
    return _listing(request, "heading", code, title=row.short, lead=row.sentence, number=number)


@public.still()
def by_agency(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    names = public.facets({}).organ_names
    if code not in names:
        raise Http404
    return _listing(request, "agency", code, title=names[code], lead="", number=number)


@public.still()
def by_theme(request: HttpRequest, name: str, number: int | None = None) -> HttpResponse:
    if name not in public.facets({}).by["theme"]:
        raise Http404
    return _listing(request, "theme", name, title=name, lead="", number=number)


@public.still()
def by_year(request: HttpRequest, year: int, number: int | None = None) -> HttpResponse:
    if str(year) not in public.facets({}).by["year"]:
        raise Http404
    return _listing(request, "year", year, title=_("%(y)s 年") % {"y": year}, lead="", number=number)


def by_column(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    column = column_by_slug(slug)
    if column is None:
        raise Http404
    shown = {
        "name": column.name,
        "description": column.description,
        "keywords": column.keywords,
        "kind": column.kind,
    }
    return _listing(
        request, "column", slug, title=column.name, lead=column.description, column=shown, number=number
    )  # fmt: skip


def _listing(
    request: HttpRequest,
    kind: str,
    value: Any,
    *,
    title: str,
    lead: str,
    number: int | None,
    column: Mapping[str, str] = OPEN_COLUMN,
) -> HttpResponse:
    """A list page: its head with the filters, a numbered page of what is older, or, with a query string, what the
    filters leave, by cursor. Numbered pages hold nothing that a later release would change."""
    base = shapes.to(kind, *([] if value is None else [value]))
    shown = {
        "section": "open",
        "crumbs": shapes.crumbs((_("法定主动公开内容"), shapes.to("open")), (title, "")),
        "column": column,
    }
    if number is not None:
        return _numbered(request, where_of(kind, value), number, base, shown, title)
    fixed = {} if value is None else {kind: [str(value)]}
    chosen = {k: v for k, v in shapes.chosen_from(request.GET).items() if k not in fixed}
    everything = {**fixed, **chosen}
    mark = public.public_state_mark()
    facets = public.facets(everything, mark)
    pairs = [(name, picked) for name, values in chosen.items() for picked in values]
    cursor = request.GET.get("after", "")
    if chosen or cursor:
        page = public.page(public.filtered(everything), on=timezone.localdate(), cursor=cursor)
        rows, pager = page.rows, _cursor_pager(base, pairs, page)
    else:
        head = shelf_page(where_of(kind, value), None, on=timezone.localdate(), mark=mark)
        rows, pager = (head.rows, shelf_pager(base, head)) if head else ([], {})
    return render(
        request,
        "portal/browse.html",
        {
            **shown,
            "page": {"title": title, "lead": lead, "count": facets.total},
            "groups": shapes.year_groups(rows),
            "filters": shapes.filter_groups(
                facets, chosen, [n for n in ("heading", "agency", "theme", "year") if n not in fixed]
            ),
            "kept": [],
            "action": base,
            "chosen": len(pairs),
            "chips": shapes.chips(chosen, facets, base),
            "clear_url": base,
            "pager": pager,
            "follow": _follow(kind, value, chosen),
        },
    )


def _follow(kind: str, value: Any, chosen: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where to be told of what comes: mail for what is shown, and the feed of the list where it has one."""
    fed, feed = kind in ("heading", "agency", "theme"), ""
    if not chosen and (fed or kind == "latest"):
        feed = shapes.to(f"feed_{kind}", value) if fed else shapes.to("feed")
    wanted = {**({kind: [str(value)]} if fed else {}), **chosen}
    pairs = [(name, v) for name in ("heading", "agency", "theme") for v in wanted.get(name, ())]
    return {"feed": feed, "mail": shapes.address(shapes.to("subscribe"), pairs)}


def _numbered(
    request: HttpRequest, where: Where, number: int, base: str, shown: Mapping[str, Any], title: str
) -> HttpResponse:
    page = shelf_page(where, number, on=timezone.localdate())
    if page is None:
        raise Http404
    context = {
        **shown,
        "page": {"title": title, "number": number, "newest_url": base},
        "groups": shapes.year_groups(page.rows),
        "pager": shelf_pager(base, page),
    }
    return render(request, "portal/browse.html", context)


def shelf_pager(base: str, page: ShelfPage) -> dict[str, str]:
    """Addresses of the pages before and after, in the order of reading: older comes next."""
    newer = f"{base}page/{page.newer}/" if page.newer else base
    return {
        "previous_url": newer if page.number else "",
        "next_url": f"{base}page/{page.older}/" if page.older else "",
    }


def _cursor_pager(base: str, pairs: list[tuple[str, str]], page: public.Page) -> dict[str, str]:
    return {
        "previous_url": shapes.address(base, [*pairs, ("after", page.newer)]) if page.newer else "",
        "next_url": shapes.address(base, [*pairs, ("after", page.older)]) if page.older else "",
    }


PAGE = 25
METHODS = {"proactive": _("主动"), "on_request": _("依申请公开")}


def catalogue(request: HttpRequest, number: int = 1) -> HttpResponse:
    """公开事项目录 as the public reads it, by agency and heading, a page at a time."""
    chosen = {k: v for k, v in shapes.chosen_from(request.GET).items() if k in ("agency", "heading")}
    every = current_entries()
    entries = [e for e in every if _matches(e, chosen)]
    base = shapes.to("catalogue")
    asked = request.GET.get("page", "")
    pages = max(1, -(-len(entries) // PAGE))
    if number > pages:
        raise Http404
    if asked.isdecimal() and len(asked) < 6:
        number = min(max(int(asked), 1), pages)
    names = {e.catalogue.organ.code: e.catalogue.organ.label for e in every}
    facets = public.Facets(len(entries), _counts(every, chosen), names)
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    return render(
        request,
        "portal/catalogue.html",
        {
            "section": "open",
            "crumbs": shapes.crumbs((_("法定主动公开内容"), shapes.to("open")), (_("公开事项目录"), "")),
            "column": OPEN_COLUMN | {"name": _("公开事项目录")},
            "year": every[0].catalogue.year if every else timezone.localdate().year,
            "count": len(entries),
            "filters": shapes.filter_groups(facets, chosen, ["agency", "heading"]),
            "kept": [],
            "action": base,
            "chosen": len(pairs),
            "chips": shapes.chips(chosen, facets, base),
            "clear_url": base,
            "rows": [_entry_row(entry) for entry in entries[(number - 1) * PAGE : number * PAGE]],
            "pager": {
                "pages": [
                    {"number": n, "url": _catalogue_url(base, pairs, n), "current": n == number}
                    for n in range(1, pages + 1)
                ]
                if pages > 1
                else [],
                "previous_url": _catalogue_url(base, pairs, number - 1) if number > 1 else "",
                "next_url": _catalogue_url(base, pairs, number + 1) if number < pages else "",
            },
        },
    )


def _catalogue_url(base: str, pairs: list[tuple[str, str]], number: int) -> str:
    """A page of its own address where nothing is filtered, so that it can be a file."""
    if pairs:
        return shapes.address(base, [*pairs, ("page", str(number))])
    return f"{base}page/{number}/" if number > 1 else base


def _matches(entry: CatalogueEntry, chosen: Mapping[str, Sequence[str]], but: str = "") -> bool:
    values = {"agency": entry.catalogue.organ.code, "heading": entry.heading}
    return all(values[name] in picked for name, picked in chosen.items() if name != but)


def _counts(entries: Sequence[CatalogueEntry], chosen: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """How many entries stand under each value, each filter counted with the other applied."""
    return {
        "agency": Counter(e.catalogue.organ.code for e in entries if _matches(e, chosen, "agency")),
        "heading": Counter(e.heading for e in entries if _matches(e, chosen, "heading")),
    }


def _entry_row(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "number": entry.serial,
        "matter": entry.label,
        "content": entry.content,
        "basis": entry.basis,
        "limit": entry.limit_text,
        "agency": entry.catalogue.organ.label,
        "channels": "、".join(entry.channels),
        "audience": entry.audience,
        "method": METHODS[entry.method],
        "level": entry.level,
        "url": shapes.to("entry", entry.serial, entry.catalogue.organ.code) if entry.live else "",
        "live": entry.live,
    }


def by_entry(request: HttpRequest, serial: int, organ: str, number: int | None = None) -> HttpResponse:
    """Released items of one catalogue entry."""
    entry = entry_of(organ, serial)
    if entry is None:
        raise Http404
    same = tuple(alike(entry).order_by("pk").values_list("pk", flat=True))
    page = shelf_page(where_of("entry", same), number, on=timezone.localdate())
    if page is None:
        raise Http404
    count = public.listed().filter(item__entry__in=same).count()
    if count == 0:
        raise Http404
    base = shapes.to("entry", serial, organ)
    head = {"lead": entry.content, "count": count}
    return render(
        request,
        "portal/browse.html",
        {
            "section": "open",
            "crumbs": shapes.crumbs((_("公开事项目录"), shapes.to("catalogue")), (entry.label, "")),
            "column": OPEN_COLUMN,
            "page": {"title": entry.label, **({"number": number, "newest_url": base} if number else head)},
            "groups": shapes.year_groups(page.rows),
            "pager": shelf_pager(base, page),
        },
    )
