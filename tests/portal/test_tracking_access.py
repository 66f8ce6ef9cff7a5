"""Who gets to see a case at the tracking pages: code and second fact, limits, the session, and nobody else's data."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.close import close
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.erase_personal_data import erase_personal_data
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import FoiRequest, LookupAttempt
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.attempts import PER_CODE, PER_NETWORK, WINDOW, network_of
from gongkai.foi.queries.tracking import case_by_code
from gongkai.portal.views.tracking_session import COOKIE, IDLE, LONGEST
from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE, PNG, at
from tests.portal import tracker
from tests.portal.tracker import CASE, LOGIN, addresses, answer_online, text_of

DAY = date(2026, 3, 2)
WRONG = "对不上"
UNKNOWN = "ABCDE-FGHJK-LMNPQ-RSTUV"
OTHER = Particulars(
    "金丝雀乙", "id_card", "11010519491231989X", "13711112222", "青禾市金丝雀路乙号", email="canary@example.org"
)
CANARIES = ("金丝雀", "11010519491231989X", "989X", "13711112222", "2222", "canary@example.org")


@pytest.fixture
def clock():
    """The day the machine believes it is; tests move it."""
    with time_machine.travel(at(DAY), tick=False) as travelling:
        yield travelling


def enter(client: Client, code: str, fact: str = NAME):
    return tracker.enter(client, code, fact)


def entered(code: str) -> Client:
    return tracker.entered(code, NAME)


def without_token(response) -> str:
    """The page as it is for everybody: the token against forged posts differs each time."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(response))
    return re.sub(r'value="[^"]*"', "", page)


# Code and second fact --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact", [NAME, " 欧阳 测试 ", PHONE[-4:], IDENTITY[-4:], IDENTITY[-4:].lower(), "００２ｘ", "１２３４"]
)
def test_the_second_fact_may_be_name_telephone_or_number(counter, clock, fact):
    made = counter.receive().registered[0]
    response = enter(Client(), made.code, fact)
    assert (response.status_code, response["Location"]) == (302, CASE)


@pytest.mark.parametrize("fact", ["欧阳", "0001", PHONE, ADDRESS, "002", "测试", "*"])
def test_nothing_else_is_a_second_fact(counter, clock, fact):
    made = counter.receive().registered[0]
    response = enter(Client(), made.code, fact)
    assert response.status_code == 200
    assert WRONG in text_of(response)
    assert COOKIE not in response.cookies


@pytest.mark.parametrize(
    "change", [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " "), lambda c: f" {c} "]
)
def test_the_code_is_read_as_people_type_it(counter, clock, change):
    made = counter.receive().registered[0]
    assert enter(Client(), change(made.code)).status_code == 302


def test_an_organisation_is_known_by_its_name(counter, clock):
    told = Particulars("青禾测试有限公司", "credit_code", "91350100M000100Y43", "0000-8888")
    made = counter.receive(applicant=told, column="enterprise").registered[0]
    assert enter(Client(), made.code, "青禾测试有限公司").status_code == 302
    assert enter(Client(), made.code, "0Y43").status_code == 302


def test_a_wrong_code_and_a_wrong_second_fact_get_the_same_page(counter, clock):
    made = counter.receive().registered[0]
    wrong_code, wrong_fact = enter(Client(), UNKNOWN), enter(Client(), made.code, "张三")
    assert wrong_code.status_code == wrong_fact.status_code == 200
    assert without_token(wrong_code) == without_token(wrong_fact)
    assert set(wrong_code.headers) == set(wrong_fact.headers)


def test_a_wrong_code_and_a_wrong_second_fact_cost_the_same(counter, clock, monkeypatch):
    """Same statements, same keys unwrapped, same texts opened: counted, not timed."""
    from gongkai.foi import vault

    made = counter.receive().registered[0]
    opened: list[str] = []
    real = vault._decrypt
    monkeypatch.setattr(vault, "_decrypt", lambda key, sealed, place: opened.append(place) or real(key, sealed, place))
    case_by_code(UNKNOWN, "张三")  # what stands for nobody is made once
    costs = []
    for code in (UNKNOWN, made.code):
        opened.clear()
        with CaptureQueriesContext(connection) as asked:
            assert case_by_code(code, "张三") is None
        costs.append((list(opened), len(asked), re.sub(r"'[^']*'", "?", asked[0]["sql"])))
    assert costs[0] == costs[1]
    assert costs[0][0] == ["data-key", "applicant.particulars"]


def test_the_page_of_nobody_cannot_be_entered(counter, clock):
    counter.receive()
    for fact in ("无此申请人", "0000"):
        assert case_by_code(UNKNOWN, fact) is None


