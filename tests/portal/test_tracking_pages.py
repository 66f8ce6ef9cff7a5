"""The page of a case as its applicant reads it: what now, clock, stages, calendar, record, what next."""

from __future__ import annotations

from datetime import date, timedelta

from gongkai.foi.actions.approve_extension import approve_extension
from gongkai.foi.actions.approve_fee import approve_fee
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_reasons import ask_reasons
from gongkai.foi.actions.close import close
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.delay import delay
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.reopen import reopen
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.queries.progress import PHASES, progress
from gongkai.portal.views.tracking_page import HEADINGS
from tests.portal.page_reader import Page
from tests.portal.tracker import CASE, DAY, WISH, Story, answer_online


def heading(page: Page) -> str:
    return page.texts("h1")[0]


def count(page: Page) -> str:
    return page.texts(".track-clock__count")[0]


def links(page: Page) -> list[str]:
    return [a.get("href") for a in page.all("a")]


def states(page: Page) -> list[tuple[str, str]]:
    """(title as read aloud, state) of every stage."""
    return [
        (b.text, li.get("class").removeprefix("stages__")) for li in page.all(".stages > li") for b in li.findall("b")
    ]


def test_every_phase_has_its_heading():
    assert set(HEADINGS) == set(PHASES)


def test_the_case_of_picture_04(story):
    """Received 8 September, clarified 18, third party asked 28, answered 9 October; looked at on the 13th."""
    story.on(date(2026, 9, 10)).do(
        ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="全文还是造价"
    )
    story.on(date(2026, 9, 18)).do(take_clarification, on=date(2026, 9, 18), text="全文")
    story.on(date(2026, 9, 28)).do(consult, [Party("third_party", "青禾建设公司", "请提出意见")], on=date(2026, 9, 28))
    story.on(date(2026, 10, 9)).do(
        record_consultation_answer, "第三方1", on=date(2026, 10, 9), position="agreed", text="同意"
    )
    page = story.on(date(2026, 10, 13)).page
    assert heading(page) == "您的申请正在办理"
    assert page.texts(".track-lead") == [f"您向青禾市民政局申请公开“{WISH}”。"]
    assert count(page) == "还有 11 个工作日"
    assert page.texts(".track-clock__title") == ["机关最迟在2026年10月28日（星期三）答复您"]
    assert (
        "期限共 20 个工作日，已用 9 个，暂停的 4 个不计。《政府信息公开条例》第三十三条"
        in page.texts(".track-clock__text")[0]
    )
    assert states(page) == [
        ("收到申请", "done"), ("补正", "done"), ("征求第三方意见", "done"), ("拟写答复", "now"), ("答复", "later"),
        ("对答复不服", "later"),
    ]  # fmt: skip
    assert page.texts(".stages > li")[1:3] == [
        "补正（已完成）9月10日通知，9月18日收到您的补正第三十条",
        "征求第三方意见（已完成）9月28日发出，10月9日收到意见第三十二条",
    ]
    assert page.texts(".track-words tbody td") == ["计 5 日", "不计", "计 1 日", "暂停 4 日", "计 3 日", "还有 11 日"]
    assert page.texts(".track-words tbody th")[0] == "9月20日至9月24日9月20日调休上班"
    assert page.texts(".track-moved") == ["没有征求意见时，最后一日原为10月22日；暂停 4 个工作日，顺延到10月28日。"]
    cells = {
        cell.text_content().split()[0]: cell.get("class")
        for cell in page.all(".track-days td")
        if cell.text_content().strip()
    }
    assert (
        cells["9.18"] == "days__start" and cells["13"] == "days__counted days__today" and cells["10.1"] == "days__off"
    )
    assert cells["28"] == "days__due"
    assert len(page.all(".track-days")) == 1


