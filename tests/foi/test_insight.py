"""How long replies took and where the time went; what those who oversee may count."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.foi.actions.ask_clarification import ask_clarification
from gongkai.foi.actions.consult import Party, consult
from gongkai.foi.actions.rate import rate
from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.board import horizon, in_group
from gongkai.foi.queries.clock import calendar_for
from gongkai.foi.queries.insight import counts_by_organ, pace, replied_between, stage_costs, took
from gongkai.foi.queries.oversight import counted_for, ratings
from tests.foi.conftest import at

D = date


def replies(counter, first=D(2026, 1, 1), last=D(2026, 12, 31)):
    return took(replied_between(FoiRequest.objects.all(), first, last), counter.day)


def test_a_plain_reply_counts_from_the_day_after_receipt(counter):
    case = counter.case()
    counter.day = D(2026, 3, 9)  # five working days after Monday 2 March
    counter.sign(case)
    counter.day = D(2026, 3, 11)
    counter.seal(case)
    counter.deliver(case)
    (reply,) = replies(counter)
    assert (reply.days, reply.allowed, reply.late) == (7, 20, False)
    assert reply.stages == {"confirm": 0, "work": 5, "sign": 0, "deliver": 2}


def test_waiting_for_the_applicant_and_for_others_is_no_work(counter):
    case = counter.case()
    ask_clarification(case.number, on=counter.day, reply_by=D(2026, 3, 20), items="x", **counter.who())
    counter.day = D(2026, 3, 9)
    take_clarification(case.number, on=counter.day, **counter.who())
    counter.day = D(2026, 3, 10)
    asked = consult(case.number, [Party("third_party", "某公司", "请提出意见")], on=counter.day, **counter.who())[0]
    counter.day = D(2026, 3, 13)
    record_consultation_answer(case.number, asked.label, position="agreed", on=counter.day, **counter.who())
    counter.day = D(2026, 3, 16)
    counter.reply(case)
    (reply,) = replies(counter)
    assert reply.days == 2  # since the clarification came on 9 March, without the three days of asking
    assert {k: reply.stages[k] for k in ("clarify", "consult", "work")} == {"clarify": 5, "consult": 3, "work": 2}


def test_the_middle_of_many_and_the_pace(counter):
    for days in (1, 2, 9):
        counter.day = D(2026, 3, 2)
        case = counter.case(f"第{days}件")
        counter.day = calendar_for(counter.town.organ).add(D(2026, 3, 2), days)
        counter.reply(case)
    found = replies(counter)
    work = next(stage for stage in stage_costs(found) if stage.code == "work")
    assert (work.cases, work.median, work.longest) == (3, 2.0, 9)
    told = pace(found)
    assert (told.replies, told.mean, told.in_time, told.within_target) == (3, 4.0, 3, 2)
    assert pace([]).mean is None
    assert stage_costs([]) == []


def test_only_replies_of_the_period_are_looked_at_in_two_queries(counter):
    for _ in range(3):
        counter.reply(counter.case())
    assert replies(counter, D(2026, 3, 3), D(2026, 12, 31)) == []
    rows = replied_between(FoiRequest.objects.all(), D(2026, 3, 2), D(2026, 3, 2))
    with CaptureQueriesContext(connection) as asked:
        assert len(took(rows, counter.day)) == 3
    assert len(asked) == 5  # requests, steps; three for the calendars


def test_counts_of_every_organ_agree_with_the_groups(counter):
    late = counter.case()
    counter.pass_days(40)
    counter.case()
    h = horizon(calendar_for(counter.town.organ), counter.day)
    counted = counts_by_organ(FoiRequest.objects.all(), h)
    assert set(counted) == {counter.town.organ.pk}
    own = counted[counter.town.organ.pk]
    assert (own["open"], own["late"], own["more"]) == (2, 1, 1)
    assert list(FoiRequest.objects.filter(in_group("late", h))) == [late]


def test_ratings_by_grade(counter):
    for n, grade in enumerate((5, 4, 1)):
        case = counter.case(f"第{n}件")
        counter.reply(case)
        rate(case.number, grade=grade, actor=APPLICANT, at=at(counter.day))
    found = ratings(FoiRequest.objects.all())
    assert found.grades == {5: 1, 4: 1, 3: 0, 2: 0, 1: 1}
    assert (found.total, round(found.good or 0, 2)) == (3, 0.67)
    assert ratings(FoiRequest.objects.none()).good is None


def test_who_may_count_what(counter):
    counter.case()
    for who, n in (("supervisor", 1), ("leader", 1), ("drafter", 1), ("other_drafter", 0), ("system_admin", 0)):
        assert counted_for([counter.town.actor(who)]).count() == n, who
