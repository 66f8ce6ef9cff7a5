"""Write down where and how the information was searched for, and with what result (条例36(4))."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import day_of, locked, require_post, turn
from gongkai.foi.models import SearchRecord
from gongkai.foi.queries.sealed import sealed_json
from gongkai.law.foi_moves import may_date
from gongkai.law.verdicts import Refusal, Refused, require

ROLES = ("foi_officer", "drafter", "section_reviewer")


def record_search(
    number: str, *, places: str, terms: str, result: str, found: bool, on: date, actor: Actor, at: datetime
) -> SearchRecord:
    """A search done before the request came is none: the day lies between receipt and today."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, ROLES, "检索")
        require(may_date(on, today=day_of(at), received_on=case.received_on))
        if not (places.strip() and terms.strip()):
            raise Refusal(
                Refused("search_incomplete", "请写明检索的地方和检索用词。", "《政府信息公开条例》第三十六条第四项")
            )
        turn(
            case, "record_search", "foi.search_recorded", actor=actor, at=at,
            data={"on": on.isoformat(), "found": found},
        )  # fmt: skip
        content = {"places": places.strip(), "terms": terms.strip(), "result": result.strip()}
        return SearchRecord.objects.create(
            request=case, content=sealed_json(case.key, content, "search.content"), found=found,
            by_id=actor.person_id, on=on, at=at,
        )  # fmt: skip
