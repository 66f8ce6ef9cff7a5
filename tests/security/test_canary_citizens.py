"""Planted citizens go every way a request can go; afterwards nothing of them is found where it does not belong.

Each has a name, identity number, telephone, address and mail address of their own. 8 citizens by default;
GONGKAI_FULL=1 plants 300.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from gongkai.foi.actions.accept import accept
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.answer_clarification import answer_clarification
from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.ask_correction import ask_correction
from gongkai.foi.actions.close import close
from gongkai.foi.actions.complain import complain
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.examine_objection import examine_objection
from gongkai.foi.actions.file_dossier import file_dossier
from gongkai.foi.actions.publish_reply import publish_reply
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.record_search import record_search
from gongkai.foi.actions.reveal import reveal
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import FoiRequest
from gongkai.foi.wishes import Wish
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.seal import seal_all
from gongkai.notices.actions.follow import follow_all as announce_all
from gongkai.notices.tasks import send_round
from gongkai.portal.urls import urlpatterns as public_routes
from gongkai.search.actions.follow import follow_all
from tests.foi.conftest import PNG, at, counter, office  # noqa: F401
from tests.notices.conftest import post  # noqa: F401
from tests.portal.request_form import Applicant
from tests.portal.tracker import answer_online

CITIZENS = 300 if os.environ.get("GONGKAI_FULL") == "1" else 8
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
RARE = "旻昶彧翀煜珩昱晗璟琰烨熠皓睿骁"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Citizen:
    """Somebody invented; no two share a value."""

    n: int

    @property
    def internet_address(self) -> str:
        """Everybody at one of their own: an office's limit for one address is not what is tested here."""
        return f"{'192.0.2' if self.n < 250 else '198.51.100'}.{self.n % 250 + 1}"

    @property
    def name(self) -> str:
        return SURNAMES[self.n % 20] + RARE[self.n % 15] + RARE[(self.n // 15 + 7) % 15] + "植"

    @property
    def identity(self) -> str:
        body = f"110105{1950 + self.n % 50}{1 + self.n % 12:02d}{1 + self.n % 28:02d}{self.n:03d}"
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]

    @property
    def phone(self) -> str:
        return f"1390007{self.n:04d}"

    @property
    def address(self) -> str:
        return f"青禾市文渊街道植号巷{7000 + self.n}号"

    @property
    def email(self) -> str:
        return f"planted-{self.n:04d}@citizen.example"

    @property
    def wish(self) -> str:
        return f"植入事项{self.n:04d}救助资金明细"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.name, self.identity, self.phone, self.address, self.email, self.wish)


def ask_online(citizen: Citizen) -> tuple[str, str]:
    """Through the form, page by page: (case number, query code)."""
    visitor = Applicant(citizen.internet_address)
    visitor.what({"name": citizen.wish, "document_number": "", "features": ""})
    visitor.agency(anyway="QH-MZ")
    visitor.who(
        name=citizen.name, identity_number=citizen.identity, phone=citizen.phone, email=citizen.email,
        address=citizen.address,
    )  # fmt: skip
    visitor.post("request_files", {"kind": "identity"})
    visitor.how()
    visitor.send()
    receipt = visitor.get("request_receipt").text
    return re.search(r"QH-MZ-2026-\d{5}", receipt)[0], visitor.codes()[0]


def journey(counter, citizen: Citizen, number: str) -> None:  # noqa: F811
    """One of eight ways, by the citizen's number."""
    who, day = counter.who, counter.day
    accept(number, section=counter.town.section, **who())
    case = FoiRequest.objects.get(number=number)
    add_file(number, PNG, f"{citizen.name}.png", kind="identity", **who())
    reveal(number, **who())
    match citizen.n % 8:
        case 0:
            ask_clarification(number, on=day, reply_by=day + timedelta(7), items=f"请{citizen.name}写明年度", **who())
            answer_clarification(
                number, on=day, wish=Wish(citizen.wish, features=f"联系{citizen.phone}"), text=f"我是{citizen.name}",
                files=[(PNG, f"{citizen.identity}.png")], actor=APPLICANT, at=who()["at"],
            )  # fmt: skip
            answer_online(counter, case)
        case 1:
            consult(number, [Party("third_party", f"植第三方{citizen.n}", "是否同意公开？")], on=day, **who())
            record_consultation_answer(number, "第三方1", on=day, position="objected", text="商业秘密", **who())
            examine_objection(number, "第三方1", reasonable=True, reason="确属报价", **who())
            answer_online(counter, case, "R2p", ground="G15", findings={"separability_examined": True}, letter={
                "reason": f"经审查，{citizen.name}所申请内容中的报价部分属于商业秘密，公开会损害其竞争地位。"})  # fmt: skip
        case 2:
            record_search(number, places="档案室", terms=citizen.wish, result="没有", found=False, on=day, **who())
            answer_online(counter, case, "R4")
            complain(number, text=f"{citizen.name}不服", actor=APPLICANT, at=who()["at"])
        case 3:
            text = "2025年共发放三十二户。"
            text = f"{text}\n经办人{citizen.name}，身份证号{citizen.identity}，电话{citizen.phone}。\n"
            paper = counter.copy(case, text, f"{citizen.wish}.txt")
            covered = {"attachment_covered": "遮盖的不在所申请的范围里"}
            answer_online(counter, case, files=[paper.pk], explanations=covered)
            with pytest.raises(Refusal):
                publish_reply(number, paper.pk, section=counter.town.section, title=citizen.name, **who("drafter"))
        case 4:
            from gongkai.foi.actions.withdraw_request import withdraw_request

            withdraw_request(number, on=day, text=f"{citizen.name}撤回", actor=APPLICANT, at=who()["at"])
            close(number, **who())
        case 5:
            ask_clarification(number, on=day, reply_by=day, items="请写明年度", **who())
        case 6:
            answer_online(counter, case)
            ask_correction(number, what=f"{citizen.name}的生年有误", on=day, actor=APPLICANT, at=who()["at"])
            file_dossier(number, **who())
        case 7:
            counter.sign(case, letter={"online_channel": "https://fuyi.qinghe.example"})


