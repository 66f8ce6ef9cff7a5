"""Public things as JSON: exactly what their pages show, with files by digest and address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.encoding import iri_to_uri

from gongkai.channels.queries import state_of
from gongkai.disclosure.models import Release
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.changes import Change
from gongkai.disclosure.queries.document import Document, Related, related
from gongkai.disclosure.queries.public import Row, facets_organ_names, item_url
from gongkai.law.announcements import standing
from gongkai.law.moves import NOTICE_ONLY
from gongkai.pages.render import heading_label, public_item


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    """In Beijing time, to the second and with its offset."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def link(base: str, path: str) -> str:
    return iri_to_uri(base + path) or ""


def change_value(change: Change, base: str) -> dict[str, Any]:
    """One line of the changes. `state` is that of the item after it; "" where no text is left."""
    withdrawn_as = change.reason
    return {
        "position": change.position,
        "kind": change.kind,
        "index_number": change.index_number,
        "at": instant(change.at),
        "reason": withdrawn_as,
        "state": "" if withdrawn_as in NOTICE_ONLY else state_of(change.digest, "", withdrawn_as, change.release_id),
        "url": link(base, item_url(change.index_number)),
        "item": link(base, f"/api/v1/items/{change.index_number}"),
    }


def states_of(release_ids: list[int]) -> dict[int, str]:
    """Release → state, comparable with that of a change."""
    rows = Release.objects.filter(pk__in=release_ids).values_list("pk", "digest", "withdrawn_as")
    return {pk: state_of(digest, "", withdrawn_as, pk) for pk, digest, withdrawn_as in rows}


def row_value(row: Row, state: str, base: str) -> dict[str, Any]:
    """One line of a list."""
    return {
        "index_number": row.index_number,
        "title": row.title,
        "agency": {"code": row.organ_code, "name": row.organ},
        "document_number": row.doc_number,
        "heading": _heading(row.heading),
        "released_at": instant(row.released_at),
        "validity": standing(row.column_kind, row.valid_until, row.effective_from, row.status),
        "state": state,
        "url": link(base, item_url(row.index_number)),
        "item": link(base, f"/api/v1/items/{row.index_number}"),
    }


def notice_value(doc: Document, base: str) -> dict[str, Any]:
    """What is left of an item whose text is gone: published in error, or an announcement that is over."""
    shown = public_item(doc, [], co_organs={})
    return {
        "index_number": doc.index_number,
        "title": shown["title"],
        "agency": {"code": doc.organ_code, "name": doc.organ},
        "on": day(shown["notice"]["on"]),
        "reason": shown["notice"]["reason"],
        "url": link(base, item_url(doc.index_number)),
    }


def item_value(doc: Document, base: str) -> dict[str, Any]:
    """A public item as its page shows it."""
    links = related(doc)
    names = facets_organ_names() if doc.co_organs else {}
    address = link(base, item_url(doc.index_number))
    shown = public_item(doc, links, co_organs=names, url=address)
    values = doc.values
    return {
        "index_number": doc.index_number,
        "state": states_of([doc.key])[doc.key],
        "url": address,
        "title": doc.title,
        "document_number": shown["document_number"],
        "agency": {"code": doc.organ_code, "name": shown["agency"]},
        "joint_agencies": shown["joint_agencies"],
        "heading": _heading(doc.heading),
        "column": {"code": doc.column_slug, "title": doc.column_name},
        "theme": shown["theme"],
        "keywords": shown["keywords"],
        "summary": shown["summary"],
        "source": values["source"] or doc.organ,
        "formed_on": day(shown["formed_on"]),
        "released_at": instant(doc.released_at),
        "effective_from": day(shown["effective_from"]),
        "valid_until": day(shown["valid_until"]),
        "provisional": shown["provisional"],
        "validity": shown["validity"],
        "ended": _ended(shown["ended"], doc, base),
        "elsewhere": _elsewhere(shown["elsewhere"]),
        "interprets": [_related(r, base) for r in links if r.relation == "interprets"],
        "interpretations": [_related(r, base) for r in links if r.relation == "interpreted_by"],
        "replaces": [_related(r, base) for r in links if r.relation == "replaces"],
        "answers": {"section": f"{doc.organ} {doc.section}".strip(), "telephone": doc.section_phone},
        "body": str(shown["body"]),
        "files": [
            {
                "order": stored["order"],
                "title": told["title"],
                "filename": stored["filename"],
                "kind": told["kind"],
                "size": told["size"],
                "sha256": stored["digest"],
                "url": iri_to_uri(told["url"]),
                "note": told["note"],
                "covered": told["covered"],
            }
            for stored, told in zip(doc.files, shown["attachments"], strict=True)
        ],
    }


def _heading(code: str) -> dict[str, str]:
    return {"code": code, "title": heading_label(code)}


def _related(row: Related, base: str) -> dict[str, str]:
    return {
        "title": row.title,
        "index_number": row.index_number,
        "url": link(base, item_url(row.index_number)),
        "validity": public.status_of(row.status, None, None, date.min),
    }


def _ended(told: Mapping[str, Any] | None, doc: Document, base: str) -> dict[str, Any] | None:
    if told is None:
        return None
    withdrawal = doc.withdrawal or {}
    current = None
    if withdrawal.get("replaced_by"):
        current = {
            "title": withdrawal["replaced_by_title"],
            "index_number": withdrawal["replaced_by"],
            "url": link(base, item_url(withdrawal["replaced_by"])),
        }
    return {"on": day(told["on"]), "ground": told["ground"], "current": current}


def _elsewhere(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if told is None else {"on": day(told["on"]), "url": told["url"]}
