"""Do what is due at one channel: hand over, take back, ask what became of it. One posting at a time, never silently twice.

The row is claimed in a transaction of its own before anything leaves the house; how it ended is written afterwards. A
process that dies in between leaves a claim behind: where repeating is harmless it is repeated, elsewhere it goes to the
list of what a person has to settle.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from gongkai.agencies.actors import SYSTEM
from gongkai.channels.actions.follow import replan, want
from gongkai.channels.contract import (
    Channel,
    ChannelError,
    Findable,
    Gone,
    Message,
    NotSent,
    PublicItem,
    Receipt,
    Rejected,
    Unclear,
)
from gongkai.channels.models import Attempt, Posting
from gongkai.channels.queries import key_of, public_items, state_at
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
    perhaps,
)
from gongkai.law.verdicts import Refused
from gongkai.ledger.actions.record import record

MOVED_ON = "moved_on"
OWN_FAULT = "系统在办理中出错，不清楚渠道上有没有这条信息，请到渠道后台核实。"
INTERRUPTED = "办理中断，不清楚渠道上有没有这条信息，请到渠道后台核实。"
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
        settle(posting, _lost(channel, posting.verb, posting.handing, "own_fault", OWN_FAULT), at=at)
        raise
    settle(posting, ended, at=at)
    if ended.problem == MOVED_ON:
        # What the public sees may change by a date alone, without a fact to follow.
        want([posting.item], {posting.item_id: posting.position}, at=at, on=on)
    return posting


def claim(channel: Channel, *, at: datetime) -> Posting | None:
    """Take the next due posting for this process alone, with the verb it needs."""
    with transaction.atomic():
        due = Posting.objects.filter(channel=channel.code, state__in=[PLANNED, SENT], next_at__lte=at)
        due = due.select_related("item").order_by("next_at", "pk")
        posting = due.select_for_update(skip_locked=True, of=("self",)).first()
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
        return CONFIRM
    if posting.carried and (posting.wanted == "" or not channel.in_place):
        return RECALL
    return DELIVER if posting.wanted else RECALL


def _done(channel: Channel, posting: Posting, on: date) -> Ended:
    """The channel's answer as a state. Nothing is handed over that is no longer what the public may see."""
    receipt = Receipt(
        posting.receipt.get("reference", ""), told=posting.receipt, index_number=posting.item.index_number or "",
        key=key_of(channel.code, posting.item.code, posting.carried),
    )  # fmt: skip
    try:
        match posting.verb:
            case "deliver":
                public = public_items([posting.item_id], on=on).get(posting.item_id)
                if public is None or state_at(channel, public) != posting.handing:
                    return Ended(PLANNED, problem=MOVED_ON, again=True)
                verdict = channel.carries(public)
                if isinstance(verdict, Refused):
                    raise Rejected(verdict.code, verdict.sentence)
                given = channel.deliver(_message(channel, public))
                state = CONFIRMED if given.final else SENT
                return Ended(state, posting.handing, _kept(given))
            case "recall":
                return Ended(RECALLED, "", _kept(channel.recall(receipt)))
            case "confirm":
                told = channel.confirm(receipt)
                if told is None or not told.final:
                    return Ended(SENT)
                return Ended(CONFIRMED, None, {**posting.receipt, **_kept(told)})
            case other:
                raise ValueError(f"unknown verb {other}")
    except Gone as gone:
        if posting.verb == RECALL:
            return Ended(RECALLED, "", problem=gone.code)
        return Ended(REJECTED, "", problem=gone.code, sentence=gone.sentence)
    except NotSent as error:
        if posting.verb == CONFIRM:
            return Ended(SENT, problem=error.code)
        return Ended(PLANNED, problem=error.code, sentence=error.sentence, again=True)
    except Rejected as error:
        # A refused text leaves what was there; a channel that decided against a post has taken it away.
        return Ended(REJECTED, "" if posting.verb == CONFIRM else None, problem=error.code, sentence=error.sentence)
    except Unclear as error:
        return _lost(channel, posting.verb, posting.handing, error.code, error.sentence)


def _message(channel: Channel, public: PublicItem) -> Message:
    made = channel.render(public)
    return Message(key_of(channel.code, public.code, state_at(channel, public)), made.title, made.body, made.payload)


def _kept(receipt: Receipt) -> dict[str, Any]:
    return {"reference": receipt.reference, **receipt.told}


