"""Send the letters of a batch to sign-off, each frozen with its own digest."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, common_words, each, require_batch_post
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.actions.turning import OFFICER, locked
from gongkai.foi.models import ReplyDraft
from gongkai.foi.queries.batches import FROZEN, common_of
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def batch_submit(batch_id: int, *, actor: Actor, at: datetime, after: int = 0, limit: int = PIECE) -> Piece:
    """The checks of law run for every letter by itself; the reasons given in the leading one count for findings of the
    same kind. A letter that says something else than the leading one stays out."""
    batch = batch_of(batch_id)
    require_batch_post(actor, batch, OFFICER, "送审答复")
    shared = common_words(batch.lead)

    def act(number: str) -> bool:
        case = locked(number)
        if case.state not in FROZEN:
            require(may("submit_reply", case.state))
        own = common_of(case)
        if own is None:
            raise Refusal(Refused("no_draft", "还没有按共用文字拟写答复。"))
        if own.digest != shared.digest:
            raise Refusal(Refused("other_words", "答复文字与牵头申请的不同，请重新按共用文字拟写，或者单独送审。"))
        if case.state in FROZEN:
            return False
        revision = ReplyDraft.objects.values_list("revision", flat=True).get(request=case)
        submit_reply(number, based_on=revision, explanations=shared.explanations, actor=actor, at=at)
        return True

    return each(batch, act, after=after, limit=limit)
