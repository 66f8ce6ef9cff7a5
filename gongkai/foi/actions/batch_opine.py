"""One opinion on all letters of a batch that wait at a step, given to each by its own digest."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, each
from gongkai.foi.actions.opine_reply import opine_reply
from gongkai.foi.actions.turning import locked
from gongkai.foi.models import ReplyVersion
from gongkai.foi.queries.batches import digest_over, frozen, frozen_common
from gongkai.foi.queries.replies import newest, review_of
from gongkai.law.verdicts import Refusal, Refused
from gongkai.review.models import Case


def batch_opine(
    batch_id: int, step_order: int, verdict: str, *, read_digest: str, actor: Actor, at: datetime, reason: str = "",
    return_to: int | None = None, after: int = 0, limit: int = PIECE,
) -> Piece:  # fmt: skip
    """`read_digest` is the batch's digest as the person read it: a letter that was frozen since makes it stale, and
    nothing is given. The next pieces, and a second run, take the same digest: opinions and returns do not change it.

    Each letter goes through `opine_reply`, so who may speak, in which order and how many is asked for each.
    """
    batch = batch_of(batch_id)
    letters = frozen(batch)
    if read_digest != digest_over(letters):
        raise Refusal(Refused("stale_batch", "这一批里有答复在您阅读以后送审或者改动过，意见没有保存。请看最新一版。"))
    leading = newest(batch.lead)
    if leading is None:
        raise Refusal(Refused("lead_not_frozen", f"牵头申请{batch.lead.number}的答复还没有送审，请逐件审签。"))
    shared = frozen_common(leading, exact=False)

    def act(number: str) -> bool:
        case = locked(number)
        version = newest(case)
        if version is None:
            raise Refusal(Refused("not_submitted", "这一件的答复还没有送审。"))
        if letters.get(number) != version.digest:
            raise Refusal(Refused("stale_text", "这一件的答复刚刚换了一版，意见没有保存，请看最新一版。"))
        if not _waits(version, step_order, actor):
            return False
        if frozen_common(version) != shared:
            raise Refusal(Refused("other_words", "这一件的答复文字与牵头申请的不同，请单独审签。"))
        opine_reply(
            version.pk, step_order, verdict, read_digest=version.digest, actor=actor, at=at, reason=reason,
            return_to=return_to,
        )  # fmt: skip
        return True

    return each(batch, act, after=after, limit=limit)


def _waits(version: ReplyVersion, step_order: int, actor: Actor) -> bool:
    """True when this person's opinion is due, False when it was given; refused when the letter is not at that step."""
    review: Case = review_of(version)
    given = review.opinions.filter(step__order=step_order, person=actor.person_id)
    here = review.state == "open" and review.current_order == step_order
    if here and not given.filter(round=review.round).exists():
        return True
    if given.exists():
        return False
    raise Refusal(Refused("not_this_step", "这一件的答复现在不在这一环节。"))
