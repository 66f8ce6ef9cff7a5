"""The calculators under /rules/: plain addresses in, the law's own answer out."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

import gongkai
from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.remedies import remedy
from gongkai.law.replies import REPLIES
from gongkai.law.reply_clock import parse_steps, reply_clock
from gongkai.law.reply_tree import every_path, question, walk
from gongkai.portal.views.calculator_due import EFFECTS
from gongkai.portal.views.calculator_events import ADDABLE, EVENTS, MOST_EVENTS
from gongkai.portal.views.calculator_form import event_fields
from tests.law.clock_cases import cases
from tests.portal.page_reader import Page, within, words

pytestmark = pytest.mark.django_db

CALENDAR = shipped_calendar()
BASIC = {"on": "2026-09-08", "channel": "online", "confirmed_on": "2026-09-08", "as_of": "2026-10-13"}
# A clarification, then a third party: the picture of the tracking page.
FULL = BASIC | {
    "step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-09-25",
    "step2": "clarification_received", "on2": "2026-09-18",
    "step3": "third_party_asked", "on3": "2026-09-28", "party3": "甲",
    "step4": "third_party_answered", "on4": "2026-10-09", "party4": "甲",
    "go": "1",
}  # fmt: skip


def due(client: Client, query: dict[str, str]) -> Page:
    return Page(client, "/rules/due/", query)


# The reply clock -----------------------------------------------------------------------------------------------


def test_start_names_the_three_calculators_and_the_years_of_the_calendar(client):
    page = Page(client, "/rules/")
    links = {node.get("href") for node in page.all("a")}
    assert {"/rules/due/", "/rules/due/?clock=publication", "/rules/reply/", "/rules/fee/"} <= links
    assert "2007年至2026年" in page.text


def test_the_answer_stands_first_in_one_line_with_day_weekday_and_remaining_days(client):
    page = due(client, FULL)
    assert page.texts(".clock__count") == ["还有 11 个工作日"]
    assert "应于2026年10月28日（星期三）前答复，剩余11个工作日。" in page.texts(".clock__text")[0]
    assert page.texts(".facts dd") == [
        "2026年10月28日（星期三）",
        "11 个工作日",
        "2026年9月8日（星期二）",
        "2026年9月18日次日，共 20 个工作日",
    ]
    assert page.all("section#result")[0].get("autofocus") is not None


def test_the_calendar_is_a_table_a_month_with_a_word_for_every_day(client):
    page = due(client, FULL)
    assert page.texts("table.days__month caption") == ["2026年9月", "2026年10月"]
    assert all(len(within(row, "td")) == 7 for row in page.all("table.days__month tbody tr"))
    found = {}
    for cell in page.all("table.days__month td"):
        for time in within(cell, "time"):
            found[time.get("datetime")] = (cell.get("class").split()[0], words(cell))
    assert len(found) == 41
    assert found["2026-09-18"] == ("days__start", "18 补正到")
    assert found["2026-09-19"] == ("days__off", "19 休")
    assert found["2026-09-20"] == ("days__counted", "20 第1日 班")
    assert found["2026-09-28"] == ("days__counted", "28 第6日")
    assert found["2026-09-29"] == ("days__suspended", "29 暂停")
    assert found["2026-10-07"] == ("days__off", "7 休")
    assert found["2026-10-10"] == ("days__counted", "10 第7日 班")
    assert found["2026-10-13"] == ("days__counted", "13 第9日截至日")
    assert found["2026-10-14"] == ("days__ahead", "14 第10日")
    assert found["2026-10-28"] == ("days__due", "28 到期")


def test_the_same_days_in_words(client):
    assert due(client, FULL).texts(".calculator__words dl > div") == [
        "9月20日至9月24日9月20日调休上班 计 5 日".replace(" 计", "计"),
        "9月25日至9月27日中秋节放假不计",
        "9月28日计 1 日",
        "9月29日至10月9日含国庆节放假暂停 4 日",
        "10月10日至10月13日10月10日调休上班计 3 日",
        "10月14日至10月28日还有 11 日",
        "合计20 个工作日",
    ]


def test_every_line_of_the_explanation_has_day_sentence_effect_and_article(client):
    rows = [
        (words(within(row, "time")[0]), *[words(span) for span in within(row, ".meta span")])
        for row in due(client, FULL).all(".calculator__explain > li")
    ]
    assert rows[:5] == [
        ("2026年9月8日", "对期限：开始", "第三十一条第三项"),
        ("2026年9月10日", "对期限：停止计算，等待补正", "第三十条"),
        ("2026年9月18日", "对期限：重新计算", "第三十条"),
        ("2026年9月28日", "对期限：次日起暂停", "第三十二条；第三十三条第三款"),
        ("2026年10月9日", "对期限：次日起恢复", "第三十二条；第三十三条第三款"),
    ]
    assert rows[-1] == ("2026年10月28日", "对期限：结论", "第三十三条")
    assert all(len(row) == 3 for row in rows)


def as_query(case: dict[str, Any]) -> dict[str, str]:
    """A case of the law's tests as an address of the page."""
    party = {"甲公司": "甲", "乙公司": "乙", "丙中心": "丙"}
    query = {"as_of": case["as_of"], "go": "1"}
    number = 0
    for step in case["steps"]:
        if step["step"] == "received":
            query |= {name: step[name] for name in ("on", "channel", "confirmed_on") if name in step}
            continue
        number += 1
        query[f"step{number}"] = step["step"]
        for name in event_fields(step["step"]):
            value = step.get(name)
            if name == "basis":
                value = value or "34"
            if value is not None and str(value).strip():
                query[f"{name}{number}"] = party.get(value, str(value))
    return query


