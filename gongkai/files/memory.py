"""Bytes under a name without a disk, for parsers that want a path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gongkai.files.sandbox import not_started

# Memory where the machine has such a place: what was not looked at must not have been written (保密法31).
_SHARED_MEMORY = "/dev/shm"  # noqa: S108


@contextmanager
def as_path(data: bytes, suffix: str) -> Iterator[Path]:
    """The bytes under a name for as long as a parser reads them; `Unreadable` where there is no room for them."""
    folder = _SHARED_MEMORY if os.path.isdir(_SHARED_MEMORY) else None
    try:
        file = tempfile.NamedTemporaryFile(dir=folder, prefix="gongkai-", suffix=suffix)  # noqa: SIM115
    except OSError as error:
        raise not_started(repr(error)) from None
    try:
        file.write(data)
        file.flush()
    except OSError as error:  # the memory for it is full
        with suppress(OSError):
            file.close()
        raise not_started(repr(error)) from None
    with file:
        yield Path(file.name)
