"""Propose an information processing fee; law computes it (条例42; 国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import Fee, FoiRequest
from gongkai.foi.queries.same import received_days
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.fees import FeeError, FeeProposal, Method, already_in_month, check_charge, fee_by_page, fee_by_piece
from gongkai.law.verdicts import Refusal, Refused, require


def propose_fee(
    number: str, *, method: Method, excessive: bool, reason: str, pages: int = 0, only_told_where: bool = False,
    actor: Actor, at: datetime,
) -> Fee:  # fmt: skip
    """By piece: what this request costs after those of the same applicant in the month. By page: its own pages."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "提请收费")
        other = case.fees.filter(decision="approved").exclude(method=method).exists()
        require(check_charge(method, excessive=excessive, other_method_used=other, only_told_where=only_told_where))
        if not reason.strip():
            raise Refusal(
                Refused("reason_missing", "请写明数量、频次为什么明显超过合理范围。", "《政府信息公开条例》第四十二条")
            )
        if case.fees.filter(decision="").exists():
            raise Refusal(Refused("proposed_already", "已有一项收费正在等待决定。"))
        already = already_in_month(received_days(case, before=True), case.received_on or day_of(at))
        computed = _compute(method, already, pages)
        if computed.yuan == 0:
            raise Refusal(Refused("nothing_to_charge", computed.sentence, "《政府信息公开条例》第四十二条"))
        turn(
            case, "propose_fee", "foi.fee_proposed", actor=actor, at=at,
            data={"method": method, "already": already, "yuan": computed.yuan},
        )  # fmt: skip
        return _kept(case, method, already, pages, computed, reason, actor=actor, at=at)


def _compute(method: Method, already: int, pages: int) -> FeeProposal:
    try:
        return fee_by_piece(already, 1) if method == "piece" else fee_by_page(pages)
    except FeeError as error:
        raise Refusal(Refused(error.code, error.sentence)) from None


def _kept(
    case: FoiRequest, method: Method, already: int, pages: int, computed: FeeProposal, reason: str, *, actor: Actor,
    at: datetime,
) -> Fee:  # fmt: skip
    return Fee.objects.create(
        request=case, method=method, already=already if method == "piece" else 0,
        units=1 if method == "piece" else pages, yuan=computed.yuan, proposed_by_id=actor.person_id, proposed_at=at,
        reason=sealed_text(case.key, reason.strip(), "proposal.reason"),
    )  # fmt: skip