def visit(citizen: Citizen, code: str, seen: list[str]) -> None:
    """The tracking pages; a wrong second fact; every address that was asked for is kept."""
    client = Client(REMOTE_ADDR=citizen.internet_address)
    wrong = client.post(reverse("portal:track"), {"code": code, "fact": "植错"})
    right = client.post(reverse("portal:track"), {"code": code, "fact": citizen.name})
    seen += [wrong.headers.get("Location", ""), right.headers.get("Location", "")]
    page = client.get(right.headers["Location"]).content.decode()
    assert citizen.wish in page or citizen.n % 8 == 5
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    seen += [title, *re.findall(r'(?:href|action)="([^"]*)"', page)]


def told(text: str, citizens: list[Citizen]) -> list[str]:
    """Planted values in a text."""
    return [secret for citizen in citizens for secret in citizen.secrets if secret in text]


@pytest.fixture
def diary(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    return caplog


def test_nothing_of_a_planted_citizen_is_where_it_does_not_belong(
    counter, post, diary, settings, tmp_path,  # noqa: F811
):  # fmt: skip
    settings.INDEX_ROOT = tmp_path / "index"
    citizens, seen = [Citizen(n) for n in range(CITIZENS)], []
    with time_machine.travel(at(counter.day), tick=False):
        codes = {}
        for citizen in citizens:
            number, codes[citizen.n] = ask_online(citizen)
            journey(counter, citizen, number)
        for citizen in citizens:
            visit(citizen, codes[citizen.n], seen)
        seal_all(at=at(counter.day))
        follow_all(on=counter.day)
        announce_all(at=at(counter.day))
        for _ in range(CITIZENS):
            send_round()
        pages = sweep(counter, citizens)

    assert told("\n".join(pages), citizens) == []
    assert told("\n".join(seen), citizens) == []
    assert not [code for code in codes.values() if code in "\n".join(seen)]
    assert told(diary.text, citizens) == []
    mails = [
        "\n".join((sender, *recipients, str(mail.items()), mail.get_body().get_content()))
        for sender, recipients, mail in post.taken
    ]
    assert all(len(recipients) == 1 for _, recipients, _ in post.taken)
    assert len(mails) >= CITIZENS
    for mail in mails:
        # The address in the envelope is what a mail cannot do without; nothing else of the person is in it.
        body = mail
        for citizen in citizens:
            body = body.replace(citizen.email, "")
        assert told(body, citizens) == []
        assert not [code for code in codes.values() if code in mail]
    assert told(every_plain_column(), citizens) == []
    assert told(every_file(tmp_path), citizens) == []


def sweep(counter, citizens: list[Citizen]) -> list[str]:  # noqa: F811
    """Every public address without a session, lists and exports of the desk for outsiders, errors, searches."""
    pages = []
    visitor = Client(raise_request_exception=False)
    for route in public_routes:
        pattern = str(route.pattern)
        if "<" not in pattern and "(" not in pattern:
            pages.append(page_of(visitor.get(f"/{pattern}")))
    for citizen in citizens:
        for secret in citizen.secrets:
            answer = page_of(visitor.get("/search/", {"q": secret}))
            pages.append(answer.replace(secret, ""))
    pages += [page_of(visitor.get(address)) for address in ("/apply/track/case/", "/no/such/page/", "/desk/cases/")]
    for role in ("drafter", "leader", "foi_officer", "foi_officer2", "foi_head"):
        client = Client(raise_request_exception=False)
        client.force_login(counter.town.people[role], backend="django.contrib.auth.backends.ModelBackend")
        for name in ("cases", "cases_export", "case_insight", "case_tasks", "todo", "todo_export", "ledger"):
            text = page_of(client.get(reverse(f"desk:{name}")))
            # Those who handle a request see what it is about in their lists, and nobody's particulars.
            for citizen in citizens:
                text = text.replace(citizen.wish, "")
            pages.append(text)
    return pages


def page_of(response) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode("utf-8", "replace") + str(response.headers)


def every_plain_column() -> str:
    """All columns of all tables, sealed bytes as they are; what axes and sessions keep included."""
    rows = []
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.values_list(*names):
            rows += [bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview) else str(v) for v in row]
    return "\n".join(rows)


def every_file(folder: Path) -> str:
    """Index, stored files, logs: all bytes below the home, as text."""
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_the_net_has_no_hole():
    """Planted values differ from one another, and the finder finds them."""
    citizens = [Citizen(n) for n in range(300)]
    for values in zip(*(citizen.secrets for citizen in citizens), strict=True):
        assert len(set(values)) == 300
    assert told(f"……{citizens[17].phone}……", citizens) == [citizens[17].phone]
