"""Working days: the table of dated examples, every day against a plain walk, algebra, provisional years, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.calendars.shipped import shipped_calendar, shipped_tables
from gongkai.law.statutory import LAST_PROVISIONAL_YEAR
from gongkai.law.workdays import CalendarError, DayMark, WorkCalendar, YearTable, provisional_year, table_digest
from tests.law.oracle_clock import nth_workday, works

CALENDAR = shipped_calendar()
FIRST, LAST_NOTICE_DAY = date(2007, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST_NOTICE_DAY - FIRST).days + 1)]
D = date.fromisoformat

# Receipt day → +7, +15, +20, +40 working days, computed by hand from the notices of 2025 and 2026; the last row is
# the day a court confirmed.
ORACLES = [
    ("2025-01-24", "2025-02-10", "2025-02-20", "2025-02-27", "2025-03-27"),
    ("2025-04-25", "2025-05-08", "2025-05-20", "2025-05-27", "2025-06-25"),
    ("2025-09-25", "2025-10-11", "2025-10-22", "2025-10-29", "2025-11-26"),
    ("2025-12-31", "2026-01-12", "2026-01-22", "2026-01-29", "2026-03-04"),
    ("2026-01-05", "2026-01-14", "2026-01-26", "2026-02-02", "2026-03-06"),
    ("2026-02-10", "2026-02-26", "2026-03-09", "2026-03-16", "2026-04-14"),
    ("2026-02-13", "2026-03-02", "2026-03-12", "2026-03-19", "2026-04-17"),
    ("2026-04-03", "2026-04-15", "2026-04-27", "2026-05-07", "2026-06-03"),
    ("2026-04-30", "2026-05-13", "2026-05-25", "2026-06-01", "2026-06-30"),
    ("2026-09-18", "2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"),
    ("2026-09-30", "2026-10-15", "2026-10-27", "2026-11-03", "2026-12-01"),
    ("2026-10-01", "2026-10-15", "2026-10-27", "2026-11-03", "2026-12-01"),
]


@pytest.mark.parametrize("row", ORACLES, ids=lambda row: row[0])
def test_dated_examples(row: tuple[str, ...]) -> None:
    received = D(row[0])
    assert [CALENDAR.add(received, n).isoformat() for n in (7, 15, 20, 40)] == list(row[1:])


def test_the_court_case() -> None:
    """Signed for on 2022-09-30; the court found the twentieth working day to be 2022-11-02."""
    assert CALENDAR.add(D("2022-09-30"), 20) == D("2022-11-02")


def test_working_days_per_month_and_year() -> None:
    def months(year: int) -> list[int]:
        ends = [date(year - 1, 12, 31)] + [
            date(year + m // 12, m % 12 + 1, 1) - timedelta(days=1) for m in range(1, 13)
        ]
        return [CALENDAR.count(a, b) for a, b in zip(ends, ends[1:], strict=False)]

    assert months(2025) == [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]
    assert months(2026) == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


def test_every_day_of_twenty_years_equals_the_plain_walk() -> None:
    assert [CALENDAR.is_workday(day) for day in DAYS] == [works(day) for day in DAYS]
    for day in DAYS[:-80]:
        assert CALENDAR.add(day, 20) == nth_workday(day, 20)


def test_bulk_equals_one_by_one() -> None:
    array = np.array(DAYS, dtype="datetime64[D]")
    later = array + np.timedelta64(33, "D")
    assert CALENDAR.add_many(array, 20).tolist() == [CALENDAR.add(day, 20) for day in DAYS]
    assert CALENDAR.is_workday_many(array).tolist() == [CALENDAR.is_workday(day) for day in DAYS]
    assert CALENDAR.count_many(array, later).tolist() == [CALENDAR.count(day, day + timedelta(days=33)) for day in DAYS]
    assert CALENDAR.roll_forward_many(array).tolist() == [CALENDAR.roll_forward(day) for day in DAYS]
    lengths = np.array([1 + n % 40 for n in range(len(DAYS))])
    assert CALENDAR.add_many(array, lengths).tolist() == [CALENDAR.add(day, 1 + n % 40) for n, day in enumerate(DAYS)]
    assert CALENDAR.add_many(np.array([], dtype="datetime64[D]"), 3).tolist() == []


days = st.dates(date(2007, 6, 1), date(2040, 12, 31))
lengths = st.integers(1, 100)


@given(days, lengths)
def test_adding_then_subtracting_comes_back(day: date, n: int) -> None:
    start = CALENDAR.roll_forward(day)
    assert CALENDAR.subtract(CALENDAR.add(start, n), n) == start
    assert CALENDAR.count(day, CALENDAR.add(day, n)) == n


@given(days, lengths, lengths)
def test_adding_in_two_parts_is_adding_at_once(day: date, n: int, m: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, n), m) == CALENDAR.add(day, n + m)


@given(days, st.integers(0, 400), lengths)
def test_adding_is_monotonic(day: date, gap: int, n: int) -> None:
    later = day + timedelta(days=gap)
    assert CALENDAR.add(day, n) <= CALENDAR.add(later, n) < CALENDAR.add(later, n + 1)


@given(days, days, days)
def test_counts_add_up(a: date, b: date, c: date) -> None:
    assert CALENDAR.count(a, b) + CALENDAR.count(b, c) == CALENDAR.count(a, c)
    assert CALENDAR.count(a, b) == -CALENDAR.count(b, a)


@given(days)
def test_rolling_gives_the_first_workday(day: date) -> None:
    rolled = CALENDAR.roll_forward(day)
    assert CALENDAR.is_workday(rolled)
    assert CALENDAR.count(day - timedelta(days=1), rolled) == 1


# Years without a notice -------------------------------------------------------------------------------------------


def test_years_after_the_last_notice_are_statutory_leave_and_weekdays() -> None:
    assert CALENDAR.last_official_year == 2026
    off = [mark.on.isoformat()[5:] for mark in provisional_year(2027).days]
    assert off == [
        "01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02",
        "10-03",
    ]  # fmt: skip
    assert not CALENDAR.is_workday(D("2027-02-05"))
    assert CALENDAR.is_workday(D("2027-02-09"))
    assert not CALENDAR.is_workday(D("2027-02-13"))  # no worked weekend is guessed


def test_mid_autumn_on_national_day_is_one_day_with_both_names() -> None:
    assert {mark.on: mark.name for mark in provisional_year(2031).days}[D("2031-10-01")] == "中秋节、国庆节"


def test_an_answer_is_provisional_when_it_read_such_a_year() -> None:
    assert not CALENDAR.is_provisional(D("2026-12-03"), CALENDAR.add(D("2026-12-03"), 20))
    assert CALENDAR.add(D("2026-12-03"), 20) == D("2026-12-31")
    assert CALENDAR.is_provisional(D("2026-12-04"), CALENDAR.add(D("2026-12-04"), 20))


def test_a_notice_replaces_the_provisional_year_and_may_reach_back_into_december() -> None:
    notice = YearTable(2027, "official", "通知", (
        DayMark(D("2026-12-26"), "work", "元旦"), DayMark(D("2026-12-31"), "off", "元旦"),
        DayMark(D("2027-01-01"), "off", "元旦"), DayMark(D("2027-02-13"), "work", "春节"),
    ))  # fmt: skip
    changed = CALENDAR.with_year(notice)
    assert changed.last_official_year == 2027
    assert not changed.is_provisional(D("2026-12-04"), D("2027-01-04"))
    assert [changed.is_workday(D(day)) for day in ("2026-12-26", "2026-12-31", "2027-02-13", "2027-02-08")] == [
        True, False, True, True,
    ]  # fmt: skip
    assert changed.digest != CALENDAR.digest
    assert changed.with_year(provisional_year(2027)) == CALENDAR


def test_the_late_amendment_of_january_2020() -> None:
    """As announced in 2019 the leave ended on 30 January and 1 February was worked; the amendment moved both."""
    table = next(table for table in shipped_tables() if table.year == 2020)
    moved = {D("2020-01-31"), D("2020-02-01"), D("2020-02-02")}
    before = tuple(mark for mark in table.days if mark.on not in moved) + (DayMark(D("2020-02-01"), "work", "春节"),)
    first = CALENDAR.with_year(YearTable(2020, "official", "2019年11月通知", before))
    assert first.add(D("2020-01-15"), 20) == D("2020-02-17")
    assert CALENDAR.add(D("2020-01-15"), 20) == D("2020-02-19")
    assert first.with_year(table) == CALENDAR


def test_local_holidays_make_a_calendar_of_their_own() -> None:
    local = CALENDAR.with_local_holidays([DayMark(D("2026-07-15"), "off", "那达慕")])
    assert not local.is_workday(D("2026-07-15"))
    assert CALENDAR.is_workday(D("2026-07-15"))
    assert local.add(D("2026-07-14"), 1) == D("2026-07-16")
    assert local.digest != CALENDAR.digest
    assert not local.is_provisional(D("2026-07-01"), D("2026-08-01"))


def test_marks_between_two_days() -> None:
    found = [(mark.on.isoformat(), mark.kind) for mark in CALENDAR.marks(D("2026-09-18"), D("2026-09-25"))]
    assert found == [("2026-09-20", "work"), ("2026-09-25", "off")]
    assert CALENDAR.mark_of(D("2026-10-01")) == DayMark(D("2026-10-01"), "off", "国庆节")
    assert CALENDAR.mark_of(D("2026-09-24")) is None


# Refusals ---------------------------------------------------------------------------------------------------------


def test_a_day_before_2007_is_an_error_that_says_so() -> None:
    early = D("2006-12-31")
    for ask in (
        lambda: CALENDAR.is_workday(early),
        lambda: CALENDAR.add(early, 20),
        lambda: CALENDAR.count(early, D("2007-01-05")),
        lambda: CALENDAR.roll_forward(early),
        lambda: CALENDAR.subtract(D("2007-01-05"), 20),
        lambda: CALENDAR.add_many(np.array([early], dtype="datetime64[D]"), 20),
    ):
        with pytest.raises(CalendarError) as error:
            ask()
        assert error.value.code == "before_first_year"
        assert "2007年" in error.value.sentence


def test_a_day_after_the_last_year_is_an_error_that_says_what_to_do() -> None:
    late = date(LAST_PROVISIONAL_YEAR, 12, 30)
    for ask in (
        lambda: CALENDAR.add(late, 20),
        lambda: CALENDAR.is_workday(date(LAST_PROVISIONAL_YEAR + 1, 1, 1)),
        lambda: CALENDAR.add_many(np.array([late], dtype="datetime64[D]"), 20),
        lambda: CALENDAR.is_workday_many(np.array([date(2101, 1, 1)], dtype="datetime64[D]")),
    ):
        with pytest.raises(CalendarError) as error:
            ask()
        assert error.value.code == "after_last_year"
        assert "导入" in error.value.sentence


@pytest.mark.parametrize("n", [0, -1])
def test_a_count_below_one_is_an_error(n: int) -> None:
    for ask in (
        lambda: CALENDAR.add(D("2026-01-05"), n),
        lambda: CALENDAR.subtract(D("2026-01-05"), n),
        lambda: CALENDAR.add_many(np.array([D("2026-01-05")], dtype="datetime64[D]"), n),
    ):
        with pytest.raises(CalendarError) as error:
            ask()
        assert error.value.code == "days_not_positive"


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ([t for t in shipped_tables() if t.year != 2015], "year_missing"),
        ([*shipped_tables(), shipped_tables()[-1]], "year_twice"),
        ([*shipped_tables(), YearTable(2006, "official", "", ())], "before_first_year"),
        ([*shipped_tables(), YearTable(2027, "guessed", "", ())], "bad_status"),  # type: ignore[arg-type]
        ([*shipped_tables(), YearTable(2027, "official", "", (DayMark(D("2028-01-01"), "off", "元旦"),))],
         "day_of_other_year"),
        ([*shipped_tables(), YearTable(2027, "official", "", (DayMark(D("2027-01-01"), "half", "元旦"),))],  # type: ignore[arg-type]
         "bad_kind"),
        ([*shipped_tables(), YearTable(2027, "official", "", (DayMark(D("2027-01-01"), "off", "元旦"),) * 2)],
         "day_twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_tables_that_cannot_be_a_calendar(tables: list[YearTable], code: str) -> None:
    with pytest.raises(CalendarError) as error:
        WorkCalendar(tables)
    assert error.value.code == code


def test_the_digest_is_of_the_content() -> None:
    shuffled = list(shipped_tables())
    Random(1).shuffle(shuffled)
    assert WorkCalendar(shuffled).digest == CALENDAR.digest
    assert hash(WorkCalendar(shuffled)) == hash(CALENDAR)
    assert len({table_digest(table) for table in shipped_tables()}) == len(shipped_tables())
