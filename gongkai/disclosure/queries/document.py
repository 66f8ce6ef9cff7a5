"""One public item: its page, its links, its files and images. All start from the release in front."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from gongkai.disclosure.models import Item, Release, VersionAttachment, VersionLink, Withdrawal
from gongkai.disclosure.queries.public import status_of
from gongkai.law.moves import NOTICE_ONLY


@dataclass(frozen=True, slots=True)
class Related:
    """A link to another item that the public may read."""

    title: str
    index_number: str
    relation: str  # interprets | interpreted_by | replaced_by | replaces
    status: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything the item page shows. `notice_only` leaves all texts empty."""

    key: int
    index_number: str
    notice_only: bool
    item_id: int = 0
    title: str = ""
    version_id: int = 0
    version_number: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    released_at: datetime | None = None
    imported: bool = False
    source_url: str = ""
    published_elsewhere_on: date | None = None
    organ: str = ""
    organ_code: str = ""
    co_organs: tuple[str, ...] = ()
    section: str = ""
    section_phone: str = ""
    heading: str = ""
    column_slug: str = ""
    column_name: str = ""
    column_kind: str = ""
    column_description: str = ""
    column_keywords: str = ""
    status: str = ""
    withdrawal: dict[str, Any] | None = None
    files: tuple[dict[str, Any], ...] = ()
    emergency: bool = False
    linked: bool = True  # other documents interpret it or were replaced by it


_TEXT = (
    "doc_number", "issuer", "formed_on", "changed_on", "theme", "keywords", "summary", "source", "effective_from",
    "valid_until", "is_trial", "names_persons", "interprets", "body",
)  # fmt: skip
_COLUMNS = (
    "pk", "item_id", "version_id", "version__title", "version__number", "version__co_organs", "version__files",
    *(f"version__{name}" for name in _TEXT), "released_at", "basis", "source_url", "published_elsewhere_on",
    "standing", "withdrawn_as", "heading", "column_slug", "column_kind", "organ__name", "organ__code",
    "item__section__name", "item__section__phone", "item__column__name", "item__column__description",
    "item__column__keywords", "withdrawal__reason", "withdrawal__explanation", "withdrawal__basis",
    "withdrawal__effective_on", "withdrawal__at", "withdrawal__replaced_by__index_number",
)  # fmt: skip


def document(index_number: str, *, on: date) -> Document | None:
    """One public item by index number in one query; None when there is no such release in front.

    Reads plain columns, not rows of models: building eight of those costs more than the query.
    """
    held = _at_hand.get()
    if index_number in held:
        row = held[index_number]
    else:
        row = next(iter(_in_front().filter(item__index_number=index_number)[:1]), None)
    return None if row is None else _document(row, index_number, on)


_at_hand: ContextVar[Mapping[str, dict[str, Any] | None]] = ContextVar(
    "documents_at_hand", default=MappingProxyType({})
)


@contextmanager
def at_hand(index_numbers: Sequence[str]) -> Iterator[None]:
    """Read these documents in one query; `document` answers from them inside the block. For whoever renders many:
    the query costs a third of a page. What changes meanwhile is not seen, so blocks are short."""
    rows = _in_front().filter(item__index_number__in=list(index_numbers)).annotate(number=F("item__index_number"))
    found = {row["number"]: row for row in rows}
    token = _at_hand.set({number: found.get(number) for number in index_numbers})
    try:
        yield
    finally:
        _at_hand.reset(token)


@lru_cache(maxsize=1)
def _in_front() -> QuerySet[Release, dict[str, Any]]:
    """Releases in front of their item, as columns. Put together once: naming forty columns costs more than the query.

    `linked` tells whether any other document names this one, so that most pages need not ask for links.
    """
    linked = Exists(VersionLink.objects.filter(target=OuterRef("item__index_number")))
    replaces = Exists(Withdrawal.objects.filter(replaced_by_id=OuterRef("item_id")))
    # The successor as the public may read it, never as it is being drafted.
    successor = Release.objects.filter(item_id=OuterRef("withdrawal__replaced_by"), listed=True).values(
        "version__title"
    )
    rows = Release.objects.filter(standing__in=["live", "withdrawn"])
    rows = rows.annotate(linked=linked, replaces=replaces, successor=Subquery(successor[:1]))
    return rows.values(*_COLUMNS, "linked", "replaces", "successor")


