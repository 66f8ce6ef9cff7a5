"""What one proposes and the head decides: extension, fee, delay; reasons and payment with them."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.agencies.actions.people import appoint
from gongkai.agencies.actors import SYSTEM
from gongkai.foi.models import Extension, Fee, IssuedPaper
from gongkai.foi.queries.papers import paper_document
from tests.desk.step_desk import DUE, StepDesk, banner, buttons, fields, has_form, said, went
from tests.foi.conftest import at

D = date
THIRTY_THREE = "《政府信息公开条例》第三十三条第二款"


@pytest.fixture
def steps(counter, time_machine) -> StepDesk:
    desk = StepDesk(counter, time_machine)
    desk.go()
    return desk


def fresh(case):
    case.refresh_from_db()
    return case


def proposed(steps, days: int = 20):
    case = steps.counter.case()
    assert went(steps.press("case_extend", case, working_days=days, reason="需要到档案馆检索"), case)
    return case


# Extension, 条例33.2 ------------------------------------------------------------------------------------------------


def test_a_proposal_shows_what_agreeing_would_do_and_moves_nothing(steps):
    case = steps.counter.case()
    text = said(steps.open("case_extend", case))
    assert "最迟2026年4月28日（星期二）答复" in text
    assert "负责人最迟2026年3月30日（星期一）决定并告知申请人" in text
    tried = steps.press("case_extend", case, act="look", working_days=5)
    assert "最迟2026年4月7日（星期二）答复" in said(tried)
    assert Extension.objects.count() == 0
    assert went(steps.press("case_extend", case, working_days=5, reason="需要到档案馆检索"), case)
    assert fresh(case).due_on == DUE
    again = steps.open("case_extend", case)
    assert not has_form(again)
    assert "已有一项延长正在等待决定" in said(again)


@pytest.mark.parametrize("days", [0, 21, -1, 400, "两周"])
def test_no_extension_beyond_twenty_days(steps, days):
    case = steps.counter.case()
    answer = steps.press("case_extend", case, working_days=days, reason="需要到档案馆检索")
    assert (answer.status_code, fields(answer)["reason"]) == (422, "需要到档案馆检索")
    assert Extension.objects.count() == 0


def test_the_head_agrees_and_the_notice_goes_out_the_same_day(steps):
    case = proposed(steps)
    steps.go(DUE)
    page = steps.open("case_extension", case, who="foi_head")
    text = said(page)
    assert buttons(page) == ["同意延长"]
    assert "提请延长20 个工作日" in text
    assert "需要到档案馆检索" in text
    assert "最迟2026年4月28日（星期二）答复" in text
    assert went(steps.press("case_extension", case, who="foi_head"), case)
    assert fresh(case).due_on == D(2026, 4, 28)
    paper = paper_document(IssuedPaper.objects.get(request=case, kind="extension"))
    assert "2026年4月28日" in paper.text
    again = steps.press("case_extension", case, who="foi_head")
    assert again.status_code == 422
    assert "没有等待决定的事项" in banner(again)


def test_an_extension_on_day_twenty_one_is_refused(steps):
    case = proposed(steps)
    steps.go(D(2026, 3, 31))
    page = steps.open("case_extension", case, who="foi_head")
    assert not has_form(page)
    assert f"应在答复期限届满前告知申请人。没有办理。 {THIRTY_THREE}" in said(page)
    answer = steps.press("case_extension", case, who="foi_head", body="本机关决定延长。")
    assert answer.status_code == 422
    assert THIRTY_THREE in banner(answer)
    assert fields(answer)["body"] == "本机关决定延长。"
    assert (fresh(case).due_on, IssuedPaper.objects.filter(kind="extension").count()) == (DUE, 0)
    # and nobody proposes it any more
    assert went(steps.press("case_extension_refuse", case, who="foi_head", reason="期限已过"), case)
    assert not has_form(steps.open("case_extend", case))


def test_a_second_extension_is_refused(steps):
    case = proposed(steps, 5)
    steps.go(D(2026, 3, 3))
    steps.press("case_extension", case, who="foi_head")
    page = steps.open("case_extend", case)
    assert not has_form(page)
    assert "答复期限只能延长一次" in said(page)
    assert "同意" in said(page)  # what became of the first


def test_not_agreeing_needs_a_reason_and_changes_nothing(steps):
    case = proposed(steps)
    silent = steps.press("case_extension_refuse", case, who="foi_head", reason=" ")
    assert silent.status_code == 422
    assert went(steps.press("case_extension_refuse", case, who="foi_head", reason="可以按期答复"), case)
    assert (fresh(case).due_on, Extension.objects.get().decision) == (DUE, "refused")
    assert "不同意：可以按期答复" in said(steps.open("case_extend", case))


def test_the_officer_sees_who_decides_and_cannot(steps):
    case = proposed(steps)
    for route in ("case_extension", "case_extension_refuse"):
        page = steps.open(route, case)
        assert not has_form(page)
        assert "这一步由政府信息公开工作机构负责人（经办03）办理" in said(page)
        answer = steps.press(route, case, reason="我来决定", body="我来决定")
        assert answer.status_code == 422
        assert "我来决定" in said(answer)  # given back for keeping
    assert Extension.objects.get().decision == ""


def test_nobody_decides_what_they_proposed(steps):
    head = steps.counter.town.people["foi_head"]
    appoint(
        head, steps.counter.town.section, "foi_officer", starts_on=D(2020, 1, 1), actor=SYSTEM, at=at(D(2026, 3, 2))
    )
    case = steps.counter.case()
    assert went(steps.press("case_extend", case, who="foi_head", working_days=5, reason="检索量大"), case)
    page = steps.open("case_extension", case, who="foi_head")
    assert not has_form(page)
    assert "不能由提请的人自己同意" in said(page)
    answer = steps.press("case_extension", case, who="foi_head")
    assert (answer.status_code, Extension.objects.get().decision) == (422, "")
    assert f"不能由提请的人自己同意，请由政府信息公开工作机构负责人办理。{THIRTY_THREE}" in banner(answer)


# Fee, 国办函〔2020〕109号 -------------------------------------------------------------------------------------------


FEE = {"method": "page", "pages": 150, "excessive": "on", "reason": "一件三百余页"}


def test_law_computes_the_fee_before_it_is_proposed(steps):
    case = steps.counter.case()
    tried = steps.press("case_fee", case, act="look", method="page", pages=150)
    text = said(tried)
    assert tried.status_code == 200
    assert "可以收取信息处理费1,700元" in text
    assert "第101至150页：每页20元，50页共1,000元" in text
    assert Fee.objects.count() == 0
    assert went(steps.press("case_fee", case, **FEE), case)
    assert (Fee.objects.get().yuan, fresh(case).due_on) == (1700, DUE)
    assert "已有一项收费正在等待决定" in said(steps.open("case_fee", case))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (FEE | {"excessive": ""}, "没有明显超过合理范围，不能收取信息处理费。《政府信息公开条例》第四十二条第一款"),
        (FEE | {"pages": 30}, "没有超过免费的数量，不收取信息处理费"),
        (FEE | {"only_told_where": "on"}, "只告知获取途径的，不按量计收"),
        (FEE | {"method": "piece"}, "没有超过免费的数量"),
        (FEE | {"method": ""}, "请选择按件或者按量计收"),
        (FEE | {"pages": -1}, "页数不能是负数"),
        (FEE | {"pages": "九十九"}, "请填写数字"),
    ],
)
def test_when_no_fee_may_be_proposed(steps, typed, words):
    case = steps.counter.case()
    answer = steps.press("case_fee", case, **typed)
    assert answer.status_code == 422
    assert words in banner(answer)
    assert (fields(answer)["reason"], Fee.objects.count()) == ("一件三百余页", 0)


def charged(steps):
    case = steps.counter.case()
    assert went(steps.press("case_fee", case, **FEE), case)
    assert went(steps.press("case_fee_decide", case, who="foi_head"), case)
    return case


def test_the_head_agrees_to_the_fee_and_the_clock_waits(steps):
    case = steps.counter.case()
    steps.press("case_fee", case, **FEE)
    page = steps.open("case_fee_decide", case, who="foi_head")
    text = said(page)
    assert "提请收取1,700 元" in text
    assert "停止计算，等待申请人缴费，最迟2026年4月1日（星期三）" in text
    assert "申请人在4月1日缴费的：最迟2026年4月30日（星期四）答复" in text
    assert went(steps.press("case_fee_decide", case, who="foi_head"), case)
    assert (fresh(case).state, case.waiting_until) == ("awaiting_payment", D(2026, 4, 1))
    assert "1,700" in paper_document(IssuedPaper.objects.get(request=case, kind="fee")).text


def test_a_fee_after_the_due_day_is_refused(steps):
    case = steps.counter.case()
    steps.press("case_fee", case, **FEE)
    steps.go(D(2026, 3, 31))
    page = steps.open("case_fee_decide", case, who="foi_head")
    assert not has_form(page)
    assert "收费通知应在答复期限内作出" in said(page)
    answer = steps.press("case_fee_decide", case, who="foi_head")
    assert (answer.status_code, fresh(case).state) == (422, "in_progress")
    assert went(steps.press("case_fee_refuse", case, who="foi_head", reason="期限已过"), case)


def test_the_thirty_days_run_from_the_notice_s_arrival_and_payment_restarts(steps):
    case = charged(steps)
    steps.go(D(2026, 3, 6))
    page = steps.open("case_payment", case)
    assert "收费通知书的收到日期还没有登记" in said(page)
    step = Fee.objects.get().step_id
    assert went(steps.press("case_letter", case, step, received_on=D(2026, 3, 5)), case)
    assert fresh(case).waiting_until == D(2026, 4, 7)
    steps.go(D(2026, 3, 11))
    assert "最迟2026年4月9日（星期四）答复" in said(steps.open("case_payment", case))
    assert went(steps.press("case_payment", case), case)
    assert (fresh(case).state, case.due_on) == ("in_progress", D(2026, 4, 9))


def test_a_payment_after_it_was_given_up_is_refused(steps):
    case = charged(steps)
    steps.go(D(2026, 4, 2))
    answer = steps.press("case_payment", case)
    assert answer.status_code == 422
    assert "请先恢复办理，再登记" in banner(answer)
    assert fresh(case).state == "awaiting_payment"
    assert went(steps.press("case_payment", case, on=D(2026, 4, 1)), case)


# Excessive requests, 条例35 -----------------------------------------------------------------------------------------


def test_reasons_are_asked_and_taken_and_the_clock_goes_on(steps):
    case = steps.counter.case()
    text = said(steps.open("case_reasons", case))
    assert "2026年3月，这是第 1 件；全年 1 件" in text
    assert "期限不变" in text
    assert not has_form(steps.open("case_reasons_taken", case))
    assert went(steps.press("case_reasons", case, text="三月内申请三十件，请在七日内说明理由"), case)
    assert "三月内申请三十件" in paper_document(IssuedPaper.objects.get(request=case, kind="reasons")).text
    assert went(steps.press("case_reasons_taken", case, text="用于研究"), case)
    assert fresh(case).due_on == DUE


def test_a_delay_comes_after_reasons_and_before_the_due_day(steps):
    case = steps.counter.case()
    page = steps.open("case_delay", case, who="foi_head")
    assert not has_form(page)
    assert "没有要求申请人说明理由，不能延迟答复，请先要求说明理由。 《政府信息公开条例》第三十五条" in said(page)
    steps.press("case_reasons", case, text="三月内申请三十件")
    assert "最迟2026年4月28日（星期二）答复" in said(steps.open("case_delay", case, who="foi_head"))
    earlier = steps.press("case_delay", case, who="foi_head", until=D(2026, 3, 20), reason="件数多")
    assert (earlier.status_code, fields(earlier)["reason"]) == (422, "件数多")
    assert "延迟到的日期应晚于现在的期限" in banner(earlier)
    assert went(steps.press("case_delay", case, who="foi_head", until=D(2026, 6, 1), reason="件数多"), case)
    assert fresh(case).due_on == D(2026, 6, 1)
    assert "2026年6月1日" in paper_document(IssuedPaper.objects.get(request=case, kind="delay")).text


def test_a_delay_after_the_due_day_is_refused(steps):
    case = steps.counter.case()
    steps.press("case_reasons", case, text="三月内申请三十件")
    steps.go(D(2026, 3, 31))
    page = steps.open("case_delay", case, who="foi_head")
    assert not has_form(page)
    answer = steps.press("case_delay", case, who="foi_head", until=D(2026, 6, 1), reason="件数多")
    assert (answer.status_code, fresh(case).due_on) == (422, DUE)
    assert "届满前告知延迟" in banner(answer)
