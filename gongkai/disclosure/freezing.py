"""What a version is made of, and the one digest that stands for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.disclosure.models.content import AttachedFile, Content, DraftAttachment
from gongkai.ledger.canonical import digest
from gongkai.scanning.queries import withheld

# Every column of Content, in the order of the model; a new column joins the digest by being a column.
FIELDS: tuple[str, ...] = tuple(field.name for field in Content._meta.fields)


def content_of(row: Content) -> dict[str, Any]:
    """The columns of a draft or version as plain values (dates as ISO text)."""
    values = {name: getattr(row, name) for name in FIELDS}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def files_of(attachments: Sequence[DraftAttachment]) -> list[dict[str, Any]]:
    """Attachments as they are frozen; the digest of the bytes stands for the bytes.

    `withheld`: [title of the ground, article, count] of what their copies cover, told under each on the public page.
    """
    return [
        {
            "order": a.order,
            "filename": a.filename,
            "title": a.title,
            "kind": a.kind,
            "size": a.blob.size,
            "size_note": a.size_note,
            "digest": a.blob_id,
            "inline": a.inline,
            "withheld": [[row.title, row.article, row.count] for row in withheld(a.copy)] if a.copy else [],
        }
        for a in attachments
    ]


def copied(attached: AttachedFile) -> dict[str, Any]:
    """The columns of an attachment, to put the same file on a version or back on a draft."""
    names = (field.name for field in AttachedFile._meta.fields)
    return {name: getattr(attached, name) for name in names}


def version_digest(item_code: str, number: int, content: dict[str, Any], files: list[dict[str, Any]]) -> str:
    """SHA-256 over item, version number, header block, body and files. Two versions never share one."""
    return digest({"item": item_code, "number": number, "content": content, "files": files})
