"""The last days of review and of a suit, counted by hand."""

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.remedies import remedy
from gongkai.law.remedy_days import REVIEW_DAYS, RemedyDays, remedy_days

D = date
CALENDAR = shipped_calendar()


@pytest.mark.parametrize(
    ("order", "counted_from", "review", "court"),
    [
        ("either", D(2025, 10, 30), D(2025, 12, 29), D(2026, 4, 30)),
        ("either", D(2025, 8, 31), D(2025, 10, 30), D(2026, 2, 28)),  # 28 February 2026 is a weekend that is worked
        ("either", D(2025, 8, 2), D(2025, 10, 9), D(2026, 2, 2)),  # 1 October to 8 October 2025 is leave
        ("review_first", D(2025, 9, 8), D(2025, 11, 7), None),
        ("review_first", D(2025, 9, 9), D(2025, 11, 10), None),  # the sixtieth day is a Saturday
        ("none", D(2025, 9, 8), None, None),
        ("appeal", D(2025, 9, 8), None, None),
    ],
)
def test_last_days(order, counted_from, review, court):
    assert remedy_days(order, counted_from, CALENDAR) == RemedyDays(counted_from, review, court, False)


def test_days_in_a_year_without_notice_are_provisional():
    last = CALENDAR.last_official_year
    assert remedy_days("review_first", D(last, 12, 1), CALENDAR).provisional
    assert not remedy_days("review_first", D(last, 9, 1), CALENDAR).provisional


def test_the_number_of_days_is_the_one_the_remedy_names():
    assert remedy("R3", "department", D(2026, 9, 8)).review_days == REVIEW_DAYS


def test_an_unknown_order_raises():
    with pytest.raises(LookupError):
        remedy_days("appeal_first", D(2025, 9, 8), CALENDAR)