def test_the_page_says_what_law_says_for_any_case(client):
    kinds = set()
    for case in cases(seed=20, count=120):
        steps = [dict(step) for step in case["steps"]]
        for step in steps:
            if "party" in step:
                step["party"] = {"甲公司": "甲", "乙公司": "乙", "丙中心": "丙"}[step["party"]]
            if "approved_by" in step:
                step["approved_by"] = "政府信息公开工作机构负责人" if step["approved_by"].strip() else None
        if len(steps) - 1 > MOST_EVENTS:
            continue
        clock = reply_clock(parse_steps(steps), CALENDAR, date.fromisoformat(case["as_of"]))
        page = due(client, as_query(case))
        assert clock.sentence in page.texts(".clock__text")[0], case
        assert page.texts(".calculator__violations > li") == [
            f"{v.on.year}年{v.on.month}月{v.on.day}日：{v.sentence}。{v.article}" for v in clock.violations
        ]
        assert len(page.all(".calculator__explain > li")) == len(clock.explain)
        numbers = [int(n) for n in re.findall(r"第(\d+)日", " ".join(page.texts("table.days__month td")))]
        assert numbers == list(range(1, clock.length)) if page.all("table.days__month") else not numbers
        counted = re.findall(r"(?:计|还有|没有用到) (\d+) 日", " ".join(page.texts(".calculator__words dd")))
        assert sum(map(int, counted)) == (clock.length if page.all("table.days__month") else 0)
        kinds |= {clock.status}
    assert kinds == {"running", "suspended", "awaiting_clarification", "awaiting_payment", "met", "late", "abandoned",
                     "withdrawn"}  # fmt: skip


def test_days_after_the_reply_were_not_used(client):
    replied = {"step1": "replied", "on1": "2026-09-30", "by1": "online", "go": "1"}
    page = due(client, BASIC | replied)
    kinds = {
        time.get("datetime"): cell.get("class").split()[0]
        for cell in page.all("table.days__month td")
        for time in within(cell, "time")
    }
    assert (kinds["2026-09-30"], kinds["2026-10-08"]) == ("days__counted", "days__ahead")
    assert page.texts(".calculator__words dd")[-2:] == ["没有用到 4 日", "20 个工作日"]
    assert "没有用到" in page.texts(".days__legend")[0]


