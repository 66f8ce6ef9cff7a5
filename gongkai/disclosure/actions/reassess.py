"""条例18: look again at what was not disclosed."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Assessment, Item
from gongkai.law.proactive import reassess_on
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record


def reassess(item_id: int, *, still_withheld: bool, reason: str, actor: Actor, at: datetime, today: date) -> None:
    """Record the assessment. Still withheld: the next one is set. May be public now: the section revises it."""
    if not reason.strip():
        raise Refusal(Refused("reason_missing", "请写明评估的理由。", "《政府信息公开条例》第十八条"))
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("compliance_reviewer",), "定期评估")
        move(item, "reassess")
        item.next_assessment_on = reassess_on(today, settings.REASSESS_MONTHS) if still_withheld else today
        item.save(update_fields=["work", "public", "next_assessment_on"])
        Assessment.objects.create(
            item=item, still_withheld=still_withheld, reason=reason.strip(), at=at, by_id=actor.person_id
        )
        record(
            "item.reassessed", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            data={"still_withheld": still_withheld},
        )  # fmt: skip
