"""The head of the disclosure office agrees to a fee, and the applicant is told (国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.deciding import approve, waiting
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.turning import HEAD, locked, require_post, turn
from gongkai.foi.models import Fee
from gongkai.foi.queries.sealed import text_of
from gongkai.law.fees import fee_by_page, fee_by_piece
from gongkai.law.reply_clock import ClockStep


def approve_fee(
    number: str, *, notified_on: date, received_on: date | None = None, actor: Actor, at: datetime, body: str = ""
) -> Fee:
    """The clock waits for payment from here on; the notice has to be given within the time for the reply.

    Issues the 收费通知书; `body` is its text where it was written anew.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, HEAD, "决定收费")
        proposal = waiting(case.fees, actor, at, notified_on)
        step = ClockStep("fee_notified", notified_on, received_on=received_on)
        turned = turn(
            case, "approve_fee", "foi.fee_notified", steps=[step], actor=actor, at=at, data={"yuan": proposal.yuan}
        )
        issue(
            case, "fee", actor=actor, at=at, body=body, step=turned.steps[0], extra=fee_fields(proposal),
        )  # fmt: skip
        return approve(proposal, turned.steps[0], actor=actor, at=at)


def fee_fields(fee: Fee) -> dict[str, Any]:
    """What the notice says of a fee: the sum law computed, and how."""
    computed = fee_by_piece(fee.already, fee.units) if fee.method == "piece" else fee_by_page(fee.units)
    return {
        "yuan": fee.yuan, "method": fee.method, "fee_lines": tuple(line.sentence for line in computed.lines),
        "reason": text_of(fee.request.key, fee.reason, "proposal.reason"),
    }  # fmt: skip
