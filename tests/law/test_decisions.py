"""Major decisions: comment periods, hearings, legality review, materials."""

from datetime import date

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.decisions import (
    DISCUSSION_MATERIALS,
    CommentNotice,
    check_comment_notice,
    check_discussion,
    check_hearing,
    check_legality_review,
    comments_end_at_earliest,
    feedback_due_on,
    hearing_materials_due_on,
    legality_review_ends_at_earliest,
)
from gongkai.law.verdicts import Allowed

OUT = date(2026, 9, 30)
CALENDAR = shipped_calendar()


def test_thirty_days_without_the_day_of_publication():
    assert comments_end_at_earliest(OUT) == date(2026, 10, 30)
    assert check_comment_notice(CommentNotice(OUT, date(2026, 10, 30))) == Allowed()
    refused = check_comment_notice(CommentNotice(OUT, date(2026, 10, 29)))
    assert refused.code == "too_short"
    assert refused.sentence.startswith("征求意见的期限是29天，一般不少于30天，最早到2026年10月30日（星期五）截止")


def test_an_explained_urgent_period_has_no_lower_limit():
    assert check_comment_notice(CommentNotice(OUT, date(2026, 10, 3), shortened_reason="防汛抢险")) == Allowed()
    assert check_comment_notice(CommentNotice(OUT, date(2026, 10, 3), shortened_reason=" ")).code == "too_short"


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (CommentNotice(OUT, date(2026, 11, 30), has_draft=False), "no_draft"),
        (CommentNotice(OUT, date(2026, 11, 30), has_explanation=False), "no_draft"),
        (CommentNotice(OUT, date(2026, 11, 30), channels=("",)), "no_channel"),
        (CommentNotice(OUT, OUT, shortened_reason="紧急"), "ends_before_start"),
    ],
)
def test_what_a_notice_must_have(notice, code):
    assert check_comment_notice(notice).code == code


def test_feedback_twenty_working_days_after_the_end():
    assert feedback_due_on(date(2026, 9, 18), CALENDAR) == date(2026, 10, 22)


HEARING = date(2026, 10, 20)
GOOD = {"materials_on": date(2026, 10, 13), "announced_on": date(2026, 9, 30), "participants_published": True}


def test_hearing_materials_seven_days_before():
    assert hearing_materials_due_on(HEARING) == date(2026, 10, 13)
    assert check_hearing(HEARING, **GOOD) == Allowed()
    assert check_hearing(HEARING, **(GOOD | {"materials_on": date(2026, 10, 14)})).code == "materials_late"
    assert check_hearing(HEARING, **(GOOD | {"materials_on": None})).code == "materials_late"


def test_a_hearing_is_announced_first_and_for_rules_thirty_days_ahead():
    assert check_hearing(HEARING, **(GOOD | {"announced_on": None})).code == "not_announced"
    assert check_hearing(HEARING, **(GOOD | {"announced_on": HEARING})).code == "not_announced"
    assert check_hearing(HEARING, **(GOOD | {"participants_published": False})).code == "no_participants"
    assert check_hearing(HEARING, **GOOD, is_rule=True).code == "announced_late"
    assert check_hearing(HEARING, **(GOOD | {"announced_on": date(2026, 9, 20)}), is_rule=True) == Allowed()


def test_legality_review_has_seven_working_days():
    assert legality_review_ends_at_earliest(date(2026, 9, 30), CALENDAR) == date(2026, 10, 15)
    submitted = date(2026, 9, 30)
    assert check_legality_review(submitted, date(2026, 10, 15), CALENDAR, passed=True) == Allowed()
    assert check_legality_review(submitted, date(2026, 10, 14), CALENDAR, passed=True).code == "review_too_short"
    hurried = check_legality_review(submitted, date(2026, 10, 14), CALENDAR, passed=True, shortened_reason="紧急")
    assert hurried == Allowed()


def test_no_discussion_without_a_passed_legality_review():
    day = date(2026, 10, 30)
    assert check_legality_review(None, day, CALENDAR, passed=True).code == "no_review"
    assert check_legality_review(OUT, day, CALENDAR, passed=True, countersigned_instead=True).code == "no_review"
    assert check_legality_review(OUT, day, CALENDAR, passed=False).code == "not_lawful"


def test_materials_for_collective_discussion():
    always = frozenset({"draft", "legality_opinion"})
    assert check_discussion(always, held=frozenset()) == Allowed()
    refused = check_discussion(always, held=frozenset({"public_opinions"}))
    assert (refused.code, refused.sentence) == (
        "materials_missing",
        "提交集体讨论还缺：公众提出的主要意见的研究采纳情况。",
    )
    every = frozenset(m.code for m in DISCUSSION_MATERIALS)
    assert check_discussion(every, held=every) == Allowed()
    assert check_discussion(frozenset({"draft"}), held=frozenset()).code == "materials_missing"
    with pytest.raises(LookupError, match="minutes"):
        check_discussion(frozenset({"minutes"}), held=frozenset())
