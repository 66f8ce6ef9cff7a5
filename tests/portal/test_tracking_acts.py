"""What an applicant does at the tracking pages, and what comes of it; what law refuses is said in its words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.answer_complaint import answer_complaint
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.close import close
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.decide_correction import decide_correction
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.sealed import file_bytes, file_name, text_of, wish
from gongkai.ledger.models import Fact
from tests.foi.conftest import PNG
from tests.portal.page_reader import Page
from tests.portal.tracker import CASE, DAY, WISH, Story, answer_online
from tests.portal.tracker import text_of as said

TRACK = "/apply/track/"
LAST = date(2026, 9, 24)


def errors(response) -> str:
    """The summary of what is wrong, or the banner of a refusal, as the page shows it."""
    tree = html.fromstring(response.content.decode())
    found = tree.xpath("//*[contains(@class, 'summary') or contains(@class, 'banner--info')]")
    return " ".join("".join(node.itertext()) for node in found)


def png(name: str = "欧阳测试的照片.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


def facts(story: Story) -> list[tuple[str, str]]:
    return list(Fact.objects.filter(subject=story.case.subject).order_by("id").values_list("kind", "actor_code"))


def ask(story: Story) -> Story:
    return story.do(ask_clarification, on=DAY, reply_by=LAST, items="请写明哪一年")


def answered(**more) -> dict[str, object]:
    return {"text": "2025年的", "name": WISH, "document_number": "", "features": ""} | more


# 提交补正 --------------------------------------------------------------------------------------------------------


def test_a_clarification_is_taken_with_words_and_files(story):
    client = ask(story).client
    story.on(date(2026, 9, 18))
    response = client.post(f"{TRACK}clarify/", answered())
    assert response["Location"] == "/apply/track/"  # the session was over by then
    response = story.client.post(
        f"{TRACK}clarify/", answered(name="2025年加装电梯合同", features="桂花里", files=[png(), png("b.png")])
    )
    assert response["Location"] == CASE
    case = story.case
    assert (case.state, wish(case).text) == ("in_progress", "2025年加装电梯合同，桂花里")
    assert str(case.due_on) == "2026-10-22"
    assert text_of(case.key, case.notes.get(verb="take_clarification").text, "note.text") == "2025年的"
    kept = list(CaseFile.objects.filter(request=case, kind="clarification").select_related("request__key", "blob"))
    assert [file_name(paper) for paper in kept] == ["欧阳测试的照片.png", "b.png"]
    assert file_bytes(kept[0]) == PNG
    assert facts(story)[-3:] == [("foi.clarification_taken", "applicant"), *[("foi.file_added", "applicant")] * 2]


def test_after_a_clarification_the_page_says_so_once(story):
    client = ask(story).client
    client.post(f"{TRACK}clarify/", answered())
    assert "已经收到您的补正。答复期限从明天起重新计算。" in said(client.get(CASE))
    assert "已经收到您的补正" not in said(client.get(CASE))


def test_what_was_not_changed_is_not_described_anew(story):
    ask(story).client.post(f"{TRACK}clarify/", answered())
    assert not story.case.notes.filter(verb="description_before").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "  "}, "请回答机关告知的补正事项"),
        ({"name": ""}, "请写明所需信息的名称或者特征"),
        ({"text": "长" * 4001}, "最多 4000 个字"),
        ({"files": [SimpleUploadedFile("x.exe", b"MZ\x90\x00" + b"\0" * 200)]}, "可执行程序"),
        ({"files": [SimpleUploadedFile("x.pdf", b"not a pdf at all")]}, "内容不是这种文件"),
        ({"files": [png(), SimpleUploadedFile("leer.png", b"")]}, "文件是空的"),
        ({"files": [png() for _ in range(6)]}, "一次最多添加 5 个文件"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(story, change, sentence):
    client = ask(story).client
    response = client.post(f"{TRACK}clarify/", answered(**change))
    assert response.status_code == 200
    assert sentence in errors(response)
    assert story.case.state == "awaiting_clarification"
    assert CaseFile.objects.count() == 0
    assert FoiRequest.objects.get().notes.filter(verb="take_clarification").count() == 0
    assert "请补正您的申请" in said(response)


def test_a_file_too_large_is_refused_with_what_to_do(story, monkeypatch):
    from gongkai.portal.forms import tracking

    monkeypatch.setattr(tracking, "LIMIT", 50)
    assert "请拆分或者改为 PDF" in errors(ask(story).client.post(f"{TRACK}clarify/", answered(files=[png()])))


def test_after_it_was_given_up_the_answer_is_refused_in_the_words_of_law(story):
    ask(story).on(LAST + timedelta(days=1))
    response = story.client.post(f"{TRACK}clarify/", answered(files=[png()]))
    assert "期限已于2026年9月24日（星期四）届满，申请视为放弃。" in errors(response)
    assert "《政府信息公开条例》第三十条" in errors(response)
    assert CaseFile.objects.count() == 0 and story.case.steps.count() == 2
    assert "期限已于2026年9月24日（星期四）届满" in errors(story.client.get(f"{TRACK}clarify/"))
    story.do(close)
    assert "现在不能收到补正" in errors(story.client.post(f"{TRACK}clarify/", answered()))
    assert story.case.state == "given_up"


def test_on_the_last_day_it_is_still_taken(story):
    ask(story).on(LAST)
    assert story.client.post(f"{TRACK}clarify/", answered()).status_code == 302
    assert story.case.state == "in_progress"


def test_sent_twice_it_is_taken_once(story):
    client = ask(story).client
    assert client.post(f"{TRACK}clarify/", answered()).status_code == 302
    assert "现在没有等待补正" in errors(client.post(f"{TRACK}clarify/", answered()))
    assert story.case.steps.filter(step="clarification_received").count() == 1


def test_posts_need_the_token(story):
    from django.test import Client

    ask(story)
    client = Client(enforce_csrf_checks=True)
    client.cookies.update(story.client.cookies)
    for name in ("clarify", "withdraw", "reasons", "rating", "complaint", "correction"):
        assert client.post(f"{TRACK}{name}/", answered()).status_code == 403
    assert story.case.state == "awaiting_clarification"


# 说明理由, 撤回, 缴费 --------------------------------------------------------------------------------------------


def test_reasons_are_taken_and_the_clock_goes_on(story):
    due = story.case.due_on
    client = story.do(ask_reasons, on=DAY, text="本月第40件").client
    assert "请说明提出这些申请的理由" in errors(client.post(f"{TRACK}reasons/", {"text": ""}))
    assert client.post(f"{TRACK}reasons/", {"text": "研究需要"})["Location"] == CASE
    case = story.case
    assert (case.due_on, text_of(case.key, case.notes.get(verb="take_reasons").text, "note.text")) == (due, "研究需要")
    assert "不需要" in errors(client.get(f"{TRACK}reasons/"))


def test_reasons_may_be_given_while_something_else_presses(story):
    story.do(ask_reasons, on=DAY, text="本月第40件").on(story.case.due_on + timedelta(days=1))
    assert Page(story.client, f"{TRACK}reasons/").texts("h1") == ["说明理由"]
    assert story.client.post(f"{TRACK}reasons/", {"text": "研究需要"}).status_code == 302


def test_reasons_nobody_asked_for_are_refused(story):
    assert "不需要" in errors(story.client.post(f"{TRACK}reasons/", {"text": "x"}))
    assert not story.case.steps.filter(step="reasons_received").exists()


def test_withdrawing_takes_one_page_and_one_button(story):
    client = story.client
    page = Page(client, f"{TRACK}withdraw/")
    assert "撤回后不能恢复" in page.text
    assert story.case.state == "in_progress"
    assert client.post(f"{TRACK}withdraw/", {"text": "不要了"})["Location"] == CASE
    assert story.case.state == "withdrawn"
    assert story.case.outcomes.get().reply_code == "R16"
    assert "已办结的不能撤回" in errors(client.post(f"{TRACK}withdraw/", {}))
    assert story.case.outcomes.count() == 1


def test_what_was_given_up_is_not_withdrawn(story):
    ask(story).on(LAST + timedelta(days=1))
    assert "期限届满，申请已视为放弃" in errors(story.client.post(f"{TRACK}withdraw/", {}))
    assert story.case.state == "awaiting_clarification"


def test_the_fee_says_how_much_how_it_was_found_and_until_when(story):
    assert "机关没有通知您缴费" in errors(story.client.get(f"{TRACK}fee/"))
    story.do(propose_fee, method="page", pages=131, excessive=True, reason="页数多")
    story.do(approve_fee, notified_on=DAY, who="foi_head")
    page = Page(story.client, f"{TRACK}fee/")
    assert "1,320 元" in page.text and "131 页" in page.text
    assert "2026年10月8日（星期四）" in page.text
    assert len(page.all(".stack li")) == 3
    assert [a.text_content() for a in page.all(".buttons a")] == ["查看收费通知"]


# 接收答复 --------------------------------------------------------------------------------------------------------


def test_before_the_reply_there_is_nothing_to_receive(story):
    client = story.client
    assert Page(client, f"{TRACK}reply/").texts("h1") == ["还没有答复"]
    story.counter.sign(story.case, letter={"online_channel": "https://fuyi.qinghe.example"})
    story.counter.seal(story.case)
    for address in ("reply/letter/pdf/", "reply/letter/docx/", "reply/sealed/", "reply/files/1/"):
        assert client.get(f"{TRACK}{address}").status_code == 404, address
    assert "经核对" not in said(client.get(f"{TRACK}reply/"))


def test_the_reply_comes_with_letter_seal_and_files(story):
    secret = "11010119900307002X"
    given = story.counter.copy(story.case, f"同意。经办人身份证号{secret}\n", "欧阳测试的批复.txt")
    covered = {"attachment_covered": "经办人的证件号码不在申请范围里。"}
    answer_online(story.counter, story.case, files=(given.pk,), explanations=covered)
    client = story.client
    page = Page(client, f"{TRACK}reply/")
    assert "附件1 欧阳测试的批复.txt" in page.text
    assert len(page.all(".official")) == 1
    assert "最迟2026年11月9日（星期一）" in page.text
    for address, kind, start in (
        ("reply/letter/pdf/", "application/pdf", b"%PDF-"),
        ("reply/letter/docx/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("reply/sealed/", "image/png", PNG),
        ("reply/files/1/", "text/plain", "同意".encode()),
    ):
        response = client.get(f"{TRACK}{address}")
        assert (response.status_code, response["Content-Type"]) == (200, kind)
        assert response.content.startswith(start)
        assert secret.encode() not in response.content  # the copy, never the original
        assert response["Cache-Control"] == "no-store, private"
        assert response["Content-Disposition"].startswith("attachment; ")
        assert "%E6%AC%A7" not in response["Content-Disposition"]  # 欧, as a header would write it
        assert response["Content-Security-Policy"].startswith("sandbox")
    assert [client.get(f"{TRACK}reply/files/{n}/").status_code for n in (0, 2, 99)] == [404, 404, 404]


def test_files_of_the_case_that_are_not_part_of_the_reply_stay_inside(story):
    add_file(story.number, PNG, "内部.png", kind="record", **story.counter.who())
    answer_online(story.counter, story.case)
    assert "内部.png" not in said(story.client.get(f"{TRACK}reply/"))
    assert story.client.get(f"{TRACK}reply/files/1/").status_code == 404


def test_letters_to_others_are_not_the_applicants_to_read(story):
    story.do(consult, [Party("third_party", "青禾建设公司", "请提出意见")], on=DAY)
    client = story.client
    for paper in story.case.papers.all():
        response = client.get(f"{TRACK}papers/{paper.serial}/")
        assert response.status_code == (404 if paper.kind == "consultation" else 200), paper.kind
        assert "青禾建设公司" not in said(response)


# 对答复不服, 评价, 投诉, 更正 ------------------------------------------------------------------------------------


def test_remedies_before_there_is_anything_to_object_to(story):
    assert "机关还没有答复，也没有逾期" in errors(story.client.get(f"{TRACK}remedies/"))


def test_remedies_against_a_reply_have_their_last_days(story):
    answer_online(story.counter, story.case)
    page = Page(story.client, f"{TRACK}remedies/")
    assert page.texts("h1") == ["对答复不服"]
    assert "最迟2026年11月9日（星期一），向本级人民政府申请（60 日）" in page.text  # 7 November is a Saturday
    assert "最迟2027年3月8日（星期一），向有管辖权的人民法院起诉（6 个月）" in page.text
    assert "预估" in page.text


def test_remedies_against_a_refusal_begin_with_review(story):
    answer_online(
        story.counter, story.case, "R3", "G16a", findings={"separability_examined": True, "external_effect": False},
        letter={"reason": "属于后勤管理的内部安排，已逐项核对，不能区分处理。"},
    )  # fmt: skip
    page = Page(story.client, f"{TRACK}remedies/")
    assert "要先申请复议，不能直接起诉" in page.text
    assert "收到复议决定书之日起 15 日内" in page.text
    assert "6 个月" not in page.text


def test_remedies_against_silence_count_from_the_last_day_to_reply(story):
    due = story.case.due_on
    page = Page(story.on(due + timedelta(days=1)).client, f"{TRACK}remedies/")
    assert page.texts("h1") == ["到期没有答复"]
    assert f"{due.year}年{due.month}月{due.day}日" in page.text
    assert "行政复议" in page.text


def test_a_posted_reply_counts_from_its_receipt(story):
    story.counter.reply(story.case)
    page = Page(story.client, f"{TRACK}remedies/")
    assert "答复书于2026年9月8日寄出，下面按寄出之日计算，您实际的最后一日只会更晚。" in page.text


def test_rating_once(story):
    assert "答复送达后才能评价" in errors(story.client.post(f"{TRACK}rating/", {"grade": "5"}))
    answer_online(story.counter, story.case)
    client = story.client
    page = Page(client, f"{TRACK}rating/")
    assert [i.get("value") for i in page.all("input[type=radio]")] == ["5", "4", "3", "2", "1"]
    assert "请选择满意程度" in errors(client.post(f"{TRACK}rating/", {"text": "好"}))
    assert "请选择满意程度" in errors(client.post(f"{TRACK}rating/", {"grade": "6"}))
    assert client.post(f"{TRACK}rating/", {"grade": "4", "text": "快"})["Location"] == CASE
    assert (story.case.rating.grade, text_of(story.case.key, story.case.rating.text, "rating.text")) == (4, "快")
    assert "您已经评价：满意" in errors(client.post(f"{TRACK}rating/", {"grade": "1"}))
    assert story.case.rating.grade == 4


def test_a_complaint_goes_to_the_office_above_and_its_answer_is_read_here(story):
    client = story.client
    assert Page(client, f"{TRACK}complaint/").texts("h1") == ["向青禾市人民政府投诉"]
    assert "请写明投诉的事项" in errors(client.post(f"{TRACK}complaint/", {"text": ""}))
    assert client.post(f"{TRACK}complaint/", {"text": "没有按期答复"})["Location"] == CASE
    assert "您向青禾市人民政府投诉。" in said(client.get(CASE))
    page = Page(client, f"{TRACK}complaint/")
    assert page.all("textarea") == [] and "没有按期答复" in page.text
    client.post(f"{TRACK}complaint/", {"text": "再投"})
    assert story.case.complaints.count() == 1
    answer_complaint(story.case.complaints.get().pk, answer="已经督促", **story.counter.who("supervisor"))
    page = Page(client, f"{TRACK}complaint/")
    assert "已经督促" in page.text and len(page.all("textarea")) == 1
    assert facts(story)[-2][0:2] == ("foi.complained", "applicant")


def test_a_correction_with_evidence_and_its_decision(story):
    assert "收到政府信息后才能要求更正" in errors(story.client.get(f"{TRACK}correction/"))
    answer_online(story.counter, story.case)
    client = story.client
    assert "请写明哪项记录不准确" in errors(client.post(f"{TRACK}correction/", {"what": ""}))
    assert "可执行程序" in errors(
        client.post(f"{TRACK}correction/", {"what": "x", "evidence": SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 200)})
    )
    assert story.case.corrections.count() == 0
    assert client.post(f"{TRACK}correction/", {"what": "出生年份应为1949", "evidence": png()})["Location"] == CASE
    asked = story.case.corrections.select_related("evidence").get()
    assert (asked.evidence.kind, text_of(story.case.key, asked.what, "correction.what")) == (
        "correction",
        "出生年份应为1949",
    )
    page = Page(client, f"{TRACK}correction/")
    assert page.all("textarea") == [] and "机关正在办理" in page.text
    decide_correction(asked.pk, decision="corrected", reason="核对户籍属实", on=DAY, **story.counter.who())
    assert "属实，予以更正" in Page(client, f"{TRACK}correction/").text
    assert "核对户籍属实" in Page(client, f"{TRACK}correction/").text
    assert "机关办理您的更正要求：属实，予以更正。" in said(client.get(CASE))


def test_a_correction_of_a_filed_case_goes_without_evidence(story):
    answer_online(story.counter, story.case)
    story.do(close)
    client = story.client
    assert [i.get("type") for i in Page(client, f"{TRACK}correction/").all("input")].count("file") == 0
    assert client.post(f"{TRACK}correction/", {"what": "出生年份应为1949"}).status_code == 302
    assert story.case.corrections.count() == 1


def test_everything_stays_readable_in_a_filed_case(story):
    answer_online(story.counter, story.case)
    story.do(close)
    client = story.client
    for address in (
        "case/",
        "request/",
        "reply/",
        "remedies/",
        "rating/",
        "complaint/",
        "correction/",
        "reply/sealed/",
    ):
        assert client.get(f"{TRACK}{address}").status_code == 200, address


def test_what_is_typed_is_shown_as_text(counter, town_clock):
    bad = "<script>alert(1)</script>{{7*7}}"
    story = Story(counter, town_clock)
    made = counter.receive(bad).registered[0]
    story.made, story.number = made, made.case.number
    story.accept()
    client = story.client
    client.post(f"{TRACK}complaint/", {"text": bad})
    for address in ("case/", "request/", "complaint/", "withdraw/"):
        page = said(client.get(f"{TRACK}{address}"))
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page, address
