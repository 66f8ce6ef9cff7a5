"""Take a reply back from sign-off, or a signed one before it is delivered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.replies import newest, review_of
from gongkai.law.foi_moves import IN_REVIEW, may
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.actions.give_opinion import close_recalled


def recall_reply(number: str, *, reason: str, actor: Actor, at: datetime) -> FoiRequest:
    """With a reason. The version stays on record; the next one needs every opinion anew."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "撤回答复稿")
        require(may("recall_reply", case.state))
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明撤回的理由。"))
        end_review(case, actor=actor, at=at)
        case.signed_on = None
        turn(case, "recall_reply", "foi.reply_recalled", note=reason, actor=actor, at=at)
        return case


def end_review(case: FoiRequest, *, actor: Actor, at: datetime) -> None:
    """Close the open review of a request's newest reply, in the caller's transaction; nothing where none is open."""
    version = newest(case)
    if case.state == IN_REVIEW and version is not None:
        close_recalled(review_of(version).pk, subject=case.subject, actor=actor, at=at)
