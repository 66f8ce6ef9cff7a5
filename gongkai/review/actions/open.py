"""Open a case for a frozen text, with the plan as it stands now."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ, Person, Section
from gongkai.law.review import SECRECY_STEP, needs_secrecy_step
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.review.models import Case, CaseStep
from gongkai.review.queries import plan_for


def open_case(
    subject_kind: str, subject_key: int, *, subject: str, digest: str, organ: Organ, section: Section | None,
    author: Person, actor: Actor, at: datetime,
) -> Case:  # fmt: skip
    """Freeze the plan's steps into a case. A plan without a step is refused, and where information goes out one without
    保密审查: no configuration may leave it out."""
    plan = plan_for(subject_kind, organ)
    if not plan:
        raise Refusal(Refused("no_plan", "不能送审：还没有设定审查环节，请系统管理员先补上。"))
    if needs_secrecy_step(subject_kind) and not any(step.code == SECRECY_STEP for step in plan):
        raise Refusal(
            Refused(
                "no_secrecy_step",
                "不能送审：审查环节中没有保密审查，请系统管理员先补上。",
                "《中华人民共和国保守国家秘密法》第三十五条",
            )
        )
    with transaction.atomic():
        case = Case.objects.create(
            subject_kind=subject_kind, subject_key=subject_key, digest=digest, organ=organ, section=section,
            author=author, opened_at=at, current_order=plan[0].order,
        )  # fmt: skip
        CaseStep.objects.bulk_create(
            CaseStep(case=case, order=s.order, code=s.code, title=s.title, role=s.role, scope=s.scope, quorum=s.quorum)
            for s in plan
        )
        record(
            "review.opened", subject=subject, organ_code=organ.code, actor=actor, at=at, digest=digest,
            data={"steps": [f"{s.order}:{s.code}:{s.quorum}" for s in plan]},
        )  # fmt: skip
        return case
