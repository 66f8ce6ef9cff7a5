"""Hand the signed reply over; that day is the day of the reply (国办公开办函〔2016〕235号)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.checking import require_sound
from gongkai.foi.actions.issuing import issue, issue_document
from gongkai.foi.actions.turning import OFFICER, locked, outcome_of, require_post, turn
from gongkai.foi.models import CaseFile, Delivery, FoiRequest, ReplyVersion, SealedCopy
from gongkai.foi.queries.papers import reply_document, reply_fields
from gongkai.foi.queries.replies import is_whole, newest, review_of
from gongkai.foi.queries.sealed import sealed_text, text_of, version_content, wish
from gongkai.law.foi_moves import may, may_deliver
from gongkai.law.replies import gives_information
from gongkai.law.reply_clock import ClockStep
from gongkai.law.verdicts import Refusal, Refused, require


def deliver(
    number: str, *, by: str, on: date, proof: str, actor: Actor, at: datetime, file_id: int | None = None
) -> Delivery:
    """`by`: in_person, post or online (a courier is refused by law). `proof`: signature, slip number, message.

    The letter is checked once more as it goes out, on its real day and way.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "送达答复")
        require(may("deliver", case.state))
        version = newest(case)
        if version is None or case.signed_on is None:
            raise RuntimeError("a signed request has a reply and its day")
        _ready(case, version, by=by, on=on, proof=proof)
        paper = CaseFile.objects.get(pk=file_id, request=case) if file_id is not None else None
        delivery = Delivery.objects.create(
            request=case, version=version, case=review_of(version), digest=version.digest, by=by, on=on,
            proof=sealed_text(case.key, proof.strip(), "delivery.proof"), file=paper, at=at,
        )  # fmt: skip
        turned = turn(
            case, "deliver", "foi.delivered", steps=[ClockStep("replied", on, by=by)], actor=actor, at=at,
            digest=version.digest, outcome=outcome_of(case, version.reply_code, ground=version.ground, on=on),
            data={"version": version.number, "reply": version.reply_code},
        )  # fmt: skip
        issue_document(case, reply_document(version), actor=actor, at=at, step=turned.steps[0])
        _tell_third_parties(case, version, actor=actor, at=at)
        told = {"reply_number": case.reply_number, "by": by, "on": on, "proof": proof.strip()}
        issue(case, "delivery_proof", actor=actor, at=at, step=turned.steps[0], extra=told)
        return delivery


def _tell_third_parties(case: FoiRequest, version: ReplyVersion, *, actor: Actor, at: datetime) -> None:
    """Whoever objected is told what is disclosed all the same for the public interest, and why (条例32)."""
    made = version_content(version)
    if not gives_information(version.reply_code) or not made.findings.get("public_interest"):
        return
    fields = reply_fields(case, made, version.ground)
    for asked in case.consultations.filter(kind="third_party", position="objected").select_related("asked"):
        extra = {
            "addressee": text_of(case.key, asked.party, "consultation.party"), "asked_on": asked.asked.on,
            "content": fields.get("content") or wish(case).text, "reason": fields.get("reason", ""),
            "remedy": str(fields.get("remedy", "")).replace("本答复书", "本告知书").replace("本答复", "本决定"),
        }  # fmt: skip
        issue(case, "third_party_told", actor=actor, at=at, extra=extra, step=asked.asked, consultation=asked)


def _ready(case: FoiRequest, version: ReplyVersion, *, by: str, on: date, proof: str) -> None:
    assert case.signed_on is not None
    sealed = SealedCopy.objects.filter(version=version, digest=version.digest).exists()
    require(may_deliver(on, signed_on=case.signed_on, sealed=sealed))
    if not proof.strip():
        raise Refusal(
            Refused(
                "proof_missing", "请登记送达凭证：签收人、邮政回执号或者网上送达的记录。", "国办公开办函〔2016〕235号"
            )
        )
    if not is_whole(version):
        raise Refusal(Refused("content_broken", "答复与签发时的摘要不一致，不能送达。请联系系统管理员。"))
    made = version_content(version)
    require_sound(case, made, on=on, delivery=by, explanations=made.explanations)
