"""What a person decides: it is there, it is not there, try once more; and where an item should go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.channels.adapters import CHANNELS
from gongkai.channels.models import Posting, Route
from gongkai.channels.states import AMBIGUOUS, CONFIRMED, PLANNED, RECALLED, REJECTED, STATES
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

ROLES = ("drafter", "compliance_reviewer")


def it_is_there(posting_id: int, *, reference: str, actor: Actor, at: datetime) -> Posting:
    """The person looked and found the post; `reference` (its link or number there) finds it again for a recall."""
    return _decide(posting_id, (AMBIGUOUS,), actor, at, there=True, reference=reference.strip())


def it_is_not_there(posting_id: int, *, actor: Actor, at: datetime) -> Posting:
    """The person looked and found nothing, or took away by hand what the channel would not; what is wanted goes out anew."""
    return _decide(posting_id, (AMBIGUOUS, REJECTED), actor, at, there=False, reference="")


def retry(posting_id: int, *, actor: Actor, at: datetime) -> Posting:
    """Once more, after whatever stood in the way was put right."""
    with transaction.atomic():
        row = _row(posting_id, (REJECTED,), actor)
        row.state, row.next_at, row.attempts, row.problem, row.sentence = PLANNED, at, 0, "", ""
        row.save()
        _told("channel.retried", row, actor, at)
        return row


def choose_channels(item_id: int, codes: Sequence[str], *, reason: str, actor: Actor, at: datetime) -> Route:
    """Where an item goes instead of what its catalogue entry says: while it is being drafted, before the review; or,
    for what is public, with a reason. Then the channels follow by themselves.
    """
    unknown = set(codes) - {channel.code for channel in CHANNELS}
    if unknown:
        raise ValueError(f"no channels {sorted(unknown)}")
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ROLES if item.public == moves.LIVE else ("drafter",), "选择渠道")
        if item.work == moves.IN_REVIEW or not (
            item.public == moves.LIVE or moves.may("edit", work=item.work, public=item.public)
        ):
            raise Refusal(Refused("in_review", "已经送审，渠道不能再改。请退回修改，或者发布以后再改。"))
        if item.public == moves.LIVE and not reason.strip():
            raise Refusal(Refused("reason_missing", "信息已经发布，改变渠道请写明理由，留存备查。"))
        route = Route.objects.create(
            item=item, channels=list(dict.fromkeys(codes)), reason=reason.strip(), by_id=actor.person_id, at=at
        )  # fmt: skip
        record(
            "item.routed", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            data={"channels": route.channels},
        )  # fmt: skip
        return route


def _decide(
    posting_id: int, states: tuple[str, ...], actor: Actor, at: datetime, *, there: bool, reference: str
) -> Posting:
    with transaction.atomic():
        row = _row(posting_id, states, actor)
        if there and not (reference or row.receipt.get("reference")):
            raise Refusal(Refused("reference_missing", "请填写这条内容在渠道上的链接或者编号，以后撤回要用。"))
        if there:
            row.carried = row.handing or row.carried or row.wanted
            row.receipt = {**row.receipt, "reference": reference or row.receipt["reference"]}
        else:
            row.carried, row.receipt = "", {}
        settled = row.carried == row.wanted
        row.state = (CONFIRMED if row.carried else RECALLED) if settled else PLANNED
        row.next_at, row.attempts, row.problem, row.sentence = None if settled else at, 0, "", ""
        row.settled_at = at
        row.save()
        _told("channel.settled", row, actor, at)
        return row


def _row(posting_id: int, states: tuple[str, ...], actor: Actor) -> Posting:
    row = Posting.objects.select_for_update(of=("self",)).select_related("item__organ").get(pk=posting_id)
    if actor is not SYSTEM and (actor.role not in ROLES or actor.organ_id != row.item.organ_id):
        raise Refusal(Refused("not_your_post", "您没有本机关处理渠道发布的岗位，没有改动。"))
    if row.state not in states:
        raise Refusal(Refused("posting_moved_on", f"这条现在是“{STATES[row.state]}”，没有改动。请刷新页面。"))
    return row


def _told(fact: str, row: Posting, actor: Actor, at: datetime) -> None:
    record(
        fact, subject=f"item:{row.item.code}", organ_code=row.item.organ.code, actor=actor, at=at,
        data={"channel": row.channel, "state": row.state},
    )  # fmt: skip
