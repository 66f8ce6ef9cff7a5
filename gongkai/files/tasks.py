"""What happens to files by the calendar alone."""

from django.utils import timezone

from gongkai.files.actions.sweep import sweep


def tick() -> int:
    """Remove bytes that no row names; returns how many files."""
    return sweep(at=timezone.now())
