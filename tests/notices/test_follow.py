"""Facts become queued notices: each once, only news, only what is still so, only by ways that are set up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.ledger.models import Cursor
from gongkai.ledger.queries import last_position
from gongkai.notices.kinds import KINDS
from gongkai.notices.models import OutgoingNotice
from tests.foi.conftest import at

pytestmark = pytest.mark.django_db


def queue() -> list[tuple[str, str, str]]:
    return list(OutgoingNotice.objects.order_by("pk").values_list("kind", "way", "state"))


def test_a_request_is_announced_step_by_step(town, post):
    from gongkai.foi.actions.ask_clarification import ask_clarification
    from gongkai.foi.actions.take_clarification import take_clarification

    case = town.case()
    town.follow()
    c = town.counter
    ask_clarification(case.number, on=c.day, reply_by=c.day + timedelta(days=10), items="请写明年度。", **c.who())
    town.follow()
    c.pass_days(1)
    take_clarification(case.number, on=c.day, text="2025年度。", **c.who())
    town.follow()
    c.reply(case)
    town.follow()
    assert queue() == [
        ("receipt", "mail", "queued"),
        ("clarification", "mail", "queued"),
        ("delivered", "mail", "queued"),
    ]


def test_an_online_request_is_told_of_twice_registered_and_received(town, post):
    from gongkai.foi.actions.confirm_receipt import confirm_receipt

    made = town.receive(channel="online", delivery="online")
    town.follow()
    confirm_receipt(made.number, confirmed_on=town.counter.day, **town.counter.who())
    town.follow()
    assert [kind for kind, _, _ in queue()] == ["registered", "receipt"]


def test_nothing_is_queued_for_ways_that_are_not_set_up_and_nothing_made_up_for_later(town, settings):
    town.case()
    assert town.follow() > 0
    assert queue() == []
    settings.EMAIL_HOST = "127.0.0.1"
    assert town.follow() == 0
    assert queue() == []


def test_both_ways_once_each_however_often_the_ledger_is_read(town, post, gateway):
    from gongkai.notices.actions.follow import READER

    town.queued()
    assert sorted(queue()) == [("receipt", "mail", "queued"), ("receipt", "sms", "queued")]
    Cursor.objects.filter(name=READER).update(position=0)
    town.follow()
    assert sorted(queue()) == [("receipt", "mail", "queued"), ("receipt", "sms", "queued")]
    assert Cursor.objects.get(name=READER).position == last_position()


def test_what_is_old_is_not_announced(town, post):
    """An old register brought in today, and a worker that stood still for a month."""
    c = town.counter
    town.case(arrived_on=c.day - timedelta(days=8), channel="registered_mail")
    town.follow()
    assert queue() == []
    town.case(arrived_on=c.day - timedelta(days=7), channel="registered_mail")
    town.follow()
    assert [kind for kind, _, _ in queue()] == ["receipt"]
    town.case()
    town.later = timedelta(days=30)
    town.follow()
    assert len(queue()) == 1


def test_only_who_collects_in_person_is_told_that_the_reply_is_ready(town, post):
    for delivery in ("post", "in_person"):
        case = town.case(delivery=delivery)
        town.counter.sign(case)
        town.counter.seal(case)
    town.follow()
    assert [kind for kind, _, _ in queue()] == ["receipt", "receipt", "ready"] or sorted(
        kind for kind, _, _ in queue()
    ) == ["ready", "receipt", "receipt"]


def test_every_kind_hangs_on_a_fact_that_is_recorded():
    from gongkai.ledger.kinds import KINDS as FACTS

    assert {kind.fact for kind in KINDS.values()} <= set(FACTS)


def test_two_followers_at_once_announce_once(town, post):
    """The second reads from the same position: the rows it would add are there already."""
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.notices.actions import follow as module

    town.case()
    seal_all(at=town.now)
    module.follow(at=town.now)
    again = module.unread
    module.follow(at=at(town.counter.day, 12))
    assert again is module.unread
    assert len(queue()) == 1
