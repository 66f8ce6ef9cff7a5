"""Every verb that owes a document issues it; what went out never changes; care after the reply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongkai.disclosure.models import Item
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.answer_complaint import answer_complaint
from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_correction import ask_correction
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.close import close
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.decide_correction import decide_correction
from gongkai.foi.actions.delay import delay
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.publish_reply import publish_reply
from gongkai.foi.actions.rate import rate
from gongkai.foi.actions.recall_reply import recall_reply
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import Complaint, IssuedPaper, Rating, RecordCorrection, ReplyVersion
from gongkai.foi.queries.papers import paper_document, papers_for_applicant, papers_of, reply_document
from gongkai.foi.queries.replies import is_whole
from gongkai.foi.queries.sealed import text_of, version_content
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import NAME, PHONE, PNG, at


def kinds(case) -> list[str]:
    return [paper.kind for paper in papers_of(case)]


def newest_text(case) -> str:
    return paper_document(papers_of(case).last()).text


def test_the_receipt_follows_the_confirmed_day(counter):
    case = counter.case()
    assert kinds(case) == ["receipt"]
    document = paper_document(case.papers.get())
    assert document.addressee == NAME
    assert "2026年3月30日" in document.text
    assert case.number in document.text


def test_a_request_not_confirmed_yet_has_no_receipt(counter):
    case = counter.receive(channel="fax").registered[0].case
    assert kinds(case) == []


def test_a_clarification_is_told_by_its_notice_and_the_officers_words_stand(counter):
    case = counter.case()
    ask_clarification(
        case.number, on=counter.day, reply_by=counter.day + timedelta(days=14), items="请写明年度", **counter.who()
    )
    assert "请写明年度" in newest_text(case)
    assert "2026年3月16日" in newest_text(case)
    assert papers_of(case).last().step.step == "clarification_asked"

    other = counter.case()
    ask_clarification(
        other.number, on=counter.day, reply_by=counter.day, items="年度", body="第一段。\n第二段。", **counter.who()
    )
    assert newest_text(other) == "第一段。\n第二段。"


def test_a_document_with_a_gap_is_not_issued_and_nothing_is_done(counter):
    case = counter.case()
    with pytest.raises(Refusal) as refused:
        ask_clarification(
            case.number, on=counter.day, reply_by=counter.day, items="年度", body="请补正【事项】。", **counter.who()
        )
    assert refused.value.code == "document_incomplete"
    case.refresh_from_db()
    assert (case.state, kinds(case)) == ("in_progress", ["receipt"])


def test_each_party_gets_its_letter_and_the_applicant_one_notice(counter):
    case = counter.case()
    parties = [Party("third_party", "甲公司", "是否同意公开？"), Party("agency", "乙局", "请提出意见。", basis="34")]
    consult(case.number, parties, on=counter.day, **counter.who())
    assert kinds(case) == ["receipt", "consultation", "consultation_agency", "consultation_notice"]
    addressees = [paper_document(paper).addressee for paper in papers_of(case)]
    assert addressees == [NAME, "甲公司", "乙局", NAME]
    assert [paper.kind for paper in papers_for_applicant(case)] == ["receipt", "consultation_notice"]
    assert NAME not in paper_document(papers_of(case)[1]).text


def test_extension_reasons_delay_and_fee_have_their_notices(counter):
    case = counter.case()
    propose_extension(case.number, working_days=10, reason="涉及多个档案室", **counter.who())
    approve_extension(case.number, notified_on=counter.day, **counter.who("foi_head"))
    assert "10个工作日" in newest_text(case)
    assert "2026年4月14日" in newest_text(case)

    many = counter.case()
    ask_reasons(many.number, on=counter.day, text="本月已提出四十件申请。", **counter.who())
    assert "四十件" in newest_text(many)
    delay(
        many.number, on=counter.day, until=counter.day + timedelta(days=60), reason="数量大", **counter.who("foi_head")
    )
    many.refresh_from_db()
    assert f"{many.due_on.month}月{many.due_on.day}日" in newest_text(many)

    paid = counter.case()
    propose_fee(paid.number, method="page", excessive=True, reason="页数过多", pages=250, **counter.who())
    fee = approve_fee(paid.number, notified_on=counter.day, **counter.who("foi_head"))
    assert f"{fee.yuan:,}元" in newest_text(paid)


def test_the_reply_issued_is_the_one_signed(counter):
    case = counter.case()
    version = counter.sign(case)
    signed = reply_document(version)
    counter.seal(case)
    counter.deliver(case)
    assert kinds(case) == ["receipt", "reply_R2", "delivery_proof"]
    assert paper_document(case.papers.get(kind="reply_R2")) == signed
    assert "XA00000001" in paper_document(case.papers.get(kind="delivery_proof")).text


def test_what_was_issued_never_changes(counter):
    case = counter.case()
    for write in (lambda rows: rows.update(kind="fee"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="issued"), transaction.atomic():
            write(IssuedPaper.objects.filter(request=case))


def test_rating_once_complaint_answered_by_the_supervisor_only(counter):
    case = counter.case()
    with pytest.raises(Refusal) as early:
        rate(case.number, grade=5, actor=APPLICANT, at=at(counter.day))
    assert early.value.code == "cannot_rate"
    counter.reply(case)
    rate(case.number, grade=2, text=f"太慢，电话{PHONE}", actor=APPLICANT, at=at(counter.day))
    with pytest.raises(Refusal) as twice:
        rate(case.number, grade=5, actor=APPLICANT, at=at(counter.day))
    assert twice.value.code == "rated_already"
    assert PHONE.encode() not in bytes(Rating.objects.get().text)

    complaint = complain(case.number, text="没有写理由", actor=APPLICANT, at=at(counter.day))
    assert complaint.to_organ_id == (case.organ.parent_id or case.organ_id)
    with pytest.raises(Refusal) as again:
        complain(case.number, text="再次投诉", actor=APPLICANT, at=at(counter.day))
    assert again.value.code == "complaint_open"
    with pytest.raises(Refusal) as officer:
        answer_complaint(complaint.pk, answer="已核实", **counter.who())
    assert officer.value.code == "not_your_post"
    supervisor = counter.who("foi_head")
    from dataclasses import replace

    supervisor["actor"] = replace(supervisor["actor"], role="supervisor")
    answer_complaint(complaint.pk, answer="已责令补充说明", **supervisor)
    answered = Complaint.objects.get()
    assert text_of(case.key, answered.answer, "complaint.answer") == "已责令补充说明"
    with pytest.raises(DatabaseError, match="answered once"), transaction.atomic():
        Complaint.objects.update(answered_at=at(counter.day, 12))
    assert PHONE not in "".join(str(fact.data) for fact in Fact.objects.filter(subject=case.subject))


@pytest.mark.parametrize(
    ("decision", "organ", "words"),
    [
        ("corrected", "", "已经予以更正"),
        ("unfounded", "", "不予更正"),
        ("transferred", "青禾市教育局", "已经转送有权更正的青禾市教育局"),
        ("told", "青禾市教育局", "向有权更正的青禾市教育局提出"),
    ],
)
def test_a_wrong_record_is_decided_with_a_letter(counter, decision, organ, words):
    case = counter.case()
    with pytest.raises(Refusal):
        ask_correction(case.number, what="出生年份有误", on=counter.day, actor=APPLICANT, at=at(counter.day))
    counter.reply(case)
    asked = ask_correction(case.number, what="出生年份有误", on=counter.day, actor=APPLICANT, at=at(counter.day))
    given = {"decision": decision, "reason": "经核对户籍档案", "on": counter.day, "other_organ": organ}
    if organ:
        with pytest.raises(Refusal) as nobody:
            decide_correction(asked.pk, **given | {"other_organ": ""}, **counter.who())
        assert nobody.value.code == "organ_missing"
    decide_correction(asked.pk, **given, **counter.who())
    assert words in newest_text(case)
    assert RecordCorrection.objects.get().decision == decision
    with pytest.raises(Refusal) as twice:
        decide_correction(asked.pk, **given, **counter.who())
    assert twice.value.code == "decided_already"


def given_file(counter, case, text: str, name: str = "明细.txt"):
    paper = counter.open_copy(case, text, name)
    counter.reply(case, files=[paper.pk], explanations={"attachment_personal": "是申请人本人的信息"})
    return paper


def publish(counter, case, paper, title="2025年救助资金发放明细"):
    return publish_reply(case.number, paper.pk, section=counter.town.section, title=title, **counter.who("drafter"))


def test_what_was_given_becomes_a_draft_for_everybody(counter):
    case = counter.case()
    paper = given_file(counter, case, "2025年共发放三十二户。")
    item = publish(counter, case, paper)
    attached = item.draft.attachments.get()
    assert (attached.filename, attached.text) == ("明细.txt", "2025年共发放三十二户。")
    assert (item.work, item.public) == ("drafting", "hidden")
    fact = Fact.objects.get(kind="foi.reply_published")
    assert fact.data["item"] == item.code


@pytest.mark.parametrize("planted", [NAME, f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", "青禾市文渊街道 无名路9号"])
def test_the_applicant_does_not_go_with_it(counter, planted):
    case = counter.case()
    paper = given_file(counter, case, f"提供给{planted}的明细")
    with pytest.raises(Refusal) as refused:
        publish(counter, case, paper)
    assert refused.value.code == "applicant_inside"
    assert not Item.objects.exists()


def test_a_title_with_the_applicant_and_a_file_never_given_are_refused(counter):
    case = counter.case()
    other = add_file(case.number, "内部".encode(), "内部.txt", kind="record", **counter.who())
    paper = given_file(counter, case, "明细")
    for file, title, code in ((paper, f"答复{NAME}", "applicant_inside"), (other, "明细", "not_delivered")):
        with pytest.raises(Refusal) as refused:
            publish(counter, case, file, title)
        assert refused.value.code == code


def test_what_is_signed_is_words_and_later_steps_do_not_change_them(counter):
    case = counter.case()
    version = counter.submit(case)
    signed = version_content(version).text
    assert "第三十六条第二项" in signed
    assert reply_document(version).text == signed
    propose_extension(case.number, working_days=5, reason="核对附件", **counter.who())
    approve_extension(case.number, notified_on=counter.day, **counter.who("foi_head"))
    version = ReplyVersion.objects.select_related("request__key", "request__organ", "request__applicant__key").get()
    assert reply_document(version).text == signed
    assert is_whole(version)


@pytest.mark.parametrize("lost", ["行政复议", "第三十六条第二项"])
def test_own_wording_that_lost_a_part_of_the_letter_is_not_submitted(counter, lost):
    case = counter.case()
    whole = version_content(counter.submit(case)).text
    recall_reply(case.number, reason="改写", **counter.who())
    kept = "\n".join(line for line in whole.split("\n") if lost not in line)
    with pytest.raises(Refusal):
        counter.submit(case, text=kept)
    case.refresh_from_db()
    assert case.state == "in_progress"


def test_who_objected_is_told_what_is_disclosed_for_the_public_interest(counter):
    case = counter.case()
    consult(case.number, [Party("third_party", "甲公司", "是否同意公开？")], on=counter.day, **counter.who())
    record_consultation_answer(
        case.number, "第三方1", on=counter.day, position="objected", text="商业秘密", **counter.who()
    )
    examine_objection(case.number, "第三方1", reasonable=True, reason="公共利益重大", **counter.who())
    counter.reply(case, findings={"public_interest": True})
    told = paper_document(case.papers.get(kind="third_party_told"))
    assert told.addressee == "甲公司"
    assert "不公开可能对公共利益造成重大影响" in told.text
    assert "本答复" not in told.text
    assert NAME not in told.text


def test_the_letter_bears_the_day_it_was_signed(counter):
    case = counter.case()
    version = counter.submit(case)
    counter.pass_days(3)
    for step in range(1, len(counter.roles(version)) + 1):
        counter.opine(version, step)
    counter.seal(case)
    counter.deliver(case)
    assert paper_document(case.papers.get(kind="reply_R2")).dated == counter.day


def test_evidence_for_a_correction_comes_into_a_filed_case_and_nothing_else_does(counter):
    case = counter.case()
    counter.reply(case)
    close(case.number, **counter.who())
    proof = add_file(case.number, b"proof", "proof.txt", kind="correction", actor=APPLICANT, at=at(counter.day))
    asked = ask_correction(
        case.number, what="出生年份有误", on=counter.day, file_id=proof.pk, actor=APPLICANT, at=at(counter.day)
    )
    assert asked.evidence == proof
    with pytest.raises(Refusal) as refused:
        add_file(case.number, b"more", "more.txt", kind="other", **counter.who())
    assert refused.value.code == "cannot_add_file"


def attached(counter, case, data: bytes, name: str):
    return counter.copy(case, data, name, cover=False)


def test_an_attachment_with_a_secrecy_mark_is_not_sent_to_sign_off(counter):
    case = counter.case()
    paper = attached(counter, case, "机密★10年\n要害部位分布".encode(), "分布.txt")
    with pytest.raises(Refusal) as refused:
        counter.submit(case, files=[paper.pk], explanations={"secrecy_mark": "已看过"})
    assert refused.value.code == "secrecy_mark"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        ("李某某，11010519491231002X".encode(), "名单.txt", "attachment_personal"),
        (PNG, "扫描.png", "attachment_unread"),
    ],
)
def test_an_attachment_with_numbers_of_people_or_without_letters_needs_a_reason(counter, data, name, code):
    case = counter.case()
    paper = counter.open_copy(case, data, name)
    with pytest.raises(Refusal) as refused:
        counter.submit(case, files=[paper.pk])
    assert refused.value.code == "explanation_missing"
    version = counter.submit(case, files=[paper.pk], explanations={code: "是申请人本人的材料"})
    assert version.explained == [code]


def test_an_unfinished_tree_is_not_submitted(counter):
    from gongkai.foi.actions.compose_reply import compose_reply
    from gongkai.foi.actions.submit_reply import submit_reply

    case = counter.case()
    draft = compose_reply(case.number, {"open": "yes"}, **counter.who())
    with pytest.raises(Refusal) as refused:
        submit_reply(case.number, based_on=draft.revision, **counter.who())
    assert refused.value.code == "unreadable"