def test_the_words_beside_the_calendar_say_the_same_days(story):
    story.on(date(2026, 9, 10)).do(
        ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="全文还是造价"
    )
    story.on(date(2026, 9, 18)).do(take_clarification, on=date(2026, 9, 18), text="全文")
    page = story.page
    assert "9月18日收到您的补正，当日不计，从次日起重新计算 20 个工作日。" in page.text
    effects = page.texts(".track-words td")
    assert effects[-1] == "20 个工作日"
    assert sum(int(e.split()[1]) for e in effects[:-1] if e[:2] in ("计 ", "还有")) == 20
    marked = [c.get("class") for c in page.all(".track-days td")]
    assert (
        sum("days__counted" in (c or "") or "days__ahead" in (c or "") or "days__due" in (c or "") for c in marked)
        == 20
    )


def test_not_confirmed_yet(counter, town_clock):
    story = Story(counter, town_clock, channel="fax")
    page = story.page
    assert heading(page) == "您的申请已经登记，等待确认"
    assert count(page) == "等待确认"
    assert [s for _, s in states(page)] == ["now", "later", "later"]
    assert page.all(".track-days") == []
    assert "撤回申请" not in page.text


def test_to_clarify_is_the_heading(story):
    page = (
        story.on(date(2026, 9, 10))
        .do(ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="请写明哪一年")
        .page
    )
    assert heading(page) == "请补正您的申请"
    assert count(page) == "还有 11 个工作日"
    assert page.texts(".track-clock__title") == ["请最迟在2026年9月24日（星期四）补正"]
    assert page.texts(".track-asked p") == ["请写明哪一年"]
    assert ("等您补正", "now") in states(page)
    assert page.values()["name"].strip() == WISH
    assert "到9月24日没有补正，又没有正当理由的，视为放弃申请，机关不再处理。" in page.text
    assert count(story.on(date(2026, 9, 24)).page) == "今天到期"


def test_given_up_when_the_last_day_is_over(story):
    story.on(date(2026, 9, 10)).do(ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="x")
    page = story.on(date(2026, 9, 25)).page
    assert heading(page) == "您的申请已视为放弃"
    assert page.texts(".track-clock__title") == ["申请人逾期未补正，视为放弃申请，不再处理。"]
    assert "最后一日是2026年9月24日（星期四）" in page.text
    assert states(page)[-1] == ("视为放弃", "stopped")
    story.do(close)
    assert heading(story.page) == "您的申请已视为放弃"


def test_reopened_without_a_day_waits_on(story):
    story.on(date(2026, 9, 10)).do(ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="x")
    story.on(date(2026, 9, 28)).do(reopen, reason="住院", who="foi_head")
    page = story.page
    assert heading(page) == "请补正您的申请"
    assert count(page) == "等您补正"
    assert "视为放弃申请，机关不再处理" not in page.texts(".track-else")[0]


def test_to_pay_is_the_heading(story):
    story.do(propose_fee, method="page", pages=131, excessive=True, reason="页数多")
    page = story.do(approve_fee, notified_on=DAY, who="foi_head").page
    assert heading(page) == "请缴纳信息处理费"
    assert count(page) == "还有 30 天"
    assert page.texts(".track-clock__title") == ["请最迟在2026年10月8日（星期四）缴费"]
    assert "1,320 元" in page.text
    assert ("等您缴费", "now") in states(page)


def test_reasons_are_the_heading_while_the_clock_runs(story):
    page = story.do(ask_reasons, on=DAY, text="本月第40件").page
    assert heading(page) == "请说明申请的理由"
    assert count(page) == "还有 20 个工作日"
    assert page.texts(".track-asked p") == ["本月第40件"]
    assert ("等您说明理由", "now") in states(page)
    assert [a.text_content() for a in page.all(".track-record a")][0] == "查看说明理由告知书"
    assert len(page.all(".track-record > li")) == 2


def test_suspended_says_so(story):
    page = story.do(consult, [Party("third_party", "青禾建设公司", "请提出意见")], on=DAY).on(date(2026, 9, 9)).page
    assert heading(page) == "您的申请正在办理"
    assert count(page) == "暂停，余 20 个工作日"
    assert ("征求第三方意见", "now") in states(page)
    assert "青禾建设公司" not in page.text


