"""The applicant says how satisfied they are."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Rating
from gongkai.foi.models.care import GRADES
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.verdicts import Refusal, Refused


def rate(number: str, *, grade: int, text: str = "", actor: Actor, at: datetime) -> Rating:
    """`grade` 1 to 5, once; an officer may write down what was said at the counter."""
    if grade not in GRADES:
        raise Refusal(Refused("grade_missing", "请选择满意程度。"))
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记评价", applicant=True)
        if Rating.objects.filter(request=case).exists():
            raise Refusal(Refused("rated_already", "这件申请已经评价过，谢谢您的意见。"))
        turn(case, "rate", "foi.rated", actor=actor, at=at, data={"grade": grade})
        said = sealed_text(case.key, text.strip(), "rating.text") if text.strip() else b""
        return Rating.objects.create(request=case, grade=grade, text=said, at=at)
