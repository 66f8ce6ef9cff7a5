"""What happens by the clock alone."""

from django.utils import timezone

from gongkai.disclosure.actions.carry_out import carry_out_due
from gongkai.disclosure.actions.cite import follow
from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.withdraw import expire_due
from gongkai.ledger.tasks import believed_now


def tick() -> int:
    """Let ended documents lapse; returns how many."""
    now = timezone.localtime()
    return len(expire_due(at=now, today=now.date()))


def release() -> int:
    """Release what was set for an instant that has come; returns how many."""
    now = believed_now()
    return len(release_due(at=now)) if now is not None else 0


def cite() -> int:
    """Find the documents that newly released texts name; returns how many facts were read."""
    return follow()


def carry_out() -> int:
    """Do what published results of 清理 decided; returns how many documents were seen to."""
    now = timezone.localtime()
    return carry_out_due(at=now, today=now.date())
