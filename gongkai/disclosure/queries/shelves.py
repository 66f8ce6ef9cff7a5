"""Lists cut into numbered pages that keep their place for ever (docs/adr/0009-pages-that-keep-their-place.md).

Pages are numbered from the oldest, over everything that was ever released in the list. Releases are never removed and
get rising keys, so a page once full stays the page of the same releases: a new release touches only the head of the
list, one that is withdrawn or replaced leaves a gap in its own page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from gongkai.disclosure.models import Release
from gongkai.disclosure.queries.public import PAGE, ROW_FIELDS, Row, public_state_mark, row_of

#: Which list: field look-ups of `Release` with hashable values, in a fixed order. () is the list of everything.
Where = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page, newest first. `number` is None at the head; `older` and `newer` are numbers, None where there is none.

    `newer` None on a numbered page means that the head comes next.
    """

    rows: list[Row]
    number: int | None
    older: int | None
    newer: int | None


def edges(where: Where, mark: tuple[int, int] | None = None) -> tuple[int, ...]:
    """Keys of the last release of each numbered page; what is newer than the last edge stands at the head.
    `mark` is `public_state_mark()` where the caller has asked already."""
    return _edges(where, mark or public_state_mark())


@lru_cache(maxsize=4096)
def _edges(where: Where, mark: tuple[int, int]) -> tuple[int, ...]:
    keys = list(_ever(where).order_by("pk").values_list("pk", flat=True))
    # The newest full page stays part of the head, so that the head has PAGE rows or more, never one or two.
    full = max(0, len(keys) // PAGE - 1)
    return tuple(keys[PAGE - 1 : full * PAGE : PAGE])


def _ever(where: Where) -> QuerySet[Release]:
    # `listed` is named so that the indexes, which all begin with it, can be used.
    return Release.objects.filter(listed__in=[True, False], **dict(where))


def shelf_page(where: Where, number: int | None, *, on: date, mark: tuple[int, int] | None = None) -> ShelfPage | None:
    """A numbered page, or the head for None; None for a number that no page has."""
    known = edges(where, mark)
    last = len(known)
    rows = _rows().filter(**dict(where))
    if number is None:
        rows = rows.filter(pk__gt=known[-1]) if known else rows
        return ShelfPage([row_of(row, on) for row in rows], None, last or None, None)
    if not 1 <= number <= last:
        return None
    rows = rows.filter(pk__lte=known[number - 1])
    if number > 1:
        rows = rows.filter(pk__gt=known[number - 2])
    return ShelfPage(
        [row_of(row, on) for row in rows], number, number - 1 or None, number + 1 if number < last else None
    )


@lru_cache(maxsize=1)
def _rows() -> QuerySet[Release, dict[str, Any]]:
    """Listed releases as columns of a list, newest first. Put together once, like the query of an item page."""
    return Release.objects.filter(listed=True).order_by("-released_at", "-pk").values(*ROW_FIELDS)


def number_of(where: Where, key: int, mark: tuple[int, int] | None = None) -> int | None:
    """The numbered page a release stands on; None for the head."""
    known = edges(where, mark)
    at = bisect_left(known, key)
    return at + 1 if at < len(known) else None


def lists_of(release: dict[str, Any]) -> Iterable[tuple[str, Any, Where]]:
    """The lists a release belongs to, from its columns: (kind, value in the address, where)."""
    yield "latest", None, ()
    for kind, column in (("heading", "heading"), ("theme", "theme"), ("year", "year"), ("column", "column_slug")):
        if release[column]:
            yield kind, release[column], where_of(kind, release[column])
    yield "agency", release["organ__code"], where_of("agency", release["organ__code"])
    if release["column_kind"] == RULES:
        yield "rules", None, where_of("rules", None)


RULES = "制度"
COLUMNS = {"heading": "heading", "agency": "organ__code", "theme": "theme", "year": "year", "column": "column_slug"}


def where_of(kind: str, value: Any) -> Where:
    """The list of one kind and value, e.g. ("heading", "20-11"); KeyError for an unknown kind."""
    match kind:
        case "latest":
            return ()
        case "rules":
            return (("column_kind", RULES),)
        case "entry":
            return (("item__entry__in", tuple(value)),)
        case _:
            return ((COLUMNS[kind], value),)
