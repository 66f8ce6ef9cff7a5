"""Delivery, recall and every way they may end, with a platform that misbehaves."""

from __future__ import annotations

import pytest

from gongkai.channels.models import Attempt
from gongkai.disclosure.actions.withdraw import withdraw
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


def take_down(item, town):
    withdraw(item.pk, "error", explanation="名单有误。", actor=town.actor("leader"), at=AT, today=TODAY)


def test_a_release_arrives_and_a_withdrawal_takes_it_back(released, town, platform, carried):
    item = released()
    [posting] = carried()
    assert (posting.state, posting.is_settled) == ("confirmed", True)
    assert platform.held[item.index_number]["title"] == item.working_title
    take_down(item, town)
    [posting] = carried()
    assert (posting.state, posting.is_settled, platform.held) == ("recalled", True, {})
    assert list(Attempt.objects.values_list("verb", "outcome")) == [("deliver", "confirmed"), ("recall", "recalled")]


def test_nothing_is_planned_for_a_channel_without_credentials(released, carried):
    released()
    assert carried() == []


@pytest.mark.parametrize("mood", ["silent", "accept then time out", "503", "401", "429"])
def test_what_cannot_have_done_harm_is_tried_again(released, platform, carried, mood):
    item = released()
    platform.mood = mood
    [posting] = carried()
    assert (posting.state, posting.attempts) == ("planned", 1)
    platform.mood = "ok"
    [posting] = carried(later=5)
    assert (posting.state, list(platform.held)) == ("confirmed", [item.index_number])


def test_what_the_platform_refuses_waits_for_a_person(released, town, platform, carried):
    from gongkai.channels.actions.settle import retry
    from gongkai.channels.queries import to_settle

    released()
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


def test_a_recall_is_tried_until_it_is_done_and_raises_an_alarm(released, town, platform, carried):
    from datetime import timedelta

    from gongkai.channels.queries import alarms

    item = released()
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


def test_withdrawn_before_it_was_sent_is_never_sent(released, town, platform, carried):
    item = released()
    take_down(item, town)
    assert (carried(), platform.told) == ([], 0)


def test_what_a_channel_holds_is_still_wanted_back_after_its_credentials_are_gone(
    released, withdrawn, platform, carried, settings
):
    from datetime import timedelta

    from gongkai.channels.queries import alarms

    item = released()
    carried()
    settings.SERVICE_PLATFORM_SECRET = ""
    withdrawn(item)
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.models import Posting
    from gongkai.ledger.actions.seal import seal_all

    seal_all(at=AT)
    follow_all(at=AT, on=TODAY)
    posting = Posting.objects.get(channel="service_platform")
    assert (posting.wanted, posting.state) == ("", "planned")
    assert list(alarms(at=AT + timedelta(seconds=61))) == [posting]


def test_lost_then_withdrawn_is_taken_back_although_nobody_knows_that_it_arrived(
    released, withdrawn, platform, carried
):
    item = released()
    platform.mood = "accept then time out"
    [posting] = carried()
    assert (posting.state, posting.carried[0], list(platform.held)) == ("planned", "?", [item.index_number])
    withdrawn(item)
    platform.mood = "ok"
    [posting] = carried(later=5)
    assert (posting.state, posting.carried, platform.held) == ("recalled", "", {})


def test_a_connection_that_answers_too_late_is_unclear(monkeypatch):
    import time

    from gongkai.channels.calling import call
    from gongkai.channels.contract import NotSent, Unclear
    from tests.channels.stand_in import StandIn

    def late(asked):
        time.sleep(0.5)
        return 200, {}, b"{}"

    with StandIn(late) as server:
        with pytest.raises(Unclear) as lost:
            call("POST", f"{server.url}/x", body=b"1", seconds=0.1)
        assert lost.value.code == "lost"
    with pytest.raises(NotSent):
        call("POST", f"{server.url}/x", body=b"1", seconds=0.1)


def test_wanted_again_before_it_was_taken_back_is_asked_for_and_not_assumed(released, wechat, carried):
    from gongkai.channels.actions.follow import plan
    from gongkai.channels.models import Posting

    wechat.mood = "reject later"
    released("wechat")
    [posting] = carried(code="wechat")
    assert posting.state == "sent"
    was = posting.wanted
    for wanted in ("", was):
        posting.wanted = wanted
        plan(posting, AT)
        posting.save()
    assert Posting.objects.get(channel="wechat").state == "sent"
    [posting] = carried(1, "wechat")
    assert (posting.state, posting.problem) == ("rejected", "platform")


def test_a_refusal_of_an_old_text_does_not_stop_the_new_one(released, revised, platform, carried):
    """The text was changed while the old one was on its way."""
    from gongkai.channels.actions.carry import Ended, claim, settle
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of
    from gongkai.channels.models import Posting
    from gongkai.ledger.actions.seal import seal_all

    item = released()
    seal_all(at=AT)
    follow_all(at=AT, on=TODAY)
    on_its_way = claim(channel_of("service_platform"), at=AT)
    revised(item, title="改过的标题")
    seal_all(at=AT)
    follow_all(at=AT, on=TODAY)
    settle(on_its_way, Ended("rejected", problem="content"), at=AT)
    assert Posting.objects.get(channel="service_platform").state == "planned"
    [posting] = carried(1)
    assert (posting.state, platform.held[item.index_number]["title"]) == ("confirmed", "改过的标题")


def test_a_claim_that_was_given_up_says_nothing_any_more(released, platform, carried):
    from gongkai.channels.actions.carry import Ended, claim, settle
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of
    from gongkai.channels.models import Posting
    from gongkai.ledger.actions.seal import seal_all

    released()
    seal_all(at=AT)
    follow_all(at=AT, on=TODAY)
    given_up = claim(channel_of("service_platform"), at=AT)
    [posting] = carried(41)
    assert posting.state == "planned"
    [posting] = carried(47)
    assert posting.state == "confirmed"
    before = Posting.objects.values().get(channel="service_platform")
    settle(given_up, Ended("rejected", "", problem="late"), at=AT)
    assert Posting.objects.values().get(channel="service_platform") == before