def test_every_effect_law_writes_has_a_word():
    law = Path(gongkai.__file__).parent / "law"
    written = set()
    for path in (*sorted((law / "reply_clock").glob("*.py")), law / "proactive.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("state.note", "self.note", "Step"):
                second = node.args[1]
                found = [n.value for n in ast.walk(second) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                written.update(found)
    assert len(written) > 20
    assert written - set(EFFECTS) == set()


@pytest.mark.parametrize(
    ("change", "count", "state"),
    [
        ({"as_of": "2026-10-12"}, "当日到期", "pressing"),
        ({"as_of": "2026-10-14"}, "逾期 2 个工作日", "pressing"),
        ({"step1": "replied", "on1": "2026-10-12", "by1": "online"}, "按期答复", "running"),
        ({"step1": "replied", "on1": "2026-10-13", "by1": "online"}, "逾期 1 个工作日", "pressing"),
        ({"step1": "withdrawn", "on1": "2026-09-20"}, "已经撤回", "waiting"),
        ({"step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-10-20"}, "等待补正", "waiting"),
        ({"step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-09-20"}, "视为放弃", "waiting"),
        ({"step1": "fee_notified", "on1": "2026-10-10", "received_on1": "2026-10-12"}, "等待缴费", "waiting"),
        ({"step1": "third_party_asked", "on1": "2026-10-09", "party1": "甲"}, "暂停，余 2 个工作日", "waiting"),
    ],
)
def test_every_state_has_its_words(client, change, count, state):
    page = due(client, BASIC | change | {"go": "1"})
    said = page.texts(".clock__count")[0]
    assert said == count
    clock = page.all(".clock")[0].get("class")
    assert (f"clock--{state}" in clock) if state != "running" else clock == "clock"


def test_what_breaks_the_rules_is_said_on_top(client):
    late = {"step1": "clarification_asked", "on1": "2026-09-25", "reply_by1": "2026-10-09"}
    page = due(client, BASIC | late | {"go": "1"})
    assert len(page.texts(".calculator__violations > li")) == 1
    assert "第三十条" in page.texts(".calculator__violations > li")[0]
    assert "违反规定" in page.texts(".calculator__broken")[0]


def test_days_of_a_year_without_a_notice_are_dashed_and_called_estimates(client):
    page = due(client, {"on": "2026-12-08", "channel": "in_person", "as_of": "2026-12-20", "go": "1"})
    dashed = [time.get("datetime") for time in page.all("td.days__provisional time")]
    assert dashed[0] == "2027-01-01"
    assert len(dashed) == len([t for t in page.all("td time") if t.get("datetime") > "2027"])
    assert "预估" in page.texts(".facts dd")[0]
    assert "2027年的放假安排还没有公布" in page.text


def test_without_a_day_to_count_to_there_is_no_calendar_and_it_is_said(client):
    waiting = BASIC | {"step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-10-20", "go": "1"}
    assert "没有日历" in due(client, waiting).text
    put_off = BASIC | {"step1": "delayed", "on1": "2026-09-30", "until1": "2026-12-30", "go": "1"}
    page = due(client, put_off)
    assert "不逐日计数" in page.text
    assert page.texts(".facts dd")[0] == "2026年12月30日（星期三）"
    assert page.all("table.days__month") == []


def test_a_picture_of_years_is_told_in_words(client):
    asked = {"step1": "third_party_asked", "on1": "2026-09-10", "received_on1": "2030-01-07", "party1": "甲"}
    page = due(client, BASIC | asked | {"go": "1"})
    assert page.all("table.days__month") == []
    assert "跨度太长" in page.text


def test_what_happened_on_the_day_looked_from_is_counted(client):
    page = due(client, FULL | {"as_of": "2026-10-09"})
    assert page.all(".banner--wait") == []


def test_what_lies_after_the_day_looked_from_is_told(client):
    page = due(client, FULL | {"as_of": "2026-09-30"})
    assert page.texts(".banner--wait") == ["有 1 件事在2026年9月30日以后，还没有计入。要计入的，把“截至哪一天”改晚。"]


@pytest.mark.parametrize(
    "typed", ["2026年9月8日", "2026/9/8", "2026.9.8", "20260908", "２０２６－０９－０８", " 2026-9-8 "]
)
def test_a_date_may_be_typed_in_any_usual_way(client, typed):
    page = due(client, BASIC | {"on": typed, "as_of": "2026-09-08", "go": "1"})
    assert page.texts(".facts dd")[0] == "2026年10月12日（星期一）"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"on": ""}, "on", "请填写日期，例如 2026-09-08。"),
        ({"on": "2026-02-30"}, "on", "日期“2026-02-30”不是存在的日期，请核对。"),
        ({"on": "昨天"}, "on", "日期应写成 2026-09-30 这样的日期，现为“昨天”。"),
        ({"on": "2006-12-31"}, "on", "日期“2006-12-31”早于工作日历的起始年2007年，无法计算；请核对日期。"),
        ({"channel": "pigeon"}, "channel", "没有“pigeon”这一项，请从列出的里面选。"),
        ({"channel": "fax", "confirmed_on": ""}, "confirmed_on", "这种方式以双方确认之日为收到之日，请填写双方确认的日期。"),
        ({"confirmed_on": "2026-09-01"}, "confirmed_on", "双方确认的日期2026-09-01早于申请到达的日期2026-09-08，请核对。"),
        ({"as_of": "2026-09-01"}, "as_of", "到2026-09-01还没有收到申请（收到之日为2026-09-08），无法计算；请核对日期。"),
        ({"as_of": "2060-01-01"}, "as_of", "日期超出工作日历的末年2050年，无法计算；请核对日期，或先导入以后年度的放假通知。"),
        ({"step1": "withdrawn", "on1": "2026-09-01"}, "on1", "2026-09-01的步骤早于收到申请之日2026-09-08，请核对日期。"),
        ({"step1": "clarification_received", "on1": "2026-09-10"}, "on1", "没有告知过补正，不会收到补正；请核对步骤。"),
        ({"step1": "fee_paid", "on1": "2026-09-10"}, "on1", "没有通知过收费，不会收到缴费；请核对步骤。"),
        ({"step1": "reopened", "on1": "2026-09-10"}, "on1", "申请没有被视为放弃，不需要恢复办理；请核对步骤。"),
        (
            {"step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-09-09"},
            "reply_by1",
            "“告知补正”的最后一日2026-09-09早于作出之日2026-09-10，请核对。",
        ),
        (
            {"step1": "third_party_asked", "on1": "2026-09-10", "received_on1": "2026-09-09", "party1": "甲"},
            "received_on1",
            "“征求第三方意见”的收到日期2026-09-09早于发出日期2026-09-10，请核对。",
        ),
        (
            {"step1": "extended", "on1": "2026-09-10", "working_days1": "0"},
            "working_days1",
            "“延长答复期限”应延长至少1个工作日，现为0。",
        ),
        ({"step1": "extended", "on1": "2026-09-10", "working_days1": "二十"}, "working_days1", "请填写整数，例如 20。"),
        ({"step1": "third_party_asked", "on1": "2026-09-10", "party1": "某某公司"}, "party1", "没有“某某公司”这一项，请从列出的里面选。"),
        ({"step1": "delayed", "on1": "2026-09-10", "until1": "2060-01-04"}, "on1", "日期超出工作日历的末年2050年，无法计算；请核对日期，或先导入以后年度的放假通知。"),
    ],
)  # fmt: skip
def test_an_error_stands_at_its_field_and_on_top_and_nothing_typed_is_lost(client, change, field, sentence):
    query = BASIC | change | {"go": "1"}
    page = due(client, query)
    assert page.all("#result") == []
    errors = page.all(".field__error")
    assert [(node.get("id"), words(node)) for node in errors] == [(f"id_{field}_error", sentence)]
    summary = page.all(".summary a")
    assert [words(node).split("：", 1)[1] for node in summary] == [sentence]
    assert page.main.get_element_by_id(summary[0].get("href")[1:]) is not None
    typed = {name: value for name, value in query.items() if name not in ("go", "channel", "party1")}
    assert {name: page.values().get(name) for name in typed} == typed


