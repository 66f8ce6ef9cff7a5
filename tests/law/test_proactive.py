"""When an item of 主动公开 is due, and how the answer is said."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.proactive import (
    ByMonthEnd,
    CalendarDays,
    FreeText,
    Immediate,
    Limit,
    WorkingDays,
    disclosure_due,
    limit_of,
    reassess_on,
)
from gongkai.law.workdays import CalendarError

CALENDAR = shipped_calendar()
D = date.fromisoformat


def test_twenty_working_days_explained_as_a_person_counts() -> None:
    due = disclosure_due(D("2026-09-18"), WorkingDays(), CALENDAR, D("2026-09-29"))
    assert due.due_on == D("2026-10-22")
    assert due.reading == (
        "成文9月18日；当日不计；9月20日、10月10日调休上班计入；中秋、国庆假期不计；第20个工作日为10月22日"
    )
    assert due.sentence == "最迟2026年10月22日（星期四）公开，还有 13 个工作日。"
    assert (due.remaining, due.late, due.overdue_by, due.unit, due.provisional) == (13, False, 0, "工作日", False)
    assert due.article == "《政府信息公开条例》第二十六条"


@pytest.mark.parametrize(
    ("as_of", "remaining", "late", "overdue_by", "end"),
    [
        ("2026-10-21", 1, False, 0, "还有 1 个工作日。"),
        ("2026-10-22", 0, False, 0, "今天到期。"),
        ("2026-10-23", 0, True, 1, "逾期 1 个工作日。"),
        ("2026-10-26", 0, True, 2, "逾期 2 个工作日。"),
    ],
)
def test_around_the_due_day(as_of: str, remaining: int, late: bool, overdue_by: int, end: str) -> None:
    due = disclosure_due(D("2026-09-18"), WorkingDays(), CALENDAR, D(as_of))
    assert (due.remaining, due.late, due.overdue_by) == (remaining, late, overdue_by)
    assert due.sentence.endswith(end)


def test_overdue_on_the_weekend_after_a_friday_is_late_by_no_working_day() -> None:
    due = disclosure_due(D("2026-06-01"), WorkingDays(4), CALENDAR, D("2026-06-06"))
    assert (due.due_on, due.late, due.overdue_by) == (D("2026-06-05"), True, 0)
    assert due.sentence == "最迟2026年6月5日（星期五）公开，已逾期。"


def test_another_number_of_working_days_and_the_next_year() -> None:
    assert disclosure_due(D("2025-12-31"), WorkingDays(7), CALENDAR, D("2025-12-31")).due_on == D("2026-01-12")
    due = disclosure_due(D("2025-12-31"), WorkingDays(), CALENDAR, D("2025-12-31"))
    assert due.reading.endswith("第20个工作日为2026年1月29日")


def test_a_year_without_a_notice_makes_an_estimate() -> None:
    due = disclosure_due(D("2026-12-10"), WorkingDays(), CALENDAR, D("2026-12-10"))
    assert (due.due_on, due.provisional) == (D("2027-01-08"), True)
    assert "（预估）" in due.sentence
    assert due.reading.endswith("2027年以后的放假安排尚未公布，日期为预估")
    assert not disclosure_due(D("2026-12-03"), WorkingDays(), CALENDAR, D("2026-12-03")).provisional


def test_calendar_days_roll_over_leave() -> None:
    due = disclosure_due(D("2026-09-13"), CalendarDays(20), CALENDAR, D("2026-09-14"))
    assert due.due_on == D("2026-10-08")  # the twentieth day, 3 October, is leave
    assert due.reading == "成文9月13日；当日不计；第20天为10月3日；末日逢休假日，顺延至10月8日"
    assert (due.remaining, due.unit) == (24, "天")
    assert due.article == "《政府信息公开条例》第二十六条；《民法典》第二百零三条"
    plain = disclosure_due(D("2026-09-01"), CalendarDays(20), CALENDAR, D("2026-09-22"))
    assert (plain.due_on, plain.overdue_by) == (D("2026-09-21"), 1)
    assert plain.sentence == "最迟2026年9月21日（星期一）公开，逾期 1 天。"


def test_calendar_days_ending_on_a_worked_saturday_do_not_roll() -> None:
    assert disclosure_due(D("2026-09-20"), CalendarDays(20), CALENDAR, D("2026-09-21")).due_on == D("2026-10-10")


def test_at_once_is_the_day_itself() -> None:
    due = disclosure_due(D("2026-10-03"), Immediate("实时"), CALENDAR, D("2026-10-03"))
    assert due.due_on == D("2026-10-03")
    assert due.reading == "成文10月3日；时限为“实时”，按当日公开计"
    assert not disclosure_due(D("2027-03-01"), Immediate(), CALENDAR, D("2027-03-01")).provisional


@pytest.mark.parametrize(
    ("formed", "month", "due"),
    [("2026-01-05", 1, "2026-01-31"), ("2026-01-31", 1, "2026-01-31"), ("2026-02-01", 1, "2027-01-31"),
     ("2027-06-01", 2, "2028-02-29")],
)  # fmt: skip
def test_by_the_end_of_a_month_is_fixed(formed: str, month: int, due: str) -> None:
    found = disclosure_due(D(formed), ByMonthEnd(month), CALENDAR, D(formed))
    assert (found.due_on, found.provisional) == (D(due), False)
    assert "不顺延" in found.reading


def test_free_text_has_no_date_and_a_person_watches() -> None:
    due = disclosure_due(D("2026-01-05"), FreeText("项目开工前"), CALENDAR, D("2026-01-05"))
    assert (due.due_on, due.remaining, due.late, due.overdue_by) == (None, None, False, 0)
    assert due.sentence == "公开时限为“项目开工前”，请人工盯办。"


@pytest.mark.parametrize(
    ("stored", "limit"),
    [
        (("working_days", 7, ""), WorkingDays(7)),
        (("calendar_days", 20, ""), CalendarDays(20)),
        (("immediate", None, "实时"), Immediate("实时")),
        (("immediate", None, ""), Immediate("及时")),
        (("month_end", 1, ""), ByMonthEnd(1)),
        (("free_text", None, "项目开工前"), FreeText("项目开工前")),
    ],
)
def test_limits_from_stored_columns(stored: tuple, limit: Limit) -> None:
    assert limit_of(*stored) == limit


@pytest.mark.parametrize(
    "stored",
    [("working_days", 0, ""), ("working_days", None, ""), ("month_end", 13, ""), ("free_text", None, " "),
     ("fortnights", 1, "")],
)  # fmt: skip
def test_limits_that_make_no_sense_are_refused(stored: tuple) -> None:
    with pytest.raises(ValueError, match=r"时限"):
        limit_of(*stored)


def test_formed_before_2007_is_a_named_error() -> None:
    with pytest.raises(CalendarError) as error:
        disclosure_due(D("2006-05-01"), WorkingDays(), CALENDAR, D("2026-01-01"))
    assert error.value.code == "before_first_year"


def test_reassessment_after_a_year() -> None:
    assert reassess_on(D("2024-02-29")) == D("2025-02-28")
    assert reassess_on(D("2026-08-31"), months=6) == D("2027-02-28")
