"""突发事件: the 保密审查 of this very text first, the other opinions afterwards.

For the one named role, in two acts: to declare the emergency, which frees the order of the steps so that the
confidentiality reviewer can read at once, and to release. The release stands out until the missing opinions are given.
"""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.ending import give_up_waiting
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.release import release_version
from gongkai.disclosure.models import Item, Release, Version
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.review.actions.give_opinion import mark_emergency
from gongkai.review.models import Case
from gongkai.review.queries import standing
from gongkai.scanning.queries import may_pass


def declare_emergency(version_id: int, *, reason: str, read_digest: str, actor: Actor, at: datetime) -> None:
    """Free the order of the steps for this text. No opinion is dropped: all are still asked for."""
    if not reason.strip():
        raise Refusal(Refused("reason_missing", "请写明是什么突发事件、为什么不能等齐意见。"))
    with transaction.atomic():
        item, version, case = _case(version_id, read_digest, actor)
        if case.emergency_at is not None:
            raise Refusal(Refused("declared_already", "这一版已经列为应急办理，不必重复。"))
        mark_emergency(case.pk, reason=reason.strip(), at=at)
        record(
            "item.emergency_declared", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=version.digest, data={"version": version.number},
        )  # fmt: skip


def release_in_emergency(version_id: int, *, read_digest: str, actor: Actor, at: datetime) -> Release:
    """Release with the 保密审查 of this very digest alone. Never by the author, never by who gave an opinion on it."""
    with transaction.atomic():
        item, version, case = _case(version_id, read_digest, actor)
        if case.emergency_at is None:
            raise Refusal(Refused("not_declared", "请先把这一版列为应急办理，写明突发事件的情况。"))
        if version.openness != "proactive":
            raise Refusal(Refused("not_proactive", "这份信息不是主动公开，不能发布。"))
        if Release.objects.filter(version=version).exists():
            raise Refusal(Refused("released_already", "这一版已经发布，不必重复。"))
        now = standing(case)
        if any(o.person_id == actor.person_id for o in now.given):
            raise Refusal(Refused("not_separate", "应急发布不能由已经发表意见的人办理，请由其他应急发布人员办理。"))
        require(may_pass(version.digest))
        # An emergency does not wait for an instant; that it was given up stays on record.
        give_up_waiting(item, reason="应急发布。", actor=actor, at=at)
        return release_version(item, version, now, basis="emergency", actor=actor, at=at)


def _case(version_id: int, read_digest: str, actor: Actor) -> tuple[Item, Version, Case]:
    version = Version.objects.select_related("item").get(pk=version_id)
    item = locked(version.item_id)
    require_post(actor, item, ("emergency_officer",), "应急发布")
    case = Case.objects.select_for_update().get(subject_kind="disclosure.version", subject_key=version.pk)
    if case.state != "open":
        raise Refusal(Refused("case_closed", "这一版的审查已经结束，没有办理，请看最新一版。"))
    if read_digest != version.digest:
        raise Refusal(Refused("stale_text", "您看到的不是正在审查的文本，没有办理，请看最新一版。"))
    if actor.person_id == case.author_id:
        raise Refusal(Refused("own_text", "应急发布不能由拟稿人办理，请由其他应急发布人员办理。"))
    return item, version, case