def test_the_event_to_blame_is_the_one_that_does_not_fit(client):
    change = {"step1": "replied", "on1": "2026-10-09", "by1": "online", "step2": "fee_paid", "on2": "2026-09-20"}
    page = due(client, BASIC | change | {"go": "1"})
    assert [node.get("id") for node in page.all(".field__error")] == ["id_on2_error"]


def test_events_are_taken_by_date_when_one_is_to_blame(client):
    change = {"step1": "clarification_asked", "on1": "2026-09-10", "reply_by1": "2026-09-25",
              "step2": "clarification_received", "on2": "2026-09-20", "step3": "fee_paid", "on3": "2026-09-15"}  # fmt: skip
    page = due(client, BASIC | change | {"go": "1"})
    assert [node.get("id") for node in page.all(".field__error")] == ["id_on3_error"]


def test_an_address_with_an_unknown_event_says_so(client):
    page = due(client, BASIC | {"step1": "telepathy", "on1": "2026-09-10", "go": "1"})
    assert page.texts(".summary li") == ["地址里有不认识的事项，已经略去；请用下面的按钮添加。"]


def test_an_address_with_too_many_events_says_so_and_adds_no_more(client):
    many = {f"step{n}": "reasons_asked" for n in range(1, 40)} | {f"on{n}": "2026-09-10" for n in range(1, 40)}
    page = due(client, BASIC | many | {"go": "1"})
    assert len(page.all("fieldset.calculator__event")) == MOST_EVENTS
    assert "最多可以添加 20 件事" in page.texts(".summary li")[0]
    assert page.all("button[name=add]") == []
    assert "不能再添加" in page.text


