"""The days of a clock for a small calendar: counted, skipped, suspended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gongkai.law.reply_clock.clock import Clock

DayKind = Literal["start", "counted", "due", "weekend", "holiday", "suspended"]


@dataclass(frozen=True, slots=True)
class PicturedDay:
    """One day: `name` of the holiday, or 调休上班 for a weekend worked; `number` the count reached that day."""

    on: date
    kind: DayKind
    name: str = ""
    number: int | None = None


def picture(clock: Clock) -> tuple[PicturedDay, ...]:
    """Every day from the start of the count to the due day; empty without a due day or after 延迟答复.

    依据：条例33
    """
    if clock.due_on is None or clock.delayed:
        return ()
    days = [PicturedDay(clock.start, "start")]
    number = 0
    for offset in range(1, (clock.due_on - clock.start).days + 1):
        day = clock.start + timedelta(days=offset)
        mark = clock.calendar.mark_of(day)
        if not clock.calendar.is_workday(day):
            holiday = mark is not None and mark.kind == "off"
            days.append(PicturedDay(day, "holiday" if holiday else "weekend", mark.name if mark and holiday else ""))
            continue
        name = "调休上班" if mark is not None and mark.kind == "work" else ""
        if any(asked < day <= ended for asked, ended in clock.suspensions):
            days.append(PicturedDay(day, "suspended", name))
        else:
            number += 1
            days.append(PicturedDay(day, "due" if day == clock.due_on else "counted", name, number))
    return tuple(days)
