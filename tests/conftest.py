"""Fixtures every test may use: an invented town with one person per role, and short ways through a review."""

from __future__ import annotations

import os
import sys
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
TODAY = AT.date()
START = date(2020, 1, 1)

#: Where the database itself decides: its triggers, its locks, two processes at once, its plans for a search.
ON_BOTH = (
    "tests/agencies/", "tests/calendars/", "tests/ledger/", "tests/review/", "tests/scanning/",
    "tests/disclosure/test_release", "tests/disclosure/test_schedules", "tests/disclosure/test_timelines",
    "tests/search/", "tests/journeys/", "tests/bad_input/test_two_editors",
    "tests/channels/test_carry", "tests/channels/test_killed", "tests/channels/test_model", "tests/channels/test_transfers",
    "tests/channels/test_take_back", "tests/channels/test_by_date", "tests/foi/test_in_parallel",
    "tests/foi/test_machine", "tests/foi/test_recompute", "tests/foi/test_steps", "tests/foi/test_guards",
    "tests/security/test_direct_writes",
)  # fmt: skip


def pytest_collection_modifyitems(config, items):
    """GONGKAI_SHARE=0/2 or 1/2: of all other tests this run takes one half by their names, another run the other.

    `make test` has SQLite and PostgreSQL share them so; `make test-full` runs each on both."""
    share = os.environ.get("GONGKAI_SHARE")
    if not share:
        return
    part, parts = map(int, share.split("/"))
    others = {i for i in items if not i.nodeid.startswith(ON_BOTH) and zlib.crc32(i.nodeid.encode()) % parts != part}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


