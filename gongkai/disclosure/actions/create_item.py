"""Begin an item with an empty draft."""

import secrets
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.disclosure.actions.moving import subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import CatalogueEntry, Column, Draft, Item
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """An opaque code for addresses of the back office: 12 characters of 32, told to nobody by counting."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def create_item(
    section: Section, title: str, *, actor: Actor, at: datetime, entry: CatalogueEntry | None = None,
    column: Column | None = None, heading: str = "",
) -> Item:  # fmt: skip
    """A new item of the section, in drafting. Heading and column come from the catalogue entry unless given."""
    if actor.role != "drafter" or actor.organ_id != section.organ_id:
        raise Refusal(Refused("not_your_post", "您没有为本机关拟稿的岗位，没有新建。"))
    title = title.strip()
    if not title:
        raise Refusal(Refused("title_missing", "请填写标题。"))
    refuse_secrecy_marks({"标题": title}, subject="item:new", actor=actor, at=at)
    with transaction.atomic():
        item = Item.objects.create(
            code=new_code(), organ=section.organ, section=section, entry=entry,
            column=column or (entry.column if entry else None),
            heading=heading or (entry.heading if entry else ""), created_by_id=actor.person_id, created_at=at,
            working_title=title[:300], work=moves.DRAFTING, public=moves.HIDDEN,
        )  # fmt: skip
        Draft.objects.create(
            item=item, title=title[:300], issuer=section.organ.name, source=section.organ.name, saved_at=at,
            saved_by_id=actor.person_id,
        )  # fmt: skip
        record("item.created", subject=subject_of(item), organ_code=section.organ.code, actor=actor, at=at)
        return item
