"""Carry one verb through the members of a batch, a piece at a time. Each member is a transaction of its own: what was
done stays done when the rest is interrupted, and whoever is refused stays out by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import require_post
from gongkai.foi.models import Batch, FoiRequest
from gongkai.foi.queries.batches import Common, common_of
from gongkai.law.verdicts import Refusal, Refused

PIECE = 100


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member that was refused, with the reason."""

    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What one call did. `already`: members it found done. `last`: where the next piece begins (`after`); `left`: how
    many members are behind it."""

    done: int
    already: int
    refused: tuple[LeftOut, ...]
    last: int
    left: int


def batch_of(batch_id: int) -> Batch:
    rows = Batch.objects.select_related("lead__organ", "lead__section", "lead__key", "lead__applicant__key")
    return rows.get(pk=batch_id)


def each(batch: Batch, act: Callable[[str], bool], *, after: int, limit: int) -> Piece:
    """`act(number)` says True when it did something, False when that was done before; a refusal leaves nothing behind."""
    behind = batch.members.filter(pk__gt=after).order_by("pk")
    rows = list(behind.values_list("pk", "request__number")[:limit])
    done, already, refused = 0, 0, []
    for _, number in rows:
        try:
            with transaction.atomic():
                acted = act(number)
        except Refusal as refusal:
            refused.append(LeftOut(number, str(refusal.refused)))
        else:
            done, already = done + acted, already + (not acted)
    last = rows[-1][0] if rows else after
    return Piece(done, already, tuple(refused), last, batch.members.filter(pk__gt=last).count())


def require_batch_post(actor: Actor, batch: Batch, roles: tuple[str, ...], doing: str) -> None:
    """Once for the whole batch, so that who has no post at all is told so and not once for each member."""
    require_post(actor, batch.lead, roles, doing)


def common_words(lead: FoiRequest) -> Common:
    """What the leading letter gives to the others; refused while it is not written to its end."""
    shared = common_of(lead)
    if shared is None:
        raise Refusal(Refused("lead_unwritten", f"先把牵头申请{lead.number}的答复写完，再写其余各件。"))
    if shared.text.strip():
        raise Refusal(
            Refused(
                "own_paragraphs",
                f"牵头申请{lead.number}的答复改写了整段文字，里面写着这一件自己的编号和日期，不能写进其余各件。"
                "请恢复按判断生成的文字，把要写的放进理由等各栏。",
            )
        )
    return shared
