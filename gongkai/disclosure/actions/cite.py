"""Find the documents that released texts name, and which of them are items of this house. Safe to run twice, late, or in
several processes: what is found depends on the frozen text alone, and what it points to is worked out anew each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongkai.chinese.cited import Cited, cited, excerpt, number_key, tail_of, title_key
from gongkai.chinese.metadata import guess
from gongkai.disclosure.models import CitableName, Citation, Release, Version
from gongkai.disclosure.queries.citations import Named, match
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.queries import unread

READER = "disclosure.citations"
#: Facts after which a text is in front that was not before.
KINDS = frozenset({"item.released", "item.released_emergency", "item.released_import"})
BATCH = 200
MOST = 2000  # citations kept of one text
_HEAD = 1500  # characters in which a text may say its own number
_CHUNK = 200  # keys in one query


def follow(*, limit: int = BATCH) -> int:
    """Read the next facts behind the own cursor; returns how many were read."""
    seals = unread(READER, limit=limit)
    if not seals:
        return 0
    codes = dict.fromkeys(s.fact.subject.removeprefix("item:") for s in seals if s.fact.kind in KINDS)
    with transaction.atomic():
        take_in(codes)
        advance(READER, seals[-1].position)
    return len(seals)


def follow_all() -> int:
    """Follow until every sealed fact was read; returns how many were."""
    total = 0
    while read := follow(limit=1000):
        total += read
    return total


def take_in(codes: Iterable[str]) -> None:
    """Names and citations of these items' released texts, and what they and the others point to; in a transaction."""
    rows = Release.objects.filter(item__code__in=list(codes)).select_related("version__release").order_by("pk")
    releases = list(rows.prefetch_related("version__attachments"))
    newest = {release.item_id: release.version for release in releases}
    for item_id, version in newest.items():
        CitableName.objects.update_or_create(item_id=item_id, defaults=_names(version))
    Citation.objects.bulk_create(
        (row for release in releases for row in rows_of(release.version)), batch_size=500, ignore_conflicts=True
    )
    _point([release.version_id for release in releases], list(newest))


def rows_of(version: Version) -> Iterator[Citation]:
    """The citations of a released text, one for each document named, in the order in which they first stand."""
    own = _names(version)
    found: dict[tuple[str, str], Citation] = {}
    for place, text in _places(version):
        for each in cited(text):
            key = (each.number[:100], title_key(each.title)[:300])
            if (own["number"] and key[0] == own["number"]) or (key[1] and key[1] == own["title"]):
                continue  # a text that names itself
            if key in found:
                found[key].times += 1
                found[key].ends = found[key].ends and each.ends
            elif len(found) < MOST:
                found[key] = _row(version, len(found), place, text, each, key)
    yield from found.values()


def _row(version: Version, order: int, place: str, text: str, each: Cited, key: tuple[str, str]) -> Citation:
    return Citation(
        version=version, order=order, written=each.title[:300], number=key[0], tail=tail_of(key[0])[:60], title=key[1],
        place=place, excerpt=excerpt(text, each.start, each.end)[:300], ends=each.ends,
    )  # fmt: skip


def _names(version: Version) -> dict[str, str]:
    """By what a released text is named. One that was taken over without its number mostly says it at its head."""
    stated = version.doc_number
    if not stated and version.release.basis == "import":
        found = guess(version.body_text[:_HEAD]).doc_number
        stated = found.value if found is not None else ""
    number = number_key(stated)[:100]
    return {"number": number, "tail": tail_of(number)[:60], "title": title_key(version.title)[:300]}


def _places(version: Version) -> Iterator[tuple[str, str]]:
    yield "title", version.title
    yield "body", version.body_text
    for attached in version.attachments.all():
        if attached.text and not attached.inline:
            yield f"attachment:{attached.order}", attached.text


def _point(versions: Sequence[int], items: Sequence[int]) -> None:
    """Set the target of the citations of these versions, and of all that may mean one of these items."""
    names = list(CitableName.objects.filter(item__in=items))
    tails = {name.tail for name in names if name.tail}
    titles = {name.title for name in names if name.title}
    affected: dict[int, Citation] = {}
    for where in (
        *(Q(version__in=chunk) for chunk in _chunks(list(versions))),
        *(Q(tail__in=chunk) for chunk in _chunks(sorted(tails))),
        *(Q(title__in=chunk) for chunk in _chunks(sorted(titles))),
    ):
        affected |= {row.pk: row for row in Citation.objects.filter(where).select_related("version__item")}
    known = _candidates(affected.values())
    changed = []
    for row in affected.values():
        target = match(row, known)
        if target != row.target_id:
            row.target_id = target
            changed.append(row)
    Citation.objects.bulk_update(changed, ["target"], batch_size=200)


def _candidates(rows: Iterable[Citation]) -> list[Named]:
    """Every item that one of these citations may mean."""
    rows = list(rows)
    found: dict[int, Named] = {}
    tails = sorted({row.tail for row in rows if row.tail})
    titles = sorted({row.title for row in rows if row.title})
    for where in (*(Q(tail__in=c) for c in _chunks(tails)), *(Q(title__in=c) for c in _chunks(titles))):
        for name in CitableName.objects.filter(where).select_related("item"):
            found[name.item_id] = Named(name.item_id, name.number, name.tail, name.title, name.item.organ_id)
    return list(found.values())


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
