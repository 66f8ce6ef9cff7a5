"""Ask an applicant whose requests are excessive in number or frequency for reasons (条例35)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused


def ask_reasons(number: str, *, on: date, text: str, actor: Actor, at: datetime, body: str = "") -> FoiRequest:
    """The clock goes on. `text` says which number and frequency are beyond the reasonable."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "要求说明理由")
        if not text.strip():
            raise Refusal(Refused("text_missing", "请写明数量、频次的情况。", "《政府信息公开条例》第三十五条"))
        step = ClockStep("reasons_asked", on)
        turned = turn(case, "ask_reasons", "foi.reasons_asked", steps=[step], note=text, actor=actor, at=at)
        issue(
            case, "reasons", actor=actor, at=at, body=body, step=turned.steps[0], extra={"text": text.strip()},
        )  # fmt: skip
        return case
