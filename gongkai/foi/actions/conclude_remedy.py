"""Write down how a review or a suit ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import Remedy
from gongkai.foi.models.outcomes import REMEDY_RESULTS
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.foi_moves import may_date
from gongkai.law.verdicts import Refusal, Refused, require


def conclude_remedy(
    number: str, remedy_id: int, *, result: str, on: date, note: str = "", redo_by: date | None = None, actor: Actor,
    at: datetime,
) -> Remedy:  # fmt: skip
    """`result`: upheld, corrected or other; `redo_by`: the day until which a new reply was ordered. Once only."""
    if result not in REMEDY_RESULTS:
        raise ValueError(f"unknown result {result}")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记复议诉讼结果")
        remedy = case.remedies.select_for_update().get(pk=remedy_id)
        if remedy.result:
            raise Refusal(Refused("concluded_already", "这一项的结果已经登记。"))
        require(may_date(on, today=day_of(at), received_on=remedy.filed_on))
        turn(
            case, "conclude_remedy", "foi.remedy_concluded", actor=actor, at=at,
            data={"kind": remedy.kind, "result": result, "on": on.isoformat()},
        )  # fmt: skip
        remedy.result, remedy.concluded_on, remedy.redo_by = result, on, redo_by
        remedy.note = sealed_text(case.key, note.strip(), "remedy.note") if note.strip() else b""
        remedy.save()
        return remedy
