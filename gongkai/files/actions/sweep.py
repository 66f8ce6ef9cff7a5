"""Remove what a kill left behind: bytes that no row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from gongkai.files.models import Blob

#: Younger files may belong to a transaction that is still on its way.
REST = timedelta(days=1)
_AT_ONCE = 500


def sweep(*, at: datetime) -> int:
    """Remove half-written and unnamed files that have lain for a day; returns how many. What a row names stays."""
    removed = 0
    old: list[Path] = []
    for path in _lying_since(at - REST):
        old.append(path)
        if len(old) == _AT_ONCE:
            removed += _remove_unnamed(old)
            old = []
    return removed + _remove_unnamed(old)


def _lying_since(before: datetime) -> Iterator[Path]:
    root = Path(settings.FILES_ROOT)
    for path in root.rglob("*") if root.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path


def _remove_unnamed(paths: list[Path]) -> int:
    named = set(Blob.objects.filter(digest__in=[path.name for path in paths]).values_list("digest", flat=True))
    return sum(_remove_if_still_old(path) for path in paths if path.name not in named)


def _remove_if_still_old(path: Path) -> bool:
    """Somebody may write the same bytes at this moment: what turns out to be young once set aside is put back."""
    known = path.stat().st_mtime_ns if path.exists() else None
    if known is None:
        return False
    aside = path.with_name(f".part-swept-{path.name}")
    path.rename(aside)
    if aside.stat().st_mtime_ns == known:
        aside.unlink()
        return True
    aside.rename(path)
    return False
