"""What a person decides about a notice: send it once more, take it as sent, or let it be."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.states import DROPPED, MAY_DROP, MAY_RETRY, QUEUED, SENT, STATES, UNCLEAR

ROLES = ("foi_officer",)


def retry(notice_id: int, *, actor: Actor, at: datetime) -> OutgoingNotice:
    """Queue it anew. What is unclear may reach the applicant twice then; that is the person's decision."""
    return _decide(notice_id, MAY_RETRY, QUEUED, "notice.retried", actor=actor, at=at)


def take_as_sent(notice_id: int, *, actor: Actor, at: datetime) -> OutgoingNotice:
    """The person found (in the mail server's log, from the applicant) that it went out."""
    return _decide(notice_id, frozenset({UNCLEAR}), SENT, "notice.settled", actor=actor, at=at)


def drop(notice_id: int, *, actor: Actor, at: datetime) -> OutgoingNotice:
    """No further attempt; the applicant is told in another way."""
    return _decide(notice_id, MAY_DROP, DROPPED, "notice.settled", actor=actor, at=at)


def _decide(
    notice_id: int, states: Collection[str], to: str, fact: str, *, actor: Actor, at: datetime
) -> OutgoingNotice:
    with transaction.atomic():
        rows = OutgoingNotice.objects.select_for_update(of=("self",)).select_related("request__organ")
        # Mails of subscriptions are nobody's to settle.
        notice = rows.get(pk=notice_id, request__isnull=False)
        case = notice.request
        if case is None:
            raise TypeError("the query left out what belongs to no request")
        if actor is not SYSTEM and (actor.role not in ROLES or actor.organ_id != case.organ_id):
            raise Refusal(Refused("not_your_post", "您没有为本机关办理申请的岗位，没有改动。"))
        if notice.state not in states:
            raise Refusal(Refused("notice_moved_on", f"这条通知现在是“{STATES[notice.state]}”，没有改动。"))
        notice.state, notice.claim = to, ""
        notice.problem = "" if to == QUEUED else "by_hand"
        notice.attempts = 0 if to == QUEUED else notice.attempts
        notice.next_at = at if to == QUEUED else None
        notice.ended_at = None if to == QUEUED else at
        notice.save()
        record(
            fact, subject=case.subject, organ_code=case.organ.code, actor=actor, at=at,
            data={"kind": notice.kind, "way": notice.way, "state": to},
        )  # fmt: skip
        return notice
