"""Which instant may be set, who may bring it forward, what is an alarm."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.scheduling import (
    ALIVE_WITHIN,
    FARTHEST_DAYS,
    LATE_AFTER,
    LONGEST_REASON,
    after_last_day,
    alarms,
    alive,
    may_change,
    may_set,
)

NOW = datetime(2026, 9, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(hours=5)
SECOND = timedelta(seconds=1)


def verdict(instant=LATER, **changes):
    values = {"now": NOW, "openness": "proactive", "last_day": date(2026, 10, 20), "reason": ""} | changes
    found = may_set(instant, instant.date(), **values)
    return "" if found else found.code


def test_an_instant_of_the_future_may_be_set():
    assert verdict() == ""
    assert verdict(NOW + SECOND) == ""
    assert verdict(last_day=None) == ""


@pytest.mark.parametrize("instant", [NOW, NOW - SECOND, NOW - timedelta(days=300)])
def test_one_that_is_past_may_not(instant):
    assert verdict(instant) == "instant_past"


def test_a_slip_of_the_year_is_noticed():
    assert verdict(NOW + timedelta(days=FARTHEST_DAYS), last_day=None) == ""
    assert verdict(NOW + timedelta(days=FARTHEST_DAYS, seconds=1), last_day=None) == "instant_far"


@pytest.mark.parametrize("openness", ["on_request", "withheld"])
def test_only_proactive_disclosure_has_an_instant(openness):
    assert verdict(openness=openness) == "not_proactive"


def test_past_the_last_day_only_with_a_reason():
    evening = datetime(2026, 10, 20, 23, 59, tzinfo=NOW.tzinfo)
    assert verdict(evening) == ""
    assert verdict(evening + timedelta(minutes=1)) == "after_last_day"
    assert verdict(evening + timedelta(minutes=1), reason="与上级同步公布。") == ""
    refused = may_set(
        evening + timedelta(minutes=1), date(2026, 10, 21), now=NOW, openness="proactive",
        last_day=date(2026, 10, 20), reason=" ",
    )  # fmt: skip
    assert refused.article == "《政府信息公开条例》第二十六条"
    assert "2026年10月20日" in refused.sentence
    assert verdict(reason="理" * (LONGEST_REASON + 1)) == "reason_long"


def test_the_last_day_itself_is_in_time():
    assert not after_last_day(date(2026, 10, 20), date(2026, 10, 20))
    assert after_last_day(date(2026, 10, 21), date(2026, 10, 20))
    assert not after_last_day(date(2030, 1, 1), None)


@pytest.mark.parametrize(
    ("new", "in_review", "drafts", "allowed"),
    [
        (LATER + SECOND, True, True, True),  # put off
        (LATER - SECOND, True, True, False),  # sooner than the reviewers were told
        (None, True, True, False),  # at once when the last opinion is there: sooner as well
        (LATER - SECOND, True, False, True),
        (None, True, False, True),
        (LATER - SECOND, False, True, True),
        (None, False, True, True),
    ],
)
def test_the_drafter_only_puts_off_while_the_text_is_in_review(new, in_review, drafts, allowed):
    assert bool(may_change(new, LATER, in_review=in_review, drafts=drafts)) is allowed


def test_a_first_instant_puts_off_by_itself():
    assert may_change(LATER, None, in_review=True, drafts=True)


def codes(due_at, *, approved_at, now, last_sign):
    return [a.code for a in alarms(due_at, approved_at=approved_at, now=now, last_sign=last_sign)]


def test_alarms_at_their_second():
    fresh = {"last_sign": NOW}
    assert codes(LATER, approved_at=None, now=NOW, **fresh) == []
    assert codes(NOW, approved_at=None, now=NOW, **fresh) == ["unreviewed"]
    assert codes(NOW - LATE_AFTER, approved_at=NOW - LATE_AFTER, now=NOW, **fresh) == []
    assert codes(NOW - LATE_AFTER - SECOND, approved_at=NOW - LATE_AFTER - SECOND, now=NOW, **fresh) == ["late"]
    assert codes(NOW - timedelta(days=1), approved_at=NOW - SECOND, now=NOW, **fresh) == []  # approved just now
    assert codes(LATER, approved_at=None, now=NOW, last_sign=None) == ["no_worker"]
    assert codes(NOW - timedelta(hours=1), approved_at=NOW - timedelta(hours=2), now=NOW, last_sign=None) == [
        "late", "no_worker",
    ]  # fmt: skip


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)))
def test_a_worker_that_died_is_an_alarm_within_sixty_seconds(silent):
    assert alive(NOW - silent, NOW) is (silent <= ALIVE_WITHIN)
    assert timedelta(seconds=60) > ALIVE_WITHIN


def test_a_sign_from_the_future_is_no_sign():
    assert not alive(NOW + ALIVE_WITHIN + SECOND, NOW)
    assert not alive(None, NOW)
