"""What stands on a notice board: what its postings say was carried there, as long as it is public and its last day lasts.

The row of the frame is the board. A recall takes the item off the moment it is wanted, before any worker has done it; a
withdrawal takes it off by itself, and so does the midnight after its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from django.db.models import Case, F, Q, QuerySet, Value, When

from gongkai.channels.contract import PublicItem
from gongkai.channels.models import Posting
from gongkai.channels.queries import public_items
from gongkai.law.announcements import KIND, is_announcement, period

CODE: Final = "notice_board"
#: [I] own choice: how many items a screen goes round; announcements first, then the newest
MOST: Final = 30
#: [I] own choice: letters of a text that stands on a screen whole; of a longer one its summary or beginning does
WHOLE: Final = 1200
#: [I] own choice: letters of the beginning of a longer text
BEGINNING: Final = 500
_STOPS: Final = "。！？；"


class Piece(NamedTuple):
    """A paragraph, or the rows of a table."""

    words: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Slide:
    """An item as a screen shows it. `ends_at`: the first instant at which it may not stand there any more."""

    item: PublicItem
    pieces: tuple[Piece, ...]
    whole: bool
    period: str
    ends_at: datetime | None


def standing_there(*, on: date, organ_code: str = "") -> QuerySet[Posting]:
    """What may be seen on this day: of one organ, or of all; announcements by their last day, then newest first."""
    rows = Posting.objects.filter(channel=CODE, carried=F("wanted"), release__standing="live", release__listed=True)
    rows = rows.exclude(carried="").filter(
        Q(release__version__valid_until__isnull=True) | Q(release__version__valid_until__gte=on)
    )
    if organ_code:
        rows = rows.filter(release__organ__code=organ_code)
    announced = Q(
        release__column_kind=KIND, release__version__valid_until__isnull=False,
        release__version__effective_from__isnull=True,
    )  # fmt: skip
    rows = rows.annotate(
        turn=Case(When(announced, then=Value(0)), default=Value(1)),
        last_day=Case(When(announced, then=F("release__version__valid_until")), default=Value(None)),
    )
    return rows.order_by("turn", "last_day", "-release__released_at", "-release_id")


def slides(*, on: date, zone: tzinfo, organ_code: str = "") -> list[Slide]:
    """What a screen goes round, in order; no more than `MOST`."""
    ids = list(standing_there(on=on, organ_code=organ_code).values_list("item_id", "release_id")[:MOST])
    public = public_items([item_id for item_id, _ in ids], on=on)
    return [
        slide(public[item_id], zone=zone)
        for item_id, release_id in ids
        if item_id in public and public[item_id].release_id == release_id
    ]


def slide(item: PublicItem, *, zone: tzinfo) -> Slide:
    """The item for a screen: its text whole, or its summary or beginning, and a word that there is more."""
    whole = len(item.text) <= WHOLE
    text = item.text if whole else item.summary or _beginning(item.text)
    last = item.valid_until
    ends_at = None if last is None else datetime.combine(last + timedelta(days=1), time(), zone)
    announced = last is not None and is_announcement(item.kind, last, item.effective_from)
    told = period(item.released_at.astimezone(zone).date(), last) if announced and last is not None else ""
    return Slide(item, pieces(text), whole, told, ends_at)


def pieces(text: str) -> tuple[Piece, ...]:
    """Paragraphs and tables of a plain text: the cells of a row stand between tabs (`files.html.to_text`)."""
    found: list[Piece] = []
    for line in text.split("\n"):
        if "\t" in line:
            row = tuple(cell.strip() for cell in line.split("\t"))
            rows = found.pop().rows if found and found[-1].rows else ()
            found.append(Piece("", (*rows, row)))
        elif line.strip():
            found.append(Piece(line.strip()))
    return tuple(found)


def _beginning(text: str) -> str:
    """Whole paragraphs within `BEGINNING`; a first one that is longer ends with a sentence, where there is one."""
    kept: list[str] = []
    for line in text.split("\n"):
        if sum(map(len, kept)) + len(line) > BEGINNING:
            break
        kept.append(line)
    if any(line.strip() for line in kept):
        return "\n".join(kept)
    first = text.strip().split("\n")[0][:BEGINNING]
    end = max(first.rfind(stop) for stop in _STOPS)
    return first[: end + 1] if end > 0 else f"{first}……"
