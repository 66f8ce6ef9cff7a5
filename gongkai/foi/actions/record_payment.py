"""Write down that the fee was paid; the count restarts in full (国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, clock_on, day_of, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.foi_moves import may, may_answer_wait, may_date
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import require


def record_payment(number: str, *, on: date, actor: Actor, at: datetime) -> FoiRequest:
    """Paid after the last day is refused until the request is reopened."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记缴费")
        require(may("record_payment", case.state))
        require(may_date(on, today=day_of(at), received_on=case.received_on))
        require(may_answer_wait(clock_on(case, on), on))
        turn(case, "record_payment", "foi.paid", steps=[ClockStep("fee_paid", on)], outside=True, actor=actor, at=at)
        case.fees.filter(decision="approved", paid_on=None).update(paid_on=on)
        return case
