"""How an instant ends that waits for an item: inside the caller's transaction, with the item locked."""

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import subject_of
from gongkai.disclosure.models import Item, Release, Schedule
from gongkai.disclosure.models.upkeep import CANCELLED, WAITING
from gongkai.ledger.actions.record import record


def waiting_of(item: Item) -> Schedule | None:
    """The instant that waits, locked."""
    return Schedule.objects.select_for_update().filter(item=item, state=WAITING).first()


def end(
    schedule: Schedule, state: str, *, actor: Actor, at: datetime, reason: str = "", release: Release | None = None
) -> None:
    """It ended, and why; a reason given when it was set stays before the new one."""
    schedule.state = state
    schedule.reason = "；".join(filter(None, (schedule.reason, reason.strip())))
    schedule.release = release
    schedule.ended_at = at
    schedule.ended_by_id = actor.person_id
    schedule.save(update_fields=["state", "reason", "release", "ended_at", "ended_by"])


def give_up_waiting(item: Item, *, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel the instant where there is one: the text it waited for goes out otherwise, or not at all."""
    schedule = waiting_of(item)
    if schedule is None:
        return
    end(schedule, CANCELLED, actor=actor, at=at, reason=reason)
    record(
        "item.schedule_cancelled", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
        data={"due_at": schedule.due_at.isoformat()},
    )  # fmt: skip
