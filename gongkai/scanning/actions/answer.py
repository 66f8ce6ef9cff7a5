"""Answer one finding."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.scanning.models import ANSWERS, FindingAnswer, ScanFinding


def answer_finding(
    finding_id: int, answer: str, *, reason: str, subject: str, actor: Actor, at: datetime
) -> FindingAnswer:
    """The confidentiality reviewer answers; whoever calls has checked that it is this reviewer's case."""
    if answer not in ANSWERS:
        raise ValueError(f"unknown answer {answer}")
    with transaction.atomic():
        finding = ScanFinding.objects.select_related("scan").get(pk=finding_id)
        if actor.role != "secrecy_reviewer":
            raise Refusal(Refused("not_secrecy_reviewer", "检查发现由保密审查人员答复，您的答复没有保存。"))
        if finding.severity == "block":
            raise Refusal(Refused("blocked", "这一条不能放行。请退回拟稿，删去或遮挡后重新送审。", finding.article))
        if not reason.strip():
            raise Refusal(Refused("reason_missing", "请写明理由：依据哪一条、为什么可以公开或者应当怎样删改。"))
        given = FindingAnswer.objects.create(
            finding=finding, person_id=actor.person_id, answer=answer, reason=reason.strip(), at=at
        )
        record(
            "finding.answered", subject=subject, organ_code=actor.organ_code, actor=actor, at=at,
            digest=finding.scan.digest, data={"number": finding.number, "code": finding.code, "answer": answer},
        )  # fmt: skip
        return given
