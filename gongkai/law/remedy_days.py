"""The last days of the remedies against a reply, or against silence, as dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from gongkai.law.periods import calendar_period_end, month_period_end
from gongkai.law.remedies import FirstStep
from gongkai.law.workdays import WorkCalendar

REVIEW_DAYS: Final = 60  # 行政复议法20: calendar days
COURT_MONTHS: Final = 6  # 行政诉讼法46


@dataclass(frozen=True, slots=True)
class RemedyDays:
    """`counted_from` does not count itself. `court_until` is None where review comes first: its 15 days begin later.

    `provisional`: one of the days lies in a year whose holidays are not announced yet.
    """

    counted_from: date
    review_until: date | None
    court_until: date | None
    provisional: bool


def remedy_days(order: FirstStep, counted_from: date, calendar: WorkCalendar) -> RemedyDays:
    """Last days of review and of a suit; `counted_from`: the day the letter came, or the last day to reply.

    Raises LookupError for an unknown order, CalendarError for days the calendar does not know.

    依据：行政复议法20；行政复议法88；行政诉讼法46；民法典203
    """
    review: date | None = None
    court: date | None = None
    match order:
        case "review_first":
            review = calendar_period_end(counted_from, REVIEW_DAYS, calendar)
        case "either":
            review = calendar_period_end(counted_from, REVIEW_DAYS, calendar)
            court = month_period_end(counted_from, COURT_MONTHS, calendar)
        case "appeal" | "none":
            pass
        case other:
            raise LookupError(f"没有“{other}”这种救济次序。")
    days = [day for day in (review, court) if day is not None]
    return RemedyDays(counted_from, review, court, any(calendar.is_provisional(day, day) for day in days))
