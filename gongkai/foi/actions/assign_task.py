"""Give a section its part of a request, with an internal date that never touches the statutory clock."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Section
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import SectionTask
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.verdicts import Refusal, Refused


def assign_task(number: str, section: Section, *, due_on: date, asked: str, actor: Actor, at: datetime) -> SectionTask:
    """One open task for a section at a time."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "分办")
        if section.organ_id != case.organ_id:
            raise Refusal(Refused("other_organ", "只能分办给本机关的科室；涉及其他机关的，请征求意见。"))
        if due_on < day_of(at):
            raise Refusal(Refused("date_passed", "科室的办理期限已经过去，请核对。"))
        if case.tasks.filter(section=section, finished_at=None).exists():
            raise Refusal(Refused("task_open", f"{section.name}已有一项没有办结。"))
        turn(
            case, "assign_task", "foi.task_assigned", actor=actor, at=at,
            data={"section": section.code, "due_on": due_on.isoformat()},
        )  # fmt: skip
        return SectionTask.objects.create(
            request=case, section=section, due_on=due_on, asked=sealed_text(case.key, asked, "task.asked"),
            assigned_by_id=actor.person_id, assigned_at=at,
        )  # fmt: skip
