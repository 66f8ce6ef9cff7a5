"""Accept the members of a batch that are still waiting for it, with the section that leads."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, each, require_batch_post
from gongkai.foi.actions.turning import OFFICER, locked
from gongkai.law.foi_moves import RECEIVED, REGISTERED
from gongkai.law.verdicts import Refusal, Refused


def batch_accept(batch_id: int, *, actor: Actor, at: datetime, after: int = 0, limit: int = PIECE) -> Piece:
    """Each as `accept` does it; members already accepted are left as they are."""
    batch = batch_of(batch_id)
    require_batch_post(actor, batch, OFFICER, "受理")
    if batch.lead.state in (REGISTERED, RECEIVED):
        raise Refusal(Refused("lead_not_accepted", f"请先受理牵头申请{batch.lead.number}，确定承办科室。"))

    def act(number: str) -> bool:
        if locked(number).state not in (REGISTERED, RECEIVED):
            return False
        accept(number, section=batch.lead.section, actor=actor, at=at)
        return True

    return each(batch, act, after=after, limit=limit)
