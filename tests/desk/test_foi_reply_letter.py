"""The composer's letter: own words, what is checked and mended, files, two people at once, who may."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.models import ReplyDraft, ReplyVersion
from gongkai.foi.queries.sealed import version_content
from gongkai.ledger.models import Fact
from tests.desk.reply_desk import CHANNEL, ReplyDesk, kept, page_form, record
from tests.foi.conftest import NAME, PHONE, PNG, answers_for


@pytest.fixture
def replies(counter, time_machine, sits) -> ReplyDesk:
    desk = ReplyDesk(counter, time_machine, sits)
    desk.go()
    return desk


def test_what_the_file_gives_is_written_anew_and_own_words_stay(replies, counter):
    case, here = replies.granted()
    assert page_form(here.page)["remedy"] == ""
    assert "向青禾市人民政府申请行政复议" in here.letter
    here.press("save", review_body="云山区人民政府")
    assert "向云山区人民政府申请行政复议" in here.letter
    assert page_form(here.page)["remedy"] == ""
    here.press("save", request="救助资金的发放明细（2025年）")
    assert page_form(here.page)["request"] == "救助资金的发放明细（2025年）"
    assert "您申请公开“救助资金的发放明细（2025年）”" in here.letter
    here.press("save", request="")
    assert "您申请公开“2025年救助资金发放明细”" in here.letter


def test_a_wrong_remedy_is_told_and_mended(replies, counter):
    case, here = replies.granted()
    here.press("save", remedy="对本答复不服的，可以向上级主管部门申请行政复议。")
    assert here.codes == [
        ("remedy_order", "must_fix"), ("remedy_body", "must_fix"), ("remedy_period", "must_fix"),
    ]  # fmt: skip
    card = here.page.context["cards"][0]
    assert (card["word"], card["article"][:7], card["mend"]) == ("必须改正", "《行政复议法》", "按法律规定写救济途径")
    here.press("submit")
    assert (here.page.status_code, ReplyVersion.objects.count()) == (422, 0)
    here.press("mend", "remedy_period")
    assert here.codes == []
    assert page_form(here.page)["remedy"] == ""


def test_articles_of_ones_own_that_miss_the_right_one_are_mended(replies, counter):
    case, here = replies.granted()
    here.press("save", articles="《政府信息公开条例》第三十六条")
    assert here.codes == [("no_article", "must_fix")]
    here.press("mend", "no_article")
    assert here.codes == []
    assert "第三十六条第二项" in here.letter


def test_a_letter_sent_online_names_the_online_channel(replies, counter, settings):
    case = counter.case(delivery="online")
    here = replies.open(case)
    here.walk(answers_for("R2"))
    here.press("save", content_provided="on")
    assert here.codes == [("no_online_channel", "must_fix")]
    card = here.page.context["cards"][0]
    assert (card["article"], card["mend"], card["field"]) == ("《行政复议法》第二十二条第二款", "", "online_channel")
    settings.FOI_REVIEW_CHANNEL = CHANNEL
    here.open()
    assert here.page.context["cards"][0]["mend"] == "填入网上申请行政复议的渠道"
    here.press("mend", "no_online_channel")
    assert here.codes == []
    assert f"网上申请行政复议：{CHANNEL}。" in here.letter


def test_the_channel_of_the_last_reply_is_offered(replies, counter):
    first = counter.case(delivery="online")
    counter.reply(first, letter={"online_channel": CHANNEL})
    replies.go(1)
    case = counter.case("另一项信息", delivery="online")
    here = replies.open(case)
    here.walk(answers_for("R2"))
    here.press("mend", "no_online_channel", content_provided="on")
    assert kept(case).letter["online_channel"] == CHANNEL


def test_own_paragraphs_replace_the_template_and_are_what_is_checked(replies, counter):
    case, here = replies.granted()
    shown = page_form(here.page)["text"]
    assert shown.startswith("本机关于2026年3月2日收到")
    assert kept(case).text == ""
    lines = [line for line in shown.splitlines() if "行政复议" not in line]
    here.press("save", text="\n".join([*lines, "另附说明一页。"]))
    assert kept(case).text.endswith("另附说明一页。")
    assert here.codes == [("remedy_missing", "must_fix")]
    assert here.page.context["own_text"] is True
    here.press("mend", "remedy_missing")
    assert here.codes == []
    assert "另附说明一页。" in here.letter
    assert "向青禾市人民政府申请行政复议" in here.letter
    here.press("save", text="随信附上。")
    assert here.codes == [("remedy_missing", "must_fix"), ("wording_incomplete", "must_fix")]
    assert "没有写：收到日期和申请内容、法律依据的条、款、项" in here.page.context["cards"][1]["sentence"]
    here.press("submit", text="随信附上。")
    assert (here.page.status_code, ReplyVersion.objects.count()) == (422, 0)
    here.press("retext", text="随信附上。")
    assert (kept(case).text, here.codes) == ("", [])
    assert "随信附上" not in here.letter
    here.press("submit", text=page_form(here.page)["text"] + "\n另附说明一页。")
    assert version_content(ReplyVersion.objects.get()).text.endswith("另附说明一页。")


def test_a_gap_in_the_letter_stops_it(replies, counter):
    case, here = replies.granted()
    here.press("save", text=page_form(here.page)["text"] + "\n另附【待补的表】。")
    assert here.codes == [("unfinished", "must_fix")]
    here.press("submit")
    assert (here.page.status_code, ReplyVersion.objects.count()) == (422, 0)


def test_what_only_needs_a_reason_goes_on_with_one(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R3", "G16b"), reason="该稿为会议讨论形成的过程稿，尚未定稿，公开会影响后续讨论。")
    assert here.codes == [("external_not_examined", "explain")]
    assert here.page.context["why_not"] == ""
    here.press("submit")
    assert here.page.status_code == 422
    assert "请逐项说明理由" in here.text
    here.press("submit", **{"explain-external_not_examined": "该稿没有印发，另行核对。"})
    version = ReplyVersion.objects.get(request=case)
    assert version.explained == ["external_not_examined"]
    assert version_content(version).explanations == {"external_not_examined": "该稿没有印发，另行核对。"}


def test_a_reason_for_a_finding_is_kept_with_the_draft(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R3", "G16b"), reason="该稿为会议讨论形成的过程稿，尚未定稿，公开会影响后续讨论。")
    here.press("save", **{"explain-external_not_examined": "另行核对。"})
    assert here.page.context["cards"][0]["explained"] == "另行核对。"
    here.press("save", external_effect="no")
    assert here.codes == []
    here.press("save", external_effect="yes")
    assert here.codes == [("external_document", "must_fix")]
    assert here.page.context["cards"][0]["change"] == "closed_part"


def test_a_fault_is_put_on_record_and_does_not_stop_the_reply(replies, counter):
    case = counter.case()
    replies.go(60)
    here = replies.open(case)
    here.walk(answers_for("R2"))
    here.press("save", content_provided="on")
    assert here.codes == [("late", "fault")]
    assert (here.page.context["clock"]["state"], here.page.context["cards"][0]["word"]) == (
        "pressing", "已经违反规定，请如实记录",
    )  # fmt: skip
    here.press("submit")
    assert ReplyVersion.objects.get(request=case).faults == ["late"]


def test_a_new_file_is_put_into_the_case_and_chosen(replies, counter):
    case = counter.case()
    here = replies.open(case)
    here.walk(answers_for("R2"))
    here.press("upload", file=SimpleUploadedFile("明细.csv", "姓名,金额\n甲,1\n".encode(), "text/csv"))
    paper, copy = case.files.order_by("pk")
    assert (paper.kind, copy.kind, copy.original) == ("record", "reply", paper)
    assert (kept(case).files, here.codes) == ((copy.pk,), [])
    here.press("upload")
    assert (here.page.status_code, "请先选择文件" in here.text) == (422, True)


def test_papers_of_another_case_or_of_the_applicant_are_not_attached(replies, counter):
    other = counter.case("另一件")
    foreign = record(counter, other)
    case = counter.case()
    own = add_file(case.number, PNG, "证件.png", kind="identity", **counter.who())
    here = replies.open(case)
    here.walk(answers_for("R2"))
    assert [row["id"] for row in here.page.context["files"]] == []
    here.press("save", files=[str(foreign.pk)])
    assert here.page.status_code == 422
    assert kept(case).files == ()
    here.press("save", files=[str(own.pk)])
    assert here.page.status_code == 422


def test_a_field_that_is_too_long_is_told_and_nothing_is_saved(replies, counter):
    case, here = replies.granted()
    before = ReplyDraft.objects.get(request=case).revision
    here.press("save", access="长" * 4001, request="我的复述")
    assert here.page.status_code == 422
    assert page_form(here.page)["request"] == "我的复述"
    assert ReplyDraft.objects.get(request=case).revision == before


def test_what_is_typed_is_text_and_nothing_else(replies, counter):
    script = "<script>alert(1)</script>"
    case = counter.case(script)
    record(counter, case)
    here = replies.open(case)
    here.walk(answers_for("R5"), responsible_agency=script, reason=f"不由本机关制作{script}")
    here.press("save", request=script, responsible_contact=script, text=f"{script}\n{{{{ request }}}}")
    assert "&lt;script&gt;alert(1)" in here.text
    assert script not in here.text
    replies.open(case, "foi_officer2").press("save", request="同事的复述")
    here.press("save", request=script)
    assert here.page.status_code == 409
    assert script not in here.text


def test_downloads_are_the_saved_letter_and_each_is_a_look(replies, counter):
    case, here = replies.granted()
    before = Fact.objects.filter(kind="foi.particulars_seen").count()
    word = here.browser.get("case_reply_draft_file", case.number, "docx")
    text = "\n".join(p.text for p in Document(io.BytesIO(word.content)).paragraphs)
    assert "向青禾市人民政府申请行政复议" in text
    assert f"{NAME}：" in text
    pdf = here.browser.get("case_reply_draft_file", case.number, "pdf")
    assert (pdf.content[:5], pdf["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert NAME not in word["Content-Disposition"]
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == before + 2
    assert here.browser.get("case_reply_draft_file", case.number, "exe").status_code == 404


# Two people ----------------------------------------------------------------------------------------------------------


def test_two_people_at_once_are_told_and_both_texts_are_there(replies, counter):
    case, here = replies.granted()
    colleague = replies.open(case, "foi_officer2")
    colleague.press("save", request="同事的复述", access_time="明天")
    here.press("save", request="我的复述")
    assert here.page.status_code == 409
    rows = {row["label"]: (row["theirs"], row["mine"]) for row in here.page.context["conflict"]["rows"]}
    assert rows["申请内容的复述"] == ("同事的复述", "我的复述")
    assert set(rows) == {"申请内容的复述", "获取的时间"}
    assert "答复稿刚被别人修改过" not in here.text
    assert "这份答复刚被别人保存过" in here.text
    assert kept(case).letter["request"] == "同事的复述"
    assert page_form(here.page)["request"] == "我的复述"
    here.press("save")
    assert here.page.status_code == 200
    assert kept(case).letter["request"] == "我的复述"


def test_an_answer_on_an_old_page_does_not_write_over_a_newer_one(replies, counter):
    case = counter.case()
    here, colleague = replies.open(case), replies.open(case, "foi_officer2")
    colleague.answer("yes")
    here.answer("yes")
    assert here.page.status_code == 409
    assert kept(case).answers == {"open": "yes"}
    assert ReplyDraft.objects.get(request=case).revision == 1


def test_sign_off_freezes_only_what_was_on_the_page(replies, counter):
    case, here = replies.granted()
    replies.open(case, "foi_officer2").press("save", request="同事的复述")
    here.press("submit")
    assert (here.page.status_code, ReplyVersion.objects.count()) == (409, 0)
    here.press("submit", request="我的复述")
    assert version_content(ReplyVersion.objects.get()).letter["request"] == "我的复述"


# Who -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["foi_head", "compliance_reviewer", "secrecy_reviewer", "leader", "section_reviewer", "drafter"]
)
def test_others_of_the_organ_do_not_write(replies, sits, counter, who):
    case = counter.case()
    for answer in (
        sits(who).get("case_reply", case.number),
        sits(who).post("case_reply", case.number, answer="yes", asked="open", next="1", based_on="0"),
    ):
        assert (answer.status_code, answer.url) == (302, reverse("desk:case", args=[case.number]))
    assert not ReplyDraft.objects.exists()


@pytest.mark.parametrize("who", ["other_drafter", "other_secrecy", "system_admin", "security_admin", "audit_admin"])
def test_outsiders_find_nothing(replies, sits, counter, who):
    case = counter.case()
    facts = Fact.objects.count()
    for name, args in (("case_reply", ()), ("case_reply_draft_file", ("pdf",))):
        there = sits(who).get(name, case.number, *args)
        nowhere = sits(who).get(name, "QH-MZ-2026-99999", *args)
        assert (there.status_code, nowhere.status_code) == (404, 404)
    assert Fact.objects.count() == facts


def test_the_page_names_the_applicant_to_the_officer_alone_and_records_it(replies, counter):
    case = counter.case()
    before = Fact.objects.filter(kind="foi.particulars_seen").count()
    here = replies.open(case)
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == before + 1
    assert f"{NAME}（自然人）" in here.text or NAME in here.text
    assert PHONE not in here.text
    title = re.search(r"<title>(.*?)</title>", here.text, re.DOTALL)[1]
    assert NAME not in title
    assert all(NAME not in link for link in re.findall(r'(?:href|action)="([^"]*)"', here.text))


def test_a_reply_in_review_is_not_written_any_more(replies, counter, sits):
    case, here = replies.granted()
    here.press("submit")
    answer = sits("foi_officer").get("case_reply", case.number)
    assert (answer.status_code, answer.url) == (302, reverse("desk:case", args=[case.number]))