@pytest.fixture(autouse=True)
def connection_outlives_streams(monkeypatch):
    """A file answer that a test does not read to its end is closed late, and Django then drops the connection in the
    middle of the test's own transaction. Served requests have no such transaction around them."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    real = BaseDatabaseWrapper.close_if_unusable_or_obsolete
    monkeypatch.setattr(
        BaseDatabaseWrapper,
        "close_if_unusable_or_obsolete",
        lambda self: None if self.in_atomic_block else real(self),
    )


_READ: dict[tuple[str, ...], object] = {}
_READERS = ("gongkai.disclosure.actions.attachments", "gongkai.foi.actions.redact_file")


@pytest.fixture(autouse=True)
def each_file_is_read_once(request, monkeypatch):
    """The same bytes give the same findings and the same copy: hundreds of tests that put on one small file have it
    read and copied once, by the real parsers in the real sandbox. The tests of files themselves read every time."""
    if "tests/files/" in request.node.nodeid:
        return
    for module in filter(None, map(sys.modules.get, _READERS)):
        for name in ("look_at", "copy_with"):
            monkeypatch.setattr(module, name, _once(name, getattr(module, name)))


def _once(name, real):
    from django.conf import settings

    def kept(*told):
        key = (name, str(settings.SCAN_LISTS), *(repr(each) for each in told))
        if key not in _READ:
            _READ[key] = real(*told)
        return _READ[key]

    return kept


@dataclass
class Town:
    """An organ 青禾市民政局 with one section, and a second organ to test walls with."""

    organ: object
    section: object
    other_organ: object
    other_section: object
    people: dict[str, object]

    def actor(self, who: str):
        """The capacity of a person by key, e.g. actor("drafter"): the role is the key without its number."""
        from gongkai.agencies.queries import capacities

        held = capacities(self.people[who], TODAY)
        role = who.rstrip("2")
        return next((a for a in held if a.role == role), held[0])


def build_town() -> Town:
    from gongkai.agencies.actions.organs import add_organ, add_section
    from gongkai.agencies.actions.people import add_person, appoint
    from gongkai.agencies.actors import SYSTEM

    root = add_organ("QH", "青禾市人民政府", parent=None, kind="government", org_code="900000001", actor=SYSTEM, at=AT)
    organ = add_organ(
        "QH-MZ", "青禾市民政局", parent=root, short_name="市民政局", org_code="900000002", actor=SYSTEM, at=AT
    )
    other = add_organ("QH-JY", "青禾市教育局", parent=root, org_code="900000003", actor=SYSTEM, at=AT)
    section = add_section(organ, "QH-MZ-JZ", "社会救助科", actor=SYSTEM, at=AT)
    office = add_section(organ, "QH-MZ-BG", "办公室", actor=SYSTEM, at=AT)
    other_section = add_section(other, "QH-JY-BG", "办公室", actor=SYSTEM, at=AT)
    posts = {
        "drafter": (section, "drafter"),
        "drafter2": (section, "drafter"),
        "section_reviewer": (section, "section_reviewer"),
        "compliance_reviewer": (office, "compliance_reviewer"),
        "secrecy_reviewer": (office, "secrecy_reviewer"),
        "secrecy_reviewer2": (office, "secrecy_reviewer"),
        "leader": (office, "leader"),
        "emergency_officer": (office, "emergency_officer"),
        "supervisor": (office, "supervisor"),
        "system_admin": (office, "system_admin"),
        "security_admin": (office, "security_admin"),
        "audit_admin": (office, "audit_admin"),
        "other_drafter": (other_section, "drafter"),
        "other_secrecy": (other_section, "secrecy_reviewer"),
    }
    people = {}
    for n, (key, (where, role)) in enumerate(posts.items(), start=1):
        person = add_person(f"T{n:03d}", f"测试{n:02d}", password="a-long-test-password", actor=SYSTEM, at=AT)
        appoint(person, where, role, starts_on=START, actor=SYSTEM, at=AT)
        people[key] = person
    return Town(organ, section, other, other_section, people)


@pytest.fixture
def town(db, settings, tmp_path) -> Town:
    settings.FILES_ROOT = tmp_path / "files"
    settings.INDEX_ROOT = tmp_path / "index"
    return build_town()


@dataclass
class Desk:
    """Drives items through the real actions."""

    town: Town

    def draft(
        self, title: str = "青禾市2026年8月临时救助情况公示", body: str = "<p>本月共救助三十二户。</p>", **changes
    ):
        from gongkai.disclosure.actions.create_item import create_item
        from gongkai.disclosure.actions.save_draft import save_draft

        actor = self.town.actor("drafter")
        item = create_item(self.town.section, title, heading="20-11", actor=actor, at=AT)
        values = {"body": body, "formed_on": date(2026, 9, 18)} | changes
        save_draft(item.pk, values, based_on=1, actor=actor, at=AT, today=TODAY)
        item.refresh_from_db()
        return item

    def attach(self, item, data: bytes = "附件内容".encode(), filename: str = "a.txt", **more):
        """A file on the draft, by its drafter."""
        from gongkai.disclosure.actions.attachments import add_attachment

        drafter = self.town.actor("drafter")
        return add_attachment(item.pk, data, filename=filename, actor=drafter, at=AT, **more)

    def confirm(self, version) -> int:
        """The confidentiality reviewer holds every copy that asks for it beside its original; how many there were."""
        from gongkai.disclosure.actions.redact_attachment import confirm_attachment
        from gongkai.disclosure.queries.copies import copies_of

        waiting = [shown.attached.order for shown in copies_of(version) if shown.waiting]
        for order in waiting:
            confirm_attachment(version.pk, order, actor=self.town.actor("secrecy_reviewer"), at=AT)
        return len(waiting)

    def submit(self, item):
        from gongkai.disclosure.actions.submit import submit

        return submit(item.pk, based_on=item.draft.revision, actor=self.town.actor("drafter"), at=AT, today=TODAY)

    def opine(self, version, step: int, who: str, verdict: str = "approve", **more):
        from gongkai.disclosure.actions.opine import opine

        return opine(
            version.pk,
            step,
            verdict,
            read_digest=more.pop("read_digest", version.digest),
            actor=self.town.actor(who),
            at=more.pop("at", AT),
            today=TODAY,
            **more,
        )

    def release(self, item=None, **changes):
        item = item or self.draft(**changes)
        version = self.submit(item)
        self.opine(version, 1, "section_reviewer")
        self.opine(version, 2, "compliance_reviewer")
        self.confirm(version)
        release = self.opine(version, 3, "secrecy_reviewer")
        item.refresh_from_db()
        return release


@pytest.fixture
def desk(town) -> Desk:
    return Desk(town)