def _lost(channel: Channel, verb: str, handing: str, problem: str, sentence: str) -> Ended:
    """Nobody knows how it ended: asked again, repeated where that is harmless, else a person's."""
    if verb == CONFIRM:
        return Ended(SENT, problem=problem)
    if channel.repeatable or verb == RECALL:
        return Ended(PLANNED, perhaps(handing), problem=problem, sentence=sentence, again=True)
    return Ended(AMBIGUOUS, problem=problem, sentence=sentence)


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
        if row.carried == "":
            row.receipt = {}  # of a post that is not there any more: it must never find another one
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
        if last and row.verb == DELIVER and ended.problem != MOVED_ON:
            row.state, row.next_at = REJECTED, None
            return REJECTED
        row.state, row.next_at = PLANNED, at + _pause(row)
        if row.wanted == row.carried:
            replan(row, at)
        return ""
    if ended.state == SENT:
        asked = row.verb == CONFIRM
        if asked and row.settled_at is not None and at - row.settled_at > SILENCE:
            row.state, row.next_at, row.problem = AMBIGUOUS, None, "silence"
            row.sentence = "渠道一直没有答复结果，请到渠道后台核实。"
            return AMBIGUOUS
        row.state, row.next_at = SENT, at + _pause(row)
        row.settled_at = row.settled_at if asked else at
        if row.wanted != row.carried:
            replan(row, at)
        return "" if asked else SENT
    row.state, row.next_at, row.settled_at = ended.state, None, at
    if ended.state == AMBIGUOUS:
        row.attempts, row.next_at = 1, at + PAUSES[0]  # when the channel is asked whether it has it, see `look`
    if ended.state in (CONFIRMED, RECALLED):
        row.attempts = 0
        if row.wanted != row.carried:
            replan(row, at)
    moot = row.wanted == row.carried if row.verb == RECALL else row.wanted != row.handing
    if ended.state == REJECTED and moot:
        replan(row, at)  # what was refused is not what is wanted any more
    return ended.state


def _pause(row: Posting) -> timedelta:
    return PAUSES[min(max(row.attempts, 1), len(PAUSES)) - 1]


def sweep(channel: Channel, *, at: datetime) -> int:
    """Claims whose process died. Returns how many were found."""
    lost = list(Posting.objects.filter(channel=channel.code, state=SENDING, claimed_at__lt=at - STALE))
    for posting in lost:
        settle(posting, _lost(channel, posting.verb, posting.handing, "interrupted", INTERRUPTED), at=at)
    return len(lost)


def look(channel: Channel, *, at: datetime, on: date) -> int:
    """Ask the channel itself about what is unclear; returns how many were found there and so settled.

    Only a find settles: that nothing is found may change in a minute, so it stays with the person.
    """
    if not isinstance(channel, Findable):
        return 0
    found = 0
    unclear = Posting.objects.filter(channel=channel.code, state=AMBIGUOUS, verb=DELIVER, next_at__lte=at)
    for posting in unclear.select_related("item"):
        public = public_items([posting.item_id], on=on).get(posting.item_id)
        receipt = None
        if public is not None and state_at(channel, public) == posting.handing:
            with contextlib.suppress(ChannelError):
                receipt = channel.find(_message(channel, public))
        found += _looked(posting, receipt, at)
    return found


def _looked(posting: Posting, receipt: Receipt | None, at: datetime) -> bool:
    with transaction.atomic():
        row = Posting.objects.select_for_update(of=("self",)).select_related("item__organ").get(pk=posting.pk)
        if row.state != AMBIGUOUS or row.settled_at != posting.settled_at:
            return False
        if receipt is None:
            row.attempts += 1
            row.next_at = at + _pause(row) if row.attempts <= len(PAUSES) else None
            row.save()
            return False
        state = CONFIRMED if receipt.final else SENT
        _end(row, DELIVER, Ended(state, row.handing, _kept(receipt), problem="found"), at)
        return True


def _end(row: Posting, verb: str, ended: Ended, at: datetime) -> None:
    """End a locked row that nobody has in hand, as if somebody had."""
    row.state, row.claim, row.verb, row.claimed_at = SENDING, uuid.uuid4().hex, verb, at
    row.save()
    settle(row, ended, at=at)


def told_by_channel(channel: str, reference: str, outcome: Receipt | Rejected | Gone, *, at: datetime) -> bool:
    """A channel calls back. Twice, out of order or about something unknown changes nothing; returns whether it did."""
    with transaction.atomic():
        rows = Posting.objects.select_for_update(of=("self",)).select_related("item__organ")
        row = rows.filter(Q(state=SENT) | Q(state=AMBIGUOUS), channel=channel, receipt__reference=reference).first()
        if row is None or row.carried == "":
            return False
        row.handing = row.carried
        if isinstance(outcome, Receipt):
            ended = Ended(CONFIRMED, row.carried, {**row.receipt, **outcome.told, "reference": reference})
        else:
            ended = Ended(REJECTED, "", problem=outcome.code, sentence=outcome.sentence)
        _end(row, CONFIRM, ended, at)
    return True


def plan_stale(*, at: datetime) -> int:
    """Postings that differ from what is wanted and are in nobody's hands: planned once more. A net under everything."""
    idle = Posting.objects.filter(state__in=[CONFIRMED, RECALLED]).exclude(wanted=F("carried"))
    return idle.update(state=PLANNED, next_at=at)
