"""What extensions and fees have in common: one proposes, another decides, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import day_of
from gongkai.foi.models import CaseStep, Extension, Fee
from gongkai.foi.queries.sealed import sealed_text
from gongkai.law.foi_moves import may_decide_proposal
from gongkai.law.verdicts import Refusal, Refused, require

P = TypeVar("P", Extension, Fee)


def waiting(proposals: Any, actor: Actor, at: datetime, notified_on: date | None = None) -> Any:
    """The one proposal that waits, when this person may decide it; a notice may not be dated before its decision."""
    proposal = proposals.filter(decision="").select_related("request__key").first()
    if proposal is None:
        raise Refusal(Refused("nothing_proposed", "没有等待决定的事项。"))
    require(may_decide_proposal(str(proposal.proposed_by_id), str(actor.person_id)))
    if notified_on is not None and notified_on < day_of(at):
        raise Refusal(Refused("notified_before_decision", "告知日期早于作出决定的日期，请按实际告知的日期登记。"))
    return proposal


def approve(proposal: P, step: CaseStep, *, actor: Actor, at: datetime) -> P:
    """Write the decision beside the step that follows from it."""
    proposal.step = step
    return _decide(proposal, "approved", actor=actor, at=at)


def refuse(proposal: P, reason: str, *, actor: Actor, at: datetime) -> P:
    """Write the refusal with its reason."""
    if not reason.strip():
        raise Refusal(Refused("reason_missing", "请写明不同意的理由。"))
    proposal.decision_reason = sealed_text(proposal.request.key, reason.strip(), "proposal.decision_reason")
    return _decide(proposal, "refused", actor=actor, at=at)


def _decide(proposal: P, decision: str, *, actor: Actor, at: datetime) -> P:
    proposal.decision, proposal.decided_by_id, proposal.decided_at = decision, actor.person_id, at
    proposal.save()
    return proposal
