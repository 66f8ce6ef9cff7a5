"""When to look again: a table of oracles, and what may not count as a look."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.upkeep import (
    KINDS,
    MONTHS,
    OTHER,
    Kept,
    causes,
    check_look,
    check_reason,
    months_with,
    next_look,
    questions,
)
from gongkai.law.validity import NormativeDocument
from gongkai.law.verdicts import Allowed, Refused

OUT = date(2026, 3, 31)
#: effective 2022-01-01 to 2026-12-31: the alert is 2026-06-30, the last call 2026-11-30
TERM = NormativeDocument(date(2022, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("kind", "heading", "looked_on", "on", "code"),
    [
        ("动态", "20-02", None, None, None),
        ("通知", "", None, date(2027, 3, 31), "kind"),
        ("政策", "20-11", None, date(2027, 3, 31), "kind"),
        ("解读", "", None, date(2027, 3, 31), "kind"),
        ("公示", "", None, date(2027, 3, 31), "kind"),
        ("数据", "", None, date(2027, 3, 31), "kind"),
        ("指南", "", None, date(2026, 9, 30), "kind"),
        ("制度", "", None, date(2027, 3, 31), "kind"),
        ("年报", "", None, date(2028, 3, 31), "kind"),
        ("", "", None, date(2027, 3, 31), "kind"),
        ("", "20-02", None, date(2026, 6, 30), "heading"),
        ("通知", "20-05", None, date(2026, 9, 30), "heading"),
        ("通知", "20-08", None, date(2026, 9, 30), "heading"),
        ("通知", "20-12", None, date(2026, 9, 30), "heading"),
        # after a look everything counts from its day
        ("指南", "", date(2026, 10, 8), date(2027, 4, 8), "kind"),
        ("", "20-02", date(2026, 8, 31), date(2026, 11, 30), "heading"),
    ],
)
def test_the_day_by_kind_and_heading(kind, heading, looked_on, on, code):
    found = next_look(Kept(kind, heading, OUT, looked_on))
    assert (found and found.on, found and found.code) == (on, code)


@pytest.mark.parametrize(
    ("looked_on", "on"),
    [
        (None, date(2026, 6, 30)),  # six months before the end
        (date(2026, 6, 29), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 11, 30)),  # looked in time: once more a month before the end
        (date(2026, 11, 30), date(2026, 12, 31)),  # and on the last day
        (date(2026, 12, 31), None),  # then it lapses by itself
    ],
)
def test_a_document_is_looked_at_before_its_validity_ends(looked_on, on):
    assert [c.on for c in causes(Kept("动态", "", OUT, looked_on, TERM))] == ([on] if on else [])


def test_what_came_out_inside_the_alert_was_read_by_its_reviewers():
    late = NormativeDocument(date(2026, 3, 1), date(2026, 8, 15))
    assert [c.on for c in causes(Kept("动态", "", OUT, None, late))] == [date(2026, 7, 15)]
    later = NormativeDocument(date(2026, 3, 1), date(2026, 4, 10))
    assert [c.on for c in causes(Kept("动态", "", OUT, None, later))] == [date(2026, 4, 10)]


def test_a_public_notice_ends_by_itself():
    assert [c.code for c in causes(Kept("公示", "", OUT, None, TERM))] == ["kind"]


def test_an_abolished_document_has_no_alert_and_the_earliest_cause_comes_first():
    gone = NormativeDocument(date(2022, 1, 1), date(2026, 12, 31), abolished_on=date(2026, 1, 1))
    assert causes(Kept("动态", "", OUT, None, gone)) == ()
    found = causes(Kept("指南", "20-02", OUT, None, TERM))
    assert [(c.code, c.on) for c in found] == [
        ("heading", date(2026, 6, 30)), ("validity", date(2026, 6, 30)), ("kind", date(2026, 9, 30)),
    ]  # fmt: skip


def test_every_cause_says_why():
    validity, heading, kind = causes(Kept("指南", "20-02", OUT, date(2026, 4, 1), TERM))
    assert heading.sentence == "“机关职能、机构设置、负责人”类信息每3个月复核一次，自2026年4月1日起算。"
    assert validity.sentence.startswith("有效期至2026年12月31日，届满前应当评估")
    assert kind.sentence == "指南类信息每6个月复核一次，自2026年4月1日起算。"


def test_an_office_sets_its_own_months():
    own = months_with({"指南": 3, "20-11": 2, "通知": 0, "动态": 12})
    assert next_look(Kept("指南", "", OUT), months=own).on == date(2026, 6, 30)
    assert next_look(Kept("政策", "20-11", OUT), months=own).on == date(2026, 5, 31)
    assert next_look(Kept("通知", "20-11", OUT), months=own) is None
    assert next_look(Kept("动态", "", OUT), months=own).on == date(2027, 3, 31)
    assert MONTHS["指南"] == 6


@pytest.mark.parametrize(
    "wrong", [{"新闻": 3}, {"20-99": 3}, {"指南": -1}, {"指南": 1.5}, {"指南": True}, {"指南": "6"}]
)
def test_a_table_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"没有“|应当是月数"):
        months_with(wrong)


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        next_look(Kept("新闻", "", OUT))


@pytest.mark.parametrize(
    ("next_on", "on", "allowed"),
    [
        (None, date(2026, 9, 30), False),
        (date(2026, 9, 30), date(2026, 8, 30), False),
        (date(2026, 9, 30), date(2026, 8, 31), True),
        (date(2026, 9, 30), date(2026, 9, 30), True),
        (date(2026, 9, 30), date(2027, 9, 30), True),
    ],
)
def test_a_look_long_before_its_day_is_none(next_on, on, allowed):
    verdict = check_look(next_on, on)
    assert (verdict if allowed else verdict.code) == (Allowed() if allowed else "nothing_to_look")


@pytest.mark.parametrize(
    ("reason", "same_today", "code"),
    [
        ("", 0, "reason_missing"),
        (" 　 ", 0, "reason_missing"),
        ("没有变化", 0, "reason_short"),
        ("已核对电话。", 0, None),
        ("已核对电话。", 9, None),
        ("已核对电话。", 10, "reason_repeated"),
    ],
)
def test_a_reason_has_to_say_something(reason, same_today, code):
    verdict = check_reason(reason, same_today=same_today)
    assert (verdict.code if isinstance(verdict, Refused) else None) == code


def test_questions_begin_with_the_particular_ones():
    assert questions("指南", "20-02")[0].startswith("办理条件、材料")
    assert questions("指南", "20-02")[1].startswith("负责人、职能")
    assert len(questions("", "")) == 4


@given(
    st.sampled_from(sorted(KINDS - {OTHER} | {""})), st.sampled_from(["", "20-02", "20-05", "20-11"]),
    st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(0, 4000),
)  # fmt: skip
def test_a_look_always_moves_the_day_forward(kind, heading, out_on, days):
    first = next_look(Kept(kind, heading, out_on))
    if first is None:
        return
    looked = max(first.on, out_on + timedelta(days=days))
    again = next_look(Kept(kind, heading, out_on, looked))
    assert again.on > looked
