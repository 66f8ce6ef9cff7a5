"""Write down what a party that was asked said, or that the letter could not be delivered."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Consultation, FoiRequest
from gongkai.foi.models.acts import POSITIONS
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused


def record_consultation_answer(
    number: str, label: str, *, on: date, position: str, text: str = "", reasonable: bool | None = None,
    actor: Actor, at: datetime,
) -> FoiRequest:  # fmt: skip
    """`position`: agreed | objected | undelivered. `reasonable`: the agency's finding on an objection (条例32)."""
    if position not in POSITIONS:
        raise ValueError(f"unknown position {position}")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记意见")
        asked = Consultation.objects.filter(request=case, label=label).select_related("asked").first()
        if asked is None:
            raise Refusal(Refused("never_asked", f"没有向“{label}”征求过意见，请核对。"))
        if asked.answered_id is not None:
            raise Refusal(Refused("answered_already", f"“{label}”的意见已经登记。"))
        if on < asked.asked.on:
            raise Refusal(Refused("answered_before_asked", "答复日期早于征求意见的日期，请核对。"))
        turned = turn(
            case, "record_consultation_answer", "foi.consultation_answered", steps=[_step(asked, on, position)],
            outside=True, actor=actor, at=at, data={"label": label, "position": position},
        )  # fmt: skip
        asked.answered, asked.position, asked.reasonable = turned.steps[0], position, reasonable
        asked.answer = sealed_text(case.key, text, "consultation.answer") if text else b""
        asked.save(update_fields=["answered", "position", "reasonable", "answer"])
        return case


def _step(asked: Consultation, on: date, position: str) -> ClockStep:
    if asked.kind == "agency":
        return ClockStep("agency_answered", on, party=asked.label, position=position)
    if position == "undelivered":
        return ClockStep("third_party_undelivered", on, party=asked.label)
    return ClockStep("third_party_answered", on, party=asked.label, position=position)
