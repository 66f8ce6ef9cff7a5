"""What anybody may read: releases and nothing else.

Every function starts from `Release`. A draft, a version without a release and their attachments cannot be named
here, and a release published in error yields only its notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from gongkai.disclosure.models import Item, Release, Version, VersionAttachment, Withdrawal
from gongkai.law.validity import NormativeDocument, validity_on
from gongkai.ledger.queries import last_position

PAGE = 25
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    key: int
    index_number: str
    title: str
    summary: str
    doc_number: str
    organ: str
    organ_code: str
    heading: str
    column_kind: str
    released_at: datetime
    status: str  # effective | amended | abolished | expired | "" for what has no validity


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list by key, as cheap at its thousandth page as at its first."""

    rows: list[Row]
    newer: str  # cursor of the page before, "" at the beginning
    older: str  # cursor of the next page, "" at the end


_ROW_FIELDS = (
    "pk", "item__index_number", "version__title", "version__summary", "version__doc_number", "organ__name",
    "organ__short_name", "organ__code", "heading", "column_kind", "released_at", "withdrawn_as",
    "version__valid_until", "version__effective_from",
)  # fmt: skip


def status_of(withdrawn_as: str, effective_from: date | None, valid_until: date | None, on: date) -> str:
    """The validity tag of a release on a day."""
    if withdrawn_as in ("abolished", "expired"):
        return withdrawn_as
    if withdrawn_as == "superseded":
        return "amended"
    if effective_from is None and valid_until is None:
        return ""
    return validity_on(NormativeDocument(effective_from, valid_until), on).code


def _row(values: dict[str, Any], on: date) -> Row:
    return Row(
        values["pk"], values["item__index_number"], values["version__title"], values["version__summary"],
        values["version__doc_number"], values["organ__short_name"] or values["organ__name"], values["organ__code"],
        values["heading"], values["column_kind"], values["released_at"],
        status_of(values["withdrawn_as"], values["version__effective_from"], values["version__valid_until"], on),
    )  # fmt: skip


def listed() -> QuerySet[Release]:
    """Releases that lists and search may show."""
    return Release.objects.filter(listed=True)


def page(rows: QuerySet[Release], *, on: date, cursor: str = "", size: int = PAGE) -> Page:
    """One page, newest first. `cursor` is "o:<instant>:<id>" (older than) or "n:…" (newer than); a bad one is page 1."""
    direction, instant, key = _cursor(cursor)
    picked = rows
    if direction == "n":
        picked = picked.filter(Q(released_at__gt=instant) | Q(released_at=instant, pk__gt=key))
        picked = picked.order_by("released_at", "pk")
    else:
        if direction == "o":
            picked = picked.filter(released_at__lte=instant).exclude(released_at=instant, pk__gte=key)
        picked = picked.order_by("-released_at", "-pk")
    found = [_row(values, on) for values in picked.values(*_ROW_FIELDS)[: size + 1]]
    more = len(found) > size
    found = found[:size]
    if direction == "n":
        found.reverse()
    if not found:
        return Page([], "", "")
    first, last = found[0], found[-1]
    newer = (
        f"n:{first.released_at.isoformat()}:{first.key}" if (direction == "o" or (direction == "n" and more)) else ""
    )
    older = f"o:{last.released_at.isoformat()}:{last.key}" if (direction == "n" or more) else ""
    return Page(found, newer, older)


def _cursor(text: str) -> tuple[str, datetime | None, int]:
    direction, _, rest = text.partition(":")
    instant, _, key = rest.rpartition(":")
    try:
        if direction in ("o", "n"):
            return direction, datetime.fromisoformat(instant), int(key)
    except ValueError:
        pass
    return "", None, 0


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


_DOCUMENT_RELATED = ("version", "item__column", "item__section", "organ", "withdrawal__replaced_by")


def document(index_number: str, *, on: date) -> Document | None:
    """One public item by index number in one query; None when there is no such release in front."""
    release = (
        Release.objects.select_related(*_DOCUMENT_RELATED)
        .defer("version__body_text")
        .filter(item__index_number=index_number, standing__in=["live", "withdrawn"])
        .first()
    )
    return None if release is None else document_of(release, on=on)


