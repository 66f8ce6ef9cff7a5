"""The one place that changes an item's state, and the checks every action begins with."""

from collections.abc import Collection

from gongkai.agencies.actors import Actor
from gongkai.disclosure.models import Item
from gongkai.law import moves
from gongkai.law.roles import role
from gongkai.law.verdicts import Refusal, Refused, require


def locked(item_id: int) -> Item:
    """The item's row, locked until the transaction ends; call inside a transaction."""
    return Item.objects.select_for_update(of=("self",)).select_related("organ", "section", "entry").get(pk=item_id)


def move(item: Item, verb: str) -> None:
    """Apply a verb of law/moves.py or raise `Refusal`; the caller saves `work` and `public`."""
    require(moves.may(verb, work=item.work, public=item.public))
    item.work, item.public = moves.after(verb, work=item.work, public=item.public)


def require_post(actor: Actor, item: Item, roles: Collection[str], doing: str) -> None:
    """The actor must hold one of the roles for the item's organ; drafting is also bound to the item's section."""
    titles = "、".join(role(code).title for code in roles)
    if actor.role not in roles or actor.organ_id != item.organ_id:
        raise Refusal(Refused("not_your_post", f"您没有为本机关{doing}的岗位（{titles}），没有办理。"))
    if (
        actor.role == "drafter"
        and actor.grant_id is None
        and item.section_id is not None
        and actor.section_id != item.section_id
    ):
        raise Refusal(Refused("not_your_section", f"由责任科室的人员{doing}，没有办理。"))


def subject_of(item: Item) -> str:
    """How the ledger names an item."""
    return f"item:{item.code}"
