"""What the worker does at the instant: release what is approved and due, each text in its own transaction."""

import logging
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import SYSTEM
from gongkai.disclosure.actions.ending import waiting_of
from gongkai.disclosure.actions.moving import locked
from gongkai.disclosure.actions.release import release_version
from gongkai.disclosure.models import Release, Schedule
from gongkai.disclosure.models.upkeep import WAITING
from gongkai.disclosure.queries.schedules import approved_text
from gongkai.law import moves
from gongkai.review.queries import standing

logger = logging.getLogger("gongkai.worker")


def release_due(*, at: datetime) -> list[Release]:
    """Release every approved text whose instant is not after `at`; what is not approved waits on, and stands as an
    alarm. Safe in any number of processes. One that fails is logged and leaves the others alone; it comes again.
    """
    due = Schedule.objects.filter(state=WAITING, due_at__lte=at, item__work=moves.IN_REVIEW)
    made = []
    for schedule in due.select_related("item").order_by("due_at", "id"):
        if approved_text(schedule.item) is None:
            continue
        try:
            release = _release(schedule.item_id, at)
        except Exception:
            logger.exception("scheduled release of item %s failed and will be tried again", schedule.item.code)
        else:
            made += [release] if release else []
    return made


def _release(item_id: int, at: datetime) -> Release | None:
    """Look again with the item locked: it may have been moved, cancelled, taken back or released meanwhile."""
    with transaction.atomic():
        item = locked(item_id)
        schedule, approved = waiting_of(item), approved_text(item)
        if schedule is None or schedule.due_at > at or approved is None:
            return None
        version, case = approved
        return release_version(item, version, standing(case), basis="review", actor=SYSTEM, at=at)
