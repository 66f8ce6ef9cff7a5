"""The sealer's tick."""

from django.utils import timezone

from gongkai.ledger.actions.seal import seal_all


def tick(*, sweep: bool = False) -> int:
    """Seal what has been committed since the last tick; returns how many facts."""
    return seal_all(at=timezone.now(), sweep=sweep)
