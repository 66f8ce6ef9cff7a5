"""Do what is due at one channel: hand over, take back, ask what became of it. One posting at a time, never silently twice.

The row is claimed in a transaction of its own before anything leaves the house; how it ended is written afterwards. A
process that dies in between leaves a claim behind: where repeating is harmless it is repeated, elsewhere it goes to the
list of what a person has to settle.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from gongkai.agencies.actors import SYSTEM
from gongkai.channels.contract import Channel, Gone, Message, NotSent, Receipt, Rejected, Unclear
from gongkai.channels.models import Attempt, Posting
from gongkai.channels.queries import public_items
from gongkai.channels.states import (
    AMBIGUOUS,
    CONFIRM,
    CONFIRMED,
    DELIVER,
    PAUSES,
    PLANNED,
    RECALL,
    RECALLED,
    REJECTED,
    SENDING,
    SENT,
    SILENCE,
    STALE,
)
from gongkai.ledger.actions.record import record

FACTS = {
    CONFIRMED: "channel.confirmed",
    SENT: "channel.sent",
    RECALLED: "channel.recalled",
    REJECTED: "channel.rejected",
    AMBIGUOUS: "channel.unclear",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a verb ended: the state it leads to, what is there now (None: as before), and what to say."""

    state: str
    carried: str | None = None
    receipt: Mapping[str, Any] | None = None
    problem: str = ""
    sentence: str = ""
    again: bool = False


def carry_next(channel: Channel, *, at: datetime, on: date) -> Posting | None:
    """Claim what is due longest at this channel and do it; None when nothing is due."""
    posting = claim(channel, at=at)
    if posting is None:
        return None
    try:
        ended = _done(channel, posting, on)
    except Exception:
        # A fault of our own: nothing is known of how far it came.
        settle(posting, _unknown(channel), at=at)
        raise
    settle(posting, ended, at=at)
    return posting


def claim(channel: Channel, *, at: datetime) -> Posting | None:
    """Take the next due posting for this process alone, with the verb it needs."""
    with transaction.atomic():
        due = Posting.objects.filter(channel=channel.code, state__in=[PLANNED, SENT], next_at__lte=at)
        posting = due.order_by("next_at", "pk").select_for_update(skip_locked=True).first()
        if posting is None:
            return None
        posting.verb = _verb(channel, posting)
        posting.handing = posting.wanted if posting.verb == DELIVER else posting.carried
        posting.state, posting.claim, posting.claimed_at = SENDING, uuid.uuid4().hex, at
        posting.attempts += 1
        posting.save()
    return posting


def _verb(channel: Channel, posting: Posting) -> str:
    if posting.wanted == posting.carried:
        return CONFIRM if posting.state == SENT else DELIVER
    if posting.carried and (posting.wanted == "" or not channel.in_place):
        return RECALL
    return DELIVER if posting.wanted else RECALL


def _done(channel: Channel, posting: Posting, on: date) -> Ended:
    """The channel's answer as a state. Nothing is handed over that is no longer what the public may see."""
    receipt = Receipt(posting.receipt.get("reference", ""), told=posting.receipt)
    try:
        match posting.verb:
            case "deliver":
                public = public_items([posting.item_id], on=on).get(posting.item_id)
                if public is None or public.state != posting.handing:
                    return Ended(PLANNED, problem="moved_on", again=True)
                message = channel.render(public)
                given = channel.deliver(_keyed(message, channel, public.code, posting.handing))
                state = CONFIRMED if given.final else SENT
                return Ended(state, posting.handing, _kept(given))
            case "recall":
                return Ended(RECALLED, "", _kept(channel.recall(receipt)))
            case "confirm":
                told = channel.confirm(receipt)
                if told is None or not told.final:
                    return Ended(SENT)
                return Ended(CONFIRMED, posting.handing, _kept(told))
            case other:
                raise ValueError(f"unknown verb {other}")
    except Gone as gone:
        if posting.verb == RECALL:
            return Ended(RECALLED, "", problem=gone.code)
        return Ended(REJECTED, "", problem=gone.code, sentence=gone.sentence)
    except NotSent as error:
        return Ended(PLANNED, problem=error.code, sentence=error.sentence, again=True)
    except Rejected as error:
        carried = None if posting.verb == RECALL else ""
        return Ended(REJECTED, carried, problem=error.code, sentence=error.sentence)
    except Unclear as error:
        return Ended(AMBIGUOUS, problem=error.code, sentence=error.sentence)


def _keyed(message: Message, channel: Channel, code: str, state: str) -> Message:
    return Message(f"{channel.code}:{code}:{state[:24]}", message.title, message.body, message.payload)


def _kept(receipt: Receipt) -> dict[str, Any]:
    return {"reference": receipt.reference, **receipt.told}


