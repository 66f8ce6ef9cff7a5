"""How often one network may ask. Counted in the memory of each process: reading must not write to the database."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime
from typing import Final

from gongkai.foi.queries.attempts import network_of

SECONDS: Final = 60
PER_NETWORK: Final = 600  # [I] questions of one network within a minute, in each process

_lock = threading.Lock()
_window = -1
_asked: Counter[str] = Counter()


def allowed(address: str, at: datetime) -> bool:
    """Counts the question and says whether it may be answered. All counts begin anew with every minute."""
    global _window  # noqa: PLW0603 -- the one number the counts belong to
    window, network = int(at.timestamp()) // SECONDS, network_of(address)
    with _lock:
        if window != _window:
            _window = window
            _asked.clear()
        _asked[network] += 1
        return _asked[network] <= PER_NETWORK
