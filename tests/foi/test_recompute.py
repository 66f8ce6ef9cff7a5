"""Recomputing many requests in bulk gives each what law says of its own steps."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.open_requests import AS_OF, AT, fill
from benchmarks.recompute import import_next_year
from gongkai.agencies.actors import SYSTEM
from gongkai.calendars.actions.import_notice import import_notice
from gongkai.calendars.models import DeadlineBatch, DeadlineChange
from gongkai.foi.actions import recompute as bulk
from gongkai.foi.actions.recompute import preview, recompute
from gongkai.foi.models import CaseStep, FoiRequest
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.law.reply_clock import reply_clock
from gongkai.law.workdays import DayMark, YearTable
from gongkai.ledger.models import Fact

NOW = datetime.fromisoformat(AT)
MANY = 600


def due_by_law() -> dict[str, tuple]:
    """One request after another, from its own rows."""
    found = {}
    for case in FoiRequest.objects.order_by("pk"):
        clock = reply_clock(steps_of(case), calendar_for(case.organ), AS_OF)
        found[case.number] = (clock.due_on, clock.provisional, clock.waiting_until)
    return found


def stored() -> dict[str, tuple]:
    rows = FoiRequest.objects.order_by("pk").values_list("number", "due_on", "provisional", "waiting_until")
    return {number: tuple(rest) for number, *rest in rows}


def run() -> list:
    return recompute(reason="放假通知", actor=SYSTEM, at=NOW)


@pytest.fixture
def many(db):
    fill(MANY, organs=6)
    return stored()


@pytest.mark.parametrize("page", [7, 20_000])
def test_every_request_has_the_date_of_law_after_a_notice(many, monkeypatch, page):
    monkeypatch.setattr(bulk, "PAGE", page)
    monkeypatch.setattr(bulk, "WRITTEN", 3)
    assert many == due_by_law()
    import_next_year()
    wanted = due_by_law()
    moved = {number for number in many if many[number] != wanted[number]}
    assert 50 < len(moved) < MANY, "the notice moves some, and not all"
    told = {change.title: (change.old, change.new) for change in preview()}
    assert {change.title: (change.old, change.new) for change in run()} == told
    assert stored() == wanted
    assert told == {number: (many[number][0], wanted[number][0]) for number in moved}
    for case in FoiRequest.objects.filter(number__in=moved):
        assert case.clock_status == reply_clock(steps_of(case), calendar_for(case.organ), AS_OF).status
    kept = {row.subject: (row.old, row.new) for row in DeadlineChange.objects.all()}
    assert kept == {f"foi:{number}": days for number, days in told.items()}
    assert Fact.objects.get(kind="deadlines.recomputed").digest == DeadlineBatch.objects.get().digest
    assert run() == []


def test_local_days_move_the_requests_of_their_organ_alone(many):
    day = DayMark(AS_OF.replace(day=23), "off", "地方节日")
    table = YearTable(2026, "official", "地方", (day,))
    import_notice(table, organ_code="R002", reason="测试", actor=SYSTEM, at=NOW)
    wanted, changed = due_by_law(), run()
    assert stored() == wanted
    numbers = [change.title for change in changed]
    organs = set(FoiRequest.objects.filter(number__in=numbers).values_list("organ__code", flat=True))
    assert organs == {"R002"}


def test_a_replaced_step_counts_no_more(many):
    """The day a letter came in is corrected: the row in its place is the one that counts."""
    asked = CaseStep.objects.filter(step="third_party_asked").exclude(request__steps__step="third_party_answered")
    row = asked.filter(on__range=(date(2026, 12, 1), date(2026, 12, 12))).select_related("request").first()
    CaseStep.objects.create(
        request=row.request, seq=row.seq, replaces=row, step=row.step, on=row.on, party=row.party,
        received_on=date(2026, 12, 15), recorded_at=NOW,
    )  # fmt: skip
    assert [change.title for change in run()] == [row.request.number]
    assert stored() == due_by_law()


def test_ended_and_unconfirmed_requests_are_left_alone(counter):
    from gongkai.foi.actions.withdraw_request import withdraw_request

    ended, unconfirmed = counter.case(), counter.receive(channel="fax").registered[0].case
    withdraw_request(ended.number, on=counter.day, **counter.who())
    FoiRequest.objects.filter(pk=ended.pk).update(due_on=date(2026, 1, 1))
    assert recompute(reason="x", **counter.who("system_admin")) == []
    unconfirmed.refresh_from_db()
    assert unconfirmed.due_on is None


def test_the_number_of_queries_does_not_depend_on_the_number_of_requests(many):
    with CaptureQueriesContext(connection) as done:
        assert preview() == []
    # a page, its steps, the empty page after it; for each of six organs itself, its ancestors and its local days
    assert len(done) <= 3 + 6 * 3
