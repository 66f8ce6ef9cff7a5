"""Confirm with the applicant that the request was received (条例31)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.reply_clock import ClockStep


def confirm_receipt(number: str, *, confirmed_on: date, actor: Actor, at: datetime) -> FoiRequest:
    """From here on the clock runs."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "确认收到")
        confirm(case, confirmed_on, actor=actor, at=at)
        return case


def confirm(case: FoiRequest, confirmed_on: date | None, *, actor: Actor, at: datetime) -> None:
    """The step itself, in the caller's transaction."""
    step = ClockStep("received", case.arrived_on, channel=case.channel, confirmed_on=confirmed_on)
    turned = turn(case, "confirm_receipt", "foi.receipt_confirmed", steps=[step], actor=actor, at=at)
    assert turned.clock is not None
    issue(
        case, "receipt", actor=actor, at=at, step=turned.steps[0],
        extra={
            "arrived_on": case.arrived_on, "received_on": case.received_on, "due_on": case.due_on,
            "clock_sentence": turned.clock.sentence,
        },
    )  # fmt: skip
