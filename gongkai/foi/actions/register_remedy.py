"""Write down that review was applied for or a suit was brought."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import Remedy
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.foi_moves import may_date
from gongkai.law.report_form import LITIGATION_ROWS
from gongkai.law.verdicts import require


def register_remedy(
    number: str, *, kind: str, body: str, docket: str, filed_on: date, actor: Actor, at: datetime
) -> Remedy:
    """`kind`: review, direct or after_review, the rows of table 4; `body` the review organ or court."""
    if kind not in LITIGATION_ROWS:
        raise ValueError(f"unknown remedy {kind}")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "登记复议诉讼")
        require(may_date(filed_on, today=day_of(at), received_on=case.received_on))
        turn(
            case, "register_remedy", "foi.remedy_registered", actor=actor, at=at,
            data={"kind": kind, "filed_on": filed_on.isoformat()},
        )  # fmt: skip
        return Remedy.objects.create(
            request=case, kind=kind, body=body.strip(), filed_on=filed_on,
            docket=sealed_text(case.key, docket, "remedy.docket"),
        )  # fmt: skip