def _document(row: dict[str, Any], index_number: str, on: date) -> Document:
    withdrawal = _withdrawal(row)
    if row["withdrawn_as"] in NOTICE_ONLY:
        return Document(
            row["pk"], index_number, True, withdrawal=withdrawal, organ=row["organ__name"],
            organ_code=row["organ__code"], section_phone=row["item__section__phone"] or "",
        )  # fmt: skip
    values = {name: row[f"version__{name}"] for name in _TEXT}
    return Document(
        key=row["pk"],
        index_number=index_number,
        notice_only=False,
        item_id=row["item_id"],
        title=row["version__title"],
        version_id=row["version_id"],
        version_number=row["version__number"],
        values=values,
        released_at=row["released_at"],
        imported=row["basis"] == "import",
        source_url=row["source_url"],
        published_elsewhere_on=row["published_elsewhere_on"],
        organ=row["organ__name"],
        organ_code=row["organ__code"],
        co_organs=tuple(row["version__co_organs"]),
        section=row["item__section__name"] or "",
        section_phone=row["item__section__phone"] or "",
        heading=row["heading"],
        column_slug=row["column_slug"],
        column_name=row["item__column__name"] or "",
        column_kind=row["column_kind"],
        column_description=row["item__column__description"] or "",
        column_keywords=row["item__column__keywords"] or "",
        status=status_of(row["withdrawn_as"], values["effective_from"], values["valid_until"], on),
        withdrawal=withdrawal,
        files=tuple(f for f in row["version__files"] if not f["inline"]),
        emergency=row["basis"] == "emergency",
        linked=row["linked"] or row["replaces"],
    )


def _withdrawal(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["standing"] != "withdrawn":
        return None
    return {
        "reason": row["withdrawal__reason"],
        "explanation": row["withdrawal__explanation"],
        "basis": row["withdrawal__basis"],
        "effective_on": row["withdrawal__effective_on"],
        "at": row["withdrawal__at"],
        "replaced_by": (row["successor"] and row["withdrawal__replaced_by__index_number"]) or "",
        "replaced_by_title": row["successor"] or "",
    }


def related(doc: Document) -> list[Related]:
    """Links of one document in one query: what it interprets, what interprets it, what it replaced."""
    wanted = list(doc.values.get("interprets") or [])
    if not wanted and not doc.linked:
        return []
    linked = Q(version_id__in=VersionLink.objects.filter(target=doc.index_number).values("version_id"), standing="live")
    replaced = Q(pk__in=Withdrawal.objects.filter(replaced_by_id=doc.item_id).values("release_id"))
    near = linked | replaced
    if wanted:
        near |= Q(item_id__in=Item.objects.filter(index_number__in=wanted).values("pk"))
    rows = (
        Release.objects.filter(near, listed=True)
        .exclude(pk=doc.key)
        .values("version__title", "item__index_number", "withdrawn_as", "version__interprets")[:20]
    )
    found = []
    for values in rows:
        number = values["item__index_number"]
        if number in wanted:
            relation = "interprets"
        elif doc.index_number in (values["version__interprets"] or []):
            relation = "interpreted_by"
        else:
            relation = "replaces"
        found.append(Related(values["version__title"], number, relation, values["withdrawn_as"]))
    return found


def public_file(index_number: str, order: int) -> VersionAttachment | None:
    """An attachment of the release in front, if its text may be read."""
    return _public_files(index_number).filter(order=order, inline=False).first()


def public_image(index_number: str, digest: str) -> VersionAttachment | None:
    """An image inside the body of the release in front, if its text may be read."""
    return _public_files(index_number).filter(blob_id=digest, inline=True).first()


def public_file_rows(index_numbers: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Files and images of several public items: number, order, filename, inline, digest, media_type, in order."""
    rows = VersionAttachment.objects.filter(
        version__release__listed=True,
        version__release__standing__in=["live", "withdrawn"],
        version__item__index_number__in=list(index_numbers),
    )
    values = rows.order_by("version__item__index_number", "order").annotate(
        number=F("version__item__index_number"), digest=F("blob_id"), media_type=F("blob__media_type")
    )
    yield from values.values("number", "order", "filename", "inline", "digest", "media_type")


def neighbours(index_numbers: Sequence[str]) -> set[str]:
    """Index numbers of the items whose pages name one of these: interpretation both ways, replacement both ways. One of
    these themselves is among them where another of these names it."""
    numbers = list(index_numbers)
    near = set(VersionLink.objects.filter(version__item__index_number__in=numbers).values_list("target", flat=True))
    for rows, name in (
        (VersionLink.objects.filter(target__in=numbers), "version__item__index_number"),
        (Withdrawal.objects.filter(replaced_by__index_number__in=numbers), "release__item__index_number"),
        (Withdrawal.objects.filter(release__item__index_number__in=numbers), "replaced_by__index_number"),
    ):
        near |= set(rows.values_list(name, flat=True))
    return {number for number in near if number}


def _public_files(index_number: str) -> QuerySet[VersionAttachment]:
    return VersionAttachment.objects.select_related("blob").filter(
        version__release__listed=True,
        version__release__standing__in=["live", "withdrawn"],
        version__item__index_number=index_number,
    )
