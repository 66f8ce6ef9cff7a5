"""Say that a released text is still right: one person, one text that was read, one reason. There is no way to say it
of several at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Item, Look, Release
from gongkai.disclosure.queries.looks import MAY_LOOK, look_after, look_days, may_look, same_reason_today
from gongkai.law import moves
from gongkai.law.upkeep import check_look, check_reason
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record


def still_right(item_id: int, *, reason: str, read_digest: str, actor: Actor, at: datetime, today: date) -> Look:
    """Record the look and set the next day. `read_digest` is of the text that was on the screen: another text that
    came out meanwhile was not looked at."""
    if actor.person_id is None:
        raise Refusal(Refused("person_needed", "复核应当由人办理，系统不能代替。"))
    require(check_reason(reason, same_today=0))
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, MAY_LOOK, "复核")
        if may_look([actor], item) is None:
            raise Refusal(Refused("not_your_section", "由责任科室的人员或者合规审核复核，没有记录。"))
        release = Release.objects.filter(item=item, standing="live").select_related("version").first()
        if release is None:
            raise Refusal(Refused("nothing_to_look", "这条信息现在没有公开的文本，不需要复核。"))
        if release.digest != read_digest:
            raise Refusal(Refused("text_changed", "您看的时候已经发布了新的文本，没有记录。请重新看一遍现在的文本。"))
        require(check_look(item.next_look_on, today))
        require(check_reason(reason, same_today=same_reason_today(actor.person_id, reason, item, today)))
        item.next_look_on = look_after(item, today)
        # Where nothing is due any more the text lapses by itself: the look holds until then.
        holds = item.next_look_on or release.version.valid_until or today
        made = Look.objects.create(release=release, reason=reason.strip(), next_on=holds, at=at, by_id=actor.person_id)
        item.save(update_fields=["next_look_on"])
        record(
            "item.looked_at", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=release.digest,
            data={"release": release.pk, "next_on": item.next_look_on.isoformat() if item.next_look_on else ""},
        )  # fmt: skip
        return made


@dataclass(frozen=True, slots=True)
class LookChange:
    """A stored day that is not what the law computes."""

    item_id: int
    old: date | None
    new: date | None


def preview_looks() -> list[LookChange]:
    """Stored days of the next look that differ from what the law computes from the facts. Writes nothing."""
    computed = dict(look_days())
    stored = Item.objects.filter(public=moves.LIVE) | Item.objects.filter(next_look_on__isnull=False)
    rows = stored.order_by("pk").values_list("pk", "next_look_on")
    return [LookChange(pk, old, computed.get(pk)) for pk, old in rows.iterator() if old != computed.get(pk)]


def recompute_looks(*, actor: Actor, at: datetime) -> int:
    """Bring every stored day up to the facts and the intervals in force; one fact where anything changed. How many."""
    changed = 0
    for chunk in _chunks([change.item_id for change in preview_looks()], 500):
        with transaction.atomic():
            # Computed once more under the lock: somebody may have looked, revised or withdrawn meanwhile.
            items = list(Item.objects.select_for_update().filter(pk__in=chunk))
            computed = dict(look_days(chunk))
            moved = [item for item in items if item.next_look_on != computed.get(item.pk)]
            for item in moved:
                item.next_look_on = computed.get(item.pk)
            Item.objects.bulk_update(moved, ["next_look_on"], batch_size=500)
            changed += len(moved)
    if changed:
        with transaction.atomic():
            record("upkeep.recomputed", subject="site", actor=actor, at=at, data={"items": changed})
    return changed


def _chunks(keys: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
