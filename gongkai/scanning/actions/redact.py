"""Marks on a file, the copies made with them, and the second person's confirmation.

Whoever calls has checked that the matter is this person's and may be changed now; the bytes lie with the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.law.negative_list import ground as ground_of
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.scanning.models import CopyConfirmation, FileCopy, Redaction, RedactionMark
from gongkai.scanning.queries import decided
from gongkai.scanning.redacting import GROUND_OF, Looked, Made
from gongkai.scanning.rules import RULES

MOST_MARKS = 2000
DRAWN = "人工标出"
_SECRET = frozenset(rule.code for rule in RULES if rule.family == "secrecy")


def open_redaction(looked: Looked, *, subject: str, digest: str, at: datetime) -> Redaction:
    """Keep what was found in an original as proposed marks. Only masked forms are kept, never the words.

    What is only worth a note (a name beside a label, an office telephone) asks nobody for a decision.
    """
    redaction = Redaction.objects.create(
        subject=subject, digest=digest, kind=looked.kind.name, base_kind=looked.base.kind,
        pages=[list(size) for size in looked.pages], hidden=list(looked.hidden), warnings=list(looked.warnings),
        opened_at=at,
    )  # fmt: skip
    RedactionMark.objects.bulk_create(
        RedactionMark(
            redaction=redaction, number=number, origin="found", places=list(p.places), code=p.finding.code,
            severity=p.finding.severity, title=p.finding.title, shown=(p.finding.suggestion or p.finding.title)[:200],
            article=p.finding.article[:200], state="proposed", ground=GROUND_OF.get(p.finding.family, ""), at=at,
        )
        for number, p in enumerate((p for p in looked.proposals if p.places and p.finding.severity != "note"), 1)
    )  # fmt: skip
    return redaction


def add_mark(
    redaction_id: int, places: Sequence[Mapping[str, Any]], *, origin: str, ground: str, reason: str, organ_code: str,
    actor: Actor, at: datetime,
) -> RedactionMark:  # fmt: skip
    """A place a person drew or chose; it counts as accepted by that person."""
    with transaction.atomic():
        redaction = Redaction.objects.select_for_update().get(pk=redaction_id)
        _checked_places(redaction, places)
        ground_of(ground)
        if redaction.marks.count() >= MOST_MARKS:
            raise Refusal(Refused("too_many_marks", f"一个文件最多标 {MOST_MARKS} 处。请把整页或者整列标为一处。"))
        last = redaction.marks.aggregate(m=Max("number"))["m"] or 0
        mark = RedactionMark.objects.create(
            redaction=redaction, number=last + 1, origin=origin, places=[dict(p) for p in places], title=DRAWN,
            state="accepted", ground=ground, reason=reason.strip(), by_id=actor.person_id, at=at,
        )  # fmt: skip
        _told("redaction.mark_added", mark, organ_code, actor, at)
        return mark


def accept_mark(redaction_id: int, number: int, *, ground: str, organ_code: str, actor: Actor, at: datetime) -> None:
    """Cover it, on this ground."""
    with transaction.atomic():
        mark = _mark(redaction_id, number)
        chosen = ground_of(ground)
        _decide(mark, "accepted", ground=chosen.code, reason="", actor=actor, at=at)
        _told("redaction.mark_accepted", mark, organ_code, actor, at)


def remove_mark(
    redaction_id: int, number: int, *, reason: str, organ_code: str, actor: Actor, at: datetime, to_one: bool = False
) -> None:
    """Leave it open, with the reason. What no reviewer could pass either has to be covered.

    `to_one`: the copy goes to one person, who may be entitled to data of people, his own first of all; only what carries
    a secrecy mark stays covered then.
    """
    with transaction.atomic():
        mark = _mark(redaction_id, number)
        if stays_covered(mark, to_one=to_one):
            raise Refusal(Refused("blocked", "这一处不能放行，应当遮盖。", mark.article))
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明为什么这一处可以公开，或者为什么判断有误。"))
        _decide(mark, "removed", ground="", reason=reason.strip(), actor=actor, at=at)
        _told("redaction.mark_removed", mark, organ_code, actor, at)


def stays_covered(mark: RedactionMark, *, to_one: bool = False) -> bool:
    """May nobody leave this place open?"""
    return mark.severity == "block" and (not to_one or mark.code in _SECRET)


def keep_copy(
    redaction: Redaction, made: Made, *, digest: str, organ_code: str, actor: Actor, at: datetime
) -> FileCopy:
    """The row of a copy that was made with the marks as they stand now. `digest` as the owner keeps the bytes."""
    with transaction.atomic():
        redaction = Redaction.objects.select_for_update().get(pk=redaction.pk)
        number = (redaction.copies.aggregate(m=Max("number"))["m"] or 0) + 1
        copy = FileCopy.objects.create(
            redaction=redaction, number=number, digest=digest, kind=made.kind.name, media_type=made.kind.media_type,
            size=len(made.data), marks=[frozen(mark) for mark in redaction.marks.order_by("number")],
            drawn=list(made.drawn), lost=list(made.lost), made_by_id=actor.person_id, made_at=at,
        )  # fmt: skip
        record(
            "redaction.copy_made", subject=redaction.subject, organ_code=organ_code, actor=actor, at=at,
            digest=bare(digest),
            data={"copy": number, "covered": sum(mark["state"] == "accepted" for mark in copy.marks)},
        )  # fmt: skip
        return copy


def confirm_copy(copy_id: int, *, organ_code: str, actor: Actor, at: datetime) -> CopyConfirmation:
    """Somebody who neither made the copy nor decided a mark on it finds it right."""
    with transaction.atomic():
        copy = FileCopy.objects.select_related("redaction").get(pk=copy_id)
        if (known := CopyConfirmation.objects.filter(copy=copy).first()) is not None:
            return known
        require(decided(copy.redaction, copy))
        decided_by = copy.redaction.marks.values_list("by", flat=True)
        if actor.person_id in {copy.made_by_id, *decided_by, *(mark["by"] for mark in copy.marks)}:
            raise Refusal(Refused("own_copy", "副本由您本人处理，应当由另一个人核对确认。"))
        confirmed = CopyConfirmation.objects.create(copy=copy, person_id=actor.person_id, at=at)
        record(
            "redaction.copy_confirmed", subject=copy.redaction.subject, organ_code=organ_code, actor=actor, at=at,
            digest=bare(copy.digest), data={"copy": copy.number},
        )  # fmt: skip
        return confirmed


def bare(digest: str) -> str:
    """A digest as a fact takes it: of a keyed one the part behind the name of its key."""
    return digest.rpartition(":")[2]


def frozen(mark: RedactionMark) -> dict[str, Any]:
    """A mark as a copy keeps it."""
    names = ("number", "origin", "places", "code", "title", "shown", "state", "ground", "reason")
    return {name: getattr(mark, name) for name in names} | {"by": mark.by_id}


def _mark(redaction_id: int, number: int) -> RedactionMark:
    mark = RedactionMark.objects.select_for_update().filter(redaction_id=redaction_id, number=number).first()
    if mark is None:
        raise Refusal(Refused("mark_gone", "没有这一处标记，请刷新页面。"))
    return mark


def _decide(mark: RedactionMark, state: str, *, ground: str, reason: str, actor: Actor, at: datetime) -> None:
    mark.state, mark.ground, mark.reason, mark.by_id, mark.at = state, ground, reason, actor.person_id, at
    mark.save(update_fields=["state", "ground", "reason", "by", "at"])


def _told(fact: str, mark: RedactionMark, organ_code: str, actor: Actor, at: datetime) -> None:
    redaction = mark.redaction
    record(
        fact, subject=redaction.subject, organ_code=organ_code, actor=actor, at=at, digest=bare(redaction.digest),
        data={"mark": mark.number, "code": mark.code, "ground": mark.ground},
    )  # fmt: skip


def _checked_places(redaction: Redaction, places: Sequence[Mapping[str, Any]]) -> None:
    """Places a person drew lie on the pages, in the sheet or in the text; anything else is refused whole."""
    wrong = Refusal(Refused("place_wrong", "标记的位置不在文件里，没有保存。请刷新页面后重新标出。"))
    if not places:
        raise wrong
    for place in places:
        match redaction.base_kind:
            case "xlsx":
                good = isinstance(place.get("sheet"), str) and isinstance(place.get("cell"), str)
            case "txt" | "csv":
                start, end = place.get("start"), place.get("end")
                good = isinstance(start, int) and isinstance(end, int) and 0 <= start < end
            case _:
                good = _on_page(redaction.pages, place)
        if not good:
            raise wrong


def _on_page(pages: Sequence[Sequence[float]], place: Mapping[str, Any]) -> bool:
    page, rect = place.get("page", 1), place.get("rect")
    if not isinstance(page, int) or not 1 <= page <= len(pages) or not isinstance(rect, list) or len(rect) != 4:
        return False
    if not all(isinstance(value, int | float) for value in rect):
        return False
    x0, y0, x1, y1 = rect
    width, height = pages[page - 1]
    return bool(0 <= x0 < x1 <= width + 1 and 0 <= y0 < y1 <= height + 1)
