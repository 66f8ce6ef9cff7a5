"""Make an edition of a handbook when what it should show is not what the newest one shows."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Least

from gongkai.agencies.actors import SYSTEM
from gongkai.channels.handbooks.book import Book, NotPrinted, printed
from gongkai.channels.handbooks.contents import CODE, MovedOn, Place, chapters, imprint, mark_of, places
from gongkai.channels.handbooks.queries import newest
from gongkai.channels.models import Edition, EditionPlace, Handbook, Posting
from gongkai.channels.states import PLANNED, SENT
from gongkai.disclosure.models import Item
from gongkai.files.actions.store import store
from gongkai.ledger.actions.record import record

#: A making longer than this has died; above the limit of the sandbox.
STALE = timedelta(minutes=10)
FAILED = "上一次制作没有成功，系统每五分钟重试一次。请查看是否有特别大的表格或者图片，仍不成功请告知系统管理员。"


def due(*, on: date) -> list[tuple[int, str]]:
    """(handbook, mark) of published handbooks whose newest edition is not what it should be."""
    found = []
    for handbook in Handbook.objects.filter(published=True).select_related("organ"):
        stands = places(handbook, on=on)
        made, mark = newest(handbook), mark_of(imprint(handbook), stands)
        if (made is None and stands) or (made is not None and made.made_from != mark):
            found.append((handbook.pk, mark))
    return found


def make(handbook_id: int, *, at: datetime, on: date) -> Edition | None:
    """The next edition; None where another process makes it, where it is there already, or where the texts moved on
    meanwhile. The pages are made outside any transaction; raises `NotPrinted`."""
    claim = _claimed(handbook_id, at)
    if not claim:
        return None
    problem = ""
    try:
        return _made(Handbook.objects.select_related("organ").get(pk=handbook_id), at, on)
    except MovedOn:
        return None
    except NotPrinted:
        problem = FAILED
        raise
    finally:
        Handbook.objects.filter(pk=handbook_id, claim=claim).update(claim="", claimed_at=None, problem=problem)


def _claimed(handbook_id: int, at: datetime) -> str:
    claim = uuid.uuid4().hex
    free = Handbook.objects.filter(Q(claim="") | Q(claimed_at__lt=at - STALE), pk=handbook_id)
    return claim if free.update(claim=claim, claimed_at=at) else ""


def _made(handbook: Handbook, at: datetime, on: date) -> Edition | None:
    told, stands = imprint(handbook), places(handbook, on=on)
    mark, last = mark_of(told, stands), newest(handbook)
    if last is not None and last.made_from == mark:
        return None
    number = last.number + 1 if last is not None else 1
    book = printed(told, chapters(stands, on=on), number=number, on=on) if stands else None
    blob = store(book.data, media_type="application/pdf", at=at) if book is not None else None
    with transaction.atomic():
        handbook = Handbook.objects.select_for_update(of=("self",)).select_related("organ").get(pk=handbook.pk)
        # What changed while the pages were made is not printed on them: such a book is thrown away.
        if mark_of(imprint(handbook), places(handbook, on=on)) != mark or not handbook.published:
            return None
        edition = Edition.objects.create(
            handbook=handbook, number=number, made_at=at, made_from=mark, blob=blob,
            pages=book.pages if book is not None else 0,
        )  # fmt: skip
        _placed(edition, stands, book)
        # Those who wait for it need not wait for their next attempt.
        waiting = Posting.objects.filter(channel=CODE, state__in=[PLANNED, SENT])
        waiting.update(next_at=Least("next_at", Value(at)))
        record(
            "handbook.made", subject=f"handbook:{handbook.pk}", organ_code=handbook.organ.code, actor=SYSTEM, at=at,
            digest=blob.digest if blob is not None else "",
            data={"edition": number, "items": len(stands), "pages": edition.pages},
        )  # fmt: skip
        return edition


def _placed(edition: Edition, stands: list[Place], book: Book | None) -> None:
    codes = dict(Item.objects.filter(pk__in=[place.item_id for place in stands]).values_list("pk", "code"))
    EditionPlace.objects.bulk_create(
        EditionPlace(
            edition=edition, item_id=place.item_id, release_id=place.release_id, state=place.state, order=order,
            chapter=place.chapter[:60], page=book.begins[codes[place.item_id]] if book is not None else 0,
        )
        for order, place in enumerate(stands, start=1)
    )  # fmt: skip
