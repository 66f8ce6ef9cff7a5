"""Give one opinion at one step."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.law.review import APPROVE, REFUSE, RETURN, may_give
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.review.models import Case, Opinion
from gongkai.review.queries import Standing, standing

FACTS = {APPROVE: "review.approved", RETURN: "review.returned", REFUSE: "review.refused"}


def give_opinion(
    case_id: int, step_order: int, verdict: str, *, subject: str, read_digest: str, actor: Actor, at: datetime,
    reason: str = "", return_to: int | None = None,
) -> Standing:  # fmt: skip
    """Lock the case, let the law decide, write the opinion, record it; returns where the case stands.

    A return goes to `return_to`: 0 is back to drafting (the case closes, an edit makes a new version), an earlier
    step's order keeps the same text and voids the opinions from that step on. Refusing closes the case.
    """
    if verdict not in FACTS:
        raise ValueError(f"unknown verdict {verdict}")
    with transaction.atomic():
        case = Case.objects.select_for_update().select_related("organ").get(pk=case_id)
        now = standing(case)
        if case.state != "open":
            raise Refusal(Refused("case_closed", "这一版的审查已经结束，您的意见没有保存，请看最新一版。"))
        row = now.row(step_order)
        if actor.role != row.role or actor.organ_id != case.organ_id:
            raise Refusal(Refused("not_your_step", f"您没有为本机关办理“{row.title}”的岗位，意见没有保存。"))
        if (
            row.scope == "section"
            and actor.grant_id is None
            and case.section_id is not None
            and actor.section_id != case.section_id
        ):
            raise Refusal(Refused("not_your_section", f"“{row.title}”由责任科室的人员办理，意见没有保存。"))
        step = next(s for s in now.steps if s.order == step_order)
        require(
            may_give(
                step,
                steps=now.steps,
                opinions=now.opinions,
                person=str(actor.person_id),
                author=now.author,
                read_digest=read_digest,
                digest=case.digest,
                emergency=case.emergency_at is not None,
            )
        )
        if verdict != APPROVE and not reason.strip():
            raise Refusal(Refused("reason_missing", "退回和不予通过必须写明理由，拟稿人会看到。"))
        if verdict == RETURN:
            earlier = {0} | {s.order for s in now.steps if s.order < step_order}
            if return_to not in earlier:
                raise Refusal(Refused("return_where", "请选择退回到拟稿或前面的哪一个环节。"))
        Opinion.objects.create(
            case=case, step=row, person_id=actor.person_id, post_code=actor.post_code, verdict=verdict,
            return_to=return_to if verdict == RETURN else None, reason=reason.strip(), digest=case.digest,
            round=case.round, at=at,
        )  # fmt: skip
        record(
            FACTS[verdict], subject=subject, organ_code=case.organ.code, actor=actor, at=at, digest=case.digest,
            data={"step": row.code, "order": row.order, "round": case.round}
            | ({"return_to": return_to} if verdict == RETURN else {}),
        )  # fmt: skip
        if verdict == APPROVE:
            _go_on(case, at)
        elif verdict == REFUSE or return_to == 0:
            _close(case, "refused" if verdict == REFUSE else "returned", at)
        else:
            _back_to(case, int(return_to or 0))
        return standing(case)


def close_recalled(case_id: int, *, subject: str, actor: Actor, at: datetime) -> None:
    """The author takes the text back before all opinions are there."""
    with transaction.atomic():
        case = Case.objects.select_for_update().select_related("organ").get(pk=case_id)
        if case.state != "open":
            raise Refusal(Refused("case_closed", "这一版的审查已经结束，不能撤回。"))
        _close(case, "recalled", at)
        record(
            "review.closed", subject=subject, organ_code=case.organ.code, actor=actor, at=at, digest=case.digest,
            data={"state": "recalled"},
        )  # fmt: skip


def mark_emergency(case_id: int, *, reason: str, at: datetime) -> None:
    """Free the order of the steps; runs in the caller's transaction, which records why."""
    case = Case.objects.select_for_update().get(pk=case_id)
    case.emergency_at = at
    case.emergency_reason = reason
    case.save(update_fields=["emergency_at", "emergency_reason"])


def _go_on(case: Case, at: datetime) -> None:
    waiting = standing(case).current
    if waiting is None:
        _close(case, "approved", at)
    else:
        case.current_order = waiting.order
        case.save(update_fields=["current_order"])


def _back_to(case: Case, order: int) -> None:
    case.round += 1
    case.current_order = order
    case.save(update_fields=["round", "current_order"])
    case.steps.filter(order__gte=order).update(since_round=case.round)


def _close(case: Case, state: str, at: datetime) -> None:
    case.state = state
    case.closed_at = at
    case.save(update_fields=["state", "closed_at"])
