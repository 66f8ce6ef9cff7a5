"""What happens to requests by the clock alone."""

from __future__ import annotations

from django.utils import timezone

from gongkai.foi.actions.drafts import erase_old_drafts
from gongkai.foi.actions.submit_draft import forget_networks


def tick() -> int:
    """Erase forms nobody went on with and receipts whose day is over, and networks counted. Returns how many forms."""
    at, erased = timezone.now(), 0
    forget_networks(at=at)
    while n := erase_old_drafts(at=at):
        erased += n
    return erased
