"""The leaders' view and the to-do list: every number leads to its rows, and what waits for a person is listed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest

from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.propose_fee import propose_fee
from tests.foi.conftest import at

SECRET = "无人知晓桥的检测报告"


@pytest.fixture
def today(counter, time_machine):
    def go(days: int = 0) -> date:
        counter.pass_days(days)
        time_machine.move_to(at(counter.day, 14), tick=False)
        return counter.day

    go()
    return go


def text(answer) -> str:
    return answer.content.decode()


def numbers_of(page) -> set[str]:
    return {row["facts"][0] for group in page.context["groups"] for row in group["rows"]}


def test_every_number_leads_to_its_rows(sits, counter, today):
    counter.case("逾期的")
    counter.reply(counter.case("已答复的"))
    today(29)
    soon = counter.case("新的")
    soon.refresh_from_db()
    today((soon.due_on - counter.day).days)
    waiting = counter.case("补正的")
    ask_clarification(waiting.number, on=counter.day, reply_by=counter.day + timedelta(9), items="x", **counter.who())
    counter.receive("未确认的", channel="fax")
    counter.receive("刚收到的")
    browser = sits("leader")
    page = browser.get("case_insight")
    bars = page.context["stages"] + page.context["bands"]
    checked = 0
    for row in bars:
        if row["n"]:
            found = browser.client.get(row["url"])
            assert len(numbers_of(found)) == row["n"], row["title"]
            checked += 1
        else:
            assert row["url"] == ""
    assert checked == 10
    assert len(numbers_of(browser.client.get(page.context["pace"]["url"]))) == page.context["pace"]["replies"] == 1
    for row in page.context["costs"]:
        assert row["cases"] <= 1


def test_late_and_at_risk_come_first(sits, counter, today):
    late = counter.case("逾期的")
    today(1)
    risk = counter.case("今天到期的")
    today(10)
    counter.case("还早的")
    risk.refresh_from_db()
    today((risk.due_on - counter.day).days)
    worst = sits("foi_head").get("case_insight").context["worst"]
    assert [row["facts"][0] for row in worst] == [late.number, risk.number]
    assert all(row["pressing"] for row in worst)


def test_a_supervisor_sees_figures_of_every_organ_and_no_matter(sits, counter, today, office):
    from gongkai.agencies.actions.people import add_person, appoint
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.queries import capacities
    from gongkai.foi.actions.receive import receive
    from gongkai.foi.particulars import Particulars
    from gongkai.foi.wishes import Wish
    from tests.conftest import AT, START

    counter.case(SECRET)
    person = add_person("X001", "外关", password=None, actor=SYSTEM, at=AT)
    appoint(person, office.other_section, "foi_officer", starts_on=START, actor=SYSTEM, at=AT)
    receive(
        office.other_organ, Particulars("丁测试", phone="13900000001"), [Wish(SECRET)], column="natural",
        channel="in_person", arrived_on=counter.day, submission_key="z" * 30, actor=capacities(person, counter.day)[0],
        at=at(counter.day),
    )  # fmt: skip
    browser = sits("supervisor")
    page = browser.get("case_insight")
    assert {row["name"] for row in page.context["agencies"]} == {"市民政局", "青禾市教育局"}
    assert SECRET not in text(page)
    assert page.context["wanted"] == []
    one = browser.get("case_insight", organ="QH-JY")
    assert one.context["counted"]["open"] == 1
    for row in page.context["agencies"]:
        for cell in row["cells"]:
            assert len(numbers_of(browser.client.get(cell["url"]))) == cell["n"]
    assert sits("leader").get("case_insight").context["agencies"] == []


def test_every_chart_stands_in_a_table(sits, counter, today):
    counter.reply(counter.case())
    page = text(sits("leader").get("case_insight"))
    bars = page.count("<svg")
    assert bars > 10
    cells = re.findall(r"<td><svg.*?</svg>", page, re.DOTALL)
    assert len(cells) == bars
    assert "style=" not in page


def test_officers_and_sections_have_no_leaders_view(sits, counter, today):
    for who in ("foi_officer", "drafter", "section_reviewer", "secrecy_reviewer", "system_admin"):
        assert sits(who).get("case_insight").status_code == 404


# The to-do list ------------------------------------------------------------------------------------------------------


def listed(browser, **query) -> list[tuple[str, str, str]]:
    """(number, step, verb) of the requests on the list."""
    groups = browser.get("todo", **query).context["groups"]
    rows = [row for group in groups for row in group["rows"]]
    return [(row["facts"][1], row["step"], row["verb"]) for row in rows if row["facts"][0] == "依申请公开"]


def test_an_officer_finds_the_requests_to_act_on(sits, counter, today):
    working = counter.case("办理中的")
    received = counter.receive("刚收到的").registered[0].case
    waiting = counter.case("等补正的")
    ask_clarification(waiting.number, on=counter.day, reply_by=counter.day + timedelta(9), items="x", **counter.who())
    in_review = counter.case("在审的")
    counter.submit(in_review)
    signed = counter.case("签了的")
    counter.sign(signed)
    done = counter.case("答复了的")
    counter.reply(done)
    assert set(listed(sits("foi_officer"))) == {
        (working.number, "办理中", "办理"), (received.number, "已收到，待受理", "受理"),
        (signed.number, "已签发，待送达", "送达"),
    }  # fmt: skip
    today(10)
    assert (waiting.number, "申请人逾期", "办结") in listed(sits("foi_officer"))
    assert listed(sits("other_drafter")) == []
    assert listed(sits("supervisor")) == []


def test_readers_find_the_reply_that_is_at_their_step(sits, counter, today):
    case = counter.case("在审的")
    version = counter.submit(case)
    assert listed(sits("section_reviewer")) == [(case.number, "科室审核", "审核")]
    assert listed(sits("leader")) == []
    counter.opine(version, 1)
    assert listed(sits("section_reviewer")) == []
    assert [row[0] for row in listed(sits("compliance_reviewer"))] == [case.number]
    row = sits("compliance_reviewer").get("todo").context["groups"][0]["rows"][0]
    assert row["url"].endswith("/reply/review/")


def test_who_has_spoken_at_one_step_reads_at_no_other(sits, counter, today, office):
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT, START

    bureau = office.organ.sections.get(code="QH-MZ-BG")
    appoint(office.people["section_reviewer"], bureau, "compliance_reviewer", starts_on=START, actor=SYSTEM, at=AT)
    case = counter.case("在审的")
    counter.opine(counter.submit(case), 1)
    assert listed(sits("section_reviewer")) == []
    assert [row[0] for row in listed(sits("compliance_reviewer"))] == [case.number]


def test_the_head_finds_what_others_propose(sits, counter, today):
    case = counter.case("要延长的")
    propose_extension(case.number, working_days=5, reason="材料多", **counter.who())
    fee = counter.case("要收费的")
    propose_fee(fee.number, method="page", excessive=True, reason="页数过多", pages=250, **counter.who())
    assert {(n, v) for n, _, v in listed(sits("foi_head"))} == {(case.number, "决定"), (fee.number, "决定")}


def test_a_section_finds_its_tasks(sits, counter, today):
    case = counter.receive(SECRET).registered[0].case
    accept(case.number, section=counter.town.organ.sections.get(code="QH-MZ-BG"), **counter.who())
    assert listed(sits("drafter")) == []
    assign_task(case.number, counter.town.section, due_on=counter.day, asked="请检索。", **counter.who())
    assert listed(sits("drafter")) == [(case.number, "科室事项", "办结")]


def test_the_exported_list_names_requests_by_number(sits, counter, today):
    case = counter.case(SECRET)
    answer = sits("foi_officer").get("todo_export")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == [case.number]
    assert SECRET not in answer.content.decode()
