"""The board, the page of a request, registering by staff, sections' tasks."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.models import CaseFile, FoiRequest, SearchRecord, SectionTask
from gongkai.law.foi_moves import MOVES, STATES
from gongkai.ledger.models import Fact
from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE, PNG, at

D = date
DAY = D(2026, 3, 2)
PERSONAL = (NAME, PHONE, IDENTITY, ADDRESS)


@pytest.fixture
def today(counter, time_machine):
    """Moves the machine's clock to the counter's day, or so many days on."""

    def go(days: int = 0) -> date:
        counter.pass_days(days)
        time_machine.move_to(at(counter.day, 14), tick=False)
        return counter.day

    go()
    return go


def text(answer) -> str:
    return answer.content.decode()


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


# The board -----------------------------------------------------------------------------------------------------------


def groups(answer) -> list[tuple[str, list[str]]]:
    """(title, numbers) of the groups on the page."""
    return [(str(g["title"]), [row["facts"][0] for row in g["rows"]]) for g in answer.context["groups"]]


def test_groups_follow_the_statutory_day(sits, counter, today):
    from gongkai.foi.actions.ask_clarification import ask_clarification

    late = counter.case("逾期的一件")
    today(1)
    due_today = counter.case("今天到期的一件")
    today(3)
    soon = counter.case("快到期的一件")
    today(10)
    later = counter.case("还早的一件")
    waiting = counter.case("等补正的一件")
    ask_clarification(waiting.number, on=counter.day, reply_by=counter.day + timedelta(20), items="x", **counter.who())
    unconfirmed = counter.receive("没有确认的一件", channel="fax").registered[0].case
    due_today.refresh_from_db()
    today((due_today.due_on - counter.day).days)
    assert groups(sits("foi_officer").get("cases")) == [
        ("已逾期", [late.number]), ("今天到期", [due_today.number]), ("3 个工作日内", [soon.number]),
        ("更晚", [later.number]), ("等申请人", [waiting.number]), ("待确认收到", [unconfirmed.number]),
    ]  # fmt: skip


def test_the_stored_day_groups_like_the_clock_of_law(counter, today):
    from gongkai.foi.queries.board import counts, group_of, horizon, in_group, page
    from gongkai.foi.queries.clock import calendar_for

    for _ in range(12):
        counter.case()
        today(2)
    calendar = calendar_for(counter.town.organ)
    cases = FoiRequest.objects.all()
    counter.day = cases.order_by("due_on")[2].due_on  # two late, some due today, some soon, some later
    h = horizon(calendar, counter.day)
    rows = page(cases.order_by("pk"), today=counter.day)
    for row in rows:
        remaining = calendar.count(counter.day, row.clock.due_on)
        expected = (
            "late" if row.clock.status == "late" else "today" if row.case.due_on == counter.day
            else "soon" if remaining <= 3 else "later"
        )  # fmt: skip
        assert group_of(row.case, h) == expected
        assert list(cases.filter(in_group(expected, h), pk=row.case.pk)) == [row.case]
    counted = counts(cases, h)
    assert {code: counted[code] for code in ("late", "today", "soon", "later", "open", "to_file")} == {
        "late": sum(r.clock.status == "late" for r in rows), "today": sum(r.case.due_on == counter.day for r in rows),
        "soon": sum(group_of(r.case, h) == "soon" for r in rows),
        "later": sum(group_of(r.case, h) == "later" for r in rows), "open": 12, "to_file": 0,
    }  # fmt: skip
    assert counted["ten"] + counted["more"] == counted["later"]


def test_a_page_of_the_board_costs_the_same_for_many_and_loads_one_page(sits, counter, today):
    browser = sits("foi_officer")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get("cases")
        shown.append(sum(len(g["rows"]) for g in answer.context["groups"]))
        return len(asked)

    shown: list[int] = []
    for n in range(2):
        counter.case(f"第{n}件")
    browser.get("cases")  # the first page of a session writes the session
    few = cost()
    for n in range(40):
        counter.case(f"另外第{n}件")
    many = cost()
    assert shown == [2, 25]
    assert many == few == 13  # session, person, posts, grants, badge; counts, page, steps; calendars; filters


def test_the_rows_themselves_cost_two_queries_and_three_for_calendars(counter, today):
    from gongkai.foi.queries.board import by_due, page

    for n in range(5):
        counter.case(f"第{n}件")
    with CaptureQueriesContext(connection) as asked:
        assert len(page(by_due(FoiRequest.objects.all()), today=counter.day)) == 5
    assert len(asked) == 5


def test_pages_filters_and_numbers(sits, counter, today):
    for n in range(26):
        counter.case(f"第{n}件")
    received = counter.receive("还没有受理的").registered[0].case
    browser = sits("foi_officer")
    first = browser.get("cases")
    assert first.context["pager"]["next_url"].endswith("?page=2")
    second = browser.get("cases", page=2)
    assert sum(len(g["rows"]) for g in second.context["groups"]) == 2
    assert second.context["pager"]["next_url"] == ""
    assert groups(browser.get("cases", state="received"))[0][1] == [received.number]
    assert groups(browser.get("cases", q=received.number[-5:]))[0][1] == [received.number]
    assert groups(browser.get("cases", due="late")) == []
    assert "没有符合筛选条件的申请" in text(browser.get("cases", due="late"))
    assert groups(browser.get("cases", section=counter.town.section.code))[0][1].count(received.number) == 0
    for odd in ({"page": "x"}, {"page": "999999"}, {"state": "x"}, {"due": "x"}, {"tab": "x"}, {"page": "-1"}):
        assert browser.get("cases", **odd).status_code == 200


def test_the_export_has_no_personal_data_and_no_formula(sits, counter, today):
    counter.case("=cmd|' /C calc'!A0")
    counter.receive("没有确认的", channel="fax")
    rows = rows_of(sits("foi_officer").get("cases_export"))
    assert [row[5] for row in rows[1:]] == [STATES["in_progress"], STATES["registered"]]
    assert [row[7] for row in rows[1:]] == ["剩 20 日", "未起算"]
    everything = "".join("".join(row) for row in rows)
    assert "cmd" not in everything
    assert not any(word in everything for word in PERSONAL)


def test_a_supervisor_sees_numbers_states_and_dates_only(sits, counter, today):
    case = counter.case("云溪桥检测报告")
    answer = sits("supervisor").get("cases")
    assert case.number in text(answer)
    assert "云溪桥" not in text(answer)
    assert reverse("desk:case", args=[case.number]) not in text(answer)
    assert sits("supervisor").get("case", case.number).status_code == 404
    assert "云溪桥" not in text(sits("supervisor").get("cases_export"))


# One request ---------------------------------------------------------------------------------------------------------


def test_the_page_says_what_now_and_offers_one_primary_verb(sits, counter, today):
    received = counter.receive("云溪桥检测报告").registered[0].case
    answer = sits("foi_officer").get("case", received.number)
    assert answer.context["acts"]["primary"]["verb"] == "accept"
    assert answer.context["now"]["who"] == "您"
    assert text(answer).count('class="button"') == 1
    assert f"<title>{received.number} - 工作台</title>" in text(answer)
    for word in PERSONAL:
        assert word not in text(answer)
    assert "欧***" in text(answer)
    assert sits("leader").get("case", received.number).context["acts"]["primary"] is None


def test_what_cannot_be_done_now_says_why(sits, counter, today):
    case = counter.case()
    acts = sits("foi_officer").get("case", case.number).context["acts"]
    titles = {str(act["title"]): act["why"] for act in acts["not_now"]}
    assert "只有已收到、还没有受理的申请可以受理" in titles["受理"]


def test_the_applicant_is_shown_once_and_every_look_is_a_fact(sits, counter, today):
    case = counter.case()
    browser = sits("foi_officer")
    seen = Fact.objects.filter(kind="foi.particulars_seen")
    assert browser.get("case_applicant", case.number).status_code == 405
    answer = browser.post("case_applicant", case.number)
    for word in PERSONAL:
        assert word in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert seen.count() == 1
    assert seen.get().actor_code == counter.town.people["foi_officer"].staff_number
    browser.post("case_applicant", case.number)
    assert seen.count() == 2


def test_an_erased_request_keeps_its_record_and_shows_nobody(sits, counter, today):
    from gongkai.foi.actions.close import close
    from gongkai.foi.actions.erase_personal_data import erase_personal_data

    case = counter.case("云溪桥检测报告")
    counter.reply(case)
    close(case.number, **counter.who())
    today(365 * 11)
    erase_personal_data(case.number, **counter.who("foi_head"))
    answer = sits("foi_officer").get("case", case.number)
    assert answer.status_code == 200
    assert "个人信息已经清除" in text(answer)
    assert sits("foi_officer").post("case_applicant", case.number).status_code == 404


def test_same_and_near_requests_and_the_suggestion_to_publish(sits, counter, today):
    from gongkai.foi.particulars import Particulars

    words = "2025年度全市城乡居民最低生活保障资金发放明细"
    first = counter.case(words)
    again = counter.case("2024年度殡葬服务收费目录")
    page = sits("foi_officer").get("case", first.number)
    assert [row["number"] for row in page.context["same"]["mine"]] == [again.number]
    assert not page.context["same"]["suggest"]
    for n in range(2):
        counter.case(words, applicant=Particulars(f"测试者{n}", phone=f"1390000000{n}"))
    same = sits("foi_officer").get("case", first.number).context["same"]
    assert (len(same["near"]), same["people"], same["suggest"]) == (2, 3, True)
    assert "第四十四条" in same["article"]


def test_every_verb_of_the_table_has_its_screen():
    from gongkai.desk.pages.foi.verbs import PRIMARY, VERBS
    from gongkai.law.roles import ROLES

    known = {role.code for role in ROLES}
    for verb in VERBS:
        try:
            reverse(f"desk:{verb.route}", args=["N-1"])
        except NoReverseMatch:
            pytest.fail(f"{verb.verb} leads nowhere: {verb.route}")
        assert verb.verb in MOVES
        assert set(verb.roles) <= known
    assert set(PRIMARY) == set(STATES)
    assert {code for codes in PRIMARY.values() for code in codes} <= set(MOVES)


# Sections ------------------------------------------------------------------------------------------------------------


def test_accept_assign_and_finish(sits, counter, today):
    number = counter.receive("云溪桥检测报告").registered[0].case.number
    section = counter.town.section
    officer = sits("foi_officer")

    def seen() -> str:
        return FoiRequest.objects.get(number=number).touched_at.isoformat()

    assert officer.post("case_accept", number, section=section.pk, seen=seen()).status_code == 302
    case = FoiRequest.objects.get(number=number)
    assert (case.state, case.section) == ("in_progress", section)
    due = case.due_on
    today(1)
    officer = sits("foi_officer")
    given = {"section": section.pk, "due_on": "2026-03-09", "asked": "请检索2024年的检测报告。", "seen": seen()}
    assert officer.post("case_assign", number, **given).status_code == 302
    task = SectionTask.objects.get()
    drafter = sits("drafter")
    listed = drafter.get("case_tasks")
    assert "请检索2024年的检测报告。" in text(listed)
    assert number in text(listed)
    today(10)
    drafter = sits("drafter")
    assert "超过内部期限" in text(drafter.get("case_tasks"))
    done = drafter.post("case_task", number, task.pk, answer="找到两份。", seen=seen())
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.due_on == due
    assert drafter.get("case_tasks").context["rows"] == []
    assert "找到两份。" in text(sits("foi_officer").get("case", number))


def test_a_section_writes_down_its_search(sits, counter, today):
    case = counter.case("云溪桥检测报告")
    given = {
        "places": "档案室2019年至2021年文书档案", "terms": "“云溪桥”检索题名", "found": "no", "result": "没有这份报告",
        "on": counter.day.isoformat(), "seen": case.touched_at.isoformat(),
    }  # fmt: skip
    assert sits("drafter").post("case_search", case.number, **given).status_code == 302
    assert SearchRecord.objects.get().found is False
    page = text(sits("foi_officer").get("case", case.number))
    assert "档案室2019年至2021年文书档案" in page
    assert "没有检索到" in page


def test_a_drafter_sees_a_request_once_the_section_has_a_part_in_it(sits, counter, today):
    office = counter.town.organ.sections.get(code="QH-MZ-BG")
    from gongkai.foi.actions.accept import accept

    case = counter.receive("云溪桥检测报告").registered[0].case
    accept(case.number, section=office, **counter.who())
    drafter = sits("drafter")
    assert drafter.get("case", case.number).status_code == 404
    assert groups(drafter.get("cases")) == []
    assign_task(case.number, counter.town.section, due_on=counter.day, asked="请检索。", **counter.who())
    page = drafter.get("case", case.number)
    assert page.status_code == 200
    assert page.context["may_reveal"] is False
    assert page.context["papers"] is None
    assert drafter.post("case_applicant", case.number).status_code == 404


# Papers --------------------------------------------------------------------------------------------------------------


def upload(name: str = "扫描.png", data: bytes = PNG):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_files_are_put_in_sealed_and_read_back(sits, counter, today):
    case = counter.case()
    officer = sits("foi_officer")
    assert officer.post("case_add_file", case.number, kind="record", files=[upload("报告.png")]).status_code == 302
    file = CaseFile.objects.get()
    answer = officer.get("case_file", case.number, file.pk)
    assert answer.content == PNG
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"]
    assert sits("drafter").get("case_file", case.number, file.pk).content == PNG


def test_a_paper_with_personal_data_is_opened_by_button_and_the_look_recorded(sits, counter, today):
    case = counter.case()
    officer = sits("foi_officer")
    officer.post("case_add_file", case.number, kind="identity", files=[upload(f"{NAME}身份证.png")])
    file = CaseFile.objects.get()
    seen = Fact.objects.filter(kind="foi.particulars_seen")
    assert NAME not in text(officer.get("case", case.number))
    assert officer.get("case_file", case.number, file.pk).status_code == 302
    assert seen.count() == 0
    assert officer.post("case_file", case.number, file.pk).content == PNG
    assert seen.count() == 1
    drafter = sits("drafter")
    assert drafter.post("case_file", case.number, file.pk).status_code == 404
    assert seen.count() == 1


def test_one_bad_file_leaves_all_out(sits, counter, today):
    case = counter.case()
    given = {"kind": "record", "files": [upload(), upload("坏.pdf", b"%PDF-1.4 x"), upload("run.exe", b"MZ")]}
    answer = sits("foi_officer").post("case_add_file", case.number, **given)
    assert answer.status_code == 422
    assert CaseFile.objects.count() == 0
    empty = sits("foi_officer").post("case_add_file", case.number, kind="record")
    assert "请先选择文件。" in text(empty)


def test_an_issued_document_is_read_covered_and_downloaded_whole(sits, counter, today):
    case = counter.case()
    paper = case.papers.get(kind="receipt")
    officer = sits("foi_officer")
    seen = Fact.objects.filter(kind="foi.particulars_seen")
    page = text(officer.get("case_paper", case.number, paper.serial))
    assert "欧***" in page
    assert not any(word in page for word in PERSONAL)
    assert seen.count() == 0
    assert officer.get("case_paper_file", case.number, paper.serial, "pdf").status_code == 405
    assert officer.post("case_paper_file", case.number, paper.serial, "pdf").content[:5] == b"%PDF-"
    assert officer.post("case_paper_file", case.number, paper.serial, "docx").content[:2] == b"PK"
    assert seen.count() == 2
    assert officer.post("case_paper_file", case.number, paper.serial, "exe").status_code == 404
    assert officer.get("case_paper", case.number, 99).status_code == 404


# Registering by staff ------------------------------------------------------------------------------------------------


def paper_form(**changes) -> dict:
    """What the form of a paper request sends."""
    values = {
        "submission_key": "k" * 40, "way": "registered_mail", "arrived_on": DAY.isoformat(), "confirmed_on": "",
        "column": "natural", "name": NAME, "identity_kind": "id_card", "identity_number": IDENTITY, "phone": PHONE,
        "address": ADDRESS, "form": "paper", "delivery": "post", "item-TOTAL_FORMS": "2", "item-INITIAL_FORMS": "0",
        "item-0-name": "云溪桥检测报告", "item-1-name": "云溪桥施工合同", "item-1-features": "2021年签订",
    }  # fmt: skip
    return values | changes


def test_staff_register_several_items_with_scans(sits, counter, today, office):
    officer = sits("foi_officer")
    organ = office.organ.pk
    given = paper_form(organ=organ, requests=[upload("申请书.png")], identities=[upload("身份证.png")])
    answer = officer.post("case_new", **given)
    assert answer.status_code == 200
    cases = list(FoiRequest.objects.order_by("item"))
    assert [(c.channel, c.received_on, c.state) for c in cases] == [("registered_mail", DAY, "received")] * 2
    assert CaseFile.objects.count() == 4
    codes = [row["code"] for row in answer.context["rows"]]
    assert all(code in text(answer) for code in codes)
    assert answer["Cache-Control"] == "no-store"
    again = officer.post("case_new", **paper_form(organ=organ))
    assert [row["code"] for row in again.context["rows"]] == codes
    assert FoiRequest.objects.count() == 2
    assert CaseFile.objects.count() == 4
    pdf = officer.post("case_receipt_file", submission_key="k" * 40)
    assert pdf.content[:5] == b"%PDF-"
    assert sits("foi_officer2").post("case_receipt_file", submission_key="x" * 40).status_code == 404


@pytest.mark.parametrize(
    ("way", "confirmed", "state", "received"),
    [
        ("oral", "", "received", DAY),
        ("in_person", "2026-03-02", "received", DAY),
        ("fax", "", "registered", None),
        ("ordinary_mail", "2026-03-03", "received", D(2026, 3, 3)),
        ("email", "2026-03-02", "received", DAY),
    ],
)
def test_the_day_of_receipt_follows_the_way_it_came(sits, counter, today, office, way, confirmed, state, received):
    today(1)
    given = paper_form(organ=office.organ.pk, way=way, confirmed_on=confirmed)
    assert sits("foi_officer").post("case_new", **given).status_code == 200
    assert {(c.state, c.received_on) for c in FoiRequest.objects.all()} == {(state, received)}


def test_one_item_more_keeps_what_was_typed(sits, counter, today, office):
    answer = sits("foi_officer").post("case_new", **paper_form(organ=office.organ.pk, more="1"))
    assert answer.status_code == 200
    assert FoiRequest.objects.count() == 0
    assert text(answer).count('<fieldset class="item-set">') == 3
    for kept in ("云溪桥检测报告", "2021年签订", NAME, "k" * 40):
        assert kept in text(answer)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "请填写申请人的姓名或者名称。"),
        ({"way": ""}, "请选择申请怎样提出"),
        ({"arrived_on": "2027-01-01"}, "晚于今天"),
        ({"way": "fax", "confirmed_on": "2026-03-01"}, "双方确认的日期早于到达日期"),
        ({"item-0-name": "", "item-1-name": "", "item-1-features": ""}, "请写明所需政府信息的名称或者特征。"),
        ({"submission_key": "short"}, "表单不完整"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_registered(sits, counter, today, office, changes, said):
    answer = sits("foi_officer").post("case_new", **paper_form(organ=office.organ.pk) | changes)
    assert answer.status_code == 422
    assert said in text(answer)
    assert FoiRequest.objects.count() == 0


def test_only_officers_register(sits, counter, today, office):
    for who in ("leader", "foi_head", "drafter", "supervisor", "system_admin"):
        assert sits(who).get("case_new").status_code == 404
        assert sits(who).post("case_new", **paper_form(organ=office.organ.pk)).status_code == 404
    other = sits("foi_officer").post("case_new", **paper_form(organ=office.other_organ.pk))
    assert other.status_code == 422
    assert FoiRequest.objects.count() == 0
