"""An office that handles requests: the invented town with an officer and a head of the disclosure office."""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest

from tests.conftest import SHANGHAI, START, Town, build_town

KEY_A = "a:" + base64.b64encode(b"A" * 32).decode()
KEY_B = "b:" + base64.b64encode(b"B" * 32).decode()


POSTS = {"foi_officer": "foi_officer", "foi_officer2": "foi_officer", "foi_head": "foi_head"}
#: One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
#: The person is invented; the identity number is made with a right check character.
NAME, PHONE, ADDRESS, IDENTITY = "欧阳测试", "13900001234", "青禾市文渊街道无名路9号", "11010519491231002X"


def build_office() -> Town:
    """The town, with posts for requests."""
    from gongkai.agencies.actions.people import add_person, appoint
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT

    town = build_town()
    office = town.organ.sections.get(code="QH-MZ-BG")
    for n, (key, role) in enumerate(POSTS.items(), start=1):
        person = add_person(f"F{n:03d}", f"经办{n:02d}", password=None, actor=SYSTEM, at=AT)
        appoint(person, office, role, starts_on=START, actor=SYSTEM, at=AT)
        town.people[key] = person
    return town


@pytest.fixture
def office(db, settings, tmp_path) -> Town:
    settings.FILES_ROOT = tmp_path / "files"
    return build_office()


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


@cache
def answers_for(code: str, ground: str = "") -> dict[str, str]:
    """Answers of the tree that end in this letter."""
    from gongkai.law.reply_tree import every_path, walk

    for answers in every_path():
        outcome = walk(answers).outcome
        assert outcome is not None
        if outcome.row.code == code and (not ground or (outcome.ground and outcome.ground.code == ground)):
            return answers
    raise LookupError(code)


def tamper(paper, **values: Any) -> None:
    """Change a paper of the file as somebody could who owns the database, triggers and all."""
    from django.db import connection

    from gongkai.foi.guards import COPY_GUARDS

    with connection.cursor() as cursor:
        for guard in COPY_GUARDS:
            for drop in guard.remove_sql(connection.vendor):
                cursor.execute(drop)
    type(paper).objects.filter(pk=paper.pk).update(**values)


_keys = itertools.count(1)


