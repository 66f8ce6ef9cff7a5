"""Art. 14 to 16 and 18: grounds for not disclosing."""

from datetime import date

import pytest

from gongkai.law.negative_list import (
    GROUNDS,
    ThirdParty,
    check_refusal,
    ground,
    reassess_on,
    refusal_defects,
)
from gongkai.law.verdicts import Allowed

REASON = "文件载明了尚未作出决定的用地选址比选方案，公开会误导利害关系人。"


def test_seven_grounds_each_on_its_line_of_the_annual_report():
    assert [row.code for row in GROUNDS] == ["G14a", "G14b", "G14c", "G15", "G16a", "G16b", "G16c"]
    assert [row.report_row for row in GROUNDS] == [f"denied_{i}" for i in range(1, 8)]


def test_mandatory_and_discretionary_are_kept_apart():
    assert {row.code: row.wording for row in GROUNDS} == {
        "G14a": "不予公开",
        "G14b": "不予公开",
        "G14c": "不予公开",
        "G15": "不得公开",
        "G16a": "可以不予公开",
        "G16b": "可以不予公开",
        "G16c": "可以不予公开",
    }


def test_only_article_16_paragraph_2_needs_the_check_of_other_rules():
    assert [row.code for row in GROUNDS if row.needs_no_rule_check] == ["G16b", "G16c"]


def test_every_row_says_what_to_record():
    assert all(row.record and row.covers.endswith("。") and row.article for row in GROUNDS)


def test_unknown_ground_is_refused_loudly():
    with pytest.raises(LookupError, match="G17"):
        ground("G17")


@pytest.mark.parametrize("reason", ["", "  ", "国家秘密", "依法不予公开。", "该信息属于国家秘密，依法不予公开。"])
def test_a_reason_that_only_names_the_ground_is_no_reason(reason):
    assert check_refusal("G14a", reason, basis="机密，某局，2024年3月").code == "no_reason"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("G15", "根据《政府信息公开条例》第十五条的规定，不予公开。"),
        ("G15", "您申请的信息涉及商业秘密，依法不得公开"),
        ("G16a", "属于内部事务信息，决定不予公开"),
        ("G16c", "该政府信息属于行政执法案卷信息，根据第十六条第二款不予公开。"),
    ],
)
def test_the_usual_formula_is_no_reason_for_any_ground(code, reason):
    assert refusal_defects(code, reason)[0].code == "no_reason"


def test_a_short_but_real_reason_is_one():
    assert check_refusal("G16a", "是本机关食堂采购排班表") == Allowed()


@pytest.mark.parametrize("code", ["G14a", "G14b", "G14c"])
def test_article_14_needs_its_basis(code):
    assert check_refusal(code, REASON).code == ("no_classification_basis" if code == "G14a" else "no_basis")
    assert check_refusal(code, REASON, basis="写明的依据") == Allowed()


@pytest.mark.parametrize("code", ["G16b", "G16c"])
def test_article_16_2_needs_the_check_that_no_rule_requires_disclosure(code):
    assert check_refusal(code, REASON).code == "no_rule_check"
    assert check_refusal(code, REASON, no_rule_requires=False).code == "rule_requires"
    assert check_refusal(code, REASON, no_rule_requires=True) == Allowed()


def test_internal_affairs_need_only_a_reason():
    assert check_refusal("G16a", REASON) == Allowed()


@pytest.mark.parametrize(
    ("third_party", "code"),
    [
        (None, "third_party_not_asked"),
        (ThirdParty(asked=False), "third_party_not_asked"),
        (ThirdParty(asked=True), "third_party_open"),
        (ThirdParty(asked=True, position="agreed"), "third_party_agreed"),
        (ThirdParty(asked=True, position="objected"), "objection_not_examined"),
        (ThirdParty(asked=True, position="objected", reasonable=False), "objection_unreasonable"),
        (ThirdParty(asked=True, position="objected", reasonable=True, public_interest=True), "public_interest"),
    ],
)
def test_article_15_on_request_is_refused_until_the_third_party_was_heard(third_party, code):
    assert check_refusal("G15", REASON, third_party=third_party, on_request=True).code == code


@pytest.mark.parametrize(
    "third_party",
    [ThirdParty(asked=True, position="objected", reasonable=True), ThirdParty(asked=True, position="silent")],
)
def test_article_15_on_request_allows_after_a_sound_objection_or_silence(third_party):
    assert check_refusal("G15", REASON, third_party=third_party, on_request=True) == Allowed()


def test_article_15_without_a_request_does_not_demand_a_letter_but_heeds_consent_and_public_interest():
    assert check_refusal("G15", REASON) == Allowed()
    assert check_refusal("G15", REASON, third_party=ThirdParty(asked=False)) == Allowed()
    assert check_refusal("G15", REASON, third_party=ThirdParty(False, public_interest=True)).code == "public_interest"
    assert check_refusal("G15", REASON, third_party=ThirdParty(True, "agreed")).code == "third_party_agreed"


def test_unknown_position_is_refused_loudly():
    with pytest.raises(LookupError, match="maybe"):
        check_refusal("G15", REASON, third_party=ThirdParty(True, "maybe"))


def test_reassessment_comes_back_after_twelve_months_or_what_is_configured():
    assert reassess_on(date(2026, 2, 10)) == date(2027, 2, 10)
    assert reassess_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert reassess_on(date(2026, 8, 31), months=6) == date(2027, 2, 28)
    with pytest.raises(ValueError, match="至少1个月"):
        reassess_on(date(2026, 1, 1), months=0)


def test_all_defects_are_told_together():
    defects = refusal_defects("G16b", "", no_rule_requires=None)
    assert [d.code for d in defects] == ["no_reason", "no_rule_check"]
    assert refusal_defects("G16b", REASON, no_rule_requires=True) == ()
