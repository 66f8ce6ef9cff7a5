"""Take a received request up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.law.verdicts import Refusal, Refused


def accept(number: str, *, actor: Actor, at: datetime, section: Section | None = None) -> FoiRequest:
    """Begin the work; `section` is the leading section, whose head reads the reply first."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "受理")
        if section is not None and section.organ_id != case.organ_id:
            raise Refusal(Refused("other_organ", "承办科室应当属于收到申请的机关。"))
        case.section = section
        told = {"section": section.code} if section else {}
        turn(case, "accept", "foi.accepted", actor=actor, at=at, data=told)
        return case
