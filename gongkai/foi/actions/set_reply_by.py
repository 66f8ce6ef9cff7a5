"""Give the applicant another last day to clarify (条例30)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, clock_on, day_of, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.foi_moves import may_answer_wait
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import require


def set_reply_by(number: str, *, on: date, reply_by: date, reason: str, actor: Actor, at: datetime) -> FoiRequest:
    """While the wait is open; once given up, the decision to reopen comes first."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "改定补正期限")
        require(may_answer_wait(clock_on(case, day_of(at)), on))
        step = ClockStep("reply_by_extended", on, reply_by=reply_by)
        turn(case, "set_reply_by", "foi.reply_by_set", steps=[step], note=reason, actor=actor, at=at)
        return case
