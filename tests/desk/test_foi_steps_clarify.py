"""Receipt and clarification on their screens: the happy way, each refusal of law, and what the dates would do."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.foi.models import CaseNote, IssuedPaper
from gongkai.foi.queries.papers import paper_document
from gongkai.foi.queries.sealed import text_of, wish
from gongkai.ledger.models import Fact
from tests.desk.step_desk import DUE, StepDesk, banner, buttons, fields, has_form, said, went

D = date
THIRTY = "《政府信息公开条例》第三十条"


@pytest.fixture
def steps(counter, time_machine) -> StepDesk:
    desk = StepDesk(counter, time_machine)
    desk.go()
    return desk


def fresh(case):
    case.refresh_from_db()
    return case


def test_receipt_is_confirmed_by_the_rule_of_its_channel(steps):
    case = steps.counter.receive(channel="online").registered[0].case
    steps.go(D(2026, 3, 3))
    page = steps.open("case_receipt", case)
    text = said(page)
    assert "以双方确认之日为收到之日" in text
    assert "期限未起算" in text
    assert "最迟2026年3月31日（星期二）答复" in text  # what confirming today would do
    assert "告知补正的最后一日：2026年3月12日（星期四）" in text
    assert fresh(case).received_on is None  # and nothing was written
    assert buttons(page) == ["确认收到"]
    assert went(steps.press("case_receipt", case), case)
    assert (fresh(case).received_on, case.due_on) == (D(2026, 3, 3), D(2026, 3, 31))
    assert IssuedPaper.objects.get(request=case).kind == "receipt"
    again = steps.open("case_receipt", case)
    assert not has_form(again)
    assert "现在不能确认收到之日" in said(again)


@pytest.mark.parametrize(
    ("day", "code"),
    [(D(2026, 3, 4), "晚于今天"), (D(2026, 3, 1), "早于申请到达的日期")],
)
def test_receipt_has_no_day_before_arrival_or_after_today(steps, day, code):
    case = steps.counter.receive(channel="online").registered[0].case
    steps.go(D(2026, 3, 3))
    answer = steps.press("case_receipt", case, confirmed_on=day)
    assert answer.status_code == 422
    assert code in banner(answer)
    assert fields(answer)["confirmed_on"] == day.isoformat()
    assert fresh(case).state == "registered"


def test_clarification_shows_its_last_day_and_both_clocks_then_asks(steps):
    case = steps.counter.case()
    page = steps.open("case_clarify", case)
    text = said(page)
    assert "告知补正的最后一日2026年3月11日（星期三）" in text
    assert "最迟2026年3月30日（星期一）答复" in text
    assert "停止计算，等待申请人补正，最迟2026年3月16日（星期一）" in text
    assert "申请人在3月16日补正的：最迟2026年4月14日（星期二）答复" in text
    assert (fresh(case).state, case.due_on) == ("in_progress", DUE)
    tried = steps.press("case_clarify", case, act="look", items="请写明年度", reply_by=D(2026, 3, 13))
    assert tried.status_code == 200
    assert "请写明年度" in said(tried)
    assert "最迟2026年3月13日" in said(tried)
    assert (fresh(case).state, IssuedPaper.objects.count()) == ("in_progress", 1)  # the receipt only
    done = steps.press("case_clarify", case, items="请写明年度", reply_by=D(2026, 3, 13))
    assert went(done, case)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_clarification", D(2026, 3, 13))
    paper = IssuedPaper.objects.get(request=case, kind="clarification")
    assert "请写明年度。" in paper_document(paper).paragraphs


def test_the_officer_writes_the_notice_anew(steps):
    case = steps.counter.case()
    typed = {"items": "请写明年度", "reply_by": D(2026, 3, 13)}
    taken = steps.press("case_clarify", case, act="take", **typed)
    body = fields(taken)["body"]
    assert "请写明年度。" in body.splitlines()
    own = body.replace("请写明年度", "请写明年度，并说明是市级还是区级资金")
    done = steps.press("case_clarify", case, **typed, body=own, body_of=fields(taken)["body_of"])
    assert went(done, case)
    paper = IssuedPaper.objects.get(request=case, kind="clarification")
    assert "请写明年度，并说明是市级还是区级资金。" in paper_document(paper).paragraphs


def test_a_text_written_from_other_fields_is_shown_once_more(steps):
    case = steps.counter.case()
    taken = steps.press("case_clarify", case, act="take", items="请写明年度", reply_by=D(2026, 3, 13))
    sent = {"items": "请写明年度", "reply_by": D(2026, 3, 12)} | {k: fields(taken)[k] for k in ("body", "body_of")}
    first = steps.press("case_clarify", case, **sent)
    assert first.status_code == 422
    assert "文书正文是按改动前的内容写的" in said(first)
    assert fresh(case).state == "in_progress"
    assert went(steps.press("case_clarify", case, **sent, heeded=fields(first)["heeded"]), case)
    assert fresh(case).waiting_until == D(2026, 3, 12)


def test_a_short_time_to_clarify_is_asked_about_once(steps):
    case = steps.counter.case()
    sent = {"items": "请写明年度", "reply_by": D(2026, 3, 4)}
    first = steps.press("case_clarify", case, **sent)
    assert (first.status_code, fields(first)["items"]) == (422, "请写明年度")
    assert "只有 2 个工作日" in said(first)
    assert went(steps.press("case_clarify", case, **sent, heeded=fields(first)["heeded"]), case)


def test_a_clarification_on_day_eight_is_refused(steps):
    case = steps.counter.case()
    steps.go(D(2026, 3, 12))
    page = steps.open("case_clarify", case)
    assert not has_form(page)
    assert (
        f"应于收到申请后7个工作日内（最迟2026年3月11日（星期三））告知补正，逾期告知不影响答复期限。没有办理。 {THIRTY}"
        in said(page)
    )
    answer = steps.press("case_clarify", case, items="请写明年度", reply_by=D(2026, 3, 26))
    assert answer.status_code == 422
    assert THIRTY in banner(answer)
    assert fields(answer)["items"] == "请写明年度"  # nothing typed is lost
    assert (fresh(case).state, case.due_on) == ("in_progress", DUE)


def test_a_second_clarification_is_refused(steps):
    case = steps.counter.case()
    steps.press("case_clarify", case, items="请写明年度", reply_by=D(2026, 3, 13))
    steps.go(D(2026, 3, 4))
    steps.press("case_clarified", case, name="2025年度救助资金发放明细", on=D(2026, 3, 4))
    page = steps.open("case_clarify", case)
    assert "补正应当一次性告知" in said(page)
    answer = steps.press("case_clarify", case, items="再补一次", reply_by=D(2026, 3, 20))
    assert answer.status_code == 422
    assert f"补正应当一次性告知，再次告知补正不影响答复期限。没有办理。{THIRTY}" in banner(answer)
    assert fields(answer)["items"] == "再补一次"
    assert IssuedPaper.objects.filter(request=case, kind="clarification").count() == 1


def waiting(steps, until: date = D(2026, 3, 13)):
    case = steps.counter.case()
    assert went(steps.press("case_clarify", case, items="请写明年度", reply_by=until), case)
    return case


def test_what_came_is_registered_and_the_count_begins_anew(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 10))
    page = steps.open("case_clarified", case)
    assert fields(page)["name"] == "2025年救助资金发放明细"
    assert "最迟2026年4月8日（星期三）答复" in said(page)
    done = steps.press("case_clarified", case, name="2025年度市级救助资金发放明细", text="附说明一页")
    assert went(done, case)
    assert (fresh(case).state, case.due_on) == ("in_progress", D(2026, 4, 8))
    assert wish(case).name == "2025年度市级救助资金发放明细"
    note = CaseNote.objects.get(request=case, verb="take_clarification")
    assert text_of(case.key, note.text, "note.text") == "附说明一页"


def test_an_answer_after_it_was_given_up_waits_for_the_decision_to_reopen(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 16))
    page = steps.open("case_clarified", case)
    assert "请先恢复办理，再登记" in said(page)
    answer = steps.press("case_clarified", case, name="2025年度救助资金发放明细", text="附说明一页")
    assert answer.status_code == 422
    assert f"申请视为放弃。申请人有正当理由的，请先恢复办理，再登记。{THIRTY}" in banner(answer)
    assert fields(answer)["text"] == "附说明一页"
    assert fresh(case).state == "awaiting_clarification"
    # what had come in time is only written down late
    assert went(steps.press("case_clarified", case, on=D(2026, 3, 13)), case)
    assert (fresh(case).state, case.due_on) == ("in_progress", D(2026, 4, 13))


def test_another_last_day_is_set_only_while_there_is_time(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 12))
    assert went(steps.press("case_reply_by", case, reply_by=D(2026, 3, 20), reason="申请人住院"), case)
    assert fresh(case).waiting_until == D(2026, 3, 20)
    past = steps.press("case_reply_by", case, reply_by=D(2026, 3, 10), reason="改早")
    assert past.status_code == 422
    assert "早于作出之日" in banner(past)
    steps.go(D(2026, 3, 23))
    page = steps.open("case_reply_by", case)
    assert not has_form(page)
    assert "请先恢复办理" in said(page)
    late = steps.press("case_reply_by", case, reply_by=D(2026, 3, 27), reason="住院")
    assert (late.status_code, fields(late)["reason"]) == (422, "住院")
    assert THIRTY in banner(late)


@pytest.mark.parametrize("name", ["case_reply_by", "case_clarified"])
def test_what_nobody_awaits_shows_why_instead_of_a_form(steps, name):
    case = steps.counter.case()
    page = steps.open(name, case)
    assert not has_form(page)
    assert "现在没有等待补正" in said(page)


def test_a_second_click_does_nothing_and_says_so(steps):
    case = steps.counter.case()
    page = steps.open("case_clarify", case)
    sent = fields(page) | {"act": "do", "items": "请写明年度", "reply_by": "2026-03-13"}
    client = steps.client("foi_officer")
    assert client.post(page.request["PATH_INFO"], sent).status_code == 302
    facts = Fact.objects.count()
    second = client.post(page.request["PATH_INFO"], sent)
    assert second.status_code == 409
    assert "这件申请刚被办理过，没有重复办理" in said(second)
    assert fields(second)["items"] == "请写明年度"
    assert Fact.objects.count() == facts
