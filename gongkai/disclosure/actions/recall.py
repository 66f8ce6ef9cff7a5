"""The drafter takes a text back from review."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.schedule import hold_back
from gongkai.disclosure.models import Release, Version
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.review.actions.give_opinion import close_recalled
from gongkai.review.queries import case_of


def recall(item_id: int, *, actor: Actor, at: datetime) -> None:
    """Close the review without result, or hold back what waits approved for its instant; the draft can be edited again
    and the frozen version stays on record."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "撤回送审")
        version = Version.objects.filter(item=item).order_by("-number").first()
        if version is None:
            raise Refusal(Refused("cannot_recall", "没有送审中的文本可以撤回。"))
        case = case_of("disclosure.version", version.pk)
        if Release.objects.filter(version=version).exists():
            raise Refusal(Refused("released_already", "这一版已应急发布，不能撤回送审；如有错误，请撤下。"))
        if case.state == "approved":
            # It waits for its instant, which stays with the item: what is sent for review again goes out then.
            hold_back(item, version, actor=actor, at=at)
            return
        move(item, "recall")
        close_recalled(case.pk, subject=subject_of(item), actor=actor, at=at)
        item.save(update_fields=["work", "public"])
        record(
            "item.recalled",
            subject=subject_of(item),
            organ_code=item.organ.code,
            actor=actor,
            at=at,
            digest=version.digest,
        )
