"""Set a later day for an excessive request whose reasons are sound, and tell the applicant (条例35)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import HEAD, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import steps_of
from gongkai.law.foi_moves import may_delay
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused, require


def delay(number: str, *, on: date, until: date, reason: str, actor: Actor, at: datetime, body: str = "") -> FoiRequest:
    """Reasons have been asked for; the day set is later than the one in force and told before that is over."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定延迟答复")
        require(may_delay(steps_of(case)))
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明延迟答复的理由。", "《政府信息公开条例》第三十五条"))
        step = ClockStep("delayed", on, until=until)
        turned = turn(case, "delay", "foi.delayed", steps=[step], note=reason, actor=actor, at=at)
        issue(
            case, "delay", actor=actor, at=at, body=body, step=turned.steps[0],
            extra={"until": case.due_on, "reason": reason.strip()},
        )  # fmt: skip
        return case
