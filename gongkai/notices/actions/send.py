"""Send what is due, one notice at a time, and never twice.

The row is claimed in a transaction of its own before anything goes over the wire. What happened is written afterwards;
a process that dies in between leaves a claimed row behind, which becomes "unclear" and waits for a person.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.sealed import particulars
from gongkai.foi.vault import Unsealable
from gongkai.ledger.actions.record import record
from gongkai.notices.actions.end_subscription import note_outcome
from gongkai.notices.kinds import KINDS, still_true
from gongkai.notices.mailings import mailing
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.outcomes import NotSent, Rejected, SendingError, Unclear
from gongkai.notices.states import FAILED, LAPSED, NO_ADDRESS, PAUSES, QUEUED, SENDING, SENT, STALE, UNCLEAR
from gongkai.notices.ways import Sender
from gongkai.notices.wording import Words, words


def send_next(way: str, sender: Sender, *, at: datetime) -> OutgoingNotice | None:
    """Claim the notice that is due longest and send it; returns it as it stands now, None when none is due.

    Raises `NotSent` once more, after it was written down, when the server itself cannot be used: no use in going on.
    """
    notice = claim(way, at=at)
    if notice is None:
        return None
    down: NotSent | None = None
    try:
        address, told = _prepared(notice, sender, at)
        sender.send(address, told, notice.reference)
        state, problem = SENT, ""
    except SendingError as error:
        state, problem = _state_of(error)
        down = error if isinstance(error, NotSent) and error.down else None
    except Unsealable:
        state, problem = LAPSED, "erased"
    settle(notice, state, problem, at=at)
    if down is not None:
        raise down
    return notice


def claim(way: str, *, at: datetime) -> OutgoingNotice | None:
    """Take the next due notice for this process alone. Several processes take several notices."""
    with transaction.atomic():
        due = OutgoingNotice.objects.filter(way=way, state=QUEUED, next_at__lte=at).order_by("rank", "next_at", "pk")
        notice = due.select_for_update(skip_locked=True).first()
        if notice is None:
            return None
        notice.state, notice.claim, notice.claimed_at = SENDING, uuid.uuid4().hex, at
        notice.attempts += 1
        notice.save(update_fields=["state", "claim", "claimed_at", "attempts"])
    return notice


def _prepared(notice: OutgoingNotice, sender: Sender, at: datetime) -> tuple[str, Words]:
    """Where it goes and what it says, as things stand now. A fault of our own gives the claim back: nothing has gone
    out yet."""
    try:
        if notice.subscription_id is not None:
            given, said = mailing(notice, at=at)
            return sender.address(Particulars("", email=given)), said
        case = FoiRequest.objects.select_related("organ", "applicant__key").get(pk=notice.request_id)
        kind = KINDS[notice.kind]
        if not still_true(kind, case):
            raise Rejected("passed")
        address = sender.address(particulars(case.applicant))
        if not address:
            raise Rejected("none_given")
        return address, words(kind, case)
    except (SendingError, Unsealable):
        raise
    except Exception as error:
        raise NotSent("own_fault", down=True) from error


def _state_of(error: SendingError) -> tuple[str, str]:
    match error:
        case Unclear():
            return UNCLEAR, error.problem
        case NotSent():
            return QUEUED, error.problem
        case Rejected():
            special = {"passed": LAPSED, "none_given": NO_ADDRESS, "unusable": NO_ADDRESS}
            return special.get(error.problem, FAILED), error.problem
        case _:
            raise TypeError(f"unknown outcome {type(error).__name__}")


def settle(notice: OutgoingNotice, state: str, problem: str, *, at: datetime) -> None:
    """Write down what became of a claimed notice. A claim that ran out meanwhile may still learn its outcome, unless a
    person has settled it."""
    with transaction.atomic():
        row = OutgoingNotice.objects.select_for_update().filter(pk=notice.pk, claim=notice.claim).first()
        if row is None or row.state not in (SENDING, UNCLEAR):
            return
        if state == QUEUED and row.attempts > len(PAUSES):
            state, problem = FAILED, "gave_up"
        row.state, row.problem = state, problem
        row.next_at = at + PAUSES[row.attempts - 1] if state == QUEUED else None
        row.ended_at = None if state == QUEUED else at
        row.save(update_fields=["state", "problem", "next_at", "ended_at"])
        if row.request is None:
            note_outcome(row, at=at)
        elif state == SENT:
            record(
                "notice.sent", subject=row.request.subject, organ_code=row.request.organ.code, actor=SYSTEM, at=at,
                data={"kind": row.kind, "way": row.way},
            )  # fmt: skip
    notice.state, notice.problem, notice.next_at = row.state, row.problem, row.next_at


def sweep(*, at: datetime) -> int:
    """What a process claimed and never settled: nobody knows whether it went out. Returns how many."""
    lost = OutgoingNotice.objects.filter(state=SENDING, claimed_at__lt=at - STALE)
    return lost.update(state=UNCLEAR, problem="interrupted", ended_at=at)
