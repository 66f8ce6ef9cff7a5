"""A person named on a public page asks to correct or delete (个保法46–47), and the organ answers."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import CorrectionRequest, Item
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

# Somebody from outside: the fact names nobody.
VISITOR = Actor(None, "visitor", "公众", "visitor", None, "", None, "")


def ask_correction(item: Item, kind: str, *, contact: str, words: str, at: datetime) -> CorrectionRequest:
    """Keep the request for the item's organ. Contact data stays in the row and out of the ledger."""
    if kind not in ("correct", "delete", "copy"):
        raise ValueError(f"unknown kind {kind}")
    if not contact.strip() or not words.strip():
        raise Refusal(Refused("words_missing", "请写明联系方式和需要更正或者删除的内容。"))
    refuse_secrecy_marks({"填写的内容": f"{words}\n{contact}"}, subject=subject_of(item), actor=VISITOR, at=at)
    with transaction.atomic():
        asked = CorrectionRequest.objects.create(
            item=item, kind=kind, contact=contact.strip()[:200], words=words.strip()[:2000], at=at
        )
        record(
            "item.correction_asked", subject=subject_of(item), organ_code=item.organ.code, actor=VISITOR, at=at,
            data={"request": asked.pk, "kind": kind},
        )  # fmt: skip
        return asked


def answer_correction(request_id: int, answer: str, *, actor: Actor, at: datetime) -> None:
    """Close a request with what was done and why."""
    if not answer.strip():
        raise Refusal(Refused("answer_missing", "请写明办理结果和理由。"))
    with transaction.atomic():
        asked = CorrectionRequest.objects.select_for_update().get(pk=request_id)
        require_post(actor, asked.item, ("compliance_reviewer", "leader"), "办理个人信息更正、删除申请")
        if asked.answered_at is not None:
            raise Refusal(Refused("answered_already", "这件申请已经办结，没有重复办理。"))
        asked.answer, asked.answered_at, asked.answered_by_id = answer.strip(), at, actor.person_id
        asked.save(update_fields=["answer", "answered_at", "answered_by"])
        record(
            "item.correction_answered", subject=subject_of(asked.item), organ_code=asked.item.organ.code, actor=actor,
            at=at, data={"request": asked.pk},
        )  # fmt: skip
