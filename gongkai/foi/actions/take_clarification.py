"""Take what the applicant sent to make the request clear; the count restarts in full (条例30)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.describing import redescribe
from gongkai.foi.actions.turning import OFFICER, clock_on, day_of, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.foi.wishes import Wish
from gongkai.law.foi_moves import may, may_answer_wait, may_date
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import require


def take_clarification(
    number: str, *, on: date, wish: Wish | None = None, text: str = "", actor: Actor, at: datetime
) -> FoiRequest:
    """`wish` is the request as it reads now; `text` what came with it. Too late is refused until it is reopened."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记补正", applicant=True)
        require(may("take_clarification", case.state))
        require(may_date(on, today=day_of(at), received_on=case.received_on))
        require(may_answer_wait(clock_on(case, on), on))
        if wish is not None:
            redescribe(case, wish, at=at)
        step = ClockStep("clarification_received", on)
        turn(
            case, "take_clarification", "foi.clarification_taken", steps=[step], outside=True, note=text, actor=actor,
            at=at,
        )  # fmt: skip
        return case
