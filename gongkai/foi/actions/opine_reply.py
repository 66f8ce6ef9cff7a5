"""Give an opinion on a reply; the last approval signs it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.foi.actions.turning import day_of, locked, turn
from gongkai.foi.models import FoiRequest, ReplyVersion
from gongkai.foi.queries.copies import copies_confirmed
from gongkai.foi.queries.replies import is_whole, review_of
from gongkai.foi.queries.sealed import version_content
from gongkai.law.review import APPROVE, SECRECY_STEP
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.actions.give_opinion import give_opinion


def opine_reply(
    version_id: int, step_order: int, verdict: str, *, read_digest: str, actor: Actor, at: datetime,
    reason: str = "", return_to: int | None = None,
) -> FoiRequest:  # fmt: skip
    """One opinion and what follows from it, together: the next step, a return to the officer, or the sign-off."""
    with transaction.atomic():
        version = ReplyVersion.objects.select_related("request__key").get(pk=version_id)
        case = locked(version.request.number)
        if not is_whole(version):
            raise Refusal(Refused("content_broken", "这一版答复与送审时的摘要不一致，不能审签。请联系系统管理员。"))
        review = review_of(version)
        if verdict == APPROVE and review.steps.filter(order=step_order, code=SECRECY_STEP).exists():
            require(copies_confirmed(case, version_content(version).files))
        now = give_opinion(
            review.pk, step_order, verdict, subject=case.subject, read_digest=read_digest,
            actor=actor, at=at, reason=reason, return_to=return_to,
        )  # fmt: skip
        told = {"version": version.number}
        match now.case.state:
            case "open":
                pass
            case "returned" | "refused":
                turn(case, "return_reply", "foi.reply_returned", actor=actor, at=at, digest=version.digest, data=told)
            case "approved":
                case.signed_on = day_of(at)
                turn(case, "sign_reply", "foi.reply_signed", actor=SYSTEM, at=at, digest=version.digest, data=told)
            case other:
                raise RuntimeError(f"unknown case state {other}")
        return case
