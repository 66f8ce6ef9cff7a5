"""What documents say: every kind has its wording, every letter holds what law wants, what is missing is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gongkai.foi.documents import KINDS, as_dict, compose, document_of, left_out, missing, procedure, to_html
from gongkai.foi.documents.composing import ELEMENT_FIELDS, named, template
from gongkai.foi.documents.fields import FIELDS, GROUND_WORDS, said
from gongkai.foi.documents.kinds import kind_of
from gongkai.foi.documents.money import in_words
from gongkai.law.articles import cite
from gongkai.law.negative_list import GROUNDS, ThirdParty
from gongkai.law.remedies import remedy
from gongkai.law.replies import REPLIES, required_citations
from gongkai.law.reply_checks import check_reply
from gongkai.law.reply_clock import ClockStep
from gongkai.law.reply_facts import Case, Reply, SearchRecord

DATED = date(2026, 10, 28)
NAME, AGENCY = "陆测试", "青禾市住房和城乡建设局"
REQUEST = "青禾里小区3号楼加装电梯项目施工合同"
LETTERS = [
    (row.code, ground) for row in REPLIES if row.is_letter for ground in (row.grounds or ("",))
]  # fmt: skip
REASON = "2026年9月20日，经办人员逐卷核对了所涉项目的全部材料，具体情形与本条规定一致"


def fields(code: str = "", ground: str = "") -> dict[str, Any]:
    """Fields of every kind, filled in; those of a reply where a code is given."""
    common: dict[str, Any] = {
        "agency": AGENCY, "addressee": NAME, "case_number": "QH-JS-2026-00058", "request": REQUEST,
        "received_on": date(2026, 9, 8), "channel": "online", "dated": DATED,
        "organ_address": "青禾市文渊路1号", "organ_phone": "0000-1234",
        "arrived_on": date(2026, 9, 7), "due_on": date(2026, 10, 14), "clock_sentence": "收到之日不计入",
        "items": "请写明合同的签订年份\n请写明验收的种类", "reply_by": date(2026, 9, 30), "letter": "施工合同附件二",
        "asked_on": date(2026, 9, 29), "basis": "34", "parties": 2, "working_days": 10, "reason": REASON,
        "new_due_on": date(2026, 11, 11), "text": "2026年8月以来共提出128件", "until": date(2026, 12, 31), "yuan": 2000,
        "method": "piece", "fee_lines": ("第11件至第30件，每件100元",), "pay_by_days": 30, "by": "post",
        "on": DATED, "proof": "XA00000001", "reply_number": "青建公复〔2026〕12号", "what": "房号应为302",
        "decision": "unfounded", "other_organ": "青禾市档案馆", "rows": [(1, "登记回执", DATED, 1, 3)],
        "content": "施工合同",
    }  # fmt: skip
    return common | (reply_fields(code, ground) if code else {})


def reply_fields(code: str, ground: str = "") -> dict[str, Any]:
    cited = required_citations(code, ground)
    references = [
        f"条例{c.article}" + (f".{c.paragraph}" if c.paragraph else "") + (f"({c.item})" if c.item else "")
        for c in cited
    ]
    return {
        "number": "青建公复〔2026〕12号", "ground": ground, "articles": cite("；".join(references)) if cited else "",
        "remedy": remedy(code, "department", DATED, body_name="青禾市人民政府").text,
        "access": "青禾市人民政府网站“重大建设项目”栏目", "access_time": "2026年11月2日起",
        "search_described": "在档案室以“加装电梯”检索，结果为零", "responsible_agency": "青禾市档案馆",
        "responsible_contact": "0000-5678", "special_rule": "《不动产登记暂行条例》",
        "proper_channel": "青禾市信访局", "earlier_reply": "青建公复〔2025〕1号，2025年3月1日",
    }  # fmt: skip


# The table and its templates ----------------------------------------------------------------------------------------


def test_there_is_a_kind_for_every_letter_of_law_and_no_other():
    replies = {code.removeprefix("reply_") for code in KINDS if code.startswith("reply_")}
    assert replies == {row.code for row in REPLIES if row.is_letter}
    assert set(GROUND_WORDS) == {ground.code for ground in GROUNDS}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_whole(kind: str):
    row = KINDS[kind]
    assert row.title and row.article
    assert named(row.template) - set(FIELDS) == set()
    document = compose(kind, fields("R2") | {"ground": "G15"})
    assert (document.kind, document.title, document.dated) == (kind, row.title, DATED)
    assert document.addressee == (NAME if row.layout == "letter" else "")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("reply_")])
def test_each_notice_with_its_fields_misses_nothing(kind: str):
    document = compose(kind, fields())
    assert missing(document) == ()
    wanted = named(KINDS[kind].template) - {"guidance", "remedy", "content", "reason", "agency", "you", "pay_how"}
    optional = {"consultation_agency": {"basis"}, "correction_answer": {"other_organ"}}.get(kind, set())
    text = document.text + document.addressee
    for name in wanted - optional:
        for part in said(name, fields(), kind_of(kind)).splitlines():
            assert part.rstrip("。") in text, name


def test_who_may_open_what():
    hidden = {code for code, row in KINDS.items() if not row.to_applicant}
    assert hidden == {"consultation", "consultation_agency", "third_party_told", "delivery_proof", "dossier_index"}


@pytest.mark.parametrize("kind", ["consultation", "consultation_agency", "third_party_told"])
def test_letters_to_others_do_not_say_who_asked_nor_in_which_words(kind: str):
    document = compose(kind, fields() | {"addressee": "青禾建设公司"})
    assert NAME not in document.text and REQUEST not in document.text
    assert document.addressee == "青禾建设公司"


# Replies --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "ground"), LETTERS)
def test_a_letter_holds_everything_law_wants_in_it(code: str, ground: str):
    given = fields(code, ground)
    document = compose(f"reply_{code}", given)
    assert missing(document) == ()
    row = next(row for row in REPLIES if row.code == code)
    for element in row.elements:
        if element in ("number", "agency", "date", "seal"):
            continue  # parts of the page, below
        for name in ELEMENT_FIELDS[element]:
            assert said(name, given, kind_of(document.kind)).rstrip("。") in document.text, element
    assert (document.number, document.agency, document.dated) == (given["number"], AGENCY, DATED)
    assert left_out(document, given) == ()
    page = to_html(document)
    assert AGENCY in page.partition("official-sign")[2] and "2026年10月28日" in page.partition("official-sign")[2]
    assert document.text.splitlines()[-1] == given["remedy"]


@pytest.mark.parametrize(("code", "ground"), LETTERS)
def test_a_letter_of_a_sound_case_passes_every_check(code: str, ground: str):
    given = fields(code, ground)
    document = compose(f"reply_{code}", given)
    case = Case(
        NAME, AGENCY, received_on=date(2026, 9, 8), due_on=date(2026, 11, 11), review_body="青禾市人民政府",
        clarifications=1, reasons_asked=True, search=SearchRecord("档案室", "加装电梯", "经办01", date(2026, 9, 20)),
        third_party=ThirdParty(True, "objected", True), basis="机密，2026年定密", no_rule_requires=True,
        external_effect=False, separability_examined=True, responsible_agency="青禾市档案馆",
    )  # fmt: skip
    letter = {
        name: given[name] for name in reply_fields(code, ground) if name not in ("proper_channel", "number", "ground")
    }
    reply = Reply(
        code, DATED, "post", ground=ground, reason=REASON, addressee=document.addressee, agency=document.agency,
        number=document.number, request=REQUEST, dated=document.dated, sealed=True, content_provided=True,
        text=document.text, **letter,
    )  # fmt: skip
    # what the page itself cites is judged too, not only the field
    for written in (reply, replace(reply, articles=document.text, remedy=document.text.splitlines()[-1])):
        assert [f for f in check_reply(case, written) if f.severity == "must_fix"] == []


@pytest.mark.parametrize(("code", "ground"), LETTERS)
def test_the_regulation_is_named_in_full_once(code: str, ground: str):
    text = compose(f"reply_{code}", fields(code, ground)).text
    assert text.count("《中华人民共和国政府信息公开条例》") == (1 if code != "R15" else 0)
    assert "《政府信息公开条例》" not in text


def test_the_article_of_the_outcome_comes_first_and_other_laws_last():
    given = fields("R3", "G14b") | {
        "articles": "《档案法》第二十八条；《政府信息公开条例》第十四条；《条例》第三十六条第三项"
    }
    assert "第三十六条第三项、第十四条、《档案法》第二十八条的规定" in compose("reply_R3", given).text


def test_a_letter_given_online_asks_for_the_online_way_of_review():
    given = fields("R4") | {"delivery": "online"}
    assert missing(compose("reply_R4", given)) == ("网上申请行政复议的渠道",)
    told = compose("reply_R4", given | {"online_channel": "https://fy.example"})
    assert missing(told) == ()
    assert told.text.endswith("网上申请行政复议：https://fy.example。")


def test_without_words_the_remedy_comes_from_law():
    given = fields("R3", "G15") | {"remedy": "", "organ": "department", "review_body": "青禾市人民政府"}
    right = remedy("R3", "department", DATED, body_name="青禾市人民政府").text
    assert compose("reply_R3", given).text.splitlines()[-1] == right


def test_what_was_done_before_is_told_with_its_day():
    steps = [
        ClockStep("received", date(2026, 9, 8), channel="in_person"),
        ClockStep("third_party_asked", date(2026, 9, 29), party="第三方1"),
        ClockStep("third_party_answered", date(2026, 10, 9), party="第三方1", position="objected"),
        ClockStep("extended", date(2026, 10, 12), working_days=10),
    ]
    told = (
        "2026年9月29日，本机关书面征求第三方意见；2026年10月9日，第三方答复不同意公开；"
        "2026年10月12日，经本机关政府信息公开工作机构负责人同意，答复期限延长10个工作日，并已告知您。"
    )
    assert procedure(steps) == told
    assert procedure(steps[:1]) == ""
    assert f"办理经过：{told}" in compose("reply_R3", fields("R3", "G15") | {"procedure": told}).paragraphs


# What is missing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_without_fields_every_kind_shows_what_is_missing(kind: str):
    document = compose(kind, {})
    assert "机关名称" in missing(document) and "成文日期" in missing(document)
    assert document.dated is None
    assert f"【{FIELDS['agency'].label}】" in to_html(document)


def test_the_preview_of_an_unfinished_reply_marks_each_gap():
    given = fields("R3", "G15") | {"reason": "", "remedy": None, "number": "", "dated": None}
    document = compose("reply_R3", given)
    assert missing(document) == ("文号", "理由", "救济途径和期限", "成文日期")
    page = to_html(document)
    for name in ("文号", "理由", "救济途径和期限"):
        assert f'<mark class="official-gap">【{name}】</mark>' in page
    assert "　　　　年　　月　　日" in page


def test_marks_in_the_words_of_others_are_no_gaps():
    given = fields("R2") | {"request": "【公示】第3号文件", "addressee": "陆【测试】", "files": ["【公示】附表.xlsx"]}
    document = compose("reply_R2", given | {"content_provided": True})
    assert missing(document) == ()
    assert "〖公示〗第3号文件" in document.text
    assert document.attachments == ("〖公示〗附表",)
    assert missing(compose("reply_R2", given | {"access": "【网址】"})) == ("网址",)


def test_the_officers_own_body_takes_the_place_of_the_wording():
    document = compose("reply_R2", fields("R2"), "第一段\n\n  第二段【待补】  ")
    assert document.paragraphs == ("第一段", "第二段【待补】")
    assert missing(document) == ("待补",)
    asked = compose("consultation", fields(), "请提出意见")
    assert asked.paragraphs[:2] == ("请提出意见", "\f第三方意见回执")


def test_what_a_free_body_lost_is_named():
    given = fields("R4")
    whole = compose("reply_R4", given)
    assert left_out(compose("reply_R4", given, whole.text), given) == ()
    shortened = "\n".join(whole.text.splitlines()[:-1])
    assert left_out(compose("reply_R4", given, shortened), given) == ("救济途径和期限",)
    assert left_out(compose("extension", fields(), "好的"), fields()) == ()


def test_a_document_with_nothing_in_it_is_missing_its_text():
    assert missing(replace(compose("reply_R2", fields("R2")), paragraphs=())) == ("正文",)


# The language of templates --------------------------------------------------------------------------------------------


def test_what_stands_in_a_value_is_never_read_as_a_template():
    hostile = "{reason}[?you 甲|乙][{access}]\f---- 表 @remedy # 注"
    document = compose("reply_R2", fields("R2") | {"request": hostile})
    assert "“{reason}[?you 甲|乙][{access}]---- 表 @remedy # 注”" in document.text
    assert len(document.paragraphs) == len(compose("reply_R2", fields("R2")).paragraphs)


def test_a_choice_by_value():
    own, other = compose("consultation_agency", fields()), compose("consultation_agency", fields() | {"basis": "11"})
    assert "视为同意公开" in own.text and "第三十四条" in own.text
    assert "视为同意公开" not in other.text and "第十一条" in other.text


CORRECTED = {
    "corrected": "本机关已经予以更正", "unfounded": "本机关不予更正", "transferred": "本机关已经转送有权更正的青禾市档案馆处理",
    "told": "请您向有权更正的青禾市档案馆提出",
}  # fmt: skip


@pytest.mark.parametrize("decision", CORRECTED)
def test_an_answer_to_a_correction_says_its_decision_and_no_other(decision: str):
    document = compose("correction_answer", fields() | {"decision": decision})
    assert [code for code, words in CORRECTED.items() if words in document.text] == [decision]
    assert (REASON in document.text) == (decision != "corrected")
    assert missing(document) == ()


def test_a_value_of_several_lines_becomes_paragraphs_or_one_sentence():
    document = compose("clarification", fields())
    assert "请写明合同的签订年份。" in document.paragraphs and "请写明验收的种类。" in document.paragraphs
    assert "因甲；乙，不能在原定期限内答复" in compose("extension", fields() | {"reason": "甲\n乙。"}).text


def test_a_receipt_before_the_day_of_receipt_is_confirmed():
    document = compose("receipt", fields() | {"received_on": None, "due_on": None})
    assert "以双方确认之日为准" in document.text
    assert missing(document) == ()


def test_an_unknown_kind_field_or_code_is_told():
    with pytest.raises(LookupError, match="没有代码为“reply_R99”的文书"):
        compose("reply_R99", {})
    with pytest.raises(KeyError):
        compose("receipt", fields() | {"channel": "pigeon"})
    with pytest.raises(ValueError, match="month must be"):
        compose("receipt", fields() | {"dated": "2026-13-01"})
    with pytest.raises(FileNotFoundError):
        template("none.txt")


@pytest.mark.parametrize(
    ("yuan", "words"),
    [(1, "壹元整"), (10, "壹拾元整"), (100, "壹佰元整"), (2_000, "贰仟元整"), (10_050, "壹万零伍拾元整"),
     (34_700, "叁万肆仟柒佰元整"), (1_000_001, "壹佰万零壹元整"), (100_000_000, "壹亿元整")],
)  # fmt: skip
def test_sums_in_capital_numerals(yuan: int, words: str):
    assert in_words(yuan) == words


def test_a_document_goes_through_json_and_back():
    for kind in KINDS:
        document = compose(kind, fields("R2p", "G15") | {"files": ("甲.pdf",)})
        assert document_of(json.loads(json.dumps(as_dict(document)))) == document
        unfinished = compose(kind, {})
        assert document_of(json.loads(json.dumps(as_dict(unfinished)))) == unfinished
