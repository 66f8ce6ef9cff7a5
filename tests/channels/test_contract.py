"""What every channel of the list has to keep. A new channel adds a place to `PLACES`, nothing else.

A place is a stand-in with a mood and a way to say what the public finds there: title by item.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

import pytest
from django.conf import settings as configured

from gongkai.agencies.actors import SYSTEM
from gongkai.channels.actions.settle import it_is_not_there, it_is_there, retry
from gongkai.channels.adapters import CHANNELS, channel_of
from gongkai.channels.contract import Channel, ChannelError, Message
from gongkai.channels.queries import alarms, to_settle
from gongkai.law.verdicts import Allowed
from tests.channels.stand_ins import platform, wechat, weibo
from tests.conftest import AT


@dataclass(frozen=True)
class Outside:
    """The fixture of a stand-in, the module with its moods, and the titles the public finds there."""

    fixture: str
    module: ModuleType
    titles: Callable[[object], list[str]]


PLACES = {
    "service_platform": Outside("platform", platform, lambda place: [told["title"] for told in place.held.values()]),
    "wechat": Outside("wechat", wechat, lambda place: [row["title"] for row in place.articles.values()]),
    "weibo": Outside("weibo", weibo, lambda place: [text[1:].split("】")[0] for text in place.posts.values()]),
}
#: Channels that are made by this installation itself and have no outside place; their own tests say what they keep.
OWN = frozenset({"static_site", "feed", "notice_board", "handbook"})
EVERY = [pytest.param(channel, id=channel.code) for channel in CHANNELS]
OUTSIDE = [pytest.param(channel, id=channel.code) for channel in CHANNELS if channel.code not in OWN]


@pytest.fixture
def place(request):
    return request.getfixturevalue(PLACES[request.getfixturevalue("channel").code].fixture)


@pytest.fixture
def titles(channel, place):
    return lambda: PLACES[channel.code].titles(place)


@pytest.fixture
def go(carried, channel):
    """Carry what is due, again and again until an hour has passed."""

    def run(begin: int = 0):
        for later in (0, 6, 30, 100, 500, 1500, 2000):
            [posting] = carried(begin + later, channel.code)
        return posting

    return run


def test_every_outside_channel_of_the_list_has_a_place():
    assert set(PLACES) == {channel.code for channel in CHANNELS} - OWN


@pytest.mark.parametrize("tested", [pytest.param(t, id=code) for code, t in PLACES.items()])
def test_every_place_misbehaves_in_the_seven_ways(tested):
    assert tested.module.MOODS == (
        "ok", "slow", "accept then time out", "reject later", "callback twice", "out of order", "gone",
    )  # fmt: skip


@pytest.mark.parametrize("channel", EVERY)
def test_it_is_a_channel(channel: Channel):
    assert channel_of(channel.code) is channel
    assert len(channel.code) <= 24
    assert channel.title
    for flag in (channel.shows_validity, channel.in_place, channel.repeatable):
        assert isinstance(flag, bool)
    assert all(isinstance(name, str) for name in channel.carriers)


@pytest.mark.parametrize("channel", EVERY)
def test_without_credentials_it_says_what_is_missing(channel: Channel, settings):
    for name in dir(configured):
        if name.startswith(("SERVICE_PLATFORM_", "WECHAT_", "WEIBO_", "STATIC_SITE_")):
            setattr(settings, name, "")
    settings.SITE = settings.SITE | {"base_url": ""}
    gaps = channel.missing()
    assert all(gap.endswith("。") for gap in gaps)
    assert gaps or channel.code in OWN


@pytest.mark.parametrize("channel", OUTSIDE)
def test_each_missing_setting_is_told_alone(channel: Channel, settings, place):
    assert channel.missing() == []
    prefix = {"service_platform": "SERVICE_PLATFORM_"}.get(channel.code, f"{channel.code.upper()}_")
    needed = [name for name in dir(configured) if name.startswith(prefix) and name != "WECHAT_TOKEN"]
    assert len(needed) >= 2
    for name in needed:
        kept = getattr(settings, name)
        setattr(settings, name, "")
        assert channel.missing() == [f"没有设置 {name}。"]
        setattr(settings, name, kept)


@pytest.mark.parametrize("channel", EVERY)
def test_rendering_is_pure_and_the_same_each_time(channel: Channel, item_of, site, monkeypatch):
    def never(*_: object) -> None:
        raise AssertionError("rendering must not ask anybody")

    monkeypatch.setattr(socket.socket, "connect", never)
    item = item_of()
    first = channel.render(item)
    assert isinstance(first, Message)
    assert first == channel.render(item_of())
    assert first.key == ""  # given by the frame
    assert channel.carries(item) == channel.carries(item_of()) == Allowed()


@pytest.mark.django_db
@pytest.mark.parametrize("channel", OUTSIDE)
@pytest.mark.parametrize("mood", platform.MOODS)
def test_handed_over_twice_it_is_one_post_or_told_to_be_unclear(channel: Channel, place, titles, item_of, site, mood):
    """The verb itself, without the frame that would not repeat it.

    WeChat shows a post that it is still publishing to nobody: there the frame alone keeps a second one away (below).
    """
    made = channel.render(item_of())
    message = Message("channel:a1b2c3:ffff", made.title, made.body, made.payload)
    place.mood = mood
    ends = []
    for _ in range(2):
        try:
            ends.append(channel.deliver(message).reference)
        except ChannelError as error:
            ends.append(type(error).__name__)
    if hasattr(place, "settle_all"):
        place.settle_all()
    unclear = any(end in ("Unclear", "NotSent", "Rejected") for end in ends)
    in_progress = mood in ("slow", "out of order") and channel.code == "wechat"
    assert len(titles()) <= 1 or unclear or in_progress


@pytest.mark.django_db
@pytest.mark.parametrize("channel", OUTSIDE)
@pytest.mark.parametrize("mood", platform.MOODS)
def test_the_frame_never_makes_a_second_post(channel: Channel, place, titles, released, go, town, mood):
    """Whatever happens, and a person says the truth where asked: exactly one post in the end."""
    place.mood = mood
    item = released(channel.code)
    posting = go()
    assert len(titles()) <= 1
    place.mood = "ok"
    if posting.state == "ambiguous":
        if titles():
            it_is_there(posting.pk, reference="看到的链接", actor=town.actor("drafter"), at=AT)
        else:
            it_is_not_there(posting.pk, actor=town.actor("drafter"), at=AT)
    elif posting.state == "rejected":
        retry(posting.pk, actor=town.actor("drafter"), at=AT)
    posting = go(5000)
    assert (posting.is_settled, titles()) == (True, [item.working_title])
    assert list(to_settle()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("channel", OUTSIDE)
@pytest.mark.parametrize("mood", platform.MOODS)
def test_a_withdrawal_is_carried_out_or_stays_an_alarm(channel: Channel, place, titles, released, withdrawn, go, mood):
    item = released(channel.code)
    go()
    place.mood = mood
    withdrawn(item)
    posting = go(3000)
    alarmed = posting in alarms(at=AT + timedelta(days=1))
    assert (posting.state == "recalled" and titles() == []) or alarmed
    place.mood = "ok"
    if posting.state == "rejected":
        retry(posting.pk, actor=SYSTEM, at=AT)
    posting = go(20_000)
    assert (posting.state, titles(), list(alarms(at=AT + timedelta(days=1)))) == ("recalled", [], [])


@pytest.mark.django_db
@pytest.mark.parametrize("channel", OUTSIDE)
def test_an_edit_reaches_it_and_only_the_new_text_stands(channel: Channel, place, titles, released, revised, go):
    item = released(channel.code)
    go()
    revised(item, title="改过的标题")
    go(3000)
    assert titles() == ["改过的标题"]


@pytest.mark.django_db
@pytest.mark.parametrize("channel", OUTSIDE)
def test_a_repealed_document_stays_only_where_its_validity_is_shown(channel, place, titles, released, withdrawn, go):
    item = released(channel.code)
    go()
    withdrawn(item, "abolished")
    go(3000)
    assert titles() == ([item.working_title] if channel.shows_validity else [])
