"""The calendar that comes with the program: official notices 2007–2026, provisional after. No database, no Django."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from gongkai.calendars.notice_files import parse_csv
from gongkai.law.workdays import WorkCalendar, YearTable

FIRST_SHIPPED, LAST_SHIPPED = 2007, 2026


@cache
def shipped_tables() -> tuple[YearTable, ...]:
    """The shipped notices in order of year."""
    folder = files("gongkai.calendars.notices")
    years = range(FIRST_SHIPPED, LAST_SHIPPED + 1)
    return tuple(parse_csv((folder / f"{year}.csv").read_text(encoding="utf-8"), year=year) for year in years)


@cache
def shipped_calendar() -> WorkCalendar:
    """The calendar of the shipped notices."""
    return WorkCalendar(shipped_tables())
