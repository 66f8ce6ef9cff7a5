"""The index follows the ledger."""

from django.utils import timezone

from gongkai.search.actions.follow import follow
from gongkai.search.lock import LockBusy


def tick() -> int:
    """Take in what was sealed since the last tick. Another process that is writing does the work for all."""
    try:
        return follow(on=timezone.localdate())
    except LockBusy:
        return 0
