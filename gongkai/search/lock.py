"""One writer at a time, over processes and threads: a lock that the operating system gives back when a holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockBusy(Exception):
    """Another process kept the lock longer than the caller would wait."""


@contextmanager
def exclusive(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock file `path`, waiting at most `wait` seconds. Raises `LockBusy` after that."""
    deadline = time.monotonic() + wait
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LockBusy(f"检索索引正由另一个进程写入，等了 {wait:g} 秒仍未轮到，请稍后再试") from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
