"""Taken back from one channel alone: it stays off with every later fact, until somebody chooses it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.channels.actions.follow import follow_all
from gongkai.channels.actions.settle import choose_channels
from gongkai.channels.actions.take_back import take_back
from gongkai.channels.models import Posting, Route
from gongkai.channels.queries import alarms, chosen_channels
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Catalogue, CatalogueEntry
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.seal import seal_all
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


def wanted(item) -> dict[str, bool]:
    return {row.channel: row.wanted != "" for row in Posting.objects.filter(item=item)}


def followed(later: int = 60) -> None:
    now = AT + timedelta(seconds=later)
    seal_all(at=now)
    follow_all(at=now, on=TODAY)


@pytest.fixture
def posted(released, carried, wechat, weibo):
    item = released("wechat", "weibo")
    carried(code="wechat")
    carried(code="weibo")
    return item


def test_the_next_version_does_not_bring_it_back(posted, town, carried, revised, wechat, weibo):
    row = Posting.objects.get(item=posted, channel="weibo")
    take_back(row.pk, actor=town.actor("drafter"), at=AT, reason="微博不适合长文。")
    carried(10, code="weibo")
    assert weibo.posts == {}
    revised(posted, title="改过的标题")
    carried(20, code="wechat")
    carried(30, code="weibo")
    assert (weibo.posts, len(wechat.articles)) == ({}, 1)
    assert (wanted(posted)["weibo"], wanted(posted)["wechat"]) == (False, True)
    route = Route.objects.get(item=posted, by=town.people["drafter"], reason__startswith="从微博撤回。")
    assert (route.channels, route.reason) == (["wechat"], "从微博撤回。微博不适合长文。")


def test_chosen_again_it_goes_out_again(posted, town, carried, weibo):
    row = Posting.objects.get(item=posted, channel="weibo")
    take_back(row.pk, actor=town.actor("compliance_reviewer"), at=AT)
    carried(10, code="weibo")
    choose_channels(
        posted.pk, ("wechat", "weibo"), reason="重新在微博发布。", actor=town.actor("compliance_reviewer"), at=AT
    )
    carried(20, code="weibo")
    assert len(weibo.posts) == 1


def test_what_the_catalogue_names_stays_off_too(desk, town, carried, weibo, wechat):
    item = desk.draft()
    listed = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    item.entry = CatalogueEntry.objects.create(
        catalogue=listed, serial=1, level1="救助", content="名单", limit_text="20个工作日",
        limit_kind="working_days", limit_n=20, subject_text="青禾市民政局", channels=["政府网站", "两微一端"],
        audience="全社会", method="proactive", level="市级", heading="20-11",
    )  # fmt: skip
    item.save()
    desk.release(item)
    followed()
    assert (wanted(item)["wechat"], wanted(item)["weibo"]) == (True, True)
    take_back(Posting.objects.get(item=item, channel="wechat").pk, actor=town.actor("drafter"), at=AT)
    assert chosen_channels(item) == ("weibo",)


def test_where_it_is_being_taken_back_already_nothing_is_chosen(posted, withdrawn, town, wechat):
    withdrawn(posted)
    followed()
    before = Route.objects.count()
    take_back(Posting.objects.get(item=posted, channel="wechat").pk, actor=town.actor("drafter"), at=AT)
    assert Route.objects.count() == before


def test_a_public_item_changes_its_channels_only_with_a_reason(posted, town):
    with pytest.raises(Refusal, match="写明理由"):
        choose_channels(posted.pk, ("wechat",), reason=" ", actor=town.actor("drafter"), at=AT)
    choose_channels(posted.pk, ("wechat",), reason="微博停用。", actor=town.actor("drafter"), at=AT)
    followed()
    assert (wanted(posted)["wechat"], wanted(posted)["weibo"]) == (True, False)


def test_nothing_is_chosen_while_it_is_in_review_or_taken_down(posted, desk, town, withdrawn, wechat):
    other = desk.draft()
    desk.submit(other)
    with pytest.raises(Refusal, match="已经送审"):
        choose_channels(other.pk, ("wechat",), reason="", actor=town.actor("drafter"), at=AT)
    withdrawn(posted)
    with pytest.raises(Refusal, match="不能再改"):
        choose_channels(posted.pk, ("wechat",), reason="理由。", actor=town.actor("drafter"), at=AT)


def test_a_withdrawal_no_worker_has_read_is_an_alarm_after_a_minute(posted, town, carried, wechat, weibo):
    then = AT + timedelta(seconds=5)
    withdraw(posted.pk, "error", explanation="内容有误。", actor=town.actor("leader"), at=then, today=TODAY)
    assert list(alarms(at=then + timedelta(seconds=59))) == []
    assert {row.channel for row in alarms(at=then + timedelta(seconds=61))} == {"wechat", "weibo"}
    for code in ("wechat", "weibo"):
        carried(70, code=code)
    assert (wechat.articles, weibo.posts) == ({}, {})
    assert list(alarms(at=AT + timedelta(days=1))) == []


def test_a_newer_text_no_worker_has_read_is_an_alarm_too(posted, revised, carried, wechat, weibo):
    revised(posted, title="改过的标题")
    assert {row.channel for row in alarms(at=AT + timedelta(seconds=61))} == {"wechat", "weibo"}
    for code in ("wechat", "weibo"):
        carried(62, code=code)
        carried(80, code=code)
    assert list(alarms(at=AT + timedelta(days=1))) == []
