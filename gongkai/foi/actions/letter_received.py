"""Write down on which day a letter or a fee notice reached the other side; its last day is counted from then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import as_law
from gongkai.law.verdicts import Refusal, Refused

LETTERS = ("third_party_asked", "agency_asked", "fee_notified")


def letter_received(number: str, step_id: int, *, received_on: date, actor: Actor, at: datetime) -> FoiRequest:
    """The step is replaced by one that tells the day; the first stays on record. Written once only."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记送达回证")
        row = case.steps.get(pk=step_id)
        if row.step not in LETTERS:
            raise ValueError(f"{row.step} is not a letter")
        if row.received_on is not None or case.steps.filter(replaces=row).exists():
            raise Refusal(Refused("received_already", "这封文书的收到日期已经登记，不再更改。"))
        turn(
            case, "letter_received", "foi.letter_received", steps=[replace(as_law(row), received_on=received_on)],
            replaces=row, outside=True, actor=actor, at=at,
        )  # fmt: skip
        return case
