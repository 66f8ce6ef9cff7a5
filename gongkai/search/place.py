"""The one index of this installation, opened once per process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongkai.search.engine import Engine


def engine() -> Engine:
    """The engine on settings.INDEX_ROOT."""
    return _opened(str(settings.INDEX_ROOT))


@lru_cache(maxsize=8)
def _opened(path: str) -> Engine:
    return Engine(Path(path))


def forget() -> None:
    """Drop the opened index; after its folder was moved or removed."""
    _opened.cache_clear()
