"""Take the applicant's reasons (条例35)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.reply_clock import ClockStep


def take_reasons(number: str, *, on: date, text: str, actor: Actor, at: datetime) -> FoiRequest:
    """The clock goes on."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记理由说明", applicant=True)
        step = ClockStep("reasons_received", on)
        turn(case, "take_reasons", "foi.reasons_taken", steps=[step], outside=True, note=text, actor=actor, at=at)
        return case
