"""The applicant complains to the office that supervises the agency (条例47)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Complaint
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.verdicts import Refusal, Refused


def complain(number: str, *, text: str, actor: Actor, at: datetime) -> Complaint:
    """To the organ above; a government without one above answers for itself. It changes no date."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记投诉", applicant=True)
        if not text.strip():
            raise Refusal(Refused("text_missing", "请写明投诉的事项。", "《政府信息公开条例》第四十七条"))
        if case.complaints.filter(answered_at=None).exists():
            raise Refusal(Refused("complaint_open", "您的上一次投诉正在办理，请等答复后再提出。"))
        above = case.organ.parent or case.organ
        turn(case, "complain", "foi.complained", actor=actor, at=at, data={"to": above.code})
        said = sealed_text(case.key, text.strip(), "complaint.text")
        return Complaint.objects.create(request=case, to_organ=above, text=said, made_at=at)
