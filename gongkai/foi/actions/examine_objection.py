"""Write down whether a third party's objection is reasonable (条例32)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Consultation
from gongkai.law.verdicts import Refusal, Refused


def examine_objection(
    number: str, label: str, *, reasonable: bool, reason: str, actor: Actor, at: datetime
) -> Consultation:
    """The agency's own finding, with its reason; an objection that nobody examined carries no refusal."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "审查第三方意见")
        asked = Consultation.objects.get(request=case, label=label)
        if asked.position != "objected":
            raise Refusal(Refused("no_objection", f"“{label}”没有提出不同意公开的意见。"))
        if not reason.strip():
            raise Refusal(
                Refused("reason_missing", "请写明该意见的理由是否合理、为什么。", "《政府信息公开条例》第三十二条")
            )
        turn(
            case, "examine_objection", "foi.objection_examined", note=reason, actor=actor, at=at,
            data={"label": label, "reasonable": reasonable},
        )  # fmt: skip
        asked.reasonable = reasonable
        asked.save(update_fields=["reasonable"])
        return asked
