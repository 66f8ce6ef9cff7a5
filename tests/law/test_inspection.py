"""Inspection indicators: thresholds, what is no data, and the site as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.law.inspection import INDICATORS, judge, last_fresh_day, site_verdict

ON = date(2026, 9, 21)


@pytest.mark.parametrize(
    ("code", "value", "verdict", "by"),
    [
        ("home_fresh", 14, "pass", -1),
        ("home_fresh", 15, "fail", 0),
        ("home_fresh", 40, "fail", 25),
        ("columns_fresh", 4, "pass", -1),
        ("columns_fresh", 5, "fail", 0),
        ("columns_stale", 9, "pass", -1),
        ("columns_stale", 10, "fail", 0),
        ("columns_blank", 5, "fail", 0),
        ("honest_dates", 0, "pass", -1),
        ("honest_dates", 1, "fail", 0),
        ("messages_answered", None, "no_data", None),
    ],
)
def test_an_indicator_fails_from_its_threshold_on(code, value, verdict, by):
    judged = judge(code, value)
    assert (judged.verdict, judged.by) == (verdict, by)


def test_an_office_may_set_its_own_threshold():
    assert judge("columns_blank", 3, threshold=3).verdict == "fail"
    with pytest.raises(ValueError, match="would fail everything"):
        judge("columns_blank", 3, threshold=0)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("动态", date(2026, 9, 7)),
        ("通知", date(2026, 3, 21)),
        ("政策", date(2026, 3, 21)),
        ("解读", date(2026, 3, 21)),
        ("年报", date(2025, 8, 21)),
        ("其他", None),
    ],
)
def test_how_old_the_newest_item_of_a_column_may_be(kind, day):
    assert last_fresh_day(kind, on=ON) == day


def test_the_whole_site():
    good = {indicator.code: judge(indicator.code, 0) for indicator in INDICATORS}
    assert site_verdict(good) == "pass"
    assert site_verdict(good | {"messages_answered": judge("messages_answered", None)}) == "no_data"
    assert site_verdict(good | {"columns_blank": judge("columns_blank", 5)}) == "fail"
    # What only costs points fails no site.
    assert site_verdict(good | {"footer_complete": judge("footer_complete", 7)}) == "pass"
