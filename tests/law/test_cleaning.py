"""The four decisions of a 清理, what a decision needs, and what counts as a normative document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.law.cleaning import DECISIONS, check_decision, decision, is_normative, needs_reregistration
from gongkai.law.validity import NormativeDocument
from gongkai.law.verdicts import Allowed, Refused

ON = date(2026, 9, 21)
NO_TERM = NormativeDocument(effective_from=date(2020, 1, 1))
ENDING = NormativeDocument(effective_from=date(2021, 1, 1), valid_until=date(2026, 12, 31))
FAR = NormativeDocument(effective_from=date(2025, 1, 1), valid_until=date(2029, 12, 31))
OVER = NormativeDocument(effective_from=date(2020, 1, 1), valid_until=ON - timedelta(days=1), auto_expire=False)


def test_there_are_four_decisions_in_the_order_of_the_lists():
    assert [(row.code, row.title) for row in DECISIONS] == [
        ("keep", "继续有效"), ("amend", "修改"), ("abolish", "废止"), ("lapse", "失效"),
    ]  # fmt: skip
    assert decision("lapse").title == "失效"
    with pytest.raises(KeyError):
        decision("burn")


@pytest.mark.parametrize(("document", "wanted"), [(NO_TERM, False), (FAR, False), (ENDING, True), (OVER, True)])
def test_only_what_is_at_the_end_of_its_term_is_issued_anew(document, wanted):
    assert needs_reregistration(document, ON) is wanted


@pytest.mark.parametrize(("day", "wanted"), [(date(2026, 6, 29), False), (date(2026, 6, 30), True)])
def test_the_alert_begins_six_months_before_the_end(day, wanted):
    assert needs_reregistration(ENDING, day) is wanted


@pytest.mark.parametrize("code", ["keep", "amend", "abolish", "lapse"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_every_decision_has_a_reason(code, reason):
    verdict = check_decision(code, NO_TERM, ON, reason=reason)
    assert isinstance(verdict, Refused)
    assert verdict.code == "reason_missing"
    assert check_decision(code, NO_TERM, ON, reason="核对过") == Allowed()


@pytest.mark.parametrize("code", ["amend", "abolish", "lapse"])
def test_what_is_not_kept_needs_no_new_number(code):
    assert check_decision(code, ENDING, ON, reason="核对过") == Allowed()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "not_assessed"),
        ({"assessed": True}, "same_number"),
        ({"assessed": True, "new_number": "青民规〔2021〕1号"}, "same_number"),
        ({"assessed": True, "new_number": "青民规〔2026〕9号"}, "no_new_term"),
        ({"assessed": True, "new_number": "青民规〔2026〕9号", "new_valid_until": date(2026, 12, 31)}, "no_new_term"),
    ],
)
@pytest.mark.parametrize("document", [ENDING, OVER])
def test_keeping_at_the_end_of_the_term_says_what_is_missing(document, more, code):
    told = {"reason": "仍需执行", "old_number": "青民规〔2021〕1号"} | more
    if document is OVER and "new_valid_until" in more:
        told["new_valid_until"] = OVER.valid_until
    verdict = check_decision("keep", document, ON, **told)
    assert isinstance(verdict, Refused)
    assert verdict.code == code
    assert verdict.article


def test_keeping_with_everything_is_allowed_and_a_lapsed_document_is_not_kept():
    told = {
        "reason": "仍需执行", "assessed": True, "old_number": "青民规〔2021〕1号", "new_number": "青民规〔2026〕9号",
        "new_valid_until": date(2031, 12, 31),
    }  # fmt: skip
    assert check_decision("keep", ENDING, ON, **told) == Allowed()
    lapsed = NormativeDocument(effective_from=date(2020, 1, 1), valid_until=ON - timedelta(days=1))
    verdict = check_decision("keep", lapsed, ON, **told)
    assert isinstance(verdict, Refused)
    assert verdict.code == "no_longer_valid"


NORMATIVE = {
    "title": "青禾市临时救助办法", "doc_number": "青民规〔2021〕1号", "heading": "20-01", "column_kind": "",
    "effective_from": None, "valid_until": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"heading": "20-11", "column_kind": "政策"}, True),
        ({"heading": "20-11", "column_kind": "制度"}, True),
        ({"heading": "20-11", "column_kind": "通知"}, False),
        ({"heading": "20-11"}, False),
        ({"doc_number": " "}, False),
        ({"title": "年度表彰名单"}, False),
        ({"title": "年度表彰名单", "effective_from": date(2021, 1, 1)}, True),
        ({"title": "年度表彰名单", "valid_until": date(2031, 1, 1)}, True),
        ({"title": "青禾市临时救助办法（试行）"}, True),
        ({"title": "关于印发《救助细则（暂行）》的通知"}, True),
        ({"interprets": ["900000002/2026-00001"]}, False),
    ],
)
def test_what_counts_as_a_normative_document(changes, wanted):
    assert is_normative(**NORMATIVE | changes) is wanted
