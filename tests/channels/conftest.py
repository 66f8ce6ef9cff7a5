"""An office that releases items, and stand-ins for the places that take them."""

from __future__ import annotations

import pytest

from tests.channels.stand_in import StandIn
from tests.channels.stand_ins.platform import SECRET, Platform
from tests.channels.stand_ins.wechat import TOKEN, WeChat
from tests.channels.stand_ins.weibo import Weibo
from tests.conftest import AT, TODAY


@pytest.fixture
def platform(settings):
    place = Platform()
    with StandIn(place.answer) as server:
        settings.SERVICE_PLATFORM_URL = f"{server.url}/hook?site=1"
        settings.SERVICE_PLATFORM_SECRET = SECRET
        yield place


SITE = "https://www.qinghe.example"


@pytest.fixture
def site(settings):
    settings.SITE = settings.SITE | {"base_url": SITE, "domain": "www.qinghe.example"}


@pytest.fixture
def wechat(settings, site):
    place = WeChat()
    with StandIn(place.answer) as server:
        settings.WECHAT_BASE_URL, settings.WECHAT_TOKEN = server.url, TOKEN
        settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = place.app_id, place.secret
        yield place


@pytest.fixture
def weibo(settings, site):
    place = Weibo()
    with StandIn(place.answer) as server:
        settings.WEIBO_BASE_URL, settings.WEIBO_ACCESS_TOKEN = server.url, place.token
        settings.WEIBO_OPERATOR_IP = "192.0.2.7"
        yield place


@pytest.fixture
def released(desk, town):
    """Release an item that is meant for the named channels; returns it."""
    from gongkai.channels.actions.settle import choose_channels

    def go(*codes: str, **changes):
        item = desk.draft(**changes)
        choose_channels(item.pk, codes, reason="测试。", actor=town.actor("drafter"), at=AT)
        desk.release(item)
        return item

    return go


@pytest.fixture
def revised(desk, town):
    """Release a new version of an item."""
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft

    def go(item, **changes):
        actor = town.actor("drafter")
        draft = revise(item.pk, actor=actor, at=AT)
        values = {"title": draft.title, "body": draft.body, "changed_on": TODAY} | changes
        save_draft(item.pk, values, based_on=draft.revision, actor=actor, at=AT, today=TODAY)
        item.refresh_from_db()
        desk.release(item)
        return item

    return go


@pytest.fixture
def withdrawn(town):
    from gongkai.disclosure.actions.withdraw import withdraw

    def go(item, reason: str = "error"):
        withdraw(item.pk, reason, explanation="内容有误。", actor=town.actor("leader"), at=AT, today=TODAY)
        item.refresh_from_db()

    return go


@pytest.fixture
def carried():
    """Follow the ledger and do what is due, `later` seconds after the fixtures' instant; returns the postings."""
    from datetime import timedelta

    def go(later: float = 0, code: str = "service_platform"):
        from gongkai.channels.actions.carry import carry_next, look, sweep
        from gongkai.channels.actions.follow import follow_all
        from gongkai.channels.adapters import channel_of
        from gongkai.channels.models import Posting
        from gongkai.ledger.actions.seal import seal_all

        now = AT + timedelta(seconds=later)
        seal_all(at=now)
        follow_all(at=now, on=TODAY)
        sweep(channel_of(code), at=now)
        look(channel_of(code), at=now, on=TODAY)
        while carry_next(channel_of(code), at=now, on=TODAY) is not None:
            pass
        return list(Posting.objects.filter(channel=code).order_by("pk"))

    return go


@pytest.fixture
def item_of():
    """A public item as a channel may know it, with some fields changed; needs no database."""
    from datetime import date

    from gongkai.channels.contract import PublicFile, PublicItem

    def go(**changes):
        plain = {
            "code": "a1b2c3", "index_number": "900000002/2026-00001", "release_id": 7, "state": "f" * 64,
            "title": "青禾市2026年8月临时救助情况公示", "organ": "青禾市民政局", "organ_code": "QH-MZ", "summary": "",
            "body": "<p>本月共救助三十二户。</p>", "text": "本月共救助三十二户。", "doc_number": "", "heading": "20-11",
            "column": "", "theme": "", "audience": "", "formed_on": date(2026, 9, 18), "released_at": AT,
            "valid_until": None, "validity": "in_force", "url": "/items/900000002/2026-00001/",
            "files": (PublicFile(1, "名单.xlsx", "救助名单", "xlsx", 2048, "0" * 64),),
        }  # fmt: skip
        return PublicItem(**(plain | changes))

    return go
