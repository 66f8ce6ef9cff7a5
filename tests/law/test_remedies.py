"""Remedies by decision, organ and date: the rule changed on 1 January 2024."""

from datetime import date

import pytest

from gongkai.law.remedies import ORGAN_KINDS, RemedyRules, first_step, remedy, review_body
from gongkai.law.replies import REPLIES

OLD, NEW = date(2023, 12, 31), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("decision", "old", "new"),
    [
        ("R3", "either", "review_first"),
        ("R2p", "either", "review_first"),
        ("no_reply", "either", "review_first"),
        ("R1", "either", "either"),
        ("R2", "either", "either"),
        ("R4", "either", "either"),
        ("R5", "either", "either"),
        ("R6", "either", "either"),
        ("R7", "either", "either"),
        ("R8", "either", "either"),
        ("R9", "either", "either"),
        ("R10", "either", "either"),
        ("R11", "either", "either"),
        ("R12", "either", "either"),
        ("R15", "either", "either"),
        ("R16", "none", "none"),
    ],
)
def test_what_comes_first_before_and_since_2024(decision, old, new):
    assert (first_step(decision, OLD), first_step(decision, NEW)) == (old, new)


@pytest.mark.parametrize(
    ("organ", "old", "new"),
    [
        ("department", "本级人民政府或者上一级主管部门", "本级人民政府"),
        ("local_government", "上一级人民政府", "上一级人民政府"),
        ("provincial_government", "作出答复的省级人民政府", "作出答复的省级人民政府"),
        ("state_department", "作出答复的国务院部门", "作出答复的国务院部门"),
        ("vertical", "上一级主管部门", "上一级主管部门"),
        ("justice_department", "本级人民政府或者上一级主管部门", "本级人民政府或者上一级司法行政部门"),
        ("dispatched_organ", "设立该派出机关的人民政府", "设立该派出机关的人民政府"),
        ("dispatched_unit", "设立该派出机构的部门或者该部门的本级人民政府", "设立该派出机构的部门的本级人民政府"),
        ("authorised_organisation", "直接管理该组织的人民政府或者部门", "管理该组织的本级人民政府"),
    ],
)
def test_review_body_before_and_since_2024(organ, old, new):
    assert (review_body(organ, OLD)[0], review_body(organ, NEW)[0]) == (old, new)


def test_the_words_of_a_refusal():
    found = remedy(
        "R3",
        "department",
        date(2026, 10, 20),
        body_name="云溪市人民政府",
        court_name="云溪区人民法院",
        online=True,
        online_channel="https://fuyi.example.gov.cn",
    )
    assert found.text == (
        "对本答复不服的，应当自收到本答复书之日起六十日内，先向云溪市人民政府申请行政复议；"
        "对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内向云溪区人民法院提起行政诉讼。"
        "网上申请行政复议：https://fuyi.example.gov.cn。"
    )
    assert (found.first_step, found.review_days, found.needs_online_channel) == ("review_first", 60, True)


def test_the_words_of_a_partial_disclosure_speak_of_the_refused_part():
    assert remedy("R2p", "department", NEW).text.startswith("对本答复书中不予公开的内容不服的，应当")


def test_the_words_of_a_choice():
    assert remedy("R4", "department", NEW).text == (
        "对本答复不服的，可以自收到本答复书之日起六十日内向本级人民政府申请行政复议，"
        "也可以自收到本答复书之日起六个月内向有管辖权的人民法院提起行政诉讼。"
    )


def test_no_reply_in_time_counts_from_the_end_of_the_reply_period_and_warns_of_local_practice():
    found = remedy("no_reply", "department", NEW)
    assert found.text.startswith("本机关逾期没有答复的，应当自答复期限届满之日起六十日内，先向")
    assert "请与法制机构确认" in found.help
    either = remedy("no_reply", "department", NEW, rules=RemedyRules(no_reply="either"))
    assert (either.first_step, either.court) == ("either", "答复期限届满之日起六个月内")


def test_what_statute_leaves_open_is_configurable():
    assert first_step("R7", NEW, rules=RemedyRules(special_query="review_first")) == "review_first"
    assert first_step("R2p", NEW, rules=RemedyRules(partial="either")) == "either"


def test_the_online_channel_is_owed_since_2024_and_only_online():
    assert remedy("R4", "department", NEW, online=True).needs_online_channel is True
    assert remedy("R4", "department", OLD, online=True).needs_online_channel is False
    assert remedy("R4", "department", NEW).needs_online_channel is False
    assert "网上" not in remedy("R4", "department", NEW, online_channel="https://x.example").text


def test_public_institutions_are_met_with_an_appeal_and_withdrawal_with_nothing():
    appeal = remedy("R3", "public_institution", NEW)
    assert (appeal.first_step, appeal.article) == ("appeal", "《政府信息公开条例》第五十五条")
    assert "复议" not in appeal.text
    assert remedy("R16", "department", NEW).text == ""


def test_every_row_and_every_organ_has_a_remedy_sentence():
    for organ in ORGAN_KINDS:
        for row in REPLIES:
            found = remedy(row.code, organ, NEW)
            assert bool(found.text) == (organ == "public_institution" or row.remedy != "none")


def test_unknown_decision_and_organ_are_refused_loudly():
    with pytest.raises(LookupError, match="R99"):
        remedy("R99", "department", NEW)
    with pytest.raises(LookupError, match="committee"):
        remedy("R3", "committee", NEW)
