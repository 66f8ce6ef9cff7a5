"""Office hours of the demo's past: a day and a part of it become an instant that lies in office hours and not ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

OPENS, CLOSES = time(8, 40), time(17, 20)


@dataclass(frozen=True)
class Hours:
    """Points of time are numbers: the day's ordinal, and behind the point the part of its office hours."""

    now: datetime

    def at(self, point: float) -> datetime:
        """The instant. Keeps the order of points; the last day ends now, whatever the clock shows."""
        day = date.fromordinal(int(point))
        opens = datetime.combine(day, OPENS, self.now.tzinfo)
        closes = datetime.combine(day, CLOSES, self.now.tzinfo)
        if day == self.now.date():
            closes = min(closes, self.now)
            opens = min(opens, datetime.combine(day, time(0), self.now.tzinfo) + (closes - _midnight(closes)) / 2)
        return opens + (closes - opens) * (point - int(point))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def point(day: date, part: float) -> float:
    """`part` of the office hours of a day, 0 to just under 1."""
    return day.toordinal() + part


def spread(first: float, last: float, count: int) -> list[float]:
    """`count` points from first to last, evenly; one point is the last."""
    if count == 1:
        return [last]
    return [first + (last - first) * n / (count - 1) for n in range(count)]
