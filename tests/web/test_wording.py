"""Dates, days, numbers and sizes as they read on a screen."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gongkai.web import wording

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 10, 29)
INSTANT = datetime(2026, 10, 29, 14, 22, tzinfo=SHANGHAI)


def test_dates():
    assert wording.full_date(DAY) == "2026年10月29日"
    assert wording.date_with_weekday(DAY) == "2026年10月29日（星期四）"
    assert wording.short_date(DAY) == "10月29日"
    assert wording.short_weekday(DAY) == "周四"
    assert wording.last_day(DAY) == "最迟10月29日"
    assert wording.date_with_weekday(date(2026, 11, 1)) == "2026年11月1日（星期日）"


def test_instants():
    assert wording.time_of_day(INSTANT) == "14:22"
    assert wording.time_of_day(datetime(2026, 10, 29, 9, 5, tzinfo=SHANGHAI)) == "9:05"
    assert wording.short_instant(INSTANT) == "10月29日 14:22"
    assert wording.full_instant(INSTANT) == "2026年10月29日 14:22"
    assert wording.meta_instant(INSTANT) == "2026-10-29 14:22"


def test_an_instant_is_shown_on_the_clock_of_the_place():
    late = datetime(2026, 10, 28, 17, 3, tzinfo=UTC)
    assert wording.date_with_weekday(late) == "2026年10月29日（星期四）"
    assert wording.meta_instant(late) == "2026-10-29 01:03"
    assert wording.time_of_day(late) == "1:03"


def test_an_instant_without_a_place_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        wording.full_date(datetime(2026, 10, 29, 14, 22))  # noqa: DTZ001
    with pytest.raises(TypeError, match="no time of day"):
        wording.time_of_day(DAY)
    with pytest.raises(TypeError, match="neither"):
        wording.full_date("2026-10-29")


@pytest.mark.parametrize(
    ("days", "sentence", "column"),
    [
        (12, "还有 12 个工作日", "剩 12 日"),
        (1, "还有 1 个工作日", "剩 1 日"),
        (0, "今天到期", "今天到期"),
        (-2, "逾期 2 个工作日", "逾期 2 日"),
        (-1284, "逾期 1,284 个工作日", "逾期 1,284 日"),
    ],
)
def test_working_days(days, sentence, column):
    assert wording.working_days_left(days) == sentence
    assert wording.working_days_in_column(days) == column


def test_other_clocks():
    assert wording.paused_working_days(16) == "暂停，余 16 个工作日"
    assert wording.paused_in_column(16) == "暂停，余 16 日"
    assert wording.calendar_days_left(17) == "还有 17 天"
    assert wording.calendar_days_left(0) == "今天截止"
    assert wording.calendar_days_left(-3) == "已截止 3 天"
    with pytest.raises(ValueError, match="negative"):
        wording.paused_working_days(-1)


def test_thousands():
    assert wording.thousands(0) == "0"
    assert wording.thousands(999) == "999"
    assert wording.thousands(1284) == "1,284"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (38 * 1024, "38 KB"),
        (999 * 1024, "999 KB"),
        (1000 * 1024, "1 MB"),
        (1_258_291, "1.2 MB"),
        (3 * 1024**3, "3 GB"),
    ],
)
def test_file_size(size, words):
    assert wording.file_size(size) == words


def test_file_size_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        wording.file_size(-1)
