"""The supervising office answers a complaint (条例47)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import locked, turn
from gongkai.foi.models import Complaint
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.verdicts import Refusal, Refused


def answer_complaint(complaint_id: int, *, answer: str, actor: Actor, at: datetime) -> Complaint:
    """By a supervisor; the applicant reads it at the tracking page. Once."""
    if actor.role != "supervisor":
        raise Refusal(
            Refused("not_your_post", "投诉由政府信息公开工作主管部门答复。", "《政府信息公开条例》第四十七条")
        )
    with transaction.atomic():
        number = Complaint.objects.select_related("request").get(pk=complaint_id).request.number
        case = locked(number)
        complaint = Complaint.objects.select_for_update().get(pk=complaint_id)
        if complaint.answered_at is not None:
            raise Refusal(Refused("answered_already", "这件投诉已经答复。"))
        if not answer.strip():
            raise Refusal(Refused("answer_missing", "请写明调查的结果和处理意见。"))
        turn(case, "answer_complaint", "foi.complaint_answered", actor=actor, at=at)
        complaint.answer = sealed_text(case.key, answer.strip(), "complaint.answer")
        complaint.answered_by_id, complaint.answered_at = actor.person_id, at
        complaint.save(update_fields=["answer", "answered_by", "answered_at"])
        return complaint
