"""What anybody may read: releases and nothing else.

Every function starts from `Release`. A draft, a version without a release and their attachments cannot be named
here, and a release whose text is gone (published in error, announcement over) yields only its notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Subquery

from gongkai.agencies.models import Organ
from gongkai.disclosure.models import Item, Release, Withdrawal
from gongkai.law.validity import NormativeDocument, validity_on

PAGE = 25


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
    valid_until: date | None = None
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list by key, as cheap at its thousandth page as at its first."""

    rows: list[Row]
    newer: str  # cursor of the page before, "" at the beginning
    older: str  # cursor of the next page, "" at the end


ROW_FIELDS = (
    "pk", "item__index_number", "version__title", "version__summary", "version__doc_number", "organ__name",
    "organ__short_name", "organ__code", "heading", "column_kind", "released_at", "withdrawn_as",
    "version__valid_until", "version__effective_from",
)  # fmt: skip


def item_url(index_number: str) -> str:
    """The lasting address of an item: its index number, which is never reused."""
    return f"/items/{index_number}/"


def status_of(withdrawn_as: str, effective_from: date | None, valid_until: date | None, on: date) -> str:
    """The validity tag of a release on a day."""
    if withdrawn_as in ("abolished", "expired"):
        return withdrawn_as
    if withdrawn_as == "superseded":
        return "amended"
    if effective_from is None and valid_until is None:
        return ""
    return validity_on(NormativeDocument(effective_from, valid_until), on).code


def row_of(values: dict[str, Any], on: date) -> Row:
    return Row(
        values["pk"], values["item__index_number"], values["version__title"], values["version__summary"],
        values["version__doc_number"], values["organ__short_name"] or values["organ__name"], values["organ__code"],
        values["heading"], values["column_kind"], values["released_at"],
        status_of(values["withdrawn_as"], values["version__effective_from"], values["version__valid_until"], on),
        values["version__valid_until"], values["version__effective_from"],
    )  # fmt: skip


def listed() -> QuerySet[Release]:
    """Releases that lists and search may show."""
    return Release.objects.filter(listed=True)


def page(rows: QuerySet[Release], *, on: date, cursor: str = "", size: int = PAGE) -> Page:
    """One page, newest first. `cursor` is "o:<instant>:<id>" (older than) or "n:…" (newer than); a bad one is page 1."""
    direction, instant, key = _cursor(cursor)
    # `listed = true` is written as the bare column, with which SQLite scans and sorts all rows; `IN (true)` lets it walk
    # the index. Not in `listed()`: for a few known rows (search hits) the index of `listed` would be the wrong one.
    picked = rows.filter(listed__in=[True])
    if direction == "n":
        picked = picked.filter(Q(released_at__gt=instant) | Q(released_at=instant, pk__gt=key))
        picked = picked.order_by("released_at", "pk")
    else:
        if direction == "o":
            picked = picked.filter(released_at__lte=instant).exclude(released_at=instant, pk__gte=key)
        picked = picked.order_by("-released_at", "-pk")
    found = [row_of(values, on) for values in picked.values(*ROW_FIELDS)[: size + 1]]
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


FILTERS = {
    "heading": "heading",
    "agency": "organ__code",
    "theme": "theme",
    "year": "year",
    "column": "column_slug",
}


@dataclass(frozen=True)
class Facets:
    """How many listed releases stand under each value, and in all, under a choice of filters."""

    total: int
    by: Mapping[str, Mapping[str, int]]
    organ_names: Mapping[str, str]
    example: str = ""  # a real 发文字号, to show what can be searched for


def filtered(chosen: Mapping[str, Sequence[str]]) -> QuerySet[Release]:
    """Listed releases under a choice of filters: values of one filter add up, filters narrow each other."""
    rows = listed()
    for name, values in chosen.items():
        if values:
            rows = rows.filter(**{f"{FILTERS[name]}__in": list(values)})
    return rows


def facets(chosen: Mapping[str, Sequence[str]], mark: tuple[int, int] | None = None) -> Facets:
    """Counts for the filter column: each filter counts with all others applied. Kept while nothing public changes;
    `mark` is `public_state_mark()` where the caller has asked already."""
    key = tuple(sorted((name, tuple(values)) for name, values in chosen.items() if values))
    return _facets(key, mark or public_state_mark())