# Adding and leaving out ----------------------------------------------------------------------------------------


def redirect(client: Client, query: dict[str, str]) -> tuple[dict[str, str], str]:
    response = client.get("/rules/due/", query)
    assert response.status_code == 302
    parts = urlsplit(response["Location"])
    assert parts.path == "/rules/due/"
    return dict(parse_qsl(parts.query, keep_blank_values=True)), parts.fragment


def test_an_event_is_added_at_the_end_with_a_fresh_address_and_what_was_typed_stays(client):
    query, anchor = redirect(client, BASIC | {"on": "bad", "confirmed_on": "", "go": "", "add": "third_party_asked"})
    assert query == {
        "on": "bad",
        "channel": "online",
        "as_of": "2026-10-13",
        "step1": "third_party_asked",
        "party1": "甲",
    }
    assert anchor == "event-1"
    page = due(client, query)
    assert page.main.get_element_by_id("event-1") is not None
    assert page.all(".field__error, .summary") == []  # nothing is judged before it is asked
    assert page.values()["on"] == "bad"


def test_the_next_party_is_another_and_an_answer_is_of_the_last_asked(client):
    query, _ = redirect(client, BASIC | {"add": "third_party_asked"})
    query, _ = redirect(client, query | {"add": "third_party_asked"})
    query, anchor = redirect(client, query | {"add": "third_party_answered"})
    assert [query[f"party{n}"] for n in (1, 2, 3)] == ["甲", "乙", "乙"]
    assert anchor == "event-3"


def test_an_extension_starts_with_what_is_usual(client):
    query, _ = redirect(client, BASIC | {"add": "extended"})
    assert (query["working_days1"], query["approved_by1"]) == ("20", "on")
    found = due(client, query | {"on1": "2026-10-09", "go": "1"}).texts(".facts dd")[0]
    assert found == "2026年11月9日（星期一）"
    without = {name: value for name, value in query.items() if name != "approved_by1"}
    assert "没有写明经政府信息公开工作机构负责人同意" in due(client, without | {"on1": "2026-10-09", "go": "1"}).text


def test_an_event_is_left_out_and_the_rest_is_numbered_anew(client):
    query, anchor = redirect(client, FULL | {"remove": "2"})
    assert [query[f"step{n}"] for n in (1, 2, 3)] == [
        "clarification_asked",
        "third_party_asked",
        "third_party_answered",
    ]
    assert (query["on2"], query["party3"], anchor) == ("2026-09-28", "甲", "events")
    assert "step4" not in query
    assert "go" not in query


def test_nothing_is_added_for_a_kind_that_is_not_there(client):
    assert redirect(client, BASIC | {"add": "received"}) == (BASIC, "events")
    assert redirect(client, BASIC | {"add": "telepathy"}) == (BASIC, "events")


