"""Working-day arithmetic as ratios to the floor and to the usual ways, in one run.

    python -m benchmarks.dates [--quick]

Question: the 20th working day after a date, for dates 2008–2025, mainland calendar with worked weekends. Rounds of
all ways alternate, the median counts. Before timing, every way has to give the same answers on every date.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.proactive import WorkingDays, disclosure_due
from gongkai.law.reply_clock import ClockStep, reply_clock

N = 20
FIRST, LAST = date(2008, 1, 1), date(2025, 11, 30)
ROUNDS = 5
CALENDAR = shipped_calendar()
DATES = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
MARKS = [mark for table in CALENDAR.tables for mark in table.days]
OFF = {mark.on for mark in MARKS if mark.kind == "off"}
WORKED = {mark.on for mark in MARKS if mark.kind == "work"}


@dataclass(frozen=True)
class Way:
    """One way to answer. `run(dates)` answers each date given; `dates` is how many one round takes."""

    name: str
    run: Callable[[Any], Any]
    dates: Any
    answers: Callable[[], Sequence[date]]


def main() -> None:
    quick = "--quick" in sys.argv
    one, bulk = single_ways(1 if quick else 4), bulk_ways(20 if quick else 200)
    for way in (*one, *bulk):
        if list(way.answers()) != list(one[0].answers()):
            raise SystemExit(f"{way.name} gives other answers")
    print(f"Machine: {machine()}\n")
    table("One date a call", measure(one))
    table("Bulk", measure(bulk))
    table("Whole clocks, one a call", measure(clock_ways(2_000 if quick else 20_000)))


def single_ways(repeat: int) -> list[Way]:
    """The floor is an answer known beforehand, looked up by the date's ordinal."""
    start = date(2007, 1, 1).toordinal()
    length = LAST.toordinal() - start + 1
    known = [CALENDAR.add(date.fromordinal(start + n), N) for n in range(length)]

    def lookup(days: Sequence[date]) -> list[date]:
        return [known[day.toordinal() - start] for day in days]

    def ours(days: Sequence[date]) -> list[date]:
        add = CALENDAR.add
        return [add(day, N) for day in days]

    def naive(days: Sequence[date]) -> list[date]:
        return [walk(day) for day in days]

    busy = busday_arguments()

    def busday_one(days: Sequence[date]) -> list[date]:
        return [np.busday_offset(np.datetime64(day, "D"), N, **busy).astype(object) for day in days]

    few = DATES[::25]
    ways = [
        Way("plain list look-up by ordinal (floor)", lookup, DATES * repeat, lambda: lookup(DATES)),
        Way("WorkCalendar.add", ours, DATES * repeat, lambda: ours(DATES)),
        Way("naive loop over two sets", naive, few, lambda: naive(DATES)),
        Way("numpy.busday_offset, one at a time", busday_one, few, lambda: busday_one(DATES)),
    ]
    library = chinesecalendar_way()
    return [*ways, library] if library else ways


def walk(day: date) -> date:
    left = N
    while left:
        day += timedelta(days=1)
        if day in WORKED or (day.weekday() < 5 and day not in OFF):
            left -= 1
    return day


def busday_arguments() -> dict[str, Any]:
    """A seven-day week with every day off as a holiday: the way worked weekends fit into numpy."""
    days = [date(2007, 1, 1) + timedelta(days=n) for n in range(366 * 20)]
    off = [day for day in days if not CALENDAR.is_workday(day)]
    # busday_offset counts from a working day; rolling back first leaves the start uncounted on leave too
    return {"busdaycal": np.busdaycalendar(weekmask="1111111", holidays=off), "roll": "backward"}


def chinesecalendar_way() -> Way | None:
    """The package's own day test in the loop its users write; only where it is installed."""
    try:
        import chinese_calendar
    except ImportError:
        return None

    def loop(days: Sequence[date]) -> list[date]:
        found = []
        for day in days:
            left = N
            while left:
                day += timedelta(days=1)
                left -= bool(chinese_calendar.is_workday(day))
            found.append(day)
        return found

    return Way("chinesecalendar, naive loop", loop, DATES[::400], lambda: loop(DATES))


def bulk_ways(repeat: int) -> list[Way]:
    """The floor is a bare prefix table: two gathers and an addition, without a check of any kind."""
    array = np.tile(np.array(DATES, dtype="datetime64[D]"), repeat)
    plain = np.array(DATES, dtype="datetime64[D]")
    first = np.datetime64("2007-01-01", "D")
    length = (date(2027, 12, 31) - date(2007, 1, 1)).days + 1
    worked = np.array([CALENDAR.is_workday(date(2007, 1, 1) + timedelta(days=n)) for n in range(length)])
    before = np.cumsum(worked) - 1
    workdays = first + np.flatnonzero(worked)

    def prefix(days: Any) -> Any:
        return workdays[before[(days - first).astype(np.int64)] + N]

    def ours(days: Any) -> Any:
        return CALENDAR.add_many(days, N)

    busy = busday_arguments()

    def busday(days: Any) -> Any:
        return np.busday_offset(days, N, **busy)

    return [
        Way("numpy prefix table (floor)", prefix, array, lambda: prefix(plain).tolist()),
        Way("WorkCalendar.add_many", ours, array, lambda: ours(plain).tolist()),
        Way("numpy.busday_offset, vector", busday, array[: len(DATES) * 5], lambda: busday(plain).tolist()),
    ]


def clock_ways(count: int) -> list[Way]:
    """Whole answers of law, without a database: what a recomputation costs for each row."""
    days = (DATES * (1 + count // len(DATES)))[:count]

    def plain(each: Sequence[date]) -> None:
        for day in each:
            reply_clock((ClockStep("received", day, channel="in_person"),), CALENDAR, day)

    def eventful(each: Sequence[date]) -> None:
        for day in each:
            later = day + timedelta(days=5)
            steps = (
                ClockStep("received", day, channel="in_person"),
                ClockStep("third_party_asked", later, party="甲"),
                ClockStep("third_party_answered", later + timedelta(days=8), party="甲"),
                ClockStep("extended", later + timedelta(days=10), working_days=10, approved_by="张主任"),
            )
            reply_clock(steps, CALENDAR, day + timedelta(days=20))

    def item(each: Sequence[date]) -> None:
        for day in each:
            disclosure_due(day, WorkingDays(), CALENDAR, day)

    nothing: Callable[[], list[date]] = list
    return [
        Way("reply clock, receipt only", plain, days, nothing),
        Way("reply clock, consultation and extension", eventful, days, nothing),
        Way("due date of an item with its explanation", item, days, nothing),
    ]


def measure(ways: Sequence[Way]) -> list[tuple[str, float]]:
    """Median nanoseconds a date for each way; rounds alternate so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            begun = time.perf_counter()
            way.run(way.dates)
            times[way.name].append((time.perf_counter() - begun) * 1e9 / len(way.dates))
    return [(name, statistics.median(values)) for name, values in times.items()]


def table(title: str, rows: Sequence[tuple[str, float]]) -> None:
    floor = rows[0][1]
    print(f"| {title} | ns a date | × the first row | a million |\n| --- | ---: | ---: | ---: |")
    for name, nanoseconds in rows:
        print(f"| {name} | {nanoseconds:,.1f} | {nanoseconds / floor:,.2f} | {nanoseconds / 1000:,.3g} s |")
    print()


def machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, numpy {np.__version__}"
    )


if __name__ == "__main__":
    main()
