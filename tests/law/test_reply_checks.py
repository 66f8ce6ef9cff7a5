"""Each defect for which courts set replies aside: found once, and not found when mended."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.law.negative_list import ThirdParty
from gongkai.law.remedies import RemedyRules, remedy
from gongkai.law.replies import REPLIES
from gongkai.law.reply_checks import CHECKS, SEVERITIES, check_reply, passed_checks
from gongkai.law.reply_facts import Case, Reply, ReplyInputError, SearchRecord, read_facts

SENT = date(2026, 10, 20)
BODY = "云溪市人民政府"
SEARCH = SearchRecord("市住建局档案室、办公系统", "桂花里 加装电梯", "方予安", date(2026, 10, 12))
HEARD = ThirdParty(asked=True, position="objected", reasonable=True)
CASE = Case(
    applicant="陆知秋",
    agency="云溪市住房和城乡建设局",
    received_on=date(2026, 9, 21),
    due_on=date(2026, 10, 28),
    review_body=BODY,
    search=SEARCH,
    third_party=HEARD,
    basis="机密，市保密局2024年3月5日确定",
    no_rule_requires=True,
    external_effect=False,
    separability_examined=True,
    reasons_asked=True,
    clarifications=1,
    responsible_agency="云溪市自然资源局",
)
REASON = "该表为投标报价构成，没有对外公开并采取了保密措施，公开可能损害其竞争地位。"
CITED = {
    "G14a": "第十四条",
    "G14b": "第十四条",
    "G14c": "第十四条",
    "G15": "第十五条",
    "G16a": "第十六条第一款",
    "G16b": "第十六条第二款",
    "G16c": "第十六条第二款",
}


def letter(code: str, ground: str = "") -> Reply:
    row = next(row for row in REPLIES if row.code == code)
    items = "".join(f"《政府信息公开条例》{cite}" for cite in row.cites)
    return Reply(
        code=code,
        ground=ground,
        sent_on=SENT,
        delivery="post",
        articles=items + (f"《政府信息公开条例》{CITED[ground]}" if ground else ""),
        reason=REASON,
        addressee="陆知秋",
        agency="云溪市住房和城乡建设局",
        number="云建公复〔2026〕58号",
        request="2026年9月21日收到，申请公开施工合同",
        dated=SENT,
        sealed=True,
        access="市政府门户网站政府信息公开平台",
        content_provided=True,
        search_described="在档案室和办公系统检索，没有找到。",
        responsible_agency="云溪市自然资源局",
        responsible_contact="0000-88120101",
        special_rule="《不动产登记暂行条例》",
        earlier_reply="云建公复〔2026〕3号，2026年2月1日",
        remedy=remedy(code, "department", SENT, body_name=BODY).text,
    )


def codes(case: Case, reply: Reply) -> list[str]:
    return [finding.code for finding in check_reply(case, reply)]


GOOD = [letter(row.code) for row in REPLIES if not row.grounds] + [
    letter(row.code, ground) for row in REPLIES if row.grounds for ground in row.grounds
]


@pytest.mark.parametrize("reply", GOOD, ids=lambda reply: reply.code + reply.ground)
def test_a_proper_letter_has_no_findings_and_passes_every_check(reply):
    assert codes(CASE, reply) == []
    passed = {check.code for check in passed_checks(CASE, reply)}
    assert passed >= {"clarification", "unfinished"}
    assert ("ground" in passed) == bool(reply.ground)
    assert ("search" in passed) == (reply.code == "R4")
    assert ("remedy" in passed) == (reply.code not in ("R13", "R14", "R16"))


R3 = letter("R3", "G15")
DEFECTS = [
    ("late", R3, {"sent_on": date(2026, 10, 29)}, {}),
    ("no_article", R3, {"articles": "《政府信息公开条例》"}, {}),
    ("no_article", R3, {"articles": "《政府信息公开条例》第三十六条第三项"}, {}),
    ("no_article", letter("R3", "G16b"), {"articles": "《政府信息公开条例》第十六条"}, {}),
    ("no_article", letter("R4"), {"articles": "《政府信息公开条例》第三十六条"}, {}),
    ("no_article", letter("R4"), {"articles": "《政府信息公开条例》第三十六条第五项"}, {}),
    ("no_article", letter("R2p", "G15"), {"articles": "《政府信息公开条例》第十五条"}, {}),
    ("no_article", letter("R1"), {"articles": "《保守国家秘密法》第三十六条第一项"}, {}),
    ("no_reason", R3, {"reason": "依法不予公开"}, {}),
    ("no_reason", letter("R5"), {"reason": " "}, {}),
    ("no_reason", letter("R8"), {"reason": "需要加工、分析。"}, {}),
    ("no_ground", R3, {"ground": ""}, {}),
    ("no_ground", letter("R2p", "G15"), {"ground": ""}, {}),
    ("no_search_record", letter("R4"), {}, {"search": None}),
    ("no_search_record", letter("R4"), {}, {"search": replace(SEARCH, terms="")}),
    ("search_not_described", letter("R4"), {"search_described": ""}, {}),
    ("no_responsible_agency", letter("R5"), {"responsible_agency": ""}, {}),
    ("no_responsible_agency", letter("R5"), {"responsible_contact": ""}, {}),
    ("no_classification_basis", letter("R3", "G14a"), {}, {"basis": ""}),
    ("no_basis", letter("R3", "G14b"), {}, {"basis": ""}),
    ("no_basis", letter("R3", "G14c"), {}, {"basis": ""}),
    ("partial_not_examined", R3, {}, {"separability_examined": False}),
    ("third_party_not_asked", R3, {}, {"third_party": None}),
    ("third_party_not_asked", letter("R2p", "G15"), {}, {"third_party": None}),
    ("third_party_open", R3, {}, {"third_party": ThirdParty(asked=True)}),
    ("objection_not_examined", R3, {}, {"third_party": replace(HEARD, reasonable=None)}),
    ("objection_unreasonable", R3, {}, {"third_party": replace(HEARD, reasonable=False)}),
    ("third_party_agreed", R3, {}, {"third_party": ThirdParty(asked=True, position="agreed")}),
    ("public_interest", R3, {}, {"third_party": replace(HEARD, public_interest=True)}),
    ("no_rule_check", letter("R3", "G16b"), {}, {"no_rule_requires": None}),
    ("no_rule_check", letter("R3", "G16c"), {}, {"no_rule_requires": None}),
    ("rule_requires", letter("R3", "G16b"), {}, {"no_rule_requires": False}),
    ("external_document", letter("R3", "G16a"), {}, {"external_effect": True}),
    ("external_document", letter("R3", "G16b"), {}, {"external_effect": True}),
    ("external_not_examined", letter("R3", "G16a"), {}, {"external_effect": None}),
    ("second_clarification", R3, {}, {"clarifications": 2}),
    ("late_clarification", R3, {}, {"clarification_late": True}),
    ("clarification_never_asked", letter("R12"), {}, {"clarifications": 0}),
    ("clarification_never_asked", letter("R13"), {}, {"clarifications": 0}),
    ("reasons_never_asked", letter("R11"), {}, {"reasons_asked": False}),
    ("wrong_addressee", R3, {"addressee": "陆知夏"}, {}),
    ("wrong_addressee", R3, {"addressee": ""}, {}),
    ("wrong_agency", R3, {"agency": "云溪市建设工程质量监督站"}, {}),
    ("courier", R3, {"delivery": "courier"}, {}),
    ("collect_on_delivery", R3, {"collect_on_delivery": True}, {}),
    ("element_missing", R3, {"number": ""}, {}),
    ("element_missing", R3, {"sealed": False}, {}),
    ("element_missing", R3, {"dated": None}, {}),
    ("element_missing", R3, {"request": ""}, {}),
    ("element_missing", letter("R1"), {"access": "", "content_provided": False}, {}),
    ("element_missing", letter("R6"), {"earlier_reply": ""}, {}),
    ("element_missing", letter("R7"), {"special_rule": ""}, {}),
    ("remedy_missing", R3, {"remedy": ""}, {}),
    ("remedy_order", R3, {"remedy": letter("R4").remedy + "收到复议决定书之日起十五日内"}, {}),
    ("remedy_order", letter("R4"), {"remedy": R3.remedy + "六个月"}, {}),
    ("remedy_body", R3, {"remedy": R3.remedy.replace(BODY, "云溪市人大")}, {}),
    ("remedy_body", R3, {"remedy": R3.remedy.replace(BODY, BODY + "或者上一级主管部门")}, {}),
    ("remedy_body", R3, {"remedy": R3.remedy.replace(BODY, "省住房和城乡建设厅")}, {"review_body": ""}),
    ("remedy_period", R3, {"remedy": R3.remedy.replace("六十日", "三十日")}, {}),
    ("remedy_period", R3, {"remedy": R3.remedy.replace("十五日内", "三个月内")}, {}),
    ("remedy_period", letter("R4"), {"remedy": letter("R4").remedy.replace("六个月", "三个月")}, {}),
    ("no_online_channel", R3, {"delivery": "online"}, {}),
    ("no_online_channel", letter("R4"), {"delivery": "online"}, {}),
    ("unfinished", R3, {"text": "对本答复不服的【网上申请渠道】"}, {}),
]


@pytest.mark.parametrize(("code", "reply", "letter_change", "case_change"), DEFECTS)
def test_each_defect_is_found_once_and_alone(code, reply, letter_change, case_change):
    assert codes(CASE, reply) == []
    assert codes(replace(CASE, **case_change), replace(reply, **letter_change)) == [code]


def test_every_code_of_every_check_is_shown_by_an_example():
    assert {code for code, *_ in DEFECTS} == {code for check in CHECKS for code in check.codes}
    listed = [code for check in CHECKS for code in check.codes]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(("code", "reply", "letter_change", "case_change"), DEFECTS)
def test_findings_are_sentences_with_a_known_severity_and_an_article(code, reply, letter_change, case_change):
    case, spoilt = replace(CASE, **case_change), replace(reply, **letter_change)
    (finding,) = check_reply(case, spoilt)
    assert finding.severity in SEVERITIES
    assert finding.sentence.endswith("。") and "！" not in finding.sentence
    assert finding.article.startswith(("《", "国办")) or code == "unfinished"
    before, after = passed_checks(CASE, reply), passed_checks(case, spoilt)
    failed = {check.code for check in CHECKS if code in check.codes}
    assert {check.code for check in before} - {check.code for check in after} >= failed


def test_what_cannot_be_undone_is_a_fault_and_not_a_thing_to_mend():
    faults = {"late", "second_clarification", "late_clarification"}
    for code, reply, letter_change, case_change in DEFECTS:
        (finding,) = check_reply(replace(CASE, **case_change), replace(reply, **letter_change))
        assert (finding.severity == "fault") == (code in faults)


def test_the_last_day_is_in_time():
    assert codes(CASE, replace(R3, sent_on=date(2026, 10, 28))) == []


def test_an_online_letter_with_a_channel_is_right_and_a_gap_is_not():
    online = replace(R3, delivery="online", online_channel="https://fuyi.example.gov.cn")
    assert codes(CASE, online) == []
    assert codes(CASE, replace(online, online_channel="【待填】")) == ["no_online_channel", "unfinished"]


def test_before_2024_a_refusal_offered_a_choice_and_named_the_superior():
    sent = date(2023, 10, 20)
    case = replace(CASE, received_on=date(2023, 9, 20), due_on=None, review_body="")
    old = replace(R3, sent_on=sent, remedy=remedy("R3", "department", sent).text)
    assert codes(case, old) == []
    assert codes(case, replace(old, remedy=R3.remedy)) == ["remedy_order", "remedy_period"]


def test_public_institutions_print_an_appeal():
    case = replace(CASE, organ="public_institution")
    assert codes(case, replace(R3, remedy=remedy("R3", "public_institution", SENT).text)) == []
    assert codes(case, R3) == ["remedy_order"]


def test_vertical_organs_name_their_superior():
    case = replace(CASE, organ="vertical", review_body="")
    assert codes(case, replace(R3, remedy=remedy("R3", "vertical", SENT).text)) == []
    assert codes(case, replace(R3, remedy=R3.remedy.replace(BODY, "本级人民政府"))) == ["remedy_body"]


def test_closings_without_a_letter_need_no_letter():
    for code in ("R13", "R14", "R16"):
        assert codes(CASE, Reply(code=code, sent_on=SENT, delivery="post")) == []


def test_local_rules_on_the_refused_part_are_heeded():
    partial = letter("R2p", "G15")
    assert check_reply(CASE, partial) == []
    found = check_reply(CASE, partial, rules=RemedyRules(partial="either"))
    assert [f.code for f in found] == ["remedy_order", "remedy_period"]


FILE = {
    "case": {
        "applicant": "陆知秋",
        "agency": "云溪市住房和城乡建设局",
        "due_on": "2026-10-28",
        "search": {"places": "档案室", "terms": "电梯", "by": "方予安", "on": "2026-10-12"},
        "third_party": {"asked": True, "position": None},
    },
    "reply": {"code": "R4", "sent_on": "2026-10-20", "delivery": "post"},
}


def test_facts_are_read_from_json():
    case, reply = read_facts(FILE)
    assert (case.due_on, case.search.on, case.third_party) == (
        date(2026, 10, 28),
        date(2026, 10, 12),
        ThirdParty(asked=True),
    )
    assert (reply.code, reply.sent_on, reply.dated) == ("R4", SENT, None)


@pytest.mark.parametrize(
    ("case", "reply", "code"),
    [
        ({"weather": "晴"}, {}, "unknown_field"),
        ({"applicant": 5}, {}, "bad_value"),
        ({"clarifications": -1}, {}, "bad_value"),
        ({"clarifications": True}, {}, "bad_value"),
        ({"separability_examined": "yes"}, {}, "bad_value"),
        ({"search": "档案室"}, {}, "bad_value"),
        ({"search": {"place": "档案室"}}, {}, "unknown_field"),
        ({"third_party": {}}, {}, "missing_field"),
        ({"third_party": {"asked": True, "position": "maybe"}}, {}, "unknown_code"),
        ({"organ": "committee"}, {}, "unknown_code"),
        ({"due_on": "2026-02-30"}, {}, "bad_date"),
        ({"received_on": "2026-10-21"}, {}, "replied_before_receipt"),
        ({}, {"code": "R99"}, "unknown_code"),
        ({}, {"ground": "G99"}, "unknown_code"),
        ({}, {"delivery": "pigeon"}, "unknown_code"),
        ({}, {"sent_on": "明天"}, "bad_date"),
    ],
)
def test_bad_files_get_a_named_error(case, reply, code):
    with pytest.raises(ReplyInputError) as caught:
        read_facts({"case": FILE["case"] | case, "reply": FILE["reply"] | reply})
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")


@pytest.mark.parametrize("data", [[], "R4", {"case": {}}, {"case": [], "reply": {}}])
def test_a_file_of_another_shape_is_told_so(data):
    with pytest.raises(ReplyInputError) as caught:
        read_facts(data)
    assert caught.value.code == "bad_shape"


def test_missing_fields_are_named():
    with pytest.raises(ReplyInputError, match="reply 缺少必填的项：sent_on、delivery"):
        read_facts({"case": FILE["case"], "reply": {"code": "R4"}})
    with pytest.raises(ReplyInputError, match="不认识的部分：extra"):
        read_facts(FILE | {"extra": 1})
