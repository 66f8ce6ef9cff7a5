"""The head of the disclosure office agrees to a fee, and the applicant is told (国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import approve, waiting
from gongkai.foi.actions.turning import HEAD, locked, require_post, turn
from gongkai.foi.models import Fee
from gongkai.law.reply_clock import ClockStep


def approve_fee(number: str, *, notified_on: date, received_on: date | None = None, actor: Actor, at: datetime) -> Fee:
    """The clock waits for payment from here on; the notice has to be given within the time for the reply."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定收费")
        proposal = waiting(case.fees, actor, at, notified_on)
        step = ClockStep("fee_notified", notified_on, received_on=received_on)
        turned = turn(
            case, "approve_fee", "foi.fee_notified", steps=[step], actor=actor, at=at, data={"yuan": proposal.yuan}
        )
        return approve(proposal, turned.steps[0], actor=actor, at=at)
