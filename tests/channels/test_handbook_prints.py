"""Printed copies that are out of date stay on the list until somebody says what was done about them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.channels.actions.editions import make
from gongkai.channels.actions.handbooks import choose, open_handbook, publish
from gongkai.channels.actions.print_runs import record_print, settle_prints
from gongkai.channels.handbooks.queries import outdated
from gongkai.channels.models import PrintEnding, PrintRun
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db
TOLD = {"title": "青禾市便民服务手册", "subtitle": "", "contact": "", "paper": "A5", "chapters": "hand"}


@pytest.fixture
def keeper(town):
    return town.actor("compliance_reviewer")


@pytest.fixture
def printed(town, site, keeper):
    """500 copies of a handbook with these items, handed out on the day of the fixtures."""

    def go(*items):
        made = open_handbook(town.organ, TOLD, actor=keeper, at=AT)
        choose(made.pk, [item.index_number for item in items], actor=keeper, at=AT, on=TODAY)
        publish(made.pk, True, actor=keeper, at=AT, on=TODAY)
        edition = make(made.pk, at=AT, on=TODAY)
        return record_print(edition.pk, 500, "市政务服务中心大厅", on=TODAY, actor=keeper, at=AT, today=TODAY)

    return go


def told(on=TODAY, organs=None):
    return [
        (row.run.pk, [(c.title, c.kind, c.old_on, c.new_on) for c in row.changes]) for row in outdated(organs, on=on)
    ]


def settled(run, verb, keeper, **changes):
    given = {"reason": "各窗口收回 480 册，已粉碎。", "on": TODAY, "at": AT + timedelta(hours=1)} | changes
    return settle_prints(run.pk, verb, actor=keeper, today=TODAY, **given)


def test_copies_are_up_to_date_until_something_changes(printed, released, revised, withdrawn, town):
    stays, changes, goes, ends = (released(title=f"{n}指南") for n in ("不变的", "修改的", "撤下的", "废止的"))
    run = printed(stays, changes, goes, ends)
    assert told() == []
    revised(changes, body="<p>时限改为五个工作日。</p>")
    withdrawn(goes)
    withdrawn(ends, "abolished")
    [(pk, rows)] = told()
    assert (pk, sorted(rows)) == (
        run.pk,
        sorted(
            [
                ("修改的指南", "revised", TODAY, TODAY),
                ("撤下的指南", "withdrawn", TODAY, TODAY),
                ("废止的指南", "lapsed", TODAY, TODAY),
            ]
        ),
    )
    assert (told(organs=[town.other_organ.pk]), told(organs=[town.organ.pk])) == ([], told())


def test_a_validity_that_ends_makes_them_out_of_date_by_the_day_alone(printed, released):
    last = TODAY + timedelta(days=3)
    run = printed(released(title="有期限的指南", effective_from=TODAY - timedelta(days=30), valid_until=last))
    assert told(last) == []
    assert told(last + timedelta(days=1)) == [(run.pk, [("有期限的指南", "lapsed", TODAY, last + timedelta(days=1))])]


@pytest.mark.parametrize("verb", ["replaced", "destroyed"])
def test_copies_that_are_gone_leave_the_list_for_good(printed, released, revised, keeper, verb):
    item = released()
    run = printed(item)
    revised(item, title="改过")
    settled(run, verb, keeper)
    revised(item, title="又改过")
    assert told() == []
    with pytest.raises(Refusal) as refused:
        settled(run, verb, keeper)
    assert refused.value.code == "settled_already"


def test_a_slip_holds_until_the_next_change(printed, released, revised, withdrawn, keeper):
    first, second = released(title="一"), released(title="二")
    run = printed(first, second)
    revised(first, title="一改")
    settled(run, "amended", keeper)
    assert told() == []
    withdrawn(second)
    assert [title for title, *_ in told()[0][1]] == ["二"]
    with pytest.raises(Refusal) as refused:
        settled(run, "amended", keeper)
    assert refused.value.code == "must_come_back"
    settled(run, "destroyed", keeper)
    assert told() == []
    assert list(PrintEnding.objects.values_list("verb", flat=True)) == ["amended", "destroyed"]


def test_facts_tell_how_many_and_where(printed, released, revised, keeper):
    item = released()
    run = printed(item)
    revised(item, title="改过")
    settled(run, "replaced", keeper)
    fact = Fact.objects.get(kind="handbook.printed")
    assert (fact.data["copies"], fact.data["place"]) == (500, "市政务服务中心大厅")
    assert Fact.objects.get(kind="handbook.prints_settled").data["verb"] == "已换成新版"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"copies": 0}, "copies_wrong"),
        ({"place": " "}, "place_missing"),
        ({"on": TODAY + timedelta(days=1)}, "in_the_future"),
    ],
)
def test_what_is_not_accepted_as_printed(printed, released, keeper, changes, code):
    edition = printed(released()).edition
    given = {"copies": 10, "place": "大厅", "on": TODAY} | changes
    with pytest.raises(Refusal) as refused:
        record_print(edition.pk, given["copies"], given["place"], on=given["on"], actor=keeper, at=AT, today=TODAY)
    assert refused.value.code == code
    assert PrintRun.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "reason_missing"),
        ({"on": TODAY + timedelta(days=1)}, "in_the_future"),
        ({"on": TODAY - timedelta(days=1)}, "before_print"),
    ],
)
def test_what_is_not_accepted_as_dealt_with(printed, released, keeper, changes, code):
    run = printed(released())
    with pytest.raises(Refusal) as refused:
        settled(run, "replaced", keeper, **changes)
    assert refused.value.code == code


def test_only_its_own_people_write_down(printed, released, town):
    run = printed(released())
    for who in ("other_drafter", "leader"):
        with pytest.raises(Refusal) as refused:
            settled(run, "replaced", town.actor(who))
        assert refused.value.code == "not_your_post"


def test_rows_never_change(printed, released, keeper):
    from django.db import DatabaseError, transaction

    run = printed(released())
    settled(run, "replaced", keeper)
    for change in (lambda: PrintRun.objects.update(copies=1), PrintEnding.objects.all().delete):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            change()
