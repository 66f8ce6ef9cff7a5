"""docs/howto/add-a-channel.md is true: its channel, built as the page says, keeps the contract in every mood."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gongkai.channels import adapters
from gongkai.channels.actions import follow
from tests.channels import test_contract as contract
from tests.channels.stand_in import StandIn

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "add-a-channel.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def written(settings, site, monkeypatch):
    """Everything the page has one write: the channel, its settings, its stand-in and its place."""
    names: dict = {"__name__": "media_app"}
    monkeypatch.setenv("MEDIA_APP_URL", "")
    for block in BLOCKS[:3]:
        # Dataclasses look their module up while they are made.
        monkeypatch.setitem(sys.modules, "media_app", SimpleNamespace(**names))
        exec(compile(block, "add-a-channel.md", "exec", dont_inherit=True), names)
    names["app"] = SimpleNamespace(MOODS=names["MOODS"])
    exec(BLOCKS[3], names)
    return SimpleNamespace(**names)


@pytest.fixture
def app(written, settings):
    place = written.App()
    with StandIn(place.answer) as server:
        settings.MEDIA_APP_URL, settings.MEDIA_APP_TOKEN = server.url, "a-token"
        yield place


@pytest.fixture
def channel(written, app, monkeypatch):
    """Listed as the page says."""
    made = written.MediaApp()
    monkeypatch.setattr(adapters, "CHANNELS", (*adapters.CHANNELS, made))
    monkeypatch.setattr(follow, "CHANNELS", adapters.CHANNELS)
    monkeypatch.setattr("gongkai.channels.actions.settle.CHANNELS", adapters.CHANNELS)
    monkeypatch.setitem(adapters._BY_CODE, made.code, made)
    return made


@pytest.fixture
def titles(written, app):
    return lambda: written.PLACE["media_app"].titles(app)


@pytest.fixture
def go(carried, channel):
    def run(begin: int = 0):
        for later in (0, 6, 30, 100, 500, 1500, 2000):
            [posting] = carried(begin + later, channel.code)
        return posting

    return run


def test_the_page_shows_a_channel_settings_a_stand_in_and_a_place(written):
    assert len(BLOCKS) == 4
    assert set(written.PLACE) == {written.MediaApp.code}
    assert written.MOODS == contract.platform.MOODS


def test_it_is_a_channel_and_renders_purely(channel, item_of, site, monkeypatch):
    contract.test_it_is_a_channel(channel)
    contract.test_rendering_is_pure_and_the_same_each_time(channel, item_of, site, monkeypatch)


def test_it_says_what_is_missing(channel, settings):
    settings.MEDIA_APP_TOKEN = ""
    assert channel.missing() == ["没有设置 MEDIA_APP_TOKEN。"]


def test_a_text_too_long_is_refused_with_a_way_out(channel, item_of):
    refused = channel.carries(item_of(text="长" * 50_001))
    assert (bool(refused), refused.code) == (False, "too_long")


@pytest.mark.django_db
@pytest.mark.parametrize("mood", contract.platform.MOODS)
def test_it_keeps_the_contract_in_every_mood(channel, app, titles, released, withdrawn, go, town, mood, item_of, site):
    contract.test_the_frame_never_makes_a_second_post(channel, app, titles, released, go, town, mood)


@pytest.mark.django_db
@pytest.mark.parametrize("mood", contract.platform.MOODS)
def test_its_withdrawals_are_carried_out_or_stay_an_alarm(channel, app, titles, released, withdrawn, go, mood):
    contract.test_a_withdrawal_is_carried_out_or_stays_an_alarm(
        channel, app, titles, released, withdrawn, go, mood
    )  # fmt: skip


@pytest.mark.django_db
def test_edits_reach_it(channel, app, titles, released, revised, go):
    contract.test_an_edit_reaches_it_and_only_the_new_text_stands(channel, app, titles, released, revised, go)


def test_the_four_ends_of_the_page_are_those_of_the_contract():
    from gongkai.channels import contract as kinds

    told = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == [kind.__name__ for kind in (kinds.NotSent, kinds.Rejected, kinds.Unclear, kinds.Gone)]
