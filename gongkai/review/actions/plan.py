"""Change the review plan of an organ, or the default."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.law.review import SECRECY_STEP, Step, needs_secrecy_step
from gongkai.law.roles import role
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.review.models import PlanStep


def set_plan(
    subject_kind: str, organ: Organ | None, steps: Sequence[Step], *, actor: Actor, at: datetime
) -> list[PlanStep]:
    """Replace a plan whole. Cases under way keep the steps they began with."""
    if actor.role not in ("system", "system_admin"):
        raise Refusal(Refused("not_system_admin", "只有系统管理员可以调整审查环节。"))
    if not steps:
        raise Refusal(Refused("no_plan", "审查环节至少要有一个。"))
    if needs_secrecy_step(subject_kind) and not any(step.code == SECRECY_STEP for step in steps):
        raise Refusal(
            Refused("no_secrecy_step", "审查环节必须包括保密审查。", "《中华人民共和国保守国家秘密法》第三十五条")
        )
    if len({step.order for step in steps}) != len(steps) or any(step.order < 1 or step.quorum < 1 for step in steps):
        raise Refusal(Refused("plan_order", "每个环节的次序应当是不重复的正整数，会签人数至少 1 人。"))
    with transaction.atomic():
        PlanStep.objects.filter(subject_kind=subject_kind, organ=organ).delete()
        rows = [
            PlanStep(
                organ=organ, subject_kind=subject_kind, order=s.order, code=s.code, title=s.title, role=s.role,
                scope=role(s.role).scope, quorum=s.quorum,
            )
            for s in steps
        ]  # fmt: skip
        PlanStep.objects.bulk_create(rows)
        record(
            "review.plan_changed", subject=f"plan:{subject_kind}", organ_code=organ.code if organ else "",
            actor=actor, at=at, data={"steps": [f"{s.order}:{s.code}:{s.role}:{s.quorum}" for s in steps]},
        )  # fmt: skip
        return rows