def document_of(release: Release, *, on: date) -> Document:
    """The public face of a release; the row must come with its relations."""
    withdrawal = _withdrawal(release)
    if release.withdrawn_as == ERROR:
        return Document(
            release.pk, release.item.index_number or "", True, withdrawal=withdrawal, organ=release.organ.name,
            organ_code=release.organ.code,
        )  # fmt: skip
    version, item = release.version, release.item
    return Document(
        key=release.pk,
        index_number=item.index_number or "",
        notice_only=False,
        title=version.title,
        version_id=version.pk,
        version_number=version.number,
        values={
            name: getattr(version, name)
            for name in (
                "doc_number", "issuer", "formed_on", "changed_on", "theme", "keywords", "summary", "source",
                "effective_from", "valid_until", "is_trial", "names_persons", "interprets", "body",
            )
        },
        released_at=release.released_at,
        imported=release.basis == "import",
        source_url=release.source_url,
        published_elsewhere_on=release.published_elsewhere_on,
        organ=release.organ.name,
        organ_code=release.organ.code,
        co_organs=tuple(version.co_organs),
        section=item.section.name if item.section else "",
        section_phone=item.section.phone if item.section else "",
        heading=release.heading,
        column_slug=release.column_slug,
        column_name=item.column.name if item.column else "",
        column_kind=release.column_kind,
        column_description=item.column.description if item.column else "",
        column_keywords=item.column.keywords if item.column else "",
        status=status_of(release.withdrawn_as, version.effective_from, version.valid_until, on),
        withdrawal=withdrawal,
        files=tuple(f for f in version.files if not f["inline"]),
        emergency=release.basis == "emergency",
    )  # fmt: skip


def _withdrawal(release: Release) -> dict[str, Any] | None:
    if release.standing != "withdrawn":
        return None
    row: Withdrawal = release.withdrawal
    return {
        "reason": row.reason,
        "explanation": row.explanation,
        "basis": row.basis,
        "effective_on": row.effective_on,
        "at": row.at,
        "replaced_by": row.replaced_by.index_number if row.replaced_by else "",
        "replaced_by_title": row.replaced_by.working_title if row.replaced_by else "",
    }


def related(doc: Document) -> list[Related]:
    """Links of one document in one query: what it interprets, what interprets it, what it replaced."""
    wanted = list(doc.values.get("interprets") or [])
    rows = (
        listed()
        .filter(
            Q(item__index_number__in=wanted)
            | Q(version__links__target=doc.index_number, standing="live")
            | Q(withdrawal__replaced_by__index_number=doc.index_number)
        )
        .exclude(pk=doc.key)
        .order_by("-released_at")
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


def _public_files(index_number: str) -> QuerySet[VersionAttachment]:
    return VersionAttachment.objects.select_related("blob").filter(
        version__release__listed=True,
        version__release__standing__in=["live", "withdrawn"],
        version__item__index_number=index_number,
    )


def public_rows(keys: Iterable[int], *, on: date) -> dict[int, Row]:
    """Lines for search hits; keys that may not be shown (any more) are left out."""
    rows = listed().filter(pk__in=list(keys)).exclude(standing="replaced").values(*_ROW_FIELDS)
    return {values["pk"]: _row(values, on) for values in rows}


def public_texts(keys: Iterable[int]) -> dict[int, tuple[str, list[tuple[str, str]]]]:
    """Body text and (filename, text) of attachments for excerpts of search hits."""
    wanted = list(keys)
    found: dict[int, tuple[str, list[tuple[str, str]]]] = {
        pk: (text, []) for pk, text in listed().filter(pk__in=wanted).values_list("pk", "version__body_text")
    }
    files = VersionAttachment.objects.filter(version__release__in=list(found), inline=False).exclude(text="")
    for key, name, text in files.values_list("version__release__pk", "filename", "text"):
        found[key][1].append((name, text))
    return found


def documents_for_index(keys: Sequence[int] | None = None) -> QuerySet[Release]:
    """Releases the index should hold, with their relations; all, or those of the keys."""
    rows = listed().exclude(standing="replaced").select_related("version", "item", "organ", "batch")
    rows = rows.prefetch_related("version__attachments")
    return rows if keys is None else rows.filter(pk__in=list(keys))


def counts(field_name: str) -> dict[str, int]:
    """How many listed releases stand under each value of heading, theme, year, column_slug or organ__code."""
    if field_name not in {"heading", "theme", "year", "column_slug", "organ__code"}:
        raise ValueError(f"not a counted column: {field_name}")
    rows = listed().values_list(field_name).annotate(n=Count("pk")).order_by()
    return {str(value): n for value, n in rows}


def newest_change() -> datetime | None:
    """When the public pages last changed, for feeds and caches."""
    newest = Release.objects.aggregate(r=Max("released_at"), w=Max("withdrawal__at"))
    times = [t for t in newest.values() if t is not None]
    return max(times) if times else None


def public_state_mark() -> int:
    """A number that rises with every recorded act; caches of public pages are keyed by it."""
    return last_position()


def sitemap_rows() -> Iterable[tuple[str, datetime]]:
    """Index number and instant of every page a search engine may know."""
    return listed().filter(standing="live").values_list("item__index_number", "released_at").order_by("pk").iterator()


def release_of_version(version: Version) -> Release | None:
    return Release.objects.filter(version=version).first()


def item_by_external_id(external_id: str) -> Item | None:
    return Item.objects.filter(external_id=external_id).first()
