"""The table of clocks, one dated example for each, and periods of months and days."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.articles import LAWS, chinese_number, cite, split, summary_of
from gongkai.law.deadlines import DEADLINES, deadline_of, longest_without_notice, review_extended
from gongkai.law.periods import add_months, calendar_period_end, month_end, month_period_end

CALENDAR = shipped_calendar()
D = date.fromisoformat

# code, start event, last day
EXAMPLES = [
    ("K1", "2026-09-18", "2026-10-22"),
    ("K2", "2025-09-25", "2025-10-11"),
    ("K3", "2022-09-30", "2022-11-02"),
    ("K4", "2026-09-18", "2026-10-15"),
    ("K5", "2026-09-18", "2026-10-15"),
    ("K7", "2026-09-01", "2026-10-08"),  # the thirtieth day, 1 October, is leave
    ("K8", "2025-07-01", "2026-01-31"),  # a Saturday, and fixed
    ("K9", "2025-07-01", "2026-03-31"),
    ("K10", "2026-08-04", "2026-10-08"),  # the sixtieth day, 3 October, is leave
    ("K11", "2026-09-10", "2026-09-28"),  # the fifteenth day, 25 September, is leave
    ("K12", "2025-08-31", "2026-02-28"),  # 28 February 2026 is a worked Saturday
    ("K13", "2025-08-15", "2026-02-24"),  # 15 February begins the leave of Spring Festival
    ("K14", "2026-03-31", "2026-06-01"),
    ("K14s", "2026-03-31", "2026-04-30"),
    ("K15", "2026-09-18", "2026-10-09"),
    ("K15s", "2026-09-18", "2026-09-24"),
    ("K16", "2026-09-18", "2026-10-09"),
    ("K17", "2025-11-01", "2026-12-31"),
    ("K18", "2026-03-02", "2026-04-01"),
    ("K19", "2026-03-31", "2026-03-24"),
    ("K20", "2025-09-25", "2025-10-11"),
    ("K21", "2026-09-24", "2026-09-30"),
]


@pytest.mark.parametrize(("code", "start", "last"), EXAMPLES)
def test_each_clock(code: str, start: str, last: str) -> None:
    found = deadline_of(code, D(start), CALENDAR)
    assert found.on == D(last)
    assert not found.provisional
    assert found.explain
    assert found.sentence.startswith(found.deadline.title)


def test_every_row_is_complete_and_every_countable_row_has_an_example() -> None:
    for row in DEADLINES.values():
        assert all((row.title, row.start, row.effect, row.extension))
        assert row.article.startswith(("《", "《最高"))
    assert {code for code, _, _ in EXAMPLES} == {code for code, row in DEADLINES.items() if row.length is not None}
    numbers = {int("".join(c for c in code if c.isdigit())) for code in DEADLINES}
    assert numbers == set(range(1, 22))


def test_a_clock_the_organ_sets_is_refused_with_words() -> None:
    for code in ("K2b", "K6"):
        with pytest.raises(ValueError, match="由行政机关确定"):
            deadline_of(code, D("2026-01-05"), CALENDAR)
    with pytest.raises(KeyError):
        deadline_of("K99", D("2026-01-05"), CALENDAR)


def test_silence_differs_between_a_third_party_and_a_coproducing_organ() -> None:
    assert "视为同意公开" in DEADLINES["K5"].effect
    assert "由行政机关依照条例决定" in DEADLINES["K4"].effect


def test_an_answer_in_a_year_without_a_notice_is_an_estimate() -> None:
    found = deadline_of("K12", D("2026-08-31"), CALENDAR)
    assert (found.on, found.provisional) == (D("2027-03-01"), True)
    assert found.sentence == "直接起诉：最迟2027年3月1日（星期一）（预估）"
    assert not deadline_of("K12", D("2026-06-30"), CALENDAR).provisional


def test_a_minimum_is_not_called_the_last_day() -> None:
    assert deadline_of("K18", D("2026-03-02"), CALENDAR).sentence.startswith("决策草案公开征求意见：不早于2026年4月1日")


def test_a_year_without_being_told_and_the_extended_review() -> None:
    assert longest_without_notice(D("2025-10-03"), CALENDAR) == D("2026-10-08")
    assert review_extended(D("2026-07-05"), CALENDAR) == D("2026-10-08")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2025-01-15", 6, "2025-07-15"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months(day: str, months: int, expected: str) -> None:
    assert add_months(D(day), months) == D(expected)


def test_ends_of_periods() -> None:
    assert month_end(2028, 2) == D("2028-02-29")
    assert calendar_period_end(D("2026-09-21"), 15, CALENDAR) == D("2026-10-08")
    assert month_period_end(D("2026-04-01"), 6, CALENDAR) == D("2026-10-08")


# Citations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("条例33", "《政府信息公开条例》第三十三条"),
        ("条例33.2", "《政府信息公开条例》第三十三条第二款"),
        ("条例36(4)", "《政府信息公开条例》第三十六条第四项"),
        ("行政复议法23.1(4)", "《行政复议法》第二十三条第一款第四项"),
        ("民法典203；条例26", "《民法典》第二百零三条；《政府信息公开条例》第二十六条"),
        ("30号", "国办公开办函〔2021〕30号"),
    ],
)
def test_citing(reference: str, words: str) -> None:
    assert cite(reference) == words


def test_a_citation_nobody_can_read_is_refused() -> None:
    for text in ("", "宪法35", "条例三十三", "条例33x"):
        with pytest.raises(ValueError, match="无法识别的条文"):
            split(text)


def test_numbers_in_words() -> None:
    words = {
        1: "一",
        10: "十",
        14: "十四",
        20: "二十",
        101: "一百零一",
        110: "一百一十",
        1001: "一千零一",
        2020: "二千零二十",
    }
    assert {n: chinese_number(n) for n in words} == words
    with pytest.raises(ValueError, match="1至9999"):
        chinese_number(0)


def test_every_cited_article_of_the_clocks_has_a_summary() -> None:
    for row in DEADLINES.values():
        for reference in row.articles.split("；"):
            law, article, _, _ = split(reference)
            assert law in LAWS
            assert summary_of(law, article), reference
