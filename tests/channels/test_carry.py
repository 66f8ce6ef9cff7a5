"""Delivery, recall and every way they may end, with a platform that misbehaves."""

from __future__ import annotations

import pytest

from gongkai.channels.models import Attempt
from gongkai.disclosure.actions.withdraw import withdraw
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


def released(desk):
    item = desk.draft()
    version = desk.submit(item)
    for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        desk.opine(version, step, who)
    item.refresh_from_db()
    return item


def take_down(item, town):
    withdraw(item.pk, "error", explanation="名单有误。", actor=town.actor("leader"), at=AT, today=TODAY)


def test_a_release_arrives_and_a_withdrawal_takes_it_back(desk, town, platform, carried):
    item = released(desk)
    [posting] = carried()
    assert (posting.state, posting.is_settled) == ("confirmed", True)
    assert platform.held[item.index_number]["title"] == item.working_title
    take_down(item, town)
    [posting] = carried()
    assert (posting.state, posting.is_settled, platform.held) == ("recalled", True, {})
    assert list(Attempt.objects.values_list("verb", "outcome")) == [("deliver", "confirmed"), ("recall", "recalled")]


def test_nothing_is_planned_for_a_channel_without_credentials(desk, carried):
    released(desk)
    assert carried() == []


@pytest.mark.parametrize("mood", ["silent", "silent after taking", "503", "401", "429"])
def test_what_cannot_have_done_harm_is_tried_again(desk, platform, carried, mood):
    item = released(desk)
    platform.mood = mood
    [posting] = carried()
    assert (posting.state, posting.attempts) == ("planned", 1)
    platform.mood = "ok"
    [posting] = carried(later=5)
    assert (posting.state, list(platform.held)) == ("confirmed", [item.index_number])


def test_what_the_platform_refuses_waits_for_a_person(desk, town, platform, carried):
    from gongkai.channels.actions.settle import retry
    from gongkai.channels.queries import to_settle

    released(desk)
    platform.mood = "422"
    [posting] = carried()
    assert (posting.state, posting.sentence) == ("rejected", "平台拒收（状态 422），请与平台联系后重试。")
    assert list(to_settle()) == [posting]
    carried(later=3600)
    assert platform.told == 1
    platform.mood = "ok"
    retry(posting.pk, actor=town.actor("drafter"), at=AT)
    [posting] = carried()
    assert posting.state == "confirmed"


def test_a_recall_is_tried_until_it_is_done_and_raises_an_alarm(desk, town, platform, carried):
    from datetime import timedelta

    from gongkai.channels.queries import alarms

    item = released(desk)
    carried()
    platform.mood = "503"
    take_down(item, town)
    later = 0.0
    for _ in range(14):
        [posting] = carried(later=later)
        assert posting.state == "planned"
        later += 3600
    assert list(alarms(at=AT + timedelta(seconds=61))) == [posting]
    platform.mood = "ok"
    [posting] = carried(later=later)
    assert (posting.state, platform.held, list(alarms(at=AT + timedelta(days=2)))) == ("recalled", {}, [])


def test_withdrawn_before_it_was_sent_is_never_sent(desk, town, platform, carried):
    item = released(desk)
    take_down(item, town)
    assert (carried(), platform.told) == ([], 0)
