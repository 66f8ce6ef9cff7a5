"""Consultation on its screens: several at once with their letters, arrival, answers, objections."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.foi.models import CaseNote, Consultation, IssuedPaper
from gongkai.foi.queries.papers import paper_document
from gongkai.foi.queries.sealed import text_of
from tests.desk.step_desk import DUE, StepDesk, banner, fields, has_form, said, went
from tests.foi.conftest import NAME, PHONE

D = date


@pytest.fixture
def steps(counter, time_machine) -> StepDesk:
    desk = StepDesk(counter, time_machine)
    desk.go()
    return desk


def fresh(case):
    case.refresh_from_db()
    return case


def party(n: int, kind: str, name: str, letter: str = "拟公开合同一份，请提出意见", **more) -> dict[str, str]:
    """What the n-th row of the form is sent with."""
    row = {"kind": kind, "name": name, "letter": letter} | more
    return {f"party-{n}-{key}": value for key, value in row.items()}


COMPANY = party(0, "third_party", "甲公司")
FINANCE = party(1, "agency34", "青禾市财政局")


def ask(steps, *rows, **more):
    case = steps.counter.case()
    sent = {key: value for row in rows for key, value in row.items()} | {"party-TOTAL_FORMS": str(len(rows))} | more
    return case, steps.press("case_consult", case, **sent)


def test_one_row_is_added_and_nothing_typed_is_lost(steps):
    case = steps.counter.case()
    page = steps.open("case_consult", case)
    assert fields(page)["party-TOTAL_FORMS"] == "1"
    for silence in ("不答复不等于同意，也不等于不同意", "视为同意公开", "不答复不视为同意，应当继续协商、确认"):
        assert silence in said(page)
    more = steps.press("case_consult", case, act="more", **COMPANY)
    assert (fields(more)["party-TOTAL_FORMS"], fields(more)["party-0-name"]) == ("2", "甲公司")
    assert Consultation.objects.count() == 0


def test_several_are_asked_at_once_each_with_a_letter(steps):
    case = steps.counter.case()
    sent = COMPANY | FINANCE | {"party-TOTAL_FORMS": "2"}
    tried = steps.press("case_consult", case, act="look", **sent)
    text = said(tried)
    assert tried.status_code == 200
    assert "办理后 最迟2026年4月21日（星期二）答复" in text.replace("办理后最迟", "办理后 最迟")
    for words in ("文书：甲公司", "文书：青禾市财政局", "文书：告知申请人", "期限按 15 个工作日届满预计"):
        assert words in text
    assert (fresh(case).due_on, Consultation.objects.count()) == (DUE, 0)
    assert went(steps.press("case_consult", case, **sent), case)
    assert fresh(case).due_on == D(2026, 4, 21)
    rows = list(Consultation.objects.values_list("kind", "label", "basis"))
    assert rows == [("third_party", "第三方1", ""), ("agency", "其他机关1", "34")]
    kinds = list(IssuedPaper.objects.filter(request=case).exclude(kind="receipt").values_list("kind", flat=True))
    assert sorted(kinds) == ["consultation", "consultation_agency", "consultation_notice"]


def test_a_letter_may_be_worded_by_hand(steps):
    case, answer = ask(steps, party(0, "third_party", "甲公司", body="请贵公司对合同第三条提出意见。"))
    assert went(answer, case)
    paper = IssuedPaper.objects.get(request=case, kind="consultation")
    assert paper_document(paper).paragraphs[0] == "请贵公司对合同第三条提出意见。"


def test_the_notice_to_the_applicant_may_be_worded_by_hand(steps):
    case, answer = ask(steps, COMPANY, body="本机关正在征求一家单位的意见。")
    assert went(answer, case)
    paper = IssuedPaper.objects.get(request=case, kind="consultation_notice")
    assert paper_document(paper).paragraphs == ("本机关正在征求一家单位的意见。",)


def test_nobody_named_and_half_a_row_are_refused_with_what_was_typed(steps):
    case, nobody = ask(steps, {})
    assert nobody.status_code == 422
    assert "请至少写明一个征求意见的对象" in banner(nobody)
    half = steps.press("case_consult", case, **party(0, "third_party", "甲公司", letter=""))
    assert (half.status_code, fields(half)["party-0-name"]) == (422, "甲公司")
    assert "请写明拟公开的内容和征询的事项" in banner(half)
    assert Consultation.objects.count() == 0


def test_the_same_party_is_not_asked_twice(steps):
    case, first = ask(steps, COMPANY)
    assert went(first, case)
    again = steps.press("case_consult", case, **party(0, "third_party", " 甲 公司"))
    assert again.status_code == 422
    assert "已经向同一对象征求过意见，不能再次暂停期限。《政府信息公开条例》第三十三条" in banner(again)
    assert Consultation.objects.count() == 1


def test_who_asked_is_not_told_to_a_third_party(steps):
    """The way to reach the applicant is refused by the act; the name, which may be part of the matter, is asked about."""
    case = steps.counter.case()
    named = party(0, "third_party", "甲公司", letter=f"{NAME}申请公开合同一份")
    first = steps.press("case_consult", case, **named)
    assert first.status_code == 422
    assert "出现了申请人的姓名或者名称" in said(first)
    assert Consultation.objects.count() == 0
    reached = steps.press("case_consult", case, **party(0, "third_party", "甲公司", letter=f"请联系{PHONE}"))
    assert (reached.status_code, Consultation.objects.count()) == (422, 0)
    assert went(steps.press("case_consult", case, **named, heeded=fields(first)["heeded"]), case)


def test_the_fifteen_days_run_from_the_day_the_letter_arrived(steps):
    case, _ = ask(steps, COMPANY)
    asked = Consultation.objects.get(request=case)
    steps.go(D(2026, 3, 6))
    page = steps.open("case_letter", case, asked.asked_id)
    assert "文书送交甲公司" in said(page)
    early = steps.press("case_letter", case, asked.asked_id, received_on=D(2026, 3, 1))
    assert (early.status_code, fields(early)["received_on"]) == (422, "2026-03-01")
    assert went(steps.press("case_letter", case, asked.asked_id, received_on=D(2026, 3, 5)), case)
    assert fresh(case).due_on == D(2026, 4, 24)
    again = steps.open("case_letter", case, asked.asked_id)
    assert not has_form(again)
    assert "收到日期已经登记，不再更改" in said(again)
    assert steps.press("case_letter", case, asked.asked_id, received_on=D(2026, 3, 6)).status_code == 422


@pytest.mark.parametrize(
    ("position", "due", "words"),
    [("agreed", D(2026, 4, 3), "同意公开"), ("objected", D(2026, 4, 3), "不同意公开"),
     ("undelivered", D(2026, 4, 3), "无法送达")],
)  # fmt: skip
def test_an_answer_lets_the_clock_run_again(steps, position, due, words):
    case, _ = ask(steps, COMPANY)
    asked = Consultation.objects.get(request=case)
    steps.go(D(2026, 3, 6))
    page = steps.open("case_answer", case, asked.pk)
    assert "最迟2026年4月3日（星期五）答复" in said(page)
    done = steps.press("case_answer", case, asked.pk, position=position, text="涉及报价明细")
    assert went(done, case)
    assert fresh(case).due_on == due
    listed = said(steps.open("case_consult", case))
    assert f"3月6日 {words}" in listed
    again = steps.press("case_answer", case, asked.pk, position="agreed", on=D(2026, 3, 6))
    assert again.status_code == 422
    assert "意见已经登记" in banner(again)


def test_an_answer_from_before_the_letter_is_refused(steps):
    steps.go(D(2026, 3, 4))
    case = steps.counter.case(arrived_on=D(2026, 3, 2))
    steps.press("case_consult", case, **COMPANY)
    asked = Consultation.objects.get(request=case)
    answer = steps.press("case_answer", case, asked.pk, position="agreed", on=D(2026, 3, 3))
    assert answer.status_code == 422
    assert "答复日期早于征求意见的日期" in banner(answer)


def test_an_objection_is_examined_with_its_reason_and_the_public_interest(steps):
    case, _ = ask(steps, COMPANY)
    asked = Consultation.objects.get(request=case)
    before = steps.open("case_objection", case, asked.pk)
    assert not has_form(before)
    assert "没有提出不同意公开的意见" in said(before)
    steps.press("case_answer", case, asked.pk, position="objected", text="涉及报价明细")
    assert "说明了理由，还没有审查" in said(steps.open("case_consult", case))
    page = steps.open("case_objection", case, asked.pk)
    assert "不同意的理由涉及报价明细" in said(page)
    silent = steps.press("case_objection", case, asked.pk, found="interest", reason="")
    assert silent.status_code == 422
    assert "请写明该意见的理由是否合理、为什么" in banner(silent)
    assert went(steps.press("case_objection", case, asked.pk, found="interest", reason="涉及公共安全"), case)
    asked.refresh_from_db()
    assert asked.reasonable is True
    note = CaseNote.objects.get(request=case, verb="examine_objection")
    words = text_of(case.key, note.text, "note.text")
    assert words == "合理，但不公开会对公共利益造成重大影响。\n涉及公共安全"


def test_silence_means_what_the_law_says_for_each(steps):
    case, _ = ask(steps, COMPANY, FINANCE, party(2, "agency11", "青禾市教育局"))
    steps.go(D(2026, 3, 24))
    text = said(steps.open("case_consult", case))
    assert "逾期没有意见，由本机关决定是否公开" in text
    assert "逾期没有意见，视为同意公开" in text
    assert "逾期没有意见，不视为同意，应继续协商、确认" in text


def test_what_belongs_to_another_request_is_not_there(steps):
    case, _ = ask(steps, COMPANY)
    other = steps.counter.case("另一件")
    asked = Consultation.objects.get(request=case)
    for route, pk in (("case_answer", asked.pk), ("case_objection", asked.pk), ("case_letter", asked.asked_id)):
        assert steps.open(route, other, pk).status_code == 404
