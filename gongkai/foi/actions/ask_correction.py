"""The applicant asks to have a record about themselves put right (条例41)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import CaseFile, RecordCorrection
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.foi_moves import may_date
from gongkai.law.verdicts import Refusal, Refused, require


def ask_correction(
    number: str, *, what: str, on: date, actor: Actor, at: datetime, file_id: int | None = None
) -> RecordCorrection:
    """`what` is the wrong record and the right one; `file_id` the evidence, a paper of kind correction."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记更正要求", applicant=True)
        require(may_date(on, today=day_of(at), received_on=case.received_on))
        if not what.strip():
            raise Refusal(
                Refused("what_missing", "请写明哪项记录不准确、应当怎样更正。", "《政府信息公开条例》第四十一条")
            )
        if case.corrections.filter(decision="").exists():
            raise Refusal(Refused("correction_open", "上一次更正要求正在办理。"))
        evidence = CaseFile.objects.get(pk=file_id, request=case, kind="correction") if file_id is not None else None
        turn(case, "ask_correction", "foi.correction_asked", actor=actor, at=at)
        return RecordCorrection.objects.create(
            request=case, asked_on=on, what=sealed_text(case.key, what.strip(), "correction.what"), evidence=evidence
        )
