"""The head of the disclosure office does not agree to a fee."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import refuse, waiting
from gongkai.foi.actions.turning import HEAD, locked, require_post, turn
from gongkai.foi.models import Fee


def refuse_fee(number: str, *, reason: str, actor: Actor, at: datetime) -> Fee:
    """The proposal is closed with a reason."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定收费")
        proposal = waiting(case.fees, actor, at)
        turn(case, "refuse_fee", "foi.fee_refused", actor=actor, at=at)
        return refuse(proposal, reason, actor=actor, at=at)
