"""Propose to extend the time for the reply (条例33.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import Extension
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.reply_clock.acts import EXTENSION_WORKING_DAYS
from gongkai.law.verdicts import Refusal, Refused


def propose_extension(number: str, *, working_days: int, reason: str, actor: Actor, at: datetime) -> Extension:
    """A proposal moves no date; the head of the disclosure office decides in an act of their own."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "提请延长")
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明需要延长的理由。", "《政府信息公开条例》第三十三条第二款"))
        if not 1 <= working_days <= EXTENSION_WORKING_DAYS:
            raise Refusal(
                Refused("extension_too_long", "延长的期限是1至20个工作日。", "《政府信息公开条例》第三十三条第二款")
            )
        if case.extensions.filter(decision="").exists():
            raise Refusal(Refused("proposed_already", "已有一项延长正在等待决定。"))
        turn(
            case, "propose_extension", "foi.extension_proposed", actor=actor, at=at,
            data={"working_days": working_days},
        )  # fmt: skip
        return Extension.objects.create(
            request=case, working_days=working_days, proposed_by_id=actor.person_id, proposed_at=at,
            reason=sealed_text(case.key, reason.strip(), "proposal.reason"),
        )  # fmt: skip
