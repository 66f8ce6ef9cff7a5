"""A released item, its paper form, its files and images."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.document import Document, document, public_file, public_image, related
from gongkai.files.queries import path_of
from gongkai.pages.render import heading_label, item_url, public_item
from gongkai.portal.views import shapes
from gongkai.portal.views.browse import OPEN_COLUMN

# Only these open in the browser; everything else is handed over as a download.
SHOWN_IN_PLACE = {"image/png", "image/jpeg", "image/gif"}


def item(request: HttpRequest, index_number: str) -> HttpResponse:
    doc, context = _page(index_number)
    # A page whose text was taken down is gone: only its notice answers.
    return render(request, "portal/item.html", context, status=410 if doc.notice_only else 200)


def print_item(request: HttpRequest, index_number: str) -> HttpResponse:
    doc, context = _page(index_number)
    # No day of printing: the page is the same bytes on every day, and browsers print the day themselves.
    context["address"] = request.build_absolute_uri(item_url(index_number))
    return render(request, "pages/print.html", context, status=410 if doc.notice_only else 200)


def _page(index_number: str) -> tuple[Document, dict[str, Any]]:
    doc = document(index_number, on=timezone.localdate())
    if doc is None:
        raise Http404
    if doc.notice_only:
        shown = public_item(doc, [], co_organs={})
        return doc, {
            "item": shown,
            "section": "open",
            "crumbs": shapes.crumbs((_("法定主动公开内容"), shapes.to("open")), (doc.index_number, "")),
            "column": OPEN_COLUMN,
            "answers": {"section": doc.organ, "telephone": doc.section_phone},
        }
    links = related(doc)
    names = public.facets_organ_names() if doc.co_organs else {}
    values = doc.values
    return doc, {
        "item": public_item(doc, links, co_organs=names),
        "section": "open",
        "crumbs": _crumbs(doc),
        "column": {
            "name": doc.column_name or heading_label(doc.heading) or OPEN_COLUMN["name"],
            "description": doc.column_description or OPEN_COLUMN["description"],
            "keywords": doc.column_keywords or OPEN_COLUMN["keywords"],
            "kind": doc.column_kind or OPEN_COLUMN["kind"],
        },
        "article": {
            "title": doc.title,
            "released_at": doc.released_at,
            "source": values["source"] or doc.organ,
            "keywords": values["keywords"],
            "summary": values["summary"],
        },
        "print_url": f"{item_url(doc.index_number)}print/",
        "related": [
            {"title": r.title, "url": item_url(r.index_number), "validity": ""}
            for r in links
            if r.relation == "replaces"
        ],
        "answers": {"section": f"{doc.organ} {doc.section}".strip(), "telephone": doc.section_phone},
        "correction_url": f"{shapes.to('correction')}?page={doc.index_number}" if values["names_persons"] else "",
    }


def _crumbs(doc: Document) -> list[dict[str, str]]:
    path = [(_("法定主动公开内容"), shapes.to("open"))]
    if doc.heading:
        path.append((heading_label(doc.heading), shapes.to("heading", doc.heading)))
    return shapes.crumbs(*path, (doc.values["doc_number"] or doc.title, ""))


def file(request: HttpRequest, index_number: str, order: str, filename: str) -> FileResponse:
    """An attachment of the release in front, and of no other version."""
    attached = public_file(index_number, int(order)) if len(order) < 6 else None
    if attached is None or attached.filename != filename:
        raise Http404
    return _send(attached.blob_id, attached.blob.media_type, attached.filename)


def image(request: HttpRequest, index_number: str, digest: str) -> FileResponse:
    """An image inside the text of the release in front."""
    attached = public_image(index_number, digest)
    if attached is None or attached.blob.media_type not in SHOWN_IN_PLACE:
        raise Http404
    return _send(attached.blob_id, attached.blob.media_type, attached.filename)


def _send(digest: str, media_type: str, filename: str) -> FileResponse:
    path = path_of(digest)
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"),
        as_attachment=media_type not in SHOWN_IN_PLACE,
        filename=filename,
        content_type=media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["ETag"] = f'"{digest}"'
    return response
