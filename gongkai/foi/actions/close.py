"""Close a request: as given up while something is awaited in vain, else into the file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, clock_on, day_of, locked, outcome_of, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.foi_moves import GIVEN_UP_REPLY, WAITING, may_give_up
from gongkai.law.verdicts import require


def close(number: str, *, actor: Actor, at: datetime) -> FoiRequest:
    """What waits for the applicant is given up once its last day is over (R13, R14); what has its outcome is filed."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "办结")
        if case.state in WAITING:
            require(may_give_up(clock_on(case, day_of(at))))
            turn(
                case, "give_up", "foi.given_up", actor=actor, at=at,
                outcome=outcome_of(case, GIVEN_UP_REPLY[case.state], on=day_of(at)),
            )  # fmt: skip
        else:
            case.closed_on = day_of(at)
            turn(case, "close", "foi.closed", actor=actor, at=at)
        return case
