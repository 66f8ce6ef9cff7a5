"""Board, timeline, near-same requests, recomputation; how many queries they cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.recompute import preview, recompute
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars
from gongkai.foi.queries.board import board, must_act, stages
from gongkai.foi.queries.same import asked_by_many, near_same, same_applicant
from gongkai.foi.queries.timeline import case_timeline
from gongkai.foi.sketch import ALIKE, likeness, sketch

D = date


def test_the_board_is_in_order_of_the_statutory_day(counter):
    first = counter.case()
    counter.pass_days(1)
    second = counter.case()
    waiting = counter.case()
    ask_clarification(waiting.number, on=counter.day, reply_by=D(2026, 3, 13), items="x", **counter.who())
    unconfirmed = counter.receive(channel="fax").registered[0].case
    counter.reply(counter.case())
    rows = board([counter.town.organ.pk], today=counter.day)
    assert [r.case.pk for r in rows] == [first.pk, second.pk, waiting.pk, unconfirmed.pk]
    assert [r.clock.remaining if r.clock else None for r in rows] == [19, 20, None, None]
    assert board([counter.town.other_organ.pk], today=counter.day) == []
    assert [r.case.pk for r in board([counter.town.organ.pk], today=counter.day, states=["received"])] == []
    counted = stages([counter.town.organ.pk])
    assert (counted["in_progress"], counted["registered"], counted["replied"], counted["closed"]) == (2, 1, 1, 0)


def test_a_page_of_the_board_costs_the_same_for_many(counter):
    for _ in range(2):
        counter.case()
    with CaptureQueriesContext(
        connection,
    ) as few:
        board([counter.town.organ.pk], today=counter.day)
    for _ in range(6):
        counter.case()
    with CaptureQueriesContext(connection) as many:
        assert len(board([counter.town.organ.pk], today=counter.day)) == 8
    assert len(many) == len(few) <= 5


def test_who_must_act(counter):
    case = counter.case()
    waiting = counter.case()
    ask_clarification(waiting.number, on=counter.day, reply_by=D(2026, 3, 13), items="x", **counter.who())

    def due(day, within=5):
        return [r.case.pk for r in must_act([counter.town.organ.pk], today=day, within=within)]

    assert due(D(2026, 3, 13)) == []
    assert due(D(2026, 3, 16)) == [waiting.pk]
    assert due(D(2026, 3, 23)) == [case.pk, waiting.pk]  # five working days are left
    assert due(D(2026, 4, 20)) == [case.pk, waiting.pk]


def test_the_timeline_tells_dates_with_articles_and_acts(counter):
    case = counter.case()
    ask_clarification(case.number, on=counter.day, reply_by=D(2026, 3, 13), items="x", **counter.who())
    events = case_timeline(case, as_of=D(2026, 3, 20))
    told = [(e.on, e.source, e.sentence[:8]) for e in events]
    assert told == [
        (D(2026, 3, 2), "law", "当面提交，以提交"),
        (D(2026, 3, 2), "law", "告知申请人补正，"),
        (D(2026, 3, 2), "ledger", "登记申请"),
        (D(2026, 3, 2), "ledger", "确认收到之日"),
        (D(2026, 3, 2), "ledger", "受理"),
        (D(2026, 3, 2), "ledger", "告知补正"),
        (D(2026, 3, 13), "law", "申请人逾期未补正"),
    ]
    assert [e.state for e in events if e.source == "ledger"][-1] == "等待申请人补正"
    assert {e.source for e in case_timeline(case, as_of=counter.day, acts=False)} == {"law"}


TEXT = "青禾市2025年度城乡居民最低生活保障资金发放明细及享受对象名单"


def test_near_same_requests_are_found_without_their_words(counter):
    other = Particulars("另一人", phone="13900009999")
    same = counter.case(TEXT)
    near = counter.case(TEXT.replace("明细", "的明细"), applicant=other)
    far = counter.case("青禾市文渊路道路改造工程竣工验收报告")
    found = near_same(same)
    assert [(n.case.pk, n.same_applicant) for n in found] == [(near.pk, False)]
    assert found[0].alike >= ALIKE
    assert [c.pk for c in same_applicant(same)] == [far.pk]
    assert near_same(far) == []


@pytest.mark.parametrize(
    ("a", "b", "alike"), [("", "", False), ("甲", "甲", False), (TEXT, TEXT, True), (TEXT, f" {TEXT}。", True)]
)
def test_a_sketch_compares_letters_only(a, b, alike):
    assert (likeness(sketch(a), sketch(b)) == 1.0) is alike


def test_what_many_ask_for_is_a_matter_to_publish(counter):
    for n in range(3):
        counter.case(TEXT, applicant=Particulars(f"申请人{n}", phone=f"1390000000{n}"))
    counter.case(TEXT, applicant=Particulars("申请人0", phone="13900000000"))
    counter.case("别的事项")
    found = asked_by_many([counter.town.organ.pk], since=counter.day)
    assert [(len(w.numbers), w.applicants) for w in found] == [(4, 3)]
    assert asked_by_many([counter.town.organ.pk], since=counter.day + timedelta(days=1)) == []


def stale(case, **values):
    """Copies of the clock as an older calendar would have left them."""
    FoiRequest.objects.filter(pk=case.pk).update(**values)


def test_recomputation_brings_the_copies_back_to_what_law_says(counter):
    open_case, ended = counter.case(), counter.case()
    counter.reply(ended)
    assert preview() == []
    stale(open_case, due_on=D(2026, 3, 27), provisional=True)
    stale(ended, due_on=D(2026, 3, 27))
    changes = [(c.subject, c.old, c.new) for c in preview()]
    assert changes == [(open_case.subject, D(2026, 3, 27), D(2026, 3, 30))]
    made = recompute(reason="新的放假通知", **counter.who("system_admin"))
    assert [(c.subject, c.old, c.new) for c in made] == changes
    open_case.refresh_from_db()
    assert (open_case.due_on, open_case.provisional, preview()) == (D(2026, 3, 30), False, [])
    assert recompute(reason="再算一次", **counter.who("system_admin")) == []
