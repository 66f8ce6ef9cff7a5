"""What somebody types stays with the case: in no address, title, log, plain column, session or error page; and it
runs nowhere."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter

from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.sealed import file_name, particulars, wish
from tests.foi.conftest import PNG
from tests.portal.request_form import ADDRESS, EMAIL, IDENTITY, NAME, PAGES, PHONE, Applicant, upload
from tests.portal.test_nothing_leaks import CANARIES, plant

SECRETS = (NAME, PHONE, ADDRESS, IDENTITY, EMAIL, "只有我知道的那件事", "我的证件.png")
ITEM = {"name": "只有我知道的那件事", "document_number": "", "features": ""}
HOSTILE = (
    "<script>hit()</script>",
    '"><img src=x onerror=hit()>',
    "' onmouseover='hit()",
    "</textarea><svg onload=hit()>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:hit()",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "'; DROP TABLE foi_foirequest; --",
    "%s%s%n{0}{name}",
    "a\r\nSet-Cookie: x=1",
    "零宽\u200b和\u202e反向\u2066字符",
    "𠮷野家\U0001f600末",
    "../../../etc/passwd",
    "名\x0b\x0c\x1b[31m字",
)  # fmt: skip

#: What of a hostile text is not kept: signs nobody sees that break a line or turn the direction of reading.
CLEANED = {
    "a\r\nSet-Cookie: x=1": "a Set-Cookie: x=1",
    "零宽\u200b和\u202e反向\u2066字符": "零宽\u200b和反向字符",
    "名\x0b\x0c\x1b[31m字": "名[31m字",
}


def sent() -> tuple[Applicant, list[str]]:
    """Somebody goes through everything, with mistakes; every address seen on the way."""
    me = Applicant()
    seen: list[str] = []

    def note(answer) -> None:
        seen.append(answer.response.request["PATH_INFO"] + "?" + answer.response.request["QUERY_STRING"])
        seen.append(answer.to)
        seen.append(answer.said("title"))
        seen.extend(str(node.get(name)) for name in ("href", "src", "action") for node in answer.all(f"[{name}]"))

    note(me.what(ITEM, look="1"))
    note(me.post("request_public", {"text": [ITEM["name"], NAME]}))
    note(me.what({"name": "", "document_number": "", "features": "长" * 3000}))
    note(me.what(ITEM))
    note(me.agency(anyway="QH-MZ"))
    note(me.who(column=""))
    note(me.who(identity_number="110105194912310021"))
    note(me.who())
    note(me.post("request_files", {"kind": "identity", "file": upload("我的证件.exe", b"MZ")}))
    note(me.post("request_files", {"kind": "identity", "file": upload("我的证件.png", PNG)}))
    note(me.how(form="paper", delivery="online"))
    note(me.how())
    for name in PAGES:
        note(me.get(name))
    note(me.send())
    note(me.get("request_receipt"))
    return me, seen


def test_nothing_personal_in_an_address_or_a_title(town):
    _me, seen = sent()
    assert len(seen) > 300
    assert [(text, s) for text in seen for s in SECRETS if s in text] == []


def test_nothing_personal_in_a_log(town, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    sent()
    out = capfd.readouterr()
    everything = caplog.text + out.out + out.err
    # The test database tells every statement at DEBUG; what people typed goes there only sealed.
    assert [s for s in SECRETS if s in everything] == []


def plain_columns() -> list[tuple[str, str]]:
    """(table, secret) wherever a secret can be read in a row of any table."""
    found = []
    for model in apps.get_models():
        for row in model.objects.values_list():
            told = b" ".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
            found += [(model.__name__, s) for s in SECRETS if s.encode() in told]
    return found


def test_nothing_personal_in_any_plain_column(town):
    sent()
    assert plain_columns() == []
    assert Session.objects.count() == 0
    # The net has no hole: what is put in plain is found.
    FoiRequest.objects.update(reply_number=NAME)
    assert plain_columns() == [("FoiRequest", NAME)]


def test_an_error_page_tells_nothing(town, monkeypatch):
    me = Applicant()
    me.fill()
    quiet = Client(enforce_csrf_checks=True, raise_request_exception=False)
    quiet.cookies = me.client.cookies

    def broken(*_args, **_more):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("gongkai.portal.views.request_steps.doubts", broken)
    values = {"csrfmiddlewaretoken": me.token(), "column": "natural", "name": NAME, "identity_kind": "id_card",
              "identity_number": IDENTITY, "phone": PHONE}  # fmt: skip
    answer = quiet.post(reverse("portal:request_applicant"), values)
    assert answer.status_code == 500
    assert [s for s in SECRETS if s in answer.content.decode()] == []
    report = ExceptionReporter(answer.wsgi_request, *answer.exc_info).get_traceback_text()
    assert "broken on purpose" in report
    assert [s for s in SECRETS if s in report] == []


def test_the_cookie_tells_nothing_and_the_receipt_code_is_in_no_address(town):
    me, seen = sent()
    code = me.codes()[0]
    told = str(me.client.cookies)
    assert [s for s in (*SECRETS, code) if s in told] == []
    assert [text for text in seen if code in text or code.replace("-", "") in text] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_every_field_is_shown_as_text_and_kept(town, text):
    me = Applicant()
    me.what({"name": text, "document_number": text, "features": text})
    me.agency(anyway="QH-MZ")
    told = {"name": text, "contact": text, "identity_kind": "other", "identity_number": text[:60], "phone": text[:40],
            "address": text, "postcode": text[:12]}  # fmt: skip
    assert me.who(**told).to == reverse("portal:request_files")
    me.how()
    for name in (*PAGES, "request_discard"):
        page = me.get(name)
        assert page.status == 200
        harmless(page)
    harmless(me.who(**told, column=""))
    me.who(**told)
    assert me.send().to == reverse("portal:request_receipt")
    harmless(me.get("request_receipt"))
    case = FoiRequest.objects.get()
    clean = CLEANED.get(text, text)
    assert wish(case).name == clean
    assert particulars(case.applicant).name == clean


def harmless(page) -> None:
    """No element of the page came out of what was typed."""
    assert page.all("[onerror], [onload], [onmouseover]") == []
    assert [s for s in page.all("script") if "hit" in (s.text or "")] == []
    assert "14" not in [b.text for b in page.all("dd")]
    assert [a for a in page.all("a") if (a.get("href") or "").startswith("javascript:")] == []


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=hit()>.png", "=1+1.png", "'; DROP TABLE x; --.png", "名 字（1）.png"]
)
def test_a_hostile_file_name_is_text_or_refused(town, name):
    me = Applicant()
    me.fill()
    harmless(me.post("request_files", {"kind": "identity", "file": upload(name, PNG)}))
    page = me.get("request_files")
    harmless(page)
    me.send()
    harmless(me.get("request_receipt"))
    assert [file_name(paper) for paper in CaseFile.objects.all()] == ([] if "<" in name else [name])


def test_hostile_texts_print_as_text(town):
    me = Applicant()
    me.fill(*({"name": text, "document_number": "", "features": ""} for text in HOSTILE[:3]))
    me.send()
    assert me.client.get(reverse("portal:request_receipt_file")).content.startswith(b"%PDF-")


def test_null_characters_do_no_harm(town):
    me = Applicant()
    answer = me.what({"name": "a\x00b", "document_number": "\x00", "features": "\x00"})
    assert answer.status in (302, 400)
    assert me.who(name="\x00").status in (200, 302, 400)


def test_thousands_of_fields_and_huge_texts_do_no_harm(town):
    me = Applicant()
    values = {f"item{n}-name": "x" for n in range(500)} | {"item0-features": "长" * 200_000}
    assert me.post("request", values).status == 200
    page = me.get("request")
    assert len(page.all(".request__item")) == 10
    assert len(page.value("item0-features").strip()) == 5000


def test_what_is_typed_in_turn_is_read_in_turn(town):
    """Marks that turn the direction of reading are gone: a number cannot be made to look like another."""
    me = Applicant()
    me.fill()
    me.who(name="王\u202e二\u2066麻\u200f子")
    me.send()
    assert particulars(FoiRequest.objects.get().applicant).name == "王二麻子"


def test_what_is_not_released_is_found_by_no_typing(desk, town):
    plant(desk, town)
    me = Applicant()
    for canary in (*CANARIES, "救助", "清白标题"):
        fragment = me.post("request_public", {"text": [canary]}).text.replace("<mark>", "").replace("</mark>", "")
        assert [c for c in CANARIES if c in fragment] == []
    assert "清白标题" in fragment  # the net has no hole
    me.what({"name": "金丝雀草稿标题", "document_number": "", "features": "金丝雀审查"}, look="1")
    for name in ("request", "request_agency"):
        beside = me.get(name).said("#public")
        assert [c for c in CANARIES if c in beside] == []
