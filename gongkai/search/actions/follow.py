"""Bring the index up to date with the ledger. Safe to run twice, late, or in several processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai.disclosure.models import Release
from gongkai.disclosure.queries.findable import documents_for_index, item_ids
from gongkai.disclosure.queries.public import status_of
from gongkai.ledger.queries import last_position, sealed_after
from gongkai.search.place import engine
from gongkai.search.schema import SearchDocument

# Facts after which what the public may find has changed.
KINDS = frozenset(
    {"item.released", "item.released_emergency", "item.released_import", "item.withdrawn", "item.expired"}
)
BATCH = 500


def follow(*, on: date, limit: int = BATCH) -> int:
    """Take in the next facts behind the index's own position; returns how many facts were read."""
    index = engine()
    seals = sealed_after(index.position, limit=limit)
    if not seals:
        return 0
    codes = [s.fact.subject.removeprefix("item:") for s in seals if s.fact.kind in KINDS]
    if codes:
        keys = {str(pk) for pk in item_ids(codes).values()}
        documents = {d.key: d for d in _documents(list(dict.fromkeys(codes)), on)}
        index.apply(documents.values(), keys - documents.keys(), position=seals[-1].position)
    else:
        # Nothing public changed: an empty commit would cost more than reading these facts once more.
        index.pass_by(seals[-1].position)
    return len(seals)


def follow_all(*, on: date) -> int:
    """Follow until the index has seen every sealed fact; returns how many were read."""
    total = 0
    while read := follow(on=on, limit=2000):
        total += read
    return total


def rebuild(*, on: date) -> int:
    """Make the index anew from what is public now; returns how many documents it holds."""
    position = last_position()
    return engine().apply(_documents(None, on), position=position, rebuild=True)


def _documents(codes: list[str] | None, on: date) -> Iterator[SearchDocument]:
    rows = documents_for_index(codes)
    for release in rows.iterator(chunk_size=200):
        yield document_of(release, on)


def document_of(release: Release, on: date) -> SearchDocument:
    """What the index is told of a release: nothing that its page does not show."""
    version, item = release.version, release.item
    return SearchDocument(
        key=str(item.pk),
        title=version.title,
        body=version.body_text,
        attachments="\n".join(f"{a.title}\n{a.text}" for a in version.attachments.all() if not a.inline),
        summary=f"{version.summary} {version.keywords}".strip(),
        doc_number=version.doc_number,
        index_number=item.index_number or "",
        external_id=item.external_id,
        organ=release.organ.code,
        organ_name=f"{release.organ.name} {version.issuer}",
        theme=release.theme,
        heading=release.heading,
        column=release.column_slug,
        year=str(release.year),
        validity=status_of(release.withdrawn_as, version.effective_from, version.valid_until, on),
        released_at=release.released_at,
    )