def test_answers_are_offered_once_something_was_asked(client):
    def offered(query: dict[str, str]) -> set[str]:
        return {node.get("value") for node in due(client, query).all("button[name=add]")}

    first = offered({})
    assert "clarification_received" not in first
    assert "clarification_received" in offered(BASIC | {"step1": "clarification_asked"})
    every = BASIC | {"step1": "clarification_asked", "step2": "third_party_asked", "step3": "agency_asked",
                     "step4": "fee_notified", "step5": "reasons_asked"}  # fmt: skip
    assert offered(every) == ADDABLE == {kind for _, kinds in EVENTS for kind, _, _ in kinds}


def test_the_enter_key_computes(client):
    buttons = due(client, FULL).all("form button")
    assert (buttons[0].get("name"), buttons[0].get("tabindex"), buttons[0].get("aria-hidden")) == ("go", "-1", "true")


def test_the_form_of_a_result_sends_the_same_address_again(client):
    assert due(client, FULL).values() | {"go": "1"} == FULL | {"received_on3": ""}


def test_no_name_can_be_typed_into_an_address(client):
    query = FULL | {f"step{n}": kind for n, kind in enumerate(sorted(ADDABLE), start=1)}
    typed = {node.get("name") for node in due(client, query).all("input[type=text], textarea")}
    assert {re.sub(r"\d+$", "", name) for name in typed} == {
        "on", "confirmed_on", "as_of", "received_on", "reply_by", "until", "working_days"
    }  # fmt: skip


# 条例26 ----------------------------------------------------------------------------------------------------------


def publication(client: Client, **query: str) -> Page:
    return due(client, {"clock": "publication", "go": "1", "as_of": "2026-10-01"} | query)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"unit": "working_days", "n": "20"}, "最迟2026年10月22日（星期四）公开，还有 12 个工作日。"),
        (
            {"unit": "working_days", "n": "7", "as_of": "2026-10-09"},
            "最迟2026年9月29日（星期二）公开，逾期 3 个工作日。",
        ),
        ({"unit": "calendar_days", "n": "15"}, "最迟2026年10月8日（星期四）公开，还有 7 天。"),
        ({"unit": "immediate", "as_of": "2026-09-18"}, "最迟2026年9月18日（星期五）公开，今天到期。"),
        ({"unit": "month_end", "n": "12"}, "最迟2026年12月31日（星期四）公开，还有 91 天。"),
    ],
)
def test_when_information_has_to_be_public(client, query, sentence):
    page = publication(client, formed="2026-09-18", **query)
    assert sentence in page.texts(".clock__text")[0]
    assert len(page.all(".calculator__explain > li")) >= 1


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ({"formed": ""}, "formed", "请填写日期，例如 2026-09-08。"),
        ({"unit": "month_end", "n": "13"}, "n", "公开时限的月份应在1至12之间，请改正。"),
        ({"unit": "working_days", "n": ""}, "n", "公开时限的工作日数应在1至9999之间，请改正。"),
        ({"unit": "working_days", "n": "9999"}, "formed", "日期超出工作日历的末年2050年，无法计算；请核对日期，或先导入以后年度的放假通知。"),
        ({"as_of": "2060-01-01"}, "as_of", "日期超出工作日历的末年2050年，无法计算；请核对日期，或先导入以后年度的放假通知。"),
    ],
)  # fmt: skip
def test_faults_of_the_publication_clock(client, query, field, sentence):
    page = publication(client, **({"formed": "2026-09-18", "unit": "working_days", "n": "20"} | query))
    assert [(n.get("id"), words(n)) for n in page.all(".field__error")] == [(f"id_{field}_error", sentence)]


# The tree of questions -------------------------------------------------------------------------------------------


def reply(client: Client, answers: dict[str, str]) -> Page:
    return Page(client, "/rules/reply/", answers)


def test_the_first_question_stands_alone_with_its_rule_and_article(client):
    page = reply(client, {})
    first = question("open")
    assert page.texts(".tree > li legend") == [first.text]
    assert page.texts("#rule") == [f"{first.rule}{first.article}"]
    assert page.texts(".tree__choice > span") == [choice.label for choice in first.choices]
    assert page.all("section.outcome") == []


