"""Deliver the sealed letters of a batch online, each with its own delivery, to those who wished it so."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.batch_pieces import PIECE, Piece, batch_of, each, require_batch_post
from gongkai.foi.actions.deliver import deliver
from gongkai.foi.actions.turning import OFFICER, day_of, locked
from gongkai.foi.models import Delivery
from gongkai.foi.models.cases import DELIVERIES
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def batch_deliver(batch_id: int, *, actor: Actor, at: datetime, after: int = 0, limit: int = PIECE) -> Piece:
    """Who wished another way is left to be delivered by itself: a slip or a signature belongs to one letter."""
    batch = batch_of(batch_id)
    require_batch_post(actor, batch, OFFICER, "送达答复")
    proof = f"{timezone.localtime(at):%Y-%m-%d %H:%M}在本网站查询页面送达"

    def act(number: str) -> bool:
        case = locked(number)
        if Delivery.objects.filter(request=case).exists():
            return False
        require(may("deliver", case.state))
        if case.delivery != "online":
            raise Refusal(Refused("other_way", f"申请人要求的送达方式是{DELIVERIES[case.delivery]}，请逐件送达。"))
        deliver(number, by="online", on=day_of(at), proof=proof, actor=actor, at=at)
        return True

    return each(batch, act, after=after, limit=limit)