def test_a_code_of_the_wrong_length_is_told_so_and_not_counted(counter, clock):
    response = enter(Client(), "ABCDE-FGHJK")
    assert "查询码应为 20 位，您填了 10 位。" in text_of(response)
    assert LookupAttempt.objects.count() == 0


# Limits ----------------------------------------------------------------------------------------------------------


def test_a_few_wrong_facts_then_a_wait_that_is_named(counter, clock):
    made = counter.receive().registered[0]
    for _ in range(PER_CODE):
        assert WRONG in text_of(enter(Client(), made.code, "张三"))
    refused = enter(Client(), made.code)
    assert refused.status_code == 429
    assert "请在 10:15 以后再试" in text_of(refused)
    assert int(refused["Retry-After"]) == WINDOW.total_seconds() + 1
    clock.move_to(at(DAY) + WINDOW - timedelta(seconds=1))
    assert enter(Client(), made.code).status_code == 429
    clock.move_to(at(DAY) + WINDOW)
    assert enter(Client(), made.code).status_code == 302


def test_codes_that_do_not_exist_are_limited_alike(counter, clock):
    made = counter.receive().registered[0]
    told = []
    for code in (UNKNOWN, made.code):
        for _ in range(PER_CODE):
            enter(Client(), code, "张三")
        told.append(without_token(enter(Client(), code, "张三")))
    assert told[0] == told[1]


def test_failures_of_others_in_the_network_lock_out_nobody_honest(counter, clock):
    made = counter.receive().registered[0]
    from gongkai.foi import vault
    from gongkai.foi.queries.attempts import network_place

    place = vault.keyed(*network_place("127.0.0.1"))
    LookupAttempt.objects.bulk_create(LookupAttempt(place=place, failed_at=at(DAY)) for _ in range(PER_NETWORK - 1))
    assert enter(Client(), made.code).status_code == 302
    LookupAttempt.objects.create(place=place, failed_at=at(DAY))
    assert enter(Client(), made.code).status_code == 429  # the hard cap
    assert enter(Client(REMOTE_ADDR="203.0.113.9"), made.code).status_code == 302
    clock.move_to(at(DAY) + WINDOW)
    assert enter(Client(), made.code).status_code == 302


def test_failures_are_counted_without_code_or_address_and_forgotten(counter, clock):
    enter(Client(REMOTE_ADDR="203.0.113.9"), UNKNOWN, "张三")
    kept = list(LookupAttempt.objects.values_list("place", flat=True))
    assert len(kept) == 2
    assert [p for p in kept if "203.0.113" in p or "ABCDE" in p or "张三" in p] == []
    clock.move_to(at(DAY) + WINDOW)
    enter(Client(), UNKNOWN, "张三")
    assert LookupAttempt.objects.count() == 2


def test_networks():
    assert network_of("203.0.113.9") == "203.0.113.9/32"
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert network_of("") == ""


# Session ---------------------------------------------------------------------------------------------------------


def test_without_a_session_every_address_answers_alike(counter, clock):
    answer_online(counter, counter.case(delivery="online"))
    told = set()
    for address in addresses():
        for ask in (Client().get, Client().post, Client().head):
            response = ask(address)
            told.add((response.status_code, response["Location"], response["Cache-Control"], response.content))
    assert told == {(302, LOGIN, "no-store, private", b"")}
    assert len(addresses()) > 25


@pytest.mark.parametrize("forged", ["", "x", "a:b", "[1,2]", "eyJhIjoxfQ:abc"])
def test_a_cookie_of_ones_own_making_opens_nothing(counter, clock, forged):
    counter.receive()
    client = Client()
    client.cookies[COOKIE] = forged
    assert client.get(CASE)["Location"] == LOGIN


def test_the_cookie_is_bound_to_the_code_and_holds_nothing_personal(counter, clock):
    made = counter.receive().registered[0]
    response = enter(Client(), made.code)
    cookie = response.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (LOGIN, True, "Lax")
    told = Signer(salt="gongkai.portal.track").unsign_object(cookie.value)
    assert told[:2] == [made.case.pk, made.case.code_digest]
    assert made.code.replace("-", "") not in str(told) and made.case.number not in str(told) and NAME not in str(told)
    other = Signer(salt="gongkai.portal.track").sign_object([made.case.pk, "a:" + "0" * 64, *told[2:]])
    client = Client()
    client.cookies[COOKIE] = other
    assert client.get(CASE)["Location"] == LOGIN


def test_the_session_slides_and_ends(counter, clock):
    made = counter.receive().registered[0]
    client = entered(made.code)
    for n in range(1, 4):
        clock.move_to(at(DAY) + n * (IDLE - timedelta(seconds=1)))
        assert client.get(CASE).status_code == 200
    clock.move_to(at(DAY) + 3 * (IDLE - timedelta(seconds=1)) + IDLE + timedelta(seconds=1))
    assert client.get(CASE)["Location"] == LOGIN


