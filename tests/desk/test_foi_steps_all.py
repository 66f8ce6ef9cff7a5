"""What holds on every screen of a step: who may, hostile words, nothing personal outside, papers in full only as a fact."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as Word

from gongkai.desk.urls_foi import urlpatterns
from gongkai.foi.actions.erase_personal_data import erase_personal_data
from gongkai.foi.models import Consultation
from gongkai.ledger.models import Fact
from tests.desk.step_desk import StepDesk, banner, buttons, has_form, said, went
from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE, at

D = date
HOSTILE = "</textarea><script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}=1+1\"'<b>"
PERSONAL = (NAME, PHONE, IDENTITY, ADDRESS)
#: Route → whose act it is, and whether it is about a row of the request.
OFFICER = ("case_receipt", "case_clarify", "case_reply_by", "case_clarified", "case_consult", "case_extend", "case_fee",
           "case_payment", "case_reasons", "case_reasons_taken", "case_withdraw", "case_give_up", "case_close",
           "case_remedies", "case_record_corrections")  # fmt: skip
HEAD = ("case_extension", "case_extension_refuse", "case_fee_decide", "case_fee_refuse", "case_delay", "case_reopen")
ABOUT_A_ROW = ("case_letter", "case_answer", "case_objection", "case_remedy_result", "case_record_correction")


@pytest.fixture
def steps(counter, time_machine) -> StepDesk:
    desk = StepDesk(counter, time_machine)
    desk.go()
    return desk


def fresh(case):
    case.refresh_from_db()
    return case


def test_every_step_is_in_these_lists():
    named = {"confirm_receipt", "ask_clarification", "set_reply_by", "take_clarification", "consult", "letter_received",
             "record_consultation_answer", "examine_objection", "propose_extension", "approve_extension",
             "refuse_extension", "propose_fee", "approve_fee", "refuse_fee", "record_payment", "ask_reasons",
             "take_reasons", "delay", "withdraw_request", "give_up", "close", "reopen", "register_remedy",
             "conclude_remedy", "ask_correction", "decide_correction"}  # fmt: skip
    routes = {row.name for row in urlpatterns if row.callback.__name__ in named}
    assert routes == {*OFFICER, *HEAD, *ABOUT_A_ROW}


@pytest.mark.parametrize("route", OFFICER)
def test_the_officer_s_steps_name_the_officers_to_everybody_else(steps, route):
    case = steps.counter.case()
    for who in ("foi_head", "leader", "compliance_reviewer", "section_reviewer"):
        page = steps.open(route, case, who=who)
        assert (page.status_code, has_form(page)) == (200, False), who
        assert "依申请公开经办人（经办01、经办02）" in said(page), who


@pytest.mark.parametrize("route", HEAD)
def test_the_head_s_steps_name_the_head_to_everybody_else(steps, route):
    case = steps.counter.case()
    for who in ("foi_officer", "leader", "section_reviewer"):
        page = steps.open(route, case, who=who)
        assert (page.status_code, has_form(page)) == (200, False), who
        assert "政府信息公开工作机构负责人（经办03）" in said(page), who


@pytest.mark.parametrize("route", [*OFFICER, *HEAD])
def test_who_may_not_changes_nothing_and_gets_the_words_back(steps, route):
    case = steps.counter.case()
    who = "foi_head" if route in OFFICER else "foi_officer"
    facts, state = Fact.objects.count(), fresh(case).touched_at
    sent = {"act": "do", "seen": state.isoformat(), "reason": "我写的话", "text": "我写的话", "items": "我写的话"}
    answer = steps.client(who).post(reverse(f"desk:{route}", args=[case.number]), sent)
    assert answer.status_code == 422
    assert "我写的话" in said(answer)
    for act in ("docx:", "pdf:", "take", "look", "more"):
        again = steps.client(who).post(reverse(f"desk:{route}", args=[case.number]), sent | {"act": act})
        assert (again.status_code, has_form(again)) == (422, False)
    assert (Fact.objects.count(), fresh(case).touched_at) == (facts, state)


@pytest.mark.parametrize("who", ["other_drafter", "other_secrecy", "supervisor", "system_admin", "security_admin"])
def test_who_has_nothing_to_do_with_it_finds_nothing(steps, who):
    case = steps.counter.case()
    for route in (*OFFICER, *HEAD):
        for number in (case.number, "QH-MZ-2026-99999"):
            address = reverse(f"desk:{route}", args=[number])
            client = steps.client(who)
            assert (client.get(address).status_code, client.post(address).status_code) == (404, 404), route


def test_strangers_sign_in_first_and_no_form_goes_without_its_token(steps):
    case = steps.counter.case()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(steps.counter.town.people["foi_officer"], backend="django.contrib.auth.backends.ModelBackend")
    for route in (*OFFICER, *HEAD):
        address = reverse(f"desk:{route}", args=[case.number])
        assert Client().get(address).status_code == 302
        assert strict.post(address, {"act": "do"}).status_code == 403


# Hostile words ------------------------------------------------------------------------------------------------------


TEXTS = ("items", "reason", "text", "body", "party-0-name", "party-0-letter", "party-0-body", "body_name", "docket",
         "what", "note", "name", "features", "heeded", "body_of", "seen")  # fmt: skip


@pytest.mark.parametrize("route", [*OFFICER, *HEAD])
def test_hostile_words_come_back_as_words(steps, route):
    case = steps.counter.case()
    who = "foi_officer" if route in OFFICER else "foi_head"
    sent = dict.fromkeys(TEXTS, HOSTILE) | {"party-TOTAL_FORMS": "1", "party-INITIAL_FORMS": "0", "party-0-kind": "x"}
    for act in ("do", "look", "take", "more", "docx:", "pdf:9", "无此"):
        answer = steps.client(who).post(reverse(f"desk:{route}", args=[case.number]), sent | {"act": act})
        assert answer.status_code in (200, 409, 422), act
        page = answer.content.decode("utf-8", "replace")
        assert "<script>alert" not in page, act
    assert (fresh(case).state, fresh(case).steps.count()) == ("in_progress", 1)


@pytest.mark.parametrize("total", ["", "x", "-1", "99999999999999999999", "100000"])
def test_a_spoilt_count_of_parties_is_no_fault_of_the_server(steps, total):
    case = steps.counter.case()
    sent = {"party-TOTAL_FORMS": total, "party-INITIAL_FORMS": total, "party-0-name": "甲公司"}
    for act in ("do", "more", "look"):
        answer = steps.client("foi_officer").post(reverse("desk:case_consult", args=[case.number]), sent | {"act": act})
        assert answer.status_code in (200, 422)
    assert Consultation.objects.count() == 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "=1+1", "1999-12-31"])
def test_no_day_breaks_a_screen(steps, day):
    case = steps.counter.case()
    clarify = steps.press("case_clarify", case, items="请写明年度", reply_by=day)
    assert clarify.status_code == 422
    other = steps.counter.case("另一件")
    for route, name, who in (("case_withdraw", "on", "foi_officer"), ("case_delay", "until", "foi_head")):
        for act in ("look", "do"):
            answer = steps.press(route, other, who=who, act=act, **{name: day, "text": "来电", "reason": "件数多"})
            assert answer.status_code in (200, 422), (route, act)
    assert fresh(other).state == "in_progress"


def test_hostile_words_go_into_the_letter_as_words(steps):
    case = steps.counter.case()
    assert went(steps.press("case_clarify", case, items=HOSTILE, reply_by=D(2026, 3, 13)), case)
    page = steps.client("foi_officer").get(reverse("desk:case", args=[case.number])).content.decode()
    assert "<script>alert" not in page


# Personal data ------------------------------------------------------------------------------------------------------


def test_nothing_personal_in_title_or_address_and_masked_on_the_page(steps):
    case = steps.counter.case()
    for route in (*OFFICER, *HEAD):
        page = steps.open(route, case, who="foi_officer" if route in OFFICER else "foi_head")
        text = page.content.decode()
        title = text.split("<title>")[1].split("</title>")[0]
        assert case.number in title
        for word in PERSONAL:
            assert word not in title + page.request["PATH_INFO"] + page.request["QUERY_STRING"], route
            assert word not in text, (route, word)
    assert "欧***" in steps.open("case_clarify", case).content.decode()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_paper_in_full_is_a_download_and_every_look_a_fact(steps, kind):
    case = steps.counter.case()
    facts = Fact.objects.filter(kind="foi.particulars_seen").count()
    sent = {"items": "请写明年度", "reply_by": D(2026, 3, 13)}
    answer = steps.press("case_clarify", case, act=f"{kind}:", **sent)
    assert answer.status_code == 200
    assert NAME not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert Fact.objects.filter(kind="foi.particulars_seen").count() == facts + 1
    if kind == "docx":
        words = "\n".join(p.text for p in Word(BytesIO(answer.content)).paragraphs)
        assert NAME in words
        assert "请写明年度" in words
    else:
        assert answer.content.startswith(b"%PDF")
    assert fresh(case).state == "in_progress"


def test_no_download_of_what_is_not_there(steps):
    case = steps.counter.case()
    answer = steps.press("case_clarify", case, act="docx:7", items="请写明年度", reply_by=D(2026, 3, 13))
    assert answer.status_code == 422
    assert "没有这份文书" in said(answer)


def test_a_request_without_personal_data_is_not_worked_on(steps):
    case = steps.counter.case()
    steps.counter.reply(case)
    steps.go()
    assert went(steps.press("case_close", case), case)
    steps.go(D(2036, 3, 3))
    head = steps.counter.town.actor("foi_head")
    erase_personal_data(case.number, actor=head, at=at(D(2036, 3, 3), 9))
    for route in OFFICER:
        page = steps.open(route, case)
        assert (page.status_code, has_form(page)) == (200, False), route
        assert "个人信息已经清除" in said(page), route
    answer = steps.press("case_remedies", case, kind="review", body_name="青禾市人民政府", filed_on=D(2036, 3, 3))
    assert answer.status_code == 422
    assert "个人信息已经清除" in banner(answer)


# The clock of the machine -------------------------------------------------------------------------------------------


def test_a_machine_clock_in_the_past_does_nothing_and_breaks_nothing(steps):
    case = steps.counter.case()
    steps.go(D(2026, 2, 20))
    for route in (*OFFICER, *HEAD):
        who = "foi_officer" if route in OFFICER else "foi_head"
        assert steps.open(route, case, who=who).status_code == 200, route
    answer = steps.press("case_withdraw", case, text="来电撤回", on=D(2026, 2, 20))
    assert (answer.status_code, fresh(case).state) == (422, "in_progress")


def test_one_primary_button_named_by_the_act_and_the_clock_on_top(steps):
    case = steps.counter.case()
    for route, name in (("case_clarify", "告知补正"), ("case_consult", "征求意见"), ("case_extend", "提请延长"),
                        ("case_fee", "提请收费"), ("case_reasons", "要求说明理由"), ("case_withdraw", "登记撤回")):  # fmt: skip
        page = steps.open(route, case)
        assert buttons(page) == [name]
        assert said(page).index("还有 20 个工作日") < said(page).index("《政府信息公开条例》")
