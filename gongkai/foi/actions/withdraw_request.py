"""The applicant takes the request back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.recall_reply import end_review
from gongkai.foi.actions.turning import (
    OFFICER,
    clock_on,
    day_of,
    locked,
    outcome_of,
    require_post,
    turn,
)
from gongkai.foi.models import FoiRequest
from gongkai.law.foi_moves import WITHDRAWN_REPLY, may, may_withdraw
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import require


def withdraw_request(number: str, *, on: date, text: str = "", actor: Actor, at: datetime) -> FoiRequest:
    """Ends the request; a sign-off under way is closed. `text` is what the applicant wrote."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记撤回", applicant=True)
        require(may("withdraw_request", case.state))
        require(may_withdraw(clock_on(case, day_of(at))))
        end_review(case, actor=actor, at=at)
        turn(
            case, "withdraw_request", "foi.withdrawn", steps=[ClockStep("withdrawn", on)], note=text, actor=actor,
            at=at, outcome=outcome_of(case, WITHDRAWN_REPLY, on=on),
        )  # fmt: skip
        return case
