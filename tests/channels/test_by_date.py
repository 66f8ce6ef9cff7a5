"""A day alone changes what is public: a text comes into force or lapses, and the channels follow without a fact."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from gongkai.channels import tasks
from gongkai.channels.actions.by_date import follow_day
from gongkai.channels.actions.carry import carry_next
from gongkai.channels.actions.settle import choose_channels
from gongkai.channels.adapters import channel_of, channels_in_use
from gongkai.channels.models import Posting
from gongkai.channels.queries import public_states
from tests.conftest import AT

pytestmark = pytest.mark.django_db
TOMORROW = AT + timedelta(days=1)


def rows(item) -> dict[str, Posting]:
    return {row.channel: row for row in Posting.objects.filter(item=item)}


@pytest.fixture
def awaited(released, carried, platform, wechat):
    """Released today at the platform and at WeChat, in force tomorrow and until the day after."""
    item = released("wechat", effective_from=TOMORROW.date(), valid_until=TOMORROW.date() + timedelta(days=1))
    carried()
    carried(code="wechat")
    carried(5, code="wechat")
    assert platform.held[item.index_number]["validity"] == "pending"
    return item


def carry(code: str, at) -> None:
    while carry_next(channel_of(code), at=at, on=at.date()) is not None:
        pass


def test_what_comes_into_force_is_told_where_validity_is_shown_and_left_alone_elsewhere(awaited, platform, wechat):
    [before] = wechat.articles
    assert follow_day(at=TOMORROW, on=TOMORROW.date()) == 1
    held = rows(awaited)
    assert held["service_platform"].wanted == public_states(on=TOMORROW.date())[awaited.pk][1]
    assert (held["wechat"].is_settled, held["service_platform"].is_settled) == (True, False)
    carry("service_platform", TOMORROW)
    carry("wechat", TOMORROW)
    assert platform.held[awaited.index_number]["validity"] == "effective"
    assert list(wechat.articles) == [before]


def test_a_day_is_followed_once_however_often_it_is_looked_at(awaited):
    assert follow_day(at=AT, on=AT.date()) == 0
    assert follow_day(at=TOMORROW, on=TOMORROW.date()) == 1
    planned = {code: (row.state, row.wanted, row.wanted_at) for code, row in rows(awaited).items()}
    assert follow_day(at=TOMORROW + timedelta(hours=1), on=TOMORROW.date()) == 0
    assert {code: (row.state, row.wanted, row.wanted_at) for code, row in rows(awaited).items()} == planned


def test_what_lapses_is_taken_back_where_validity_is_not_shown(awaited, platform, wechat):
    after = TOMORROW + timedelta(days=2)
    assert follow_day(at=after, on=after.date()) == 1
    assert (rows(awaited)["wechat"].wanted, rows(awaited)["service_platform"].wanted != "") == ("", True)
    carry("wechat", after)
    carry("service_platform", after)
    assert wechat.articles == {}
    assert platform.held[awaited.index_number]["validity"] == "expired"


def test_nothing_goes_to_a_place_where_it_has_not_been(awaited, town, settings):
    from tests.channels.stand_ins.weibo import Weibo

    choose_channels(awaited.pk, ("wechat", "weibo"), reason="增加微博。", actor=town.actor("drafter"), at=AT)
    settings.WEIBO_ACCESS_TOKEN, settings.WEIBO_OPERATOR_IP = Weibo().token, "192.0.2.7"
    assert channel_of("weibo").missing() == []
    before = set(rows(awaited))
    assert follow_day(at=TOMORROW, on=TOMORROW.date()) == 1
    assert set(rows(awaited)) == before
    assert "weibo" not in before


def test_the_worker_looks_with_the_first_tick_of_a_day(awaited, settings, monkeypatch):
    monkeypatch.setattr(tasks, "_days", [])
    settings.SERVICE_PLATFORM_URL = settings.WECHAT_APP_ID = ""
    settings.SITE = settings.SITE | {"base_url": ""}
    assert channels_in_use() == []  # so that no thread carries anything while the test looks
    for at, planned in ((AT, False), (AT + timedelta(hours=13), False), (TOMORROW, True)):
        with time_machine.travel(at, tick=False):
            tasks.tick()
        assert (rows(awaited)["service_platform"].state == "planned") is planned
    assert tasks._days == [TOMORROW.date()]


def test_twenty_thousand_items_are_two_questions(awaited, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert follow_day(at=AT, on=AT.date()) == 0
