"""The instant a worker believes it to be: the clock on the wall, held against one that only counts seconds.

A clock that is wrong for a moment must not bring a text out before its instant: one that somebody sets forward and
back, or a machine that starts with its hardware clock eight hours ahead until the network has put it right. So a time
of day that is ahead of what was believed is believed only once it has stood for `HOLD`, and so is the first one of a
process. A step back is believed at once, because waiting brings nothing out early.
"""

from __future__ import annotations

from datetime import datetime, timedelta

#: [I] With the tick of the worker well inside the sixty seconds within which a text must be out.
HOLD = timedelta(seconds=30)
#: What may come together between two looks without being a step.
SLACK = timedelta(seconds=1)

Line = tuple[datetime, float]  # what the wall showed when the seconds stood at


class SteadyClock:
    """Fed with both clocks at each look."""

    def __init__(self) -> None:
        self._believed: Line | None = None
        self._claimed: Line | None = None  # a time of day that has yet to stand for HOLD

    def now(self, wall: datetime, seconds: float) -> datetime | None:
        """The instant to act by, None while no time of day has stood long enough. `seconds`: time.monotonic()."""
        if self._believed is not None and wall - _carried(self._believed, seconds) <= SLACK:
            return self._believe(wall, seconds)
        if self._claimed is None or abs(wall - _carried(self._claimed, seconds)) > SLACK:
            self._claimed = (wall, seconds)
        if timedelta(seconds=seconds - self._claimed[1]) >= HOLD:
            return self._believe(wall, seconds)
        return None if self._believed is None else _carried(self._believed, seconds)

    def _believe(self, wall: datetime, seconds: float) -> datetime:
        self._believed, self._claimed = (wall, seconds), None
        return wall


def _carried(line: Line, seconds: float) -> datetime:
    return line[0] + timedelta(seconds=seconds - line[1])
