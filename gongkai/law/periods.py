"""Periods in calendar days and months, and where they end when their last day is leave."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from gongkai.law.workdays import WorkCalendar


def month_end(year: int, month: int) -> date:
    """The last day of a month.

    依据：民法典202
    """
    return date(year, month, monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The day of the same number `months` later (or earlier), or the month's last day where there is none.

    依据：民法典202
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(month_end(year, month + 1), date(year, month + 1, 1) + timedelta(days=day.day - 1))


def calendar_period_end(start: date, days: int, calendar: WorkCalendar) -> date:
    """The last day of a period of `days` calendar days; the day of the event does not count; leave at the end rolls.

    依据：民法典201；民法典203
    """
    return calendar.roll_forward(start + timedelta(days=days))


def month_period_end(start: date, months: int, calendar: WorkCalendar) -> date:
    """The last day of a period of months: the day of the same number, rolled over leave.

    依据：民法典201；民法典202；民法典203
    """
    return calendar.roll_forward(add_months(start, months))