def _unknown(channel: Channel) -> Ended:
    if channel.repeatable:
        return Ended(PLANNED, problem="own_fault", again=True)
    return Ended(
        AMBIGUOUS, problem="own_fault", sentence="系统在办理中出错，不清楚渠道上有没有这条信息，请到渠道后台核实。"
    )


def settle(posting: Posting, ended: Ended, *, at: datetime) -> None:
    """Write down how a claim ended. A claim that was given up meanwhile (its process was taken for dead) says nothing."""
    with transaction.atomic():
        row = Posting.objects.select_for_update(of=("self",)).select_related("item__organ").get(pk=posting.pk)
        if row.claim != posting.claim or row.state != SENDING:
            return
        Attempt.objects.create(
            posting=row, verb=row.verb, carried=row.handing, outcome=ended.state if not ended.again else "not_sent",
            problem=ended.problem[:40], receipt=dict(ended.receipt or {}), at=at,
        )  # fmt: skip
        if ended.carried is not None:
            row.carried = ended.carried
        if ended.receipt is not None:
            row.receipt = dict(ended.receipt)
        row.problem, row.sentence, row.claim = ended.problem[:40], ended.sentence[:300], ""
        told = _place(row, ended, at)
        row.save()
        if told in FACTS:
            record(
                FACTS[told], subject=f"item:{row.item.code}", organ_code=row.item.organ.code, actor=SYSTEM, at=at,
                data={"channel": row.channel, "verb": row.verb},
            )  # fmt: skip
    posting.state = row.state


def _place(row: Posting, ended: Ended, at: datetime) -> str:
    """The next state of the row, and what to tell of this attempt ("" for nothing new)."""
    if ended.again:
        last = row.attempts > len(PAUSES)
        # A recall never gives up by itself; a delivery that was tried so often is a person's.
        if last and row.wanted and ended.problem != "moved_on":
            row.state, row.next_at = REJECTED, None
            return REJECTED
        row.state, row.next_at = PLANNED, at + PAUSES[min(row.attempts, len(PAUSES)) - 1]
        return ""
    if ended.state == SENT:
        asked = row.verb == CONFIRM
        if asked and row.settled_at is not None and at - row.settled_at > SILENCE:
            row.state, row.next_at, row.problem = AMBIGUOUS, None, "silence"
            row.sentence = "渠道一直没有答复结果，请到渠道后台核实。"
            return AMBIGUOUS
        row.state, row.next_at = SENT, at + PAUSES[min(row.attempts, len(PAUSES)) - 1]
        row.settled_at = row.settled_at if asked else at
        if row.wanted != row.carried:
            row.state, row.next_at = PLANNED, at
        return "" if asked else SENT
    row.state, row.next_at, row.settled_at = ended.state, None, at
    if ended.state in (CONFIRMED, RECALLED):
        row.attempts = 0
        if row.wanted != row.carried:
            row.state, row.next_at = PLANNED, at
    return ended.state


def sweep(channel: Channel, *, at: datetime) -> int:
    """Claims whose process died. Returns how many were found."""
    lost = list(Posting.objects.filter(channel=channel.code, state=SENDING, claimed_at__lt=at - STALE))
    for posting in lost:
        ended = (
            Ended(PLANNED, problem="interrupted", again=True)
            if channel.repeatable or posting.verb == CONFIRM
            else Ended(
                AMBIGUOUS, problem="interrupted", sentence="办理中断，不清楚渠道上有没有这条信息，请到渠道后台核实。"
            )
        )
        settle(posting, ended, at=at)
    return len(lost)


def told_by_channel(channel: str, reference: str, outcome: Receipt | Rejected | Gone, *, at: datetime) -> bool:
    """A channel calls back. Twice, out of order or about something unknown changes nothing; returns whether it did."""
    with transaction.atomic():
        rows = Posting.objects.select_for_update(of=("self",)).select_related("item__organ")
        row = rows.filter(Q(state=SENT) | Q(state=AMBIGUOUS), channel=channel, receipt__reference=reference).first()
        if row is None or row.carried == "":
            return False
        row.state, row.claim, row.verb, row.handing, row.claimed_at = (
            SENDING,
            uuid.uuid4().hex,
            CONFIRM,
            row.carried,
            at,
        )
        row.save()
        if isinstance(outcome, Receipt):
            ended = Ended(CONFIRMED, row.carried, {**row.receipt, **outcome.told, "reference": reference})
        else:
            ended = Ended(REJECTED, "", problem=outcome.code, sentence=outcome.sentence)
        settle(row, ended, at=at)
    return True


def plan_stale(*, at: datetime) -> int:
    """Postings that differ from what is wanted and are in nobody's hands: planned once more. A net under everything."""
    idle = Posting.objects.filter(state__in=[CONFIRMED, RECALLED]).exclude(wanted=F("carried"))
    return idle.update(state=PLANNED, next_at=at)
