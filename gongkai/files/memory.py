"""Bytes under a name without a disk, for parsers that want a path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Memory where the machine has such a place: what was not looked at must not have been written (保密法31).
_SHARED_MEMORY = "/dev/shm"  # noqa: S108


@contextmanager
def as_path(data: bytes, suffix: str) -> Iterator[Path]:
    """The bytes under a name for as long as a parser reads them."""
    folder = _SHARED_MEMORY if os.path.isdir(_SHARED_MEMORY) else None
    with tempfile.NamedTemporaryFile(dir=folder, prefix="gongkai-", suffix=suffix) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)
