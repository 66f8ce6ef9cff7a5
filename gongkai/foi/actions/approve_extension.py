"""The head of the disclosure office agrees to an extension, and the applicant is told (条例33.2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import approve, waiting
from gongkai.foi.actions.turning import APPROVED_BY, HEAD, locked, require_post, turn
from gongkai.foi.models import Extension
from gongkai.law.reply_clock import ClockStep


def approve_extension(number: str, *, notified_on: date, actor: Actor, at: datetime) -> Extension:
    """`notified_on` is the day the applicant was told, not before today: an approval after the fact is none."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定延长")
        proposal = waiting(case.extensions, actor, at, notified_on)
        step = ClockStep("extended", notified_on, working_days=proposal.working_days, approved_by=APPROVED_BY)
        turned = turn(case, "approve_extension", "foi.extension_approved", steps=[step], actor=actor, at=at)
        return approve(proposal, turned.steps[0], actor=actor, at=at)
