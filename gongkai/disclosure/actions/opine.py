"""Give an opinion on a version; the last approval releases it, or leaves it to its instant."""

from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.disclosure.actions.ending import waiting_of
from gongkai.disclosure.actions.moving import locked, move, subject_of
from gongkai.disclosure.actions.release import drop_draft, release_version, withhold_version
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Release, Version
from gongkai.disclosure.queries.copies import copies_confirmed
from gongkai.law.review import APPROVE, RETURN, SECRECY_STEP
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.actions.give_opinion import give_opinion
from gongkai.review.models import Case
from gongkai.scanning.queries import may_pass


def opine(
    version_id: int, step_order: int, verdict: str, *, read_digest: str, actor: Actor, at: datetime, today: date,
    reason: str = "", return_to: int | None = None,
) -> Release | None:  # fmt: skip
    """One opinion, and in the same transaction what follows from it: the next step, a return, or the release.

    Returns the release when this was the opinion that completed it. A process that dies in between leaves either
    everything done or nothing. A text that waits for an instant stays as it is, approved: only the worker releases it
    then (`release_due`), also when the instant has passed already, so that one clock decides and not every desk's.
    """
    code = Version.objects.values_list("item__code", flat=True).get(pk=version_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with transaction.atomic():
        version = Version.objects.select_related("item").get(pk=version_id)
        item = locked(version.item_id)
        case = Case.objects.get(subject_kind="disclosure.version", subject_key=version.pk)
        step = case.steps.get(order=step_order)
        if step.code == SECRECY_STEP and verdict == APPROVE:
            require(may_pass(version.digest))
            require(copies_confirmed(version))
        out_already = Release.objects.filter(version=version, basis="emergency").exists()
        if verdict == RETURN and out_already:
            raise Refusal(
                Refused("released_already", "这一版已应急发布，不能退回。认为不当的，请选不予通过，并由有权的人撤下。")
            )
        now = give_opinion(
            case.pk, step_order, verdict, subject=subject_of(item), read_digest=read_digest, actor=actor, at=at,
            reason=reason, return_to=return_to,
        )  # fmt: skip
        match now.case.state:
            case "open":
                return None
            case "returned":
                move(item, "return")
            case "refused":
                # Refused after an emergency release: it stays out, and stands out, until somebody withdraws it.
                move(item, "complete" if out_already else "refuse")
            case "approved" if out_already:
                move(item, "complete")
                drop_draft(item)
            case "approved" if version.openness == "proactive" and waiting_of(item) is not None:
                return None
            case "approved" if version.openness == "proactive":
                return release_version(item, version, now, basis="review", actor=SYSTEM, at=at)
            case "approved":
                withhold_version(item, version, actor=SYSTEM, at=at, today=today)
                return None
            case other:
                raise RuntimeError(f"unknown case state {other}")
        item.save(update_fields=["work", "public"])
        return None
