"""What happens by the calendar alone."""

from django.utils import timezone

from gongkai.disclosure.actions.withdraw import expire_due


def tick() -> int:
    """Let ended documents lapse; returns how many."""
    now = timezone.localtime()
    return len(expire_due(at=now, today=now.date()))