def test_the_session_ends_however_busy(counter, clock):
    client = entered(counter.receive().registered[0].code)
    step = IDLE - timedelta(minutes=1)
    now = at(DAY)
    while now + step - at(DAY) <= LONGEST:
        now += step
        clock.move_to(now)
        assert client.get("/apply/track/stay/").status_code == 204
    clock.move_to(now + step)
    assert client.get(CASE)["Location"] == LOGIN


def test_leaving_ends_it(counter, clock):
    client = entered(counter.receive().registered[0].code)
    assert client.get("/apply/track/leave/").status_code == 405
    assert client.post("/apply/track/leave/")["Location"] == LOGIN
    assert client.get(CASE)["Location"] == LOGIN


def test_leaving_needs_the_token(counter, clock):
    assert Client(enforce_csrf_checks=True).post("/apply/track/leave/").status_code == 403


def test_the_login_page_leads_on_while_a_session_is_open(counter, clock):
    client = entered(counter.receive().registered[0].code)
    assert client.get(LOGIN)["Location"] == CASE


def test_an_erased_case_says_so_to_an_open_session_and_is_unknown_to_the_rest(counter, clock, settings):
    settings.FOI_KEEP_YEARS = 0
    made = counter.receive().registered[0]
    from gongkai.foi.actions.withdraw_request import withdraw_request

    withdraw_request(made.case.number, on=DAY, actor=APPLICANT, at=at(DAY))
    close(made.case.number, **counter.who())
    client = entered(made.code)
    counter.pass_days(1)
    erase_personal_data(made.case.number, **counter.who("foi_head"))
    response = client.get(CASE)
    assert response.status_code == 410
    assert "个人信息已经清除" in text_of(response) and NAME not in text_of(response)
    assert client.get(CASE)["Location"] == LOGIN
    assert WRONG in text_of(enter(Client(), made.code))


# Nobody else's data ----------------------------------------------------------------------------------------------


def test_a_session_shows_its_own_case_and_no_other(counter, clock):
    """Two applicants, and two items of one submission: the session of one never shows the others."""
    mine, sibling = counter.receive("我的救助名单", "同一份表单的金丝雀项目").registered
    theirs = counter.receive("金丝雀甲的信息", applicant=OTHER).registered[0]
    from gongkai.foi.actions.accept import accept

    for made in (mine, sibling, theirs):
        accept(made.case.number, section=counter.town.section, **counter.who())
        add_file(
            made.case.number, PNG, "金丝雀.png" if made is not mine else "own.png", kind="request", **counter.who()
        )
    ask_clarification(
        theirs.case.number, on=DAY, reply_by=DAY + timedelta(days=10), items="金丝雀事项", **counter.who()
    )
    complain(sibling.case.number, text="金丝雀投诉", actor=APPLICANT, at=at(DAY))
    answer_online(counter, FoiRequest.objects.get(pk=mine.case.pk))
    client, shown = entered(mine.code), []
    for address in addresses():
        for ask in (client.get, client.post):
            response = ask(address)
            said = text_of(response) + str(response.headers)
            shown += [(address, word) for word in CANARIES if word in said]
            shown += [(address, made.case.number) for made in (sibling, theirs) if made.case.number in said]
    assert shown == []
    assert mine.case.number in text_of(client.get(CASE))


def test_what_is_printed_is_masked(counter, clock):
    told = Particulars(NAME, "id_card", IDENTITY, PHONE, ADDRESS, email="planted@example.org")
    made = counter.receive(applicant=told).registered[0]
    client = entered(made.code)
    for address in (CASE, "/apply/track/request/", "/apply/track/withdraw/", "/apply/track/complaint/"):
        page = text_of(client.get(address))
        assert [word for word in (NAME, PHONE, IDENTITY, ADDRESS, "planted@") if word in page] == []
    page = text_of(client.get("/apply/track/request/"))
    assert "欧***" in page and "139****1234" in page and f"{IDENTITY[:2]}{'*' * 14}{IDENTITY[-2:]}" in page


def test_nothing_is_kept_or_indexed_and_no_title_or_address_tells(counter, clock):
    made = counter.receive("欧阳测试的低保档案").registered[0]
    client = entered(made.code)
    for address in addresses():
        response = client.get(address)
        assert response["Cache-Control"] == "no-store, private", address
        assert response["X-Robots-Tag"] == "noindex, nofollow", address
        page = text_of(response)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title is None or "欧阳" not in title[1] and made.case.number not in title[1]
        links = re.findall(r'(?:href|action|src)="([^"]*)"', page)
        assert [link for link in links if made.code[:5] in link or made.case.number in link or "欧阳" in link] == []
