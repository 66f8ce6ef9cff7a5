"""The head of the disclosure office agrees to an extension, and the applicant is told (条例33.2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import approve, waiting
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import APPROVED_BY, HEAD, locked, require_post, turn
from gongkai.foi.models import Extension
from gongkai.foi.queries.sealed import text_of
from gongkai.law.reply_clock import ClockStep


def approve_extension(number: str, *, notified_on: date, actor: Actor, at: datetime, body: str = "") -> Extension:
    """`notified_on` is the day the applicant was told, not before today: an approval after the fact is none.

    Issues the 延期答复告知书; `body` is its text where it was written anew.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定延长")
        proposal = waiting(case.extensions, actor, at, notified_on)
        step = ClockStep("extended", notified_on, working_days=proposal.working_days, approved_by=APPROVED_BY)
        turned = turn(case, "approve_extension", "foi.extension_approved", steps=[step], actor=actor, at=at)
        issue(
            case, "extension", actor=actor, at=at, body=body, step=turned.steps[0],
            extra={
                "working_days": proposal.working_days, "new_due_on": case.due_on,
                "reason": text_of(case.key, proposal.reason, "proposal.reason"),
            },
        )  # fmt: skip
        return approve(proposal, turned.steps[0], actor=actor, at=at)