@lru_cache(maxsize=512)
def _facets(key: tuple[tuple[str, tuple[str, ...]], ...], mark: tuple[int, int]) -> Facets:
    chosen = dict(key)
    by = {}
    for name, column in FILTERS.items():
        rows = filtered({n: v for n, v in chosen.items() if n != name})
        counted = rows.values_list(column).annotate(n=Count("pk")).order_by()
        by[name] = {str(value): n for value, n in counted if value not in ("", None)}
    names = {code: short or name for code, name, short in Organ.objects.values_list("code", "name", "short_name")}
    newest = listed().exclude(version__doc_number="").order_by("-released_at", "-pk")
    example = newest.values_list("version__doc_number", flat=True).first() or ""
    return Facets(filtered(chosen).count(), by, names, example)


def newest_change() -> datetime | None:
    """When the public pages last changed, for feeds and caches."""
    newest = Release.objects.aggregate(r=Max("released_at"), w=Max("withdrawal__at"))
    times = [t for t in newest.values() if t is not None]
    return max(times) if times else None


_seen: ContextVar[list[tuple[int, int]] | None] = ContextVar("public_state_mark", default=None)


@contextmanager
def still() -> Iterator[None]:
    """Inside, `public_state_mark` asks once and answers the same; also a decorator. For one page, or for some that are
    made together: what changes meanwhile is not seen, so blocks are short."""
    token = _seen.set([] if (held := _seen.get()) is None else held)
    try:
        yield
    finally:
        _seen.reset(token)


def public_state_mark() -> tuple[int, int]:
    """Changes with every release and every withdrawal, in one cheap query; what is kept of public pages is keyed by it."""
    held = _seen.get()
    if held is None:
        return _mark_now()
    if not held:
        held.append(_mark_now())
    return held[0]


def _mark_now() -> tuple[int, int]:
    newest_withdrawal = Withdrawal.objects.order_by("-pk").values("pk")[:1]
    newest = Release.objects.order_by("-pk").values_list("pk", Subquery(newest_withdrawal)).first()
    return (0, 0) if newest is None else (newest[0], newest[1] or 0)


def sitemap_rows() -> Iterable[tuple[str, datetime]]:
    """Index number and instant of every page a search engine may know."""
    return listed().filter(standing="live").values_list("item__index_number", "released_at").order_by("pk").iterator()


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One entry of a feed: a release as it stands, or, with `row` None, the announcement that its text is gone."""

    index_number: str
    changed_at: datetime
    row: Row | None
    ended_as: str = ""  # amended | abolished | expired


def feed_rows(chosen: Mapping[str, Sequence[str]], *, on: date, size: int) -> list[FeedRow]:
    """What changed last under a choice of filters, newest first: released, taken out of force, taken down."""
    found = [FeedRow(r.index_number, r.released_at, r) for r in page(filtered(chosen), on=on, size=size).rows]
    ended = Release.objects.filter(standing="withdrawn", withdrawal__isnull=False)
    for name, values in chosen.items():
        if values:
            ended = ended.filter(**{f"{FILTERS[name]}__in": list(values)})
    for values in ended.order_by("-withdrawal__at", "-pk").values(*ROW_FIELDS, "listed", "withdrawal__at")[:size]:
        row = row_of(values, on) if values["listed"] else None
        number = values["item__index_number"]
        found = [kept for kept in found if kept.index_number != number]
        found.append(FeedRow(number, values["withdrawal__at"], row, row.status if row else ""))
    return sorted(found, key=lambda kept: (kept.changed_at, kept.index_number), reverse=True)[:size]


def facets_organ_names() -> dict[str, str]:
    """Names of organs by code; for joint issuing organs."""
    return dict(Organ.objects.values_list("code", "name"))


def report_year(title: str, released_in: int) -> int:
    """The year an annual report is about: the one its title names, else the year before it came out."""
    named = re.search(r"(20\d{2})\s*年", title)
    return int(named[1]) if named else released_in - 1


def item_in_front(index_number: str) -> Item | None:
    """The item behind a public page; None where no page answers to this number."""
    return (
        Item.objects.filter(index_number=index_number, releases__standing__in=["live", "withdrawn"])
        .select_related("organ")
        .first()
    )
