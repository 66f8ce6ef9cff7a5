"""Which addresses of the portal are files, and which of them an item touches.

Names of routes are all this knows of the portal. What is not here stays with the application (`BY_APPLICATION`): search and
filters (they have a query), forms, tracking, subscriptions, the display mode, and what may change or end from one minute to
the next without any fact in the ledger about an item: the hall screen, the handbooks, the pull interface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from django.urls import reverse

from gongkai.channels.site.addresses import NOT_FOUND, Unnameable, path_of
from gongkai.disclosure.models import Column, Item, Release
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.catalogue import alike, current_entries, current_entries_of, entries_in_use
from gongkai.disclosure.queries.document import public_file_rows
from gongkai.disclosure.queries.shelves import Where, edges, lists_of, number_of, where_of
from gongkai.law.headings import HEADINGS

#: Pages that show counts or the newest items: every release and every withdrawal touches them.
WITH_EVERY_ITEM: Final = (
    "home", "open", "search", "guide", "reports", "agencies", "about", "sitemap", "feed", "sitemap_xml",
)  # fmt: skip
SELDOM: Final = ("apply", "remedies", "accessibility", "contact", "privacy", "robots")
#: Beginnings of the addresses that docs/nginx.conf passes on whatever follows.
BY_APPLICATION: Final = (
    "/apply/new/", "/apply/track/", "/correction/", "/display/", "/rules/", "/subscribe/", "/board/", "/handbooks/",
    "/api/", "/callback/",
)  # fmt: skip
#: The catalogue shows 25 entries a page (portal/views/browse.py).
CATALOGUE_PAGE: Final = 25
_COLUMNS = (
    "pk", "heading", "theme", "year", "column_slug", "column_kind", "organ__code", "item__index_number",
    "item__entry_id",
)  # fmt: skip


class File(NamedTuple):
    """A file that belongs to an item; digest of its bytes where it is known beforehand, else ""."""

    address: str
    path: str
    digest: str


class Listing(NamedTuple):
    """A list by its kind and the arguments of its address."""

    kind: str
    args: tuple[Any, ...]
    where: Where

    @property
    def address(self) -> str:
        return address_of(self.kind, *self.args)

    def numbered(self, number: int) -> str:
        return f"{self.address}page/{number}/"


def address_of(name: str, *args: Any) -> str:
    """Decoded address of a route of the portal."""
    return unquote(reverse(f"portal:{name}", args=list(args)))


# ---- items -----------------------------------------------------------------------------------------------------------


def in_front() -> dict[str, tuple[int, bool]]:
    """Index number → (release, readable) of every item that has a page; the pages of others are not there."""
    rows = Release.objects.filter(standing__in=["live", "withdrawn"]).order_by("item_id")
    return {number: (key, listed) for number, key, listed in rows.values_list("item__index_number", "pk", "listed")}


def release_of(index_numbers: Sequence[str]) -> dict[str, int]:
    rows = Release.objects.filter(standing__in=["live", "withdrawn"], item__index_number__in=list(index_numbers))
    return dict(rows.values_list("item__index_number", "pk"))


def items_after(key: int, limit: int) -> list[tuple[int, str]]:
    """(key, index number) of the next items that have had a page."""
    rows = Item.objects.filter(pk__gt=key, index_number__isnull=False).order_by("pk")
    return list(rows.values_list("pk", "index_number")[:limit])


def pages_of(index_number: str) -> tuple[str, str]:
    """The page of an item and its form for paper."""
    address = public.item_url(index_number)
    return address, f"{address}print/"


def files_of(index_numbers: Sequence[str]) -> dict[str, list[File]]:
    """Attachments and images. One whose name is too long for a file stays with the application (nginx passes it on)."""
    found: dict[str, list[File]] = {number: [] for number in index_numbers}
    for row in public_file_rows(index_numbers):
        address = public.item_url(row["number"])
        address += f"images/{row['digest']}" if row["inline"] else f"files/{row['order']}/{row['filename']}"
        try:
            path = path_of(address, media_type=row["media_type"])
        except (Unnameable, KeyError):
            continue
        found[row["number"]].append(File(address, path, row["digest"]))
    return found


# ---- lists and fixed pages -------------------------------------------------------------------------------------------


def pages() -> list[str]:
    """Every address that is no item."""
    found = [address_of(name) for name in (*WITH_EVERY_ITEM, *SELDOM)] + [NOT_FOUND]
    mark = public.public_state_mark()
    for listing in listings():
        found.append(listing.address)
        found += [listing.numbered(n) for n in range(1, len(edges(listing.where, mark)) + 1)]
    found += catalogue_pages(len(current_entries()))
    facets = public.facets({}, mark)
    for kind in ("agency", "heading", "theme"):
        found += [address_of(f"feed_{kind}", value) for value in _values(kind, facets)]
    return [address for address in dict.fromkeys(found) if _nameable(address)]


def listings() -> Iterator[Listing]:
    facets = public.facets({})
    yield Listing("latest", (), where_of("latest", None))
    yield Listing("rules", (), where_of("rules", None))
    for kind in ("heading", "agency", "theme", "year"):
        for value in _values(kind, facets):
            yield Listing(kind, (value,), where_of(kind, value))
    for slug in Column.objects.filter(active=True).order_by("pk").values_list("slug", flat=True):
        yield Listing("column", (slug,), where_of("column", slug))
    for entry in entries_in_use():
        yield _entry_listing(entry)


def _values(kind: str, facets: public.Facets) -> list[Any]:
    match kind:
        case "heading":
            return list(dict.fromkeys([*(h.code for h in HEADINGS), *facets.by["heading"]]))
        case "agency":
            return sorted(facets.organ_names)
        case "theme":
            return sorted(facets.by["theme"])
        case "year":
            return sorted(int(year) for year in facets.by["year"])
        case _:
            raise KeyError(kind)


def _entry_listing(entry: Any) -> Listing:
    same = tuple(alike(entry).order_by("pk").values_list("pk", flat=True))
    return Listing("entry", (entry.serial, entry.catalogue.organ.code), where_of("entry", same))


def catalogue_pages(entries: int) -> list[str]:
    base = address_of("catalogue")
    return [base] + [f"{base}page/{n}/" for n in range(2, -(-entries // CATALOGUE_PAGE) + 1)]


def _nameable(address: str) -> bool:
    try:
        path_of(address)
    except Unnameable:
        return False
    return True


# ---- what an item touches --------------------------------------------------------------------------------------------


def touched(index_numbers: Sequence[str], *, known: Callable[[str], bool]) -> list[str]:
    """Addresses that name, count or stand beside these items, also those of their earlier releases.

    `known` tells whether an address is a file already: where a list has grown by a page, the new one and the one before
    it, whose way on leads there now, belong to it.
    """
    found = [address_of(name) for name in WITH_EVERY_ITEM]
    rows = list(Release.objects.filter(item__index_number__in=list(index_numbers)).values(*_COLUMNS))
    mark = public.public_state_mark()
    for row in rows:
        for kind, value, where in lists_of(row):
            listing = Listing(kind, () if value is None else (value,), where)
            found += _touched_pages(listing, row["pk"], mark, known)
            if kind in ("agency", "heading", "theme"):
                found.append(address_of(f"feed_{kind}", value))
    found += _touched_entries(rows, mark, known)
    return [address for address in dict.fromkeys(found) if _nameable(address)]


def _touched_entries(
    rows: Iterable[dict[str, Any]], mark: tuple[int, int], known: Callable[[str], bool]
) -> Iterator[str]:
    keys = {row["item__entry_id"]: row["pk"] for row in rows if row["item__entry_id"]}
    if not keys:
        return
    for entry in current_entries_of(keys):
        listing = _entry_listing(entry)
        yield listing.address
        yield from (listing.numbered(n) for n in range(1, len(edges(listing.where, mark)) + 1))
    yield from catalogue_pages(len(current_entries()))


def _touched_pages(listing: Listing, key: int, mark: tuple[int, int], known: Callable[[str], bool]) -> Iterator[str]:
    yield listing.address
    number, last = number_of(listing.where, key, mark), len(edges(listing.where, mark))
    if number is not None:
        yield listing.numbered(number)
    while last and not known(listing.numbered(last)):
        yield listing.numbered(last)
        last -= 1
        if last:
            yield listing.numbered(last)
