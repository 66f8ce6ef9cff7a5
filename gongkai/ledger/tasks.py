"""The sealer's tick, and the sign of life of the process."""

import os
import socket
import time
from datetime import datetime

from django.utils import timezone

from gongkai.ledger.actions.beat import beat
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.steady import SteadyClock


def tick(*, sweep: bool = False) -> int:
    """Seal what has been committed since the last tick; returns how many facts."""
    return seal_all(at=timezone.now(), sweep=sweep)


_CLOCK = SteadyClock()


def believed_now() -> datetime | None:
    """The instant this process acts by where nothing may happen early; None while its clock has yet to stand."""
    return _CLOCK.now(timezone.localtime(), time.monotonic())


def alive() -> None:
    """Say that this process runs and knows what time it is."""
    if (now := believed_now()) is not None:
        beat(f"{socket.gethostname()[:100]}:{os.getpid()}", at=now)
