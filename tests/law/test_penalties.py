"""Published penalties: seven working days in, three working days out."""

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.penalties import (
    CHANGES,
    check_penalty_withdrawal,
    decision_publish_by,
    must_publish_penalty,
    penalty_withdraw_by,
)
from gongkai.law.verdicts import Allowed

CALENDAR = shipped_calendar()
CHANGED = date(2026, 9, 30)


def test_three_days_are_working_days():
    assert penalty_withdraw_by(CHANGED, CALENDAR) == date(2026, 10, 10)  # 8, 9 October and Saturday the 10th, worked


def test_seven_working_days_to_publish():
    assert decision_publish_by(CHANGED, CALENDAR) == date(2026, 10, 15)
    assert decision_publish_by(CHANGED, CALENDAR, days=20) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("on", "withdrawn_on", "told", "code"),
    [
        (date(2026, 10, 9), None, False, "not_withdrawn"),
        (date(2026, 10, 10), None, False, "not_withdrawn"),
        (date(2026, 10, 11), None, False, "overdue"),
        (date(2026, 10, 12), date(2026, 10, 10), False, "no_reason"),
        (date(2026, 10, 12), date(2026, 10, 11), True, "withdrawn_late"),
    ],
)
def test_what_is_still_wanting(on, withdrawn_on, told, code):
    verdict = check_penalty_withdrawal(
        "revoked", CHANGED, CALENDAR, on=on, withdrawn_on=withdrawn_on, reason_published=told
    )
    assert (verdict.code, verdict.article) == (code, "《行政处罚法》第四十八条第二款")


@pytest.mark.parametrize("change", CHANGES)
def test_taken_down_in_time_with_its_reason(change):
    verdict = check_penalty_withdrawal(
        change, CHANGED, CALENDAR, on=date(2026, 10, 12), withdrawn_on=date(2026, 10, 10), reason_published=True
    )
    assert verdict == Allowed()


def test_an_unknown_change_is_refused_loudly():
    with pytest.raises(LookupError, match="forgotten"):
        check_penalty_withdrawal("forgotten", CHANGED, CALENDAR, on=CHANGED, withdrawn_on=None, reason_published=False)


def test_only_penalties_with_social_impact_have_to_be_published():
    assert must_publish_penalty(social_impact=True) == Allowed()
    assert must_publish_penalty(social_impact=False).code == "no_social_impact"