@dataclass
class Counter:
    """Drives requests through the real actions; `day` is today."""

    town: Town
    day: date = date(2026, 3, 2)

    def who(self, role: str = "foi_officer") -> dict[str, Any]:
        return {"actor": self.town.actor(role), "at": at(self.day)}

    def pass_days(self, n: int) -> date:
        self.day += timedelta(days=n)
        return self.day

    def receive(self, *names: str, applicant=None, column: str = "natural", channel: str = "in_person", **more):
        from gongkai.foi.actions.receive import receive
        from gongkai.foi.particulars import Particulars
        from gongkai.foi.wishes import Wish

        told = applicant or Particulars(NAME, "id_card", IDENTITY, PHONE, ADDRESS)
        key = more.pop("submission_key", f"key-{next(_keys):030d}")
        wishes = [Wish(name, delivery=more.get("delivery", "post")) for name in names or ("2025年救助资金发放明细",)]
        more.pop("delivery", None)
        given = {"arrived_on": self.day} | self.who() | more
        return receive(self.town.organ, told, wishes, column=column, channel=channel, submission_key=key, **given)

    def case(self, *names: str, **more):
        """One accepted request."""
        from gongkai.foi.actions.accept import accept

        made = self.receive(*names, **more).registered[0].case
        return accept(made.number, section=self.town.section, **self.who())

    def record(self, case, data: bytes | str, name: str, kind: str = "record"):
        """A paper of the file."""
        from gongkai.foi.actions.add_file import add_file

        content = data.encode() if isinstance(data, str) else data
        return add_file(case.number, content, name, kind=kind, **self.who())

    def copy(self, case, data: bytes | str, name: str, *, cover: bool = True):
        """A paper with its checked copy, everything that was found covered; the copy."""
        from gongkai.foi.actions.accept_file_marks import accept_file_marks
        from gongkai.foi.actions.redact_file import redact_file
        from gongkai.foi.actions.renew_file_copy import renew_file_copy

        made = redact_file(case.number, self.record(case, data, name).pk, **self.who())
        if cover and accept_file_marks(case.number, made.pk, otherwise="G15", **self.who()):
            return renew_file_copy(case.number, made.pk, **self.who())
        return made

    def open_copy(self, case, data: bytes | str, name: str):
        """A paper with its checked copy, everything that was found left open with a reason; the copy."""
        from gongkai.foi.actions.remove_file_mark import remove_file_mark
        from gongkai.foi.actions.renew_file_copy import renew_file_copy

        made = self.copy(case, data, name, cover=False)
        found = list(made.copy.redaction.marks.values_list("number", flat=True))
        for number in found:
            remove_file_mark(case.number, made.pk, number, reason="是申请人本人的信息", **self.who())
        return renew_file_copy(case.number, made.pk, **self.who()) if found else made

    def confirm(self, version, *papers):
        """The confidentiality reviewer confirms the copies of a version that stands at his step."""
        from gongkai.foi.actions.confirm_file_copy import confirm_file_copy

        for paper in papers:
            confirm_file_copy(version.pk, paper.pk, **self.who("secrecy_reviewer"))

    def compose(self, case, code: str = "R2", ground: str = "", **more):
        from gongkai.foi.actions.compose_reply import compose_reply

        letter = {"content_provided": True, "reason": "经核对，理由写明在此，与所涉文件一一对应。", "access": "随信附上",
                  "search_described": "检索了档案室和办公系统", "earlier_reply": "青禾公复〔2025〕1号，2025年3月1日",
                  "special_rule": "《不动产登记暂行条例》", "responsible_agency": "青禾市教育局",
                  "responsible_contact": "0000-1234"}  # fmt: skip
        return compose_reply(
            case.number, answers_for(code, ground), letter=letter | more.pop("letter", {}), **more, **self.who()
        )

    def submit(self, case, code: str = "R2", ground: str = "", explanations=None, **more):
        from gongkai.foi.actions.submit_reply import submit_reply

        draft = self.compose(case, code, ground, **more)
        return submit_reply(case.number, based_on=draft.revision, explanations=explanations, **self.who())

    def opine(self, version, step: int, verdict: str = "approve", **more):
        from gongkai.foi.actions.opine_reply import opine_reply

        given = self.who(more.pop("who", self.roles(version)[step - 1])) | more
        return opine_reply(version.pk, step, verdict, read_digest=given.pop("read_digest", version.digest), **given)

    def roles(self, version) -> list[str]:
        """Who has to read this version, in order: letters that hand nothing over need no 保密审查."""
        from gongkai.foi.queries.replies import review_of

        return list(review_of(version).steps.order_by("order").values_list("role", flat=True))

    def sign(self, case, code: str = "R2", **more):
        version = self.submit(case, code, **more)
        for step, role in enumerate(self.roles(version), start=1):
            if role == "secrecy_reviewer":
                self.confirm_all(version)
            self.opine(version, step)
        return version

    def confirm_all(self, version):
        from gongkai.foi.queries.copies import copies_of
        from gongkai.foi.queries.sealed import version_content

        shown = copies_of(version.request, version_content(version).files)
        self.confirm(version, *(one.paper for one in shown if one.waiting))

    def seal(self, case):
        from gongkai.foi.actions.add_file import add_file
        from gongkai.foi.actions.bind_seal import bind_seal

        paper = add_file(case.number, PNG, "stamped.png", kind="sealed", **self.who())
        return bind_seal(case.number, paper.pk, **self.who("foi_officer2"))

    def deliver(self, case, **more):
        from gongkai.foi.actions.deliver import deliver

        given = {"by": "post", "on": self.day, "proof": "XA00000001"} | self.who() | more
        return deliver(case.number, **given)

    def reply(self, case, code: str = "R2", **more):
        """From a request in progress to its delivered reply."""
        self.sign(case, code, **more)
        self.seal(case)
        return self.deliver(case)


@pytest.fixture
def counter(office) -> Counter:
    return Counter(office)
