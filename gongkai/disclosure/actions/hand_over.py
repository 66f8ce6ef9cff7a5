"""Give a released item to another section of the same organ: its own has nobody left, or the work has moved."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.agencies.queries import staffed
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Item
from gongkai.law.upkeep import check_reason
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

#: The disclosure office of the organ, and its head.
MAY_HAND_OVER = ("compliance_reviewer", "leader")


def hand_over(item_id: int, section_code: str, *, reason: str, actor: Actor, at: datetime, today: date) -> Item:
    """Make another section answer for the item. A review under way keeps its steps; the new section may recall it."""
    require(check_reason(reason, same_today=0))
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, MAY_HAND_OVER, "移交责任科室")
        section = Section.objects.filter(code=section_code, organ_id=item.organ_id, active=True).first()
        if section is None:
            raise Refusal(Refused("no_such_section", "请选择本机关的另一个科室。"))
        if section.pk == item.section_id:
            raise Refusal(Refused("same_section", "这条信息已经由这个科室负责，没有改变。"))
        if section.pk not in staffed(today).sections:
            raise Refusal(Refused("section_unstaffed", f"{section.name}没有在岗人员，请选择有人的科室。"))
        former = item.section.code if item.section else ""
        item.section = section
        item.save(update_fields=["section"])
        record(
            "item.handed_over", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            data={"from": former, "to": section.code, "reason": reason.strip()},
        )  # fmt: skip
        return item
