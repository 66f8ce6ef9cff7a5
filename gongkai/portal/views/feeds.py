"""Atom feeds, the sitemap for machines, robots.txt. Written with the standard library's escaping.

A feed is what changed last: an item released, an item taken out of force (its entry comes again, with the category of
its validity and a later `updated`), and an item taken down, which is announced as deleted (RFC 6721) without any word of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from gongkai.disclosure.queries import public
from gongkai.law.announcements import standing
from gongkai.pages.render import item_url
from gongkai.portal.views import shapes
from gongkai.web.addresses import base_url
from gongkai.web.templatetags.wording import validity_word

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ENTRIES = 50


def _changed(request: HttpRequest, *_args: object, **_kwargs: object) -> datetime | None:
    return public.newest_change()


def _etag(request: HttpRequest, *_args: object, **_kwargs: object) -> str:
    return '"{}-{}"'.format(*public.public_state_mark())


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def latest(request: HttpRequest) -> HttpResponse:
    return _feed(request, settings.SITE["name"], {})


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def by_agency(request: HttpRequest, code: str) -> HttpResponse:
    names = public.facets({}).organ_names
    if code not in names:
        raise Http404
    return _feed(request, f"{settings.SITE['name']} {names[code]}", {"agency": [code]})


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def by_heading(request: HttpRequest, code: str) -> HttpResponse:
    row = shapes.heading_of(code)
    if row is None:
        raise Http404
    return _feed(request, f"{settings.SITE['name']} {row.short}", {"heading": [code]})


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def by_theme(request: HttpRequest, name: str) -> HttpResponse:
    if name not in public.facets({}).by["theme"]:
        raise Http404
    return _feed(request, f"{settings.SITE['name']} {name}", {"theme": [name]})


def _feed(request: HttpRequest, title: str, chosen: Mapping[str, Sequence[str]]) -> HttpResponse:
    base = base_url(request)
    address = base + quote(request.path)
    feed = Element("feed", {"xmlns": ATOM, "xmlns:at": TOMBSTONES, "xml:lang": "zh-CN"})
    SubElement(feed, "title").text = title
    SubElement(feed, "id").text = address
    SubElement(feed, "link", {"rel": "self", "href": address})
    SubElement(feed, "link", {"rel": "alternate", "href": base + reverse("portal:home")})
    rows = public.feed_rows(chosen, on=timezone.localdate(), size=ENTRIES)
    newest = rows[0].changed_at if rows else datetime(2000, 1, 1, tzinfo=UTC)
    SubElement(feed, "updated").text = newest.isoformat()
    for row in rows:
        _entry(feed, base + item_url(row.index_number), row)
    return HttpResponse(
        b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="utf-8"),
        content_type="application/atom+xml; charset=utf-8",
    )


def _entry(feed: Element, address: str, changed: public.FeedRow) -> None:
    row = changed.row
    if row is None:
        SubElement(feed, "at:deleted-entry", {"ref": address, "when": changed.changed_at.isoformat()})
        return
    entry = SubElement(feed, "entry")
    SubElement(entry, "title").text = row.title
    SubElement(entry, "id").text = address
    SubElement(entry, "link", {"href": quote(address, safe=":/%")})
    SubElement(entry, "published").text = row.released_at.isoformat()
    SubElement(entry, "updated").text = changed.changed_at.isoformat()
    author = SubElement(entry, "author")
    SubElement(author, "name").text = row.organ
    if changed.ended_as:
        word = standing(row.column_kind, row.valid_until, row.effective_from, changed.ended_as)
        SubElement(entry, "category", {"term": changed.ended_as, "label": validity_word(word)})
    if row.summary:
        SubElement(entry, "summary").text = row.summary


@require_safe
@condition(etag_func=_etag, last_modified_func=_changed)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Pages a search engine may know: live items only (at most the 50,000 the format allows, newest kept)."""
    base = base_url(request)
    urlset = Element("urlset", {"xmlns": SITEMAP})
    for index_number, released_at in list(public.sitemap_rows())[-50_000:]:
        url = SubElement(urlset, "url")
        SubElement(url, "loc").text = base + item_url(index_number)
        SubElement(url, "lastmod").text = timezone.localtime(released_at).date().isoformat()
    return HttpResponse(
        b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(urlset, encoding="utf-8"),
        content_type="application/xml; charset=utf-8",
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /desk/", f"Sitemap: {base_url(request)}{reverse('portal:sitemap_xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
