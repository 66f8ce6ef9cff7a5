"""Look at who asked; every look is a fact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import require_post
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.sealed import particulars
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

ROLES = ("foi_officer", "foi_head", "section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader")


def reveal(number: str, *, actor: Actor, at: datetime) -> Particulars:
    """The applicant's data in full, for those who handle the request; `particulars.masked` is for everybody else."""
    with transaction.atomic():
        case = FoiRequest.objects.select_related("applicant__key", "organ").get(number=number)
        require_post(actor, case, ROLES, "查看申请人信息")
        if actor.role == "section_reviewer" and actor.section_id != case.section_id:
            raise Refusal(Refused("not_your_section", "申请人信息只有承办科室的负责人可以查看。"))
        record("foi.particulars_seen", subject=case.subject, organ_code=case.organ.code, actor=actor, at=at)
        return particulars(case.applicant)
