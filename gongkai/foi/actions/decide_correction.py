"""The agency decides on a correction (条例41)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import RecordCorrection
from gongkai.foi.models.care import CORRECTION_DECISIONS
from gongkai.foi.queries.papers import correction_fields
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.foi_moves import may_date
from gongkai.law.verdicts import Refusal, Refused, require

_ELSEWHERE = ("transferred", "told")


def decide_correction(
    correction_id: int, *, decision: str, reason: str, on: date, actor: Actor, at: datetime, other_organ: str = "",
    body: str = "",
) -> RecordCorrection:  # fmt: skip
    """Corrected or not with a reason; handed on or told where to ask with the organ's name. Issues the answer."""
    if decision not in CORRECTION_DECISIONS:
        raise Refusal(Refused("decision_missing", "请选择办理结果。", "《政府信息公开条例》第四十一条"))
    with transaction.atomic():
        number = RecordCorrection.objects.select_related("request").get(pk=correction_id).request.number
        case = locked(number)
        require_post(actor, case, OFFICER, "办理更正")
        asked = RecordCorrection.objects.select_for_update().get(pk=correction_id)
        if asked.decision:
            raise Refusal(Refused("decided_already", "这项更正要求已经办理。"))
        if on < asked.asked_on:
            raise Refusal(Refused("before_asked", "办理日期早于提出更正的日期，请核对。"))
        require(may_date(on, today=day_of(at)))
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明审核的情况和理由。", "《政府信息公开条例》第四十一条"))
        if decision in _ELSEWHERE and not other_organ.strip():
            raise Refusal(Refused("organ_missing", "请写明有权更正的机关。", "《政府信息公开条例》第四十一条"))
        turn(case, "decide_correction", "foi.correction_decided", actor=actor, at=at, data={"decision": decision})
        asked.decision, asked.decided_by_id, asked.decided_on = decision, actor.person_id, on
        asked.reason = sealed_text(case.key, reason.strip(), "correction.reason")
        asked.other_organ = other_organ.strip() if decision in _ELSEWHERE else ""
        asked.save(update_fields=["decision", "decided_by", "decided_on", "reason", "other_organ"])
        issue(
            case, "correction_answer", actor=actor, at=at, body=body,
            extra=correction_fields(asked),
        )  # fmt: skip
        return asked