def test_answered_questions_fold_to_a_line_and_the_next_is_open(client):
    page = reply(client, {"open": "yes", "clear": "yes"})
    assert page.texts(".tree__done .tree__line b") == ["继续办理", "明确（含补正后明确）"]
    assert page.texts(".tree__open legend") == [question("purpose").text]
    hidden = {node.get("name"): node.get("value") for node in page.all(".tree__form input[type=hidden]")}
    assert hidden == {"open": "yes", "clear": "yes", "asked": "purpose"}


@pytest.mark.parametrize("path", list(every_path()), ids=lambda path: "-".join(path.values()))
def test_every_path_ends_in_its_outcome(client, path):
    end = walk(path).outcome
    page = reply(client, path)
    assert page.texts("#outcome-title") == [f"结果：{end.row.title}"]
    assert len(page.all(".tree > li")) == len(path)
    said = page.texts("section.outcome")[0]
    assert end.why in said
    assert all(duty in said for duty in end.duties)
    assert remedy(end.row.code, "department", date(2026, 9, 1)).text in said
    assert [words(node) for node in page.all("tr.outcomes__chosen b")] == [end.row.code]
    assert ("不需要答复书" in said) != end.row.is_letter


def test_a_choice_is_made_by_the_form_itself(client):
    page = reply(client, {"open": "yes"})
    form = next(form for form in page.main.forms if "clear" in form.inputs)
    form.inputs["clear"].value = "yes"
    assert reply(client, dict(form.form_values())).texts(".tree__open legend") == [question("purpose").text]


PATH = {"open": "yes", "clear": "yes", "purpose": "information", "volume": "no", "repeated": "yes"}


def test_an_answer_can_be_changed_and_the_later_ones_stay(client):
    page = reply(client, PATH)
    link = page.all(".tree__done a")[2].get("href")
    assert link == f"/rules/reply/?{urlencode([*PATH.items(), ('change', 'purpose')])}#open"
    changing = reply(client, PATH | {"change": "purpose"})
    assert changing.all("section.outcome") == []
    assert [node.get("value") for node in changing.all(".tree__open input[checked]")] == ["information"]
    form = changing.main.forms[0]
    assert dict(form.form_values()) == PATH | {"asked": "purpose"}


def test_answers_a_changed_path_no_longer_needs_are_told(client):
    page = reply(client, PATH | {"purpose": "petition"})
    assert page.texts("#outcome-title") == ["结果：信访、投诉、举报类申请"]
    told = page.texts(".banner--info")[0]
    assert question("volume").text in told
    assert question("repeated").text in told


def test_going_on_without_an_answer_is_told_at_the_question(client):
    page = reply(client, {"open": "yes", "asked": "clear"})
    said = "“申请内容是否明确？”还没有回答，请选择一项再继续。"
    assert page.texts(".field__error") == [said]
    assert page.texts(".summary a") == [said]
    assert page.texts(".tree__open legend") == [question("clear").text]


def test_an_answer_that_is_not_offered_is_told_and_the_question_asked_again(client):
    page = reply(client, {"open": "yes", "clear": "perhaps"})
    assert "没有“perhaps”这个选项" in page.texts(".summary")[0]
    assert page.texts(".tree__open legend") == [question("clear").text]


def test_the_remedy_depends_on_the_organ_and_the_day(client):
    refused = {"open": "yes", "clear": "yes", "purpose": "information", "volume": "no", "repeated": "no",
               "special": "no", "ours": "yes", "found": "yes", "published": "no", "closed_part": "secret",
               "classified": "yes", "separable": "no"}  # fmt: skip
    new = reply(client, refused | {"organ": "vertical", "decided": "2026-09-01"}).texts(".outcome__remedy")[0]
    assert new == remedy("R3", "vertical", date(2026, 9, 1)).text
    old = reply(client, refused | {"organ": "vertical", "decided": "2023-12-31"}).texts(".outcome__remedy")[0]
    assert old == remedy("R3", "vertical", date(2023, 12, 31)).text
    assert new != old
    wrong = reply(client, refused | {"organ": "vertical", "decided": "2023-13-31"})
    assert wrong.texts(".field__error") == ["日期“2023-13-31”不是存在的日期，请核对。"]
    assert wrong.all(".outcome__remedy") == []


