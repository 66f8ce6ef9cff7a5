"""Nobody reaches a request of another organ or section by any address of requests; nobody sees the applicant in passing.

The addresses are those of urls_foi.py, all of them: a new one is walked without being declared. A request that is not
theirs answers exactly like one that does not exist.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.desk.urls_foi import urlpatterns
from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.assign_task import assign_task
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.issuing import issue
from gongkai.foi.actions.propose_extension import propose_extension
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.actions.register_remedy import register_remedy
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars
from gongkai.ledger.models import Fact
from tests.foi.conftest import PNG, at

DAY = date(2026, 3, 2)
NOWHERE = "QH-MZ-2026-99999"
WISH = "无人知晓桥的检测报告"
#: Invented, and found nowhere else.
NAME, PHONE, IDENTITY, ADDRESS = "上官金丝雀", "13987654321", "110105194912310038", "青禾市金丝雀路7号"
PERSONAL = (NAME, PHONE, IDENTITY, ADDRESS)

OUTSIDERS = (
    "other_drafter", "other_secrecy", "other_officer", "drafter", "emergency_officer", "supervisor", "audit_admin",
)  # fmt: skip
INSIDERS = ("foi_officer", "foi_officer2", "foi_head", "compliance_reviewer", "secrecy_reviewer", "leader")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
COPY_PAGES = (
    "case_redact", "case_add_mark", "case_accept_marks", "case_decide_mark", "case_renew_copy", "case_beside",
    "case_confirm_copy", "case_page", "case_lines",
)  # fmt: skip
CONTENT = "本桥检测合格。联系电话13811112222。\n"
OF_ONE = [pattern for pattern in urlpatterns if "number" in pattern.pattern.converters]
OTHERS = [pattern for pattern in urlpatterns if "number" not in pattern.pattern.converters]
#: Screens of the letter itself, which begins with the name of whom it is addressed to; nothing else of them stands there.
#: And the names of the papers that go out with it.
LETTERS = {"case_reply", "case_reply_version", "case_signoff", "case_redact", "case_beside"}
#: What stands for the further parts of an address; rows by the name of the address, see `full`.
PARTS = {"serial": 1, "version": 1, "order": 1, "form": "pdf", "kind": "pdf", "by": "post", "notice_id": 1, "batch_id": 1,
    "code": "compose", "side": "original", "page_number": 1, "mark": 1,
}  # fmt: skip


@pytest.fixture
def full(counter, time_machine):
    """A request with something behind every address: tasks, papers, a consultation, a complaint, a remedy."""
    from gongkai.agencies.actions.people import add_person, appoint
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT, START

    town = counter.town
    for n, (key, role) in enumerate({"other_officer": "foi_officer", "other_head": "foi_head"}.items()):
        person = add_person(f"X{n:03d}", f"外关{n}", password=None, actor=SYSTEM, at=AT)
        appoint(person, town.other_section, role, starts_on=START, actor=SYSTEM, at=AT)
        town.people[key] = person
    office = town.organ.sections.get(code="QH-MZ-BG")
    told = Particulars(NAME, "id_card", IDENTITY, PHONE, ADDRESS)
    case = counter.receive(WISH, applicant=told).registered[0].case
    accept(case.number, section=office, **counter.who())
    task = assign_task(case.number, office, due_on=DAY, asked="请检索。", **counter.who())
    file = add_file(case.number, PNG, f"{NAME}.png", kind="identity", **counter.who())
    copy = counter.copy(case, CONTENT, f"{NAME}.txt", cover=False)
    record_search(case.number, places="档案室", terms="桥", result="", found=True, on=DAY, **counter.who())
    consulted = consult(case.number, [Party("third_party", "青禾建设公司", "请提出意见。")], on=DAY, **counter.who())[0]
    propose_extension(case.number, working_days=5, reason="人手不足", **counter.who())
    complaint = complain(case.number, text=f"{WISH}拖着不办。", actor=APPLICANT, at=at(DAY))
    remedy = register_remedy(
        case.number, kind="review", body="青禾市人民政府", docket="1号", filed_on=DAY, **counter.who()
    )
    case = FoiRequest.objects.get(pk=case.pk)
    if not case.papers.exists():
        issue(case, "consultation_notice", extra={"parties": 1, "asked_on": DAY}, **counter.who())
    time_machine.move_to(at(DAY, 15), tick=False)
    rows = {
        "case_task": task.pk, "case_file": file.pk, "case_letter": consulted.asked_id, "case_answer": consulted.pk,
        "case_objection": consulted.pk, "case_remedy_result": remedy.pk, "case_complaint": complaint.pk,
    } | dict.fromkeys(COPY_PAGES, copy.pk)  # fmt: skip
    return case.number, rows


def address(pattern, number: str, rows: dict[str, int]) -> str:
    parts = {}
    for part in pattern.pattern.converters:
        parts[part] = number if part == "number" else rows.get(pattern.name, 1) if part == "pk" else PARTS[part]
    return reverse(f"desk:{pattern.name}", kwargs=parts)


def test_every_part_of_every_address_has_a_stand_in():
    known = {"number", "pk", *PARTS}
    for pattern in urlpatterns:
        assert set(pattern.pattern.converters) <= known, pattern.name
        assert pattern.name.startswith("case"), pattern.name


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_request_that_is_not_theirs_is_as_good_as_none(sits, full, who):
    number, rows = full
    browser = sits(who).client
    facts = Fact.objects.count()
    for pattern in OF_ONE:
        for method in ("get", "post"):
            there, nowhere = (
                getattr(browser, method)(address(pattern, n, rows), {"verdict": "approve", "answer": "x"})
                for n in (number, NOWHERE)
            )
            assert (there.status_code, nowhere.status_code) in ((404, 404), (405, 405)), f"{method} {pattern.name}"
            assert there.content.replace(number.encode(), b"") == nowhere.content.replace(NOWHERE.encode(), b"")
    assert Fact.objects.count() == facts


@pytest.mark.parametrize("who", OUTSIDERS)
def test_lists_show_outsiders_neither_applicant_nor_matter(sits, full, who):
    number, rows = full
    browser = sits(who).client
    for pattern in OTHERS:
        answer = browser.get(address(pattern, number, rows))
        assert answer.status_code in (200, 404, 405), pattern.name
        text = answer.content.decode()
        allowed = {"case_complaint"} if who == "supervisor" else set()
        for word in (*PERSONAL, WISH):
            assert word not in text or (word == WISH and pattern.name in allowed), f"{pattern.name} {word}"
        if who != "supervisor":
            assert number not in text, pattern.name
    for query in ({"q": number}, {"organ": "QH-MZ"}, {"tab": "closed"}, {"replied": "12"}):
        text = browser.get(reverse("desk:cases"), query).content.decode()
        assert WISH not in text


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_administrators_find_no_page_of_requests_at_all(sits, full, who):
    number, rows = full
    for pattern in urlpatterns:
        for method in ("get", "post"):
            answer = getattr(sits(who).client, method)(address(pattern, number, rows))
            assert answer.status_code in (403, 404, 405), pattern.name
    assert "依申请公开" not in sits(who).get("todo").content.decode()


@pytest.mark.parametrize("who", [*INSIDERS, "supervisor"])
def test_the_applicant_stands_in_no_list_no_title_no_export(sits, full, who):
    number, rows = full
    browser = sits(who).client
    pages = {address(pattern, number, rows): pattern.name for pattern in urlpatterns}
    pages |= {reverse("desk:todo"): "todo", reverse("desk:todo_export"): "todo_export"}
    for page, name in pages.items():
        answer = browser.get(page)
        if answer.status_code != 200 or "pdf" in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        for word in PERSONAL:
            assert word not in text or (word == NAME and name in LETTERS), f"{page} {word}"
        assert not any(word in text.partition("</title>")[0] for word in (*PERSONAL, WISH)), page
        if "csv" in answer["Content-Type"]:
            assert WISH not in text, page


@pytest.mark.parametrize("who", INSIDERS)
def test_insiders_open_the_request(sits, full, who):
    number, _rows = full
    answer = sits(who).get("case", number)
    assert answer.status_code == 200
    assert WISH in answer.content.decode()


def test_rows_of_one_request_are_not_reached_through_another(sits, full, counter):
    _number, rows = full
    counter.day = DAY
    other = counter.case("另一件")
    facts = Fact.objects.count()
    browser = sits("foi_officer").client
    for pattern in OF_ONE:
        if "pk" not in pattern.pattern.converters:
            continue
        for method in ("get", "post"):
            answer = getattr(browser, method)(address(pattern, other.number, rows))
            wrong_method = answer.status_code == 405 and method.upper() not in answer["Allow"]
            assert answer.status_code == 404 or wrong_method, f"{method} {pattern.name}"
    assert Fact.objects.count() == facts


def test_strangers_are_sent_to_the_sign_in_page(full):
    number, rows = full
    for pattern in urlpatterns:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address(pattern, number, rows))
            assert answer.status_code in (302, 405), pattern.name
            if answer.status_code == 302:
                assert answer.url.startswith("/desk/login/"), pattern.name


def test_no_form_is_taken_without_its_token(full, counter):
    number, rows = full
    client = Client(enforce_csrf_checks=True)
    client.force_login(counter.town.people["foi_officer"], backend="django.contrib.auth.backends.ModelBackend")
    facts = Fact.objects.count()
    for pattern in urlpatterns:
        answer = client.post(address(pattern, number, rows))
        assert answer.status_code in (403, 405), pattern.name
    assert Fact.objects.count() == facts


def test_the_supervisor_reads_the_complaint_and_answers_it(sits, full):
    number, rows = full
    browser = sits("supervisor")
    listed = browser.get("case_complaints").content.decode()
    assert number in listed
    assert WISH not in listed
    page = browser.get("case_complaint", rows["case_complaint"])
    assert "拖着不办" in page.content.decode()
    done = browser.post("case_complaint", rows["case_complaint"], answer="已责令限期答复。")
    assert done.status_code == 302
    assert "已责令限期答复。" in browser.get("case_complaint", rows["case_complaint"]).content.decode()
    again = browser.post("case_complaint", rows["case_complaint"], answer="再答一次")
    assert "这件投诉已经答复" in again.content.decode()
    for who in (*INSIDERS, "drafter"):
        assert sits(who).get("case_complaints").status_code == 404
        assert sits(who).post("case_complaint", rows["case_complaint"], answer="x").status_code == 404