def test_extended_and_delayed(story):
    story.do(propose_extension, working_days=5, reason="量大").do(approve_extension, notified_on=DAY, who="foi_head")
    page = story.page
    assert count(page) == "还有 25 个工作日"
    assert ("延长答复期限", "done") in states(page)
    assert "如需延长" not in page.text
    story.do(ask_reasons, on=DAY, text="多").do(delay, until=date(2026, 12, 1), on=DAY, reason="量大", who="foi_head")
    page = story.page
    assert page.texts(".track-clock__title") == ["机关最迟在2026年12月1日（星期二）答复您"]
    assert "第三十五条" in page.texts(".track-clock__text")[0]
    assert page.all(".track-days") == []


def test_due_today_and_late(story):
    due = story.case.due_on
    assert count(story.on(due).page) == "今天到期"
    page = story.on(due + timedelta(days=2)).page
    assert heading(page) == "机关到期没有答复您"
    assert count(page) == "逾期 2 个工作日"
    assert "不服的，最迟" in page.text
    assert "/apply/track/remedies/" in links(page)


def test_withdrawn(story):
    from gongkai.foi.actions.withdraw_request import withdraw_request

    page = story.do(withdraw_request, on=DAY).page
    assert heading(page) == "您已撤回申请"
    assert states(page) == [("收到申请", "done"), ("撤回申请", "done")]


def test_answered_online(story):
    answer_online(story.counter, story.case)
    page = story.page
    assert heading(page) == "机关已经答复您"
    assert page.texts(".track-clock__title") == ["机关于2026年9月8日（星期二）答复您"]
    assert [a.get("href") for a in page.all(".track-clock a")] == ["/apply/track/reply/"]
    assert "最迟2026年11月9日（星期一）申请行政复议，或者最迟2027年3月8日（星期一）提起行政诉讼" in page.text


def test_answered_by_post_is_not_here(story):
    story.counter.reply(story.case)
    page = story.page
    assert heading(page) == "机关已经答复您"
    assert "/apply/track/reply/sealed/" not in links(page)
    assert "答复书" not in "".join(a.text_content() for a in page.all(".track-record a"))
    assert story.client.get("/apply/track/reply/letter/pdf/").status_code == 404
    assert "交邮政企业寄出" in Page(story.client, "/apply/track/reply/").text
    papers = [p.serial for p in story.case.papers.all()]
    assert (
        papers and [story.client.get(f"/apply/track/papers/{n}/").status_code for n in papers if n > 1].count(200) == 0
    )


def test_the_record_is_newest_first_and_leads_to_the_papers(story):
    story.on(date(2026, 9, 10)).do(
        ask_clarification, on=date(2026, 9, 10), reply_by=date(2026, 9, 24), items="请写明哪一年"
    )
    page = story.page
    rows = page.all(".track-record > li")
    assert [t.get("datetime") for t in page.all(".track-record time")] == ["2026-09-10", "2026-09-08"]
    assert "告知申请人补正，最迟2026年9月24日（星期四）补正" in rows[0].text_content()
    links = [a.get("href") for a in page.all(".track-record a") if "补正告知书" in a.text_content()]
    assert len(links) == 1
    paper = Page(story.client, links[0])
    assert "请写明哪一年" in paper.text and paper.texts("h1") == ["补正告知书"]
    assert len(paper.all(".official")) == 1
    pdf = story.client.get(f"{links[0]}pdf/")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    word = story.client.get(f"{links[0]}docx/")
    assert word.content.startswith(b"PK")
    assert story.client.get(f"{links[0]}exe/").status_code == 404


def test_a_case_costs_a_fixed_number_of_queries(story, django_assert_max_num_queries):
    client = story.client
    with django_assert_max_num_queries(16):
        client.get(CASE)


def test_the_page_and_progress_agree_with_the_stored_copies(story):
    seen = progress(story.case, today=DAY)
    assert (seen.clock.due_on, seen.phase) == (story.case.due_on, "working")


def test_a_machine_whose_clock_was_set_back_shows_the_last_day_on_record(story):
    page = story.on(DAY - timedelta(days=3)).page
    assert heading(page) == "您的申请正在办理"
    assert count(page) == "还有 20 个工作日"
