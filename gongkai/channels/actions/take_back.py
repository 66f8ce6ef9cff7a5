"""Take one item back from one channel, while it stays public elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.channels.actions.follow import plan
from gongkai.channels.actions.settle import ROLES
from gongkai.channels.adapters import CHANNELS, channel_of
from gongkai.channels.contract import ByChoice
from gongkai.channels.models import Posting, Route
from gongkai.channels.queries import chosen_channels
from gongkai.channels.routing import EVERYTHING, named_for
from gongkai.channels.states import AMBIGUOUS, SENDING
from gongkai.disclosure.actions.moving import locked
from gongkai.disclosure.models import Item
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record


def take_back(posting_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Posting:
    """Plan a recall, and keep the item off this channel until somebody chooses it again.

    What repeats the whole site holds every public item; there the item itself has to be withdrawn.
    """
    with transaction.atomic():
        item = locked(Posting.objects.values_list("item_id", flat=True).get(pk=posting_id))
        row = Posting.objects.select_for_update(of=("self",)).select_related("item__organ").get(pk=posting_id)
        if actor is not SYSTEM and (actor.role not in ROLES or actor.organ_id != row.item.organ_id):
            raise Refusal(Refused("not_your_post", "您没有本机关处理渠道发布的岗位，没有改动。"))
        if row.channel in EVERYTHING and row.wanted:
            title = channel_of(row.channel).title
            raise Refusal(Refused("whole_site", f"{title}收录全部公开信息，不能单独撤回。请在工作台撤下这条信息。"))
        if row.wanted and isinstance(channel_of(row.channel), ByChoice):
            title = channel_of(row.channel).title
            raise Refusal(Refused("by_choice", f"{title}收录哪些由人逐条选定，请在“{title}”里去掉这一条，随即撤回。"))
        if not row.carried and row.wanted == "" and row.state not in (SENDING, AMBIGUOUS):
            raise Refusal(Refused("not_there", "渠道上没有这条信息，不需要撤回。"))
        if row.wanted:
            _keep_off(item, row.channel, reason.strip(), actor, at)
        row.wanted, row.wanted_at = "", at
        plan(row, at)
        row.save()
        record(
            "channel.taken_back", subject=f"item:{row.item.code}", organ_code=row.item.organ.code, actor=actor, at=at,
            data={"channel": row.channel},
        )  # fmt: skip
        return row


def _keep_off(item: Item, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Without a choice of its own the item would go there again with the next fact about it."""
    chosen = chosen_channels(item)
    kept = [c for c in (chosen if chosen is not None else named_for(item, CHANNELS)) if c != code]
    told = f"从{channel_of(code).title}撤回。{reason}"
    Route.objects.create(item=item, channels=kept, reason=told, by_id=actor.person_id, at=at)
