"""Take a request up again that was given up: a decision with a reason (条例30)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import HEAD, clock_on, day_of, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.foi_moves import GIVEN_UP, may, may_reopen
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import require


def reopen(number: str, *, reason: str, actor: Actor, at: datetime, reply_by: date | None = None) -> FoiRequest:
    """The wait goes on; its line of the annual report becomes void. `reply_by`: a new last day to clarify."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定恢复办理")
        require(may("reopen", case.state))
        today = day_of(at)
        outcome = case.outcomes.filter(voided_at=None).first() if case.state == GIVEN_UP else None
        decided = outcome.decided_on if outcome else None
        require(may_reopen(clock_on(case, today), outcome_on=decided, on=today, reason=reason))
        steps = [ClockStep("reopened", today)]
        if reply_by is not None:
            steps.append(ClockStep("reply_by_extended", today, reply_by=reply_by))
        turn(case, "reopen", "foi.reopened", steps=steps, void=outcome, note=reason, actor=actor, at=at)
        return case
