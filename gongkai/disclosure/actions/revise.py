"""Begin a new text for an item that is public or withheld, or give such a text up."""

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.ending import give_up_waiting
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.release import drop_draft
from gongkai.disclosure.freezing import FIELDS, copied
from gongkai.disclosure.models import Draft, DraftAttachment, Release, Version
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record


def revise(item_id: int, *, actor: Actor, at: datetime) -> Draft:
    """Copy the newest version into a draft. What the public sees stays as it is until the new version is released."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "修订")
        move(item, "revise")
        newest = Version.objects.filter(item=item).order_by("-number").first()
        if newest is None:
            raise Refusal(Refused("nothing_to_revise", "还没有可以修订的文本。"))
        values = {name: getattr(newest, name) for name in FIELDS} | {"changed_on": None}
        draft = Draft.objects.create(item=item, saved_at=at, saved_by_id=actor.person_id, **values)
        DraftAttachment.objects.bulk_create(
            DraftAttachment(draft=draft, **copied(a))
            for a in newest.attachments.select_related("blob")
        )  # fmt: skip
        # The clock of the released text has run out its course; a change sets a new one.
        item.formed_on = item.due_on = None
        item.due_provisional = False
        item.save()
        record(
            "item.revision_started", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=newest.digest,
        )  # fmt: skip
        return draft


def redraft(item_id: int, *, actor: Actor, at: datetime) -> None:
    """After 不予通过: work on the text again."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "重新拟稿")
        move(item, "redraft")
        item.save(update_fields=["work", "public"])
        record("item.revision_started", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at)


def discard(item_id: int, *, actor: Actor, at: datetime) -> None:
    """Give the revision up; what is released stays released."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "放弃修订")
        move(item, "discard")
        give_up_waiting(item, reason="放弃修订。", actor=actor, at=at)
        front = Release.objects.filter(item=item, standing__in=["live", "withdrawn"]).select_related("version").first()
        if front is not None:
            item.working_title = front.version.title
            item.formed_on = front.version.changed_on or front.version.formed_on
        item.due_on, item.due_provisional = None, False
        item.save()
        drop_draft(item)
        record("item.draft_discarded", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at)
