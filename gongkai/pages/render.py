"""Turns what is released, or about to be, into the value the page templates show.

Portal, the desk's preview and every channel that writes pages use these two functions, so that what a reviewer saw
is what the public gets. Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from gongkai.disclosure.models import Version
from gongkai.disclosure.queries.document import Document, Related
from gongkai.disclosure.queries.public import item_url, status_of
from gongkai.files.html import image_sources_of, outline, replace_images
from gongkai.law.announcements import is_announcement, standing
from gongkai.law.headings import heading
from gongkai.law.moves import withdrawal_reason


def heading_label(code: str) -> str:
    return heading(code).short if code else ""


def public_item(
    doc: Document, related: Sequence[Related], *, co_organs: Mapping[str, str], url: str = ""
) -> dict[str, Any]:
    """The context value `item` of pages/item.html for a released document; `co_organs` names organs by code."""
    address = url or item_url(doc.index_number)
    if doc.notice_only:
        withdrawal = doc.withdrawal or {}
        return {
            "title": withdrawal_reason(withdrawal.get("reason") or "error").banner.rstrip("。"),
            "index_number": doc.index_number,
            "url": address,
            "notice": {"on": withdrawal.get("effective_on"), "reason": withdrawal.get("explanation", "")},
        }
    values = doc.values
    body, contents = rendered_body(doc.version_id, values["body"], f"{address}images/")
    return {
        **_header(values, doc.title, doc.organ, [co_organs.get(code, code) for code in doc.co_organs]),
        "index_number": doc.index_number,
        "url": address,
        "heading": heading_label(doc.heading),
        "released_at": doc.released_at,
        "elsewhere": {"on": doc.published_elsewhere_on, "url": doc.source_url} if doc.imported else None,
        "validity": standing(doc.column_kind, values["valid_until"], values["effective_from"], doc.status),
        "announcement": is_announcement(doc.column_kind, values["valid_until"], values["effective_from"]),
        "ended": _ended(doc),
        "notice": None,
        "interpretations": [_link(r) for r in related if r.relation == "interpreted_by"],
        "interpretation_note": "",
        "interprets": [_link(r) for r in related if r.relation == "interprets"],
        "body": body,
        "contents": contents,
        "attachments": _attachments(doc.files, lambda f: f"{address}files/{f['order']}/{f['filename']}"),
    }


def preview_item(
    version: Version,
    *,
    organ: str,
    co_organs: Mapping[str, str],
    heading_code: str,
    index_number: str,
    image_base: str,
    on: date,
    file_url: Callable[[Mapping[str, Any]], str],
    kind: str = "",
) -> dict[str, Any]:
    """The same value for a frozen version that is not public, as the public would see it; `kind` of its column."""
    values = {
        name: getattr(version, name)
        for name in (
            "doc_number", "issuer", "formed_on", "theme", "keywords", "summary", "effective_from", "valid_until",
            "is_trial",
        )
    }  # fmt: skip
    body, contents = rendered_body(version.pk, version.body, image_base)
    return {
        **_header(values, version.title, organ, [co_organs.get(code, code) for code in version.co_organs]),
        "index_number": index_number,
        "url": "",
        "heading": heading_label(heading_code),
        "released_at": None,
        "validity": standing(
            kind,
            version.valid_until,
            version.effective_from,
            status_of("", version.effective_from, version.valid_until, on),
        ),
        "announcement": is_announcement(kind, version.valid_until, version.effective_from),
        "ended": None,
        "notice": None,
        "interpretations": [],
        "interpretation_note": "",
        "interprets": [],
        "body": body,
        "contents": contents,
        "attachments": _attachments([f for f in version.files if not f["inline"]], file_url),
    }


@lru_cache(maxsize=256)
def rendered_body(version_id: int, body: str, image_base: str) -> tuple[SafeString, list[dict[str, str]]]:
    """Body HTML with heading ids and image addresses, and the list of contents. A version never changes, so a
    rendering may be kept."""
    sources = {s: image_base + s.removeprefix("asset:") for s in image_sources_of(body)}
    made = outline(replace_images(body, sources))
    contents = [{"id": h.id, "title": h.title} for h in made.headings if h.level <= 3]
    # The body was cleaned before it was frozen (files/html/clean.py); nothing else may be marked safe.
    return mark_safe(made.html), contents if len(contents) > 1 else []  # noqa: S308


def _header(values: Mapping[str, Any], title: str, organ: str, joint: list[str]) -> dict[str, Any]:
    return {
        "title": title,
        "document_number": values["doc_number"],
        "agency": values["issuer"] or organ,
        "joint_agencies": joint,
        "theme": values["theme"],
        "formed_on": values["formed_on"],
        "effective_from": values["effective_from"],
        "valid_until": values["valid_until"],
        "provisional": values["is_trial"],
        "keywords": values["keywords"].split(),
        "summary": values["summary"],
    }


def _ended(doc: Document) -> dict[str, Any] | None:
    if doc.withdrawal is None:
        return None
    row = doc.withdrawal
    current = None
    if row["replaced_by"]:
        current = {"title": row["replaced_by_title"], "url": item_url(row["replaced_by"])}
    return {
        "on": row["effective_on"],
        "current": current,
        "ground": row["basis"] or row["explanation"],
        "difference_url": "",
    }


def _link(row: Related) -> dict[str, str]:
    return {
        "title": row.title,
        "url": item_url(row.index_number),
        "validity": status_of(row.status, None, None, date.min),
    }


def _attachments(
    files: Sequence[Mapping[str, Any]], file_url: Callable[[Mapping[str, Any]], str]
) -> list[dict[str, Any]]:
    return [
        {
            "title": f["title"],
            "url": file_url(f),
            "kind": f["kind"].upper(),
            "size": f["size"],
            "pages": None,
            "sheets": None,
            "note": f["size_note"],
            # Texts that were frozen before files were covered do not say it.
            "covered": _covered(f.get("withheld", [])),
        }
        for f in files
    ]


def _covered(withheld: Sequence[tuple[str, str, int]]) -> dict[str, Any] | None:
    """How many places a file has covered, and each ground with its article (条例37)."""
    if not withheld:
        return None
    return {
        "count": sum(count for _, _, count in withheld),
        "grounds": "；".join(f"{title}，{article}" for title, article, _ in withheld),
    }
