"""A section hands back its part of a request."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import locked, require_post, turn
from gongkai.foi.models import SectionTask
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.verdicts import Refusal, Refused

ROLES = ("drafter", "section_reviewer", "foi_officer")


def finish_task(number: str, task_id: int, *, answer: str, actor: Actor, at: datetime) -> SectionTask:
    """By somebody of that section, or by the officer who handles the request."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, ROLES, "办结科室事项")
        task = case.tasks.select_for_update().get(pk=task_id)
        if actor.role != "foi_officer" and actor.section_id != task.section_id:
            raise Refusal(Refused("not_your_section", "这一项由承办科室的人员办结。"))
        if task.finished_at is not None:
            raise Refusal(Refused("task_finished", "这一项已经办结。"))
        if not answer.strip():
            raise Refusal(Refused("answer_missing", "请写明办理情况。"))
        turn(case, "finish_task", "foi.task_finished", actor=actor, at=at, data={"task": task.pk})
        task.answer = sealed_text(case.key, answer.strip(), "task.answer")
        task.finished_by_id, task.finished_at = actor.person_id, at
        task.save(update_fields=["answer", "finished_by", "finished_at"])
        return task
