"""Set the instant before which an item's text is not public; put it off, bring it forward, give it up.

One instant waits for an item at most. It belongs to the item, not to a text: what is approved by then goes out then,
what is approved later goes out as soon as it is. While it waits only the worker releases (`release_due`), by one clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.ending import end, give_up_waiting, waiting_of
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.release import release_version
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Draft, Item, Release, Schedule, Version
from gongkai.disclosure.models.upkeep import MOVED
from gongkai.disclosure.queries.schedules import approved_text
from gongkai.law import moves
from gongkai.law.scheduling import LONGEST_REASON, may_change, may_set
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.review.queries import standing

#: Who may have a text that is in review go out sooner than its reviewers were told.
MAY_BRING_FORWARD = ("compliance_reviewer", "leader", "emergency_officer")
MAY_SCHEDULE = (*MAY_BRING_FORWARD, "drafter")


def schedule_release(item_id: int, due_at: datetime, *, actor: Actor, at: datetime, reason: str = "") -> Schedule:
    """Not before `due_at`. Past the last day of 条例26 only with a reason."""
    with _item(item_id, reason, actor, at) as item:
        if waiting_of(item) is not None:
            raise Refusal(Refused("scheduled_already", "这份信息已经定了发布时间，请改期。"))
        _check(item, due_at, reason, at)
        made = _begin(item, due_at, reason, actor, at)
        _tell("item.scheduled", item, actor, at, due_at=due_at)
        return made


def move_schedule(item_id: int, due_at: datetime, *, reason: str, actor: Actor, at: datetime) -> Schedule:
    """Another instant instead of the one that waits, and why."""
    _reason_given(reason)
    with _item(item_id, reason, actor, at) as item:
        former = _waiting(item)
        if due_at == former.due_at:
            raise Refusal(Refused("same_instant", "新的时间和原来的一样，没有改期。"))
        _check(item, due_at, reason, at)
        require(
            may_change(due_at, former.due_at, in_review=item.work == moves.IN_REVIEW, drafts=actor.role == "drafter")
        )
        end(former, MOVED, actor=actor, at=at, reason=reason)
        made = _begin(item, due_at, reason, actor, at)
        _tell("item.schedule_moved", item, actor, at, due_at=due_at, former=former.due_at)
        return made


def cancel_schedule(item_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """No instant any more. A text that is approved already is held back: it returns to drafting and is not released;
    one that is still in review goes out with its last opinion, as if no instant had been set."""
    _reason_given(reason)
    with _item(item_id, reason, actor, at) as item:
        former = _waiting(item)
        approved = approved_text(item)
        if approved is None:
            require(
                may_change(None, former.due_at, in_review=item.work == moves.IN_REVIEW, drafts=actor.role == "drafter")
            )
        give_up_waiting(item, reason=reason, actor=actor, at=at)
        if approved is not None:
            hold_back(item, approved[0], actor=actor, at=at)


def release_now(item_id: int, *, reason: str, actor: Actor, at: datetime) -> Release:
    """The approved text goes out now instead of at its instant."""
    _reason_given(reason)
    with _item(item_id, reason, actor, at) as item:
        require_post(actor, item, MAY_BRING_FORWARD, "提前发布")
        former = _waiting(item)
        approved = approved_text(item)
        if approved is None:
            raise Refusal(Refused("not_approved", "审查还没有完成，不能发布。取消定时的，审查通过后立即发布。"))
        version, case = approved
        end(former, MOVED, actor=actor, at=at, reason=reason)
        _begin(item, at, reason, actor, at)
        _tell("item.schedule_moved", item, actor, at, due_at=at, former=former.due_at)
        return release_version(item, version, standing(case), basis="review", actor=actor, at=at)


def hold_back(item: Item, version: Version, *, actor: Actor, at: datetime) -> None:
    """An approved text that is not out yet returns to drafting; the caller has locked the item. Its opinions stay on
    record, and what is sent for review again is a new version that needs opinions of its own."""
    move(item, "recall")
    item.save(update_fields=["work", "public"])
    record(
        "item.recalled", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at, digest=version.digest
    )


@contextmanager
def _item(item_id: int, reason: str, actor: Actor, at: datetime) -> Iterator[Item]:
    """The item, locked in a transaction, for somebody who may set its instant."""
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, MAY_SCHEDULE, "定时发布")
        require(moves.may("schedule", work=item.work, public=item.public))
        yield item


def _waiting(item: Item) -> Schedule:
    schedule = waiting_of(item)
    if schedule is None:
        raise Refusal(Refused("not_scheduled", "这份信息没有等待中的定时发布，可能已经发布或者取消，请看最新进展。"))
    return schedule


def _check(item: Item, due_at: datetime, reason: str, at: datetime) -> None:
    """May this instant be set for the text as it is now?"""
    text = _text(item)
    if isinstance(text, Version) and Release.objects.filter(version=text).exists():
        raise Refusal(Refused("released_already", "这一版已应急发布，不能再定时。"))
    day = timezone.localtime(due_at).date()
    require(may_set(due_at, day, now=at, openness=text.openness, last_day=item.due_on, reason=reason))


def _text(item: Item) -> Draft | Version:
    """The text being worked on: frozen while it is in review."""
    if item.work == moves.IN_REVIEW:
        return Version.objects.filter(item=item).order_by("-number")[0]
    return Draft.objects.get(item=item)


def _begin(item: Item, due_at: datetime, reason: str, actor: Actor, at: datetime) -> Schedule:
    return Schedule.objects.create(
        item=item, due_at=due_at, reason=reason.strip(), set_at=at, set_by_id=actor.person_id
    )


def _tell(
    kind: str, item: Item, actor: Actor, at: datetime, *, due_at: datetime, former: datetime | None = None
) -> None:
    data = {"due_at": due_at.isoformat()} | ({"former": former.isoformat()} if former else {})
    record(kind, subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at, data=data)


def _reason_given(reason: str) -> None:
    if not reason.strip():
        raise Refusal(Refused("reason_missing", "请写明理由，留在记录里。"))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refusal(Refused("reason_long", f"理由最长 {LONGEST_REASON} 字，请精简。"))