def test_all_outcomes_stand_in_one_table(client):
    rows = reply(client, {}).all("table.outcomes tbody tr")
    assert [words(within(row, "th")[0]) for row in rows] == [f"{row.code} {row.title}" for row in REPLIES]
    assert len(rows) == 17  # R1 to R16 and R2p
    assert all(words(cell) for row in rows for cell in within(row, "td"))


# Fee -------------------------------------------------------------------------------------------------------------


def fee(client: Client, **query: str) -> Page:
    return Page(client, "/rules/fee/", {"go": "1"} | query)


def test_fee_by_piece_with_its_lines(client):
    page = fee(client, method="piece", already="3", pieces="40")
    assert page.texts(".clock__count") == ["4,900 元"]
    assert page.texts(".clock__text")[0].endswith("这是测算，不是收费决定。")
    cells = [[words(cell) for cell in within(row, "th, td")] for row in page.all("tbody tr")]
    assert cells == [["4–10", "7", "0", "0"], ["11–30", "20", "100", "2,000"], ["31–40", "10", "200", "2,000"],
                     ["41–43", "3", "300", "900"]]  # fmt: skip
    assert [words(cell) for cell in page.all("tfoot th, tfoot td")] == ["合计", "40", "", "4,900"]


def test_fee_by_page(client):
    page = fee(client, method="page", pages="250")
    assert page.texts(".clock__count") == ["4,700 元"]
    assert len(page.all("tbody tr")) == 4


def test_what_is_free_says_so(client):
    page = fee(client, method="page", pages="30")
    assert page.texts(".clock__count") == ["0 元"]
    assert "不收取信息处理费" in page.texts(".clock__text")[0]


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ({"method": "page", "pages": "-3"}, "pages", "页数不能是负数，现在写的是-3，请核对。"),
        ({"method": "page", "pages": "很多"}, "pages", "页数应当是整数，请填写数字。"),
        ({"method": "page", "pages": "9" * 5000}, "pages", "页数应当是整数，请填写数字。"),
        ({"method": "page", "pages": "9999999"}, "pages", "页数写的是9999999，超过1,000,000，请核对是否写错。"),
        ({"method": "piece", "already": "0", "pieces": ""}, "pieces", "请填写整数，没有就写 0。"),
        ({"method": "piece", "already": "1.5", "pieces": "2"}, "already", "本月已有的件数应当是整数，请填写数字。"),
    ],
)
def test_a_count_that_is_none_is_told_and_stays(client, query, field, sentence):
    page = fee(client, **query)
    assert [(n.get("id"), words(n)) for n in page.all(".field__error")] == [(f"id_{field}_error", sentence)]
    assert page.values()[field] == query[field]
    assert page.all("#result") == []


# All of them -----------------------------------------------------------------------------------------------------

PAGES = [
    ("/rules/", {}),
    ("/rules/due/", {}),
    ("/rules/due/", FULL),
    ("/rules/due/", {"clock": "publication"}),
    ("/rules/reply/", {"open": "withdrawn"}),
    ("/rules/fee/", {"method": "page", "pages": "31", "go": "1"}),
]


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_no_script_no_post_and_headings_in_order(client, path, query):
    page = Page(client, path, query)
    assert within(page.tree, "script") == []
    assert {form.get("method") for form in page.all("form")} <= {"get"}
    levels = [int(node.tag[1]) for node in page.main.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    ids = [node.get("id") for node in page.tree.iter() if isinstance(node.tag, str) and node.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", ["/rules/", "/rules/due/", "/rules/reply/", "/rules/fee/"])
def test_only_reading(client, path):
    assert client.post(path).status_code == 405


def test_results_stay_out_of_search_engines(client):
    assert within(Page(client, "/rules/due/").tree, "meta[name=robots]") == []
    robots = within(Page(client, "/rules/due/", FULL).tree, "meta[name=robots]")
    assert [node.get("content") for node in robots] == ["noindex"]
