"""Tell the applicant, once and all at once, what is unclear (条例30)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused


def ask_clarification(
    number: str, *, on: date, reply_by: date, items: str, actor: Actor, at: datetime, body: str = ""
) -> FoiRequest:
    """Within seven working days and only once: law refuses anything else. `items` is what has to be clarified.

    Issues the 补正告知书; `body` is its text where the officer wrote it anew.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "告知补正")
        if not items.strip():
            raise Refusal(Refused("items_missing", "请一次性写明需要补正的事项。", "《政府信息公开条例》第三十条"))
        step = ClockStep("clarification_asked", on, reply_by=reply_by)
        turned = turn(
            case, "ask_clarification", "foi.clarification_asked", steps=[step], note=items, actor=actor, at=at
        )
        issue(
            case, "clarification", actor=actor, at=at, body=body, step=turned.steps[0],
            extra={"items": items.strip(), "reply_by": reply_by},
        )  # fmt: skip
        return case
