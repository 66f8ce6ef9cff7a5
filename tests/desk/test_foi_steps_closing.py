"""How a request ends and is taken up again; review and litigation; corrections of records."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.models import IssuedPaper, Outcome, RecordCorrection, Remedy
from gongkai.foi.queries.papers import paper_document
from gongkai.foi.queries.sealed import text_of
from tests.desk.step_desk import StepDesk, banner, buttons, fields, has_form, said, went
from tests.foi.conftest import PNG

D = date
THIRTY = "《政府信息公开条例》第三十条"
FORTY_ONE = "《政府信息公开条例》第四十一条"


@pytest.fixture
def steps(counter, time_machine) -> StepDesk:
    desk = StepDesk(counter, time_machine)
    desk.go()
    return desk


def fresh(case):
    case.refresh_from_db()
    return case


def replied(steps):
    case = steps.counter.case()
    steps.counter.reply(case)
    steps.go()
    return case


def waiting(steps):
    case = steps.counter.case()
    assert went(steps.press("case_clarify", case, items="请写明年度", reply_by=D(2026, 3, 13)), case)
    return case


# Withdrawal, giving up, filing, taking up again ---------------------------------------------------------------------


def test_a_withdrawal_is_written_down_for_the_applicant(steps):
    case = steps.counter.case()
    page = steps.open("case_withdraw", case)
    assert "申请人撤回申请，不再计算" in said(page)
    assert buttons(page) == ["登记撤回"]
    silent = steps.press("case_withdraw", case, text="")
    assert silent.status_code == 422
    early = steps.press("case_withdraw", case, text="来电撤回", on=D(2026, 3, 1))
    assert (early.status_code, fields(early)["text"]) == (422, "来电撤回")
    assert "早于收到申请之日" in banner(early)
    assert went(steps.press("case_withdraw", case, text="来电撤回"), case)
    assert (fresh(case).state, Outcome.objects.get().report_row) == ("withdrawn", "other_3")
    again = steps.open("case_withdraw", case)
    assert not has_form(again)


def test_nothing_is_given_up_before_its_last_day_is_over(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 13))
    page = steps.open("case_give_up", case)
    assert not has_form(page)
    assert f"期限还没有届满，最迟2026年3月13日（星期五），不能按放弃申请办结。 {THIRTY}" in said(page)
    assert steps.press("case_give_up", case).status_code == 422
    assert fresh(case).state == "awaiting_clarification"


def test_what_was_given_up_is_closed_withdrawn_no_more_and_taken_up_by_the_head(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 16))
    withdrawn = steps.press("case_withdraw", case, text="不要了", on=D(2026, 3, 16))
    assert (withdrawn.status_code, THIRTY in banner(withdrawn)) == (422, True)
    assert "视为放弃，请按放弃申请办结" in said(steps.open("case_withdraw", case))
    page = steps.open("case_give_up", case)
    assert "申请人无正当理由逾期不补正" in said(page)
    assert went(steps.press("case_give_up", case), case)
    assert (fresh(case).state, Outcome.objects.get().reply_code) == ("given_up", "R13")
    officer = steps.open("case_reopen", case)
    assert not has_form(officer)
    assert "政府信息公开工作机构负责人（经办03）" in said(officer)
    silent = steps.press("case_reopen", case, who="foi_head", reason="")
    assert (silent.status_code, fresh(case).state) == (422, "given_up")
    assert "请写明申请人的正当理由" in banner(silent)
    done = steps.press("case_reopen", case, who="foi_head", reason="申请人住院", reply_by=D(2026, 3, 20))
    assert went(done, case)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_clarification", D(2026, 3, 20))
    assert Outcome.objects.get().voided_at is not None


def test_what_last_year_s_report_counted_is_not_taken_up_again(steps):
    steps.go(D(2025, 12, 1))
    case = steps.counter.case()
    steps.press("case_clarify", case, items="请写明年度", reply_by=D(2025, 12, 10))
    steps.go(D(2025, 12, 31))
    assert went(steps.press("case_give_up", case), case)
    steps.go(D(2026, 1, 5))
    page = steps.open("case_reopen", case, who="foi_head")
    assert not has_form(page)
    assert "已计入上一年度的年度报告，不能恢复办理" in said(page)
    answer = steps.press("case_reopen", case, who="foi_head", reason="申请人住院")
    assert (answer.status_code, fields(answer)["reason"]) == (422, "申请人住院")
    assert fresh(case).state == "given_up"


def test_nothing_is_reopened_that_was_not_given_up(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 12))
    assert "没有被视为放弃，不需要恢复办理" in said(steps.open("case_reopen", case, who="foi_head"))
    answer = steps.press("case_reopen", case, who="foi_head", reason="申请人住院")
    assert (answer.status_code, fresh(case).state) == (422, "awaiting_clarification")


def test_a_request_is_filed_when_it_has_ended(steps):
    case = steps.counter.case()
    assert "先答复、撤回或者按放弃办结，再归档" in said(steps.open("case_close", case))
    assert steps.press("case_close", case).status_code == 422
    case = replied(steps)
    assert went(steps.press("case_close", case), case)
    assert (fresh(case).state, case.closed_on) == ("closed", D(2026, 3, 2))


# Review and litigation ----------------------------------------------------------------------------------------------


FILED = {"kind": "review", "body_name": "青禾市人民政府", "docket": "青复〔2026〕7号"}


def test_review_is_registered_and_its_outcome_once(steps):
    case = replied(steps)
    missing = steps.press("case_remedies", case, **FILED | {"body_name": ""})
    assert (missing.status_code, fields(missing)["docket"]) == (422, "青复〔2026〕7号")
    assert went(steps.press("case_remedies", case, **FILED), case)
    remedy = Remedy.objects.get(request=case)
    assert text_of(case.key, remedy.docket, "remedy.docket") == "青复〔2026〕7号"
    listed = said(steps.open("case_remedies", case))
    assert "行政复议 青禾市人民政府" in listed.replace("　", " ")
    assert "尚未审结" in listed
    steps.go(D(2026, 4, 1))
    early = steps.press("case_remedy_result", case, remedy.pk, result="corrected", on=D(2026, 3, 1))
    assert early.status_code == 422
    done = steps.press(
        "case_remedy_result", case, remedy.pk, result="corrected", redo_by=D(2026, 5, 6), note="责令重新答复"
    )
    assert went(done, case)
    remedy.refresh_from_db()
    assert (remedy.result, remedy.redo_by) == ("corrected", D(2026, 5, 6))
    again = steps.open("case_remedy_result", case, remedy.pk)
    assert not has_form(again)
    assert "这一项的结果已经登记" in said(again)
    assert "结果纠正" in said(steps.open("case_remedies", case))


def test_review_of_a_request_never_received_is_refused(steps):
    case = steps.counter.receive(channel="online").registered[0].case
    page = steps.open("case_remedies", case)
    assert not has_form(page)
    assert "请先确认收到之日" in said(page)
    assert steps.press("case_remedies", case, **FILED, filed_on=D(2026, 3, 2)).status_code == 422


def test_a_second_click_registers_review_once(steps):
    case = replied(steps)
    page = steps.open("case_remedies", case)
    sent = fields(page) | FILED | {"act": "do"}
    client = steps.client("foi_officer")
    answers = [client.post(page.request["PATH_INFO"], sent).status_code for _ in range(2)]
    assert (answers, Remedy.objects.count()) == ([302, 409], 1)


# Corrections, 条例41 ------------------------------------------------------------------------------------------------


def test_a_correction_is_received_with_its_evidence_and_decided(steps):
    case = replied(steps)
    add_file(
        case.number,
        PNG,
        "户口簿.png",
        kind="correction",
        **steps.counter.who() | {"at": steps.counter.who()["at"].replace(hour=13)},
    )
    page = steps.open("case_record_corrections", case)
    assert "户口簿.png" in said(page)
    evidence = str(case.files.get(kind="correction").pk)
    done = steps.press("case_record_corrections", case, what="第3页街道写错", file_id=evidence)
    assert went(done, case)
    asked = RecordCorrection.objects.get(request=case)
    listed = steps.open("case_record_corrections", case)
    assert not has_form(listed)
    assert "上一次更正要求正在办理" in said(listed)
    assert "第3页街道写错" in said(listed)
    nowhere = steps.press("case_record_correction", case, asked.pk, decision="transferred", reason="户籍由公安登记")
    assert (nowhere.status_code, fields(nowhere)["reason"]) == (422, "户籍由公安登记")
    assert f"请写明有权更正的机关。{FORTY_ONE}" in banner(nowhere)
    chosen = steps.open("case_record_correction", case, asked.pk)
    assert "填好以后预览，将要发出的文书显示在这里" in said(chosen)
    tried = steps.press("case_record_correction", case, asked.pk, act="look", decision="unfounded", reason="与档案一致")
    assert "与档案一致" in said(tried)
    done = steps.press(
        "case_record_correction",
        case,
        asked.pk,
        decision="transferred",
        reason="户籍由公安登记",
        other_organ="青禾市公安局",
    )
    assert went(done, case)
    asked.refresh_from_db()
    assert (asked.decision, asked.other_organ) == ("transferred", "青禾市公安局")
    letter = paper_document(IssuedPaper.objects.get(request=case, kind="correction_answer"))
    assert "青禾市公安局" in letter.text
    assert "第3页街道写错" in letter.text
    assert not has_form(steps.open("case_record_correction", case, asked.pk))


def test_what_was_not_answered_is_not_corrected(steps):
    case = steps.counter.case()
    page = steps.open("case_record_corrections", case)
    assert not has_form(page)
    assert "收到政府信息后才能要求更正" in said(page)


def test_what_was_awaited_in_payment_is_reopened_without_another_day(steps):
    case = steps.counter.case()
    steps.press("case_fee", case, method="page", pages=150, excessive="on", reason="一件三百余页")
    steps.press("case_fee_decide", case, who="foi_head")
    steps.go(D(2026, 4, 2))
    page = steps.open("case_reopen", case, who="foi_head")
    assert "reply_by" not in fields(page)
    assert went(steps.press("case_reopen", case, who="foi_head", reason="汇款退回"), case)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_payment", None)


def test_reopening_may_leave_the_last_day_open(steps):
    case = waiting(steps)
    steps.go(D(2026, 3, 16))
    assert fields(steps.open("case_reopen", case, who="foi_head"))["reply_by"] == "2026-03-30"
    assert went(steps.press("case_reopen", case, who="foi_head", reason="申请人住院", reply_by=""), case)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_clarification", None)
