"""Validity of normative documents."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.periods import add_months
from gongkai.law.validity import (
    NormativeDocument,
    check_reregistration,
    default_valid_until,
    expiry_alert_on,
    is_expiring,
    renewed,
    validity_on,
)
from gongkai.law.verdicts import Allowed

TERM = NormativeDocument(effective_from=date(2022, 1, 1), valid_until=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("on", "code", "label"),
    [
        (date(2021, 12, 31), "pending", "尚未施行"),
        (date(2022, 1, 1), "effective", "有效"),
        (date(2026, 12, 31), "effective", "有效"),
        (date(2027, 1, 1), "expired", "已失效"),
    ],
)
def test_status_over_the_term(on, code, label):
    validity = validity_on(TERM, on)
    assert (validity.code, validity.label, validity.overdue) == (code, label, False)


def test_without_automatic_expiry_a_document_stays_valid_and_is_marked_overdue():
    document = NormativeDocument(valid_until=date(2026, 12, 31), auto_expire=False)
    assert validity_on(document, date(2026, 12, 31)).overdue is False
    late = validity_on(document, date(2027, 1, 1))
    assert (late.code, late.overdue) == ("effective", True)


def test_amended_and_abolished_from_their_day():
    document = NormativeDocument(amended_on=date(2024, 5, 1), abolished_on=date(2025, 6, 1))
    codes = [validity_on(document, date(2024, 4, 30)).code, validity_on(document, date(2024, 5, 1)).code]
    codes += [validity_on(document, date(2025, 5, 31)).code, validity_on(document, date(2025, 6, 1)).code]
    assert codes == ["effective", "amended", "amended", "abolished"]


def test_abolished_goes_before_expired_and_expired_before_amended():
    document = NormativeDocument(
        valid_until=date(2024, 12, 31), amended_on=date(2024, 1, 1), abolished_on=date(2025, 6, 1)
    )
    assert validity_on(document, date(2025, 1, 1)).code == "expired"
    assert validity_on(document, date(2025, 6, 1)).code == "abolished"


def test_a_document_without_dates_is_valid():
    assert validity_on(NormativeDocument(), date(2026, 1, 1)).sentence == "本文件现行有效。"


def test_a_term_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="早于施行日2026年1月2日"):
        NormativeDocument(effective_from=date(2026, 1, 2), valid_until=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("start", "trial", "until"),
    [
        (date(2026, 1, 1), False, date(2030, 12, 31)),
        (date(2026, 3, 15), False, date(2031, 3, 14)),
        (date(2026, 3, 15), True, date(2028, 3, 14)),
        (date(2024, 2, 29), False, date(2029, 2, 28)),
    ],
)
def test_default_terms(start, trial, until):
    assert default_valid_until(start, is_trial=trial) == until


def test_a_term_of_no_years_is_refused():
    with pytest.raises(ValueError, match="至少1年"):
        default_valid_until(date(2026, 1, 1), is_trial=True, trial_years=0)


def test_alert_six_months_before_expiry():
    assert expiry_alert_on(TERM) == date(2026, 6, 30)
    assert [is_expiring(TERM, d) for d in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 12, 31))] == [
        False,
        True,
        True,
    ]
    assert is_expiring(TERM, date(2027, 1, 1)) is False
    assert expiry_alert_on(NormativeDocument()) is None
    assert expiry_alert_on(NormativeDocument(valid_until=date(2026, 8, 31), abolished_on=date(2025, 1, 1))) is None
    assert expiry_alert_on(NormativeDocument(valid_until=date(2026, 8, 31))) == date(2026, 2, 28)


ON = date(2026, 9, 1)


def test_reregistration_needs_assessment_and_a_new_number():
    good = {"assessed": True, "old_number": "某规〔2022〕1号", "new_number": "某规〔2026〕9号"}
    assert check_reregistration(TERM, ON, **good) == Allowed()
    assert check_reregistration(TERM, ON, **(good | {"assessed": False})).code == "not_assessed"
    assert check_reregistration(TERM, ON, **(good | {"new_number": "某规〔2022〕1号 "})).code == "same_number"
    assert check_reregistration(TERM, ON, **(good | {"new_number": " "})).code == "same_number"
    assert check_reregistration(TERM, date(2027, 1, 1), **good).code == "no_longer_valid"
    assert check_reregistration(NormativeDocument(), ON, **good).code == "no_term"


def test_after_reregistration_the_term_runs_anew():
    again = renewed(TERM, date(2026, 12, 1))
    assert (again.effective_from, again.valid_until) == (date(2026, 12, 1), date(2031, 11, 30))
    assert validity_on(again, date(2027, 1, 1)).code == "effective"


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(-600, 600))
def test_months_land_in_the_right_month_and_never_later_in_it(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and add_months(day.replace(day=1), months + 1) > moved)
    assert add_months(day.replace(day=1), months).day == 1
