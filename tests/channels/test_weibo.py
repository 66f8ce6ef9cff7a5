"""Weibo: counted as Weibo counts, seen before it is called there, and never posted twice."""

from __future__ import annotations

import doctest
from datetime import timedelta

import pytest

from gongkai.channels.actions.settle import it_is_not_there, it_is_there
from gongkai.channels.adapters import channel_of
from gongkai.channels.adapters import weibo as module
from gongkai.channels.adapters.weibo import length
from gongkai.channels.queries import alarms, to_settle
from tests.channels.stand_ins.weibo import FORBIDDEN, MOODS
from tests.conftest import AT


@pytest.fixture
def go(carried):
    return lambda later=0: carried(later, "weibo")


def test_the_examples_of_counting():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", 0),
        ("青禾市", 3),
        ("a", 1),
        ("ab", 1),
        ("青a", 2),
        ("，。", 2),
        ("http://a.cn/b", 10),
        ("看http://a.cn/b吧", 12),
        ("https://a.cn/" + "b" * 127, 10),
        ("https://a.cn/" + "b" * 147, 20),
        ("😀", 2),
    ],
)
def test_counting(text, counted):
    assert length(text) == counted


@pytest.mark.parametrize("title", ["短标题", "长" * 30, "长" * 90, "长" * 300, "题#话题#@某人 http://other.example/x"])
@pytest.mark.parametrize("summary", ["", "摘要一句", "摘" * 500])
def test_the_text_always_fits_and_keeps_link_and_index_number(item_of, site, title, summary):
    status = channel_of("weibo").render(item_of(title=title, summary=summary)).body
    assert length(status) <= 140
    assert status.endswith("索引号：900000002/2026-00001 https://www.qinghe.example/items/900000002/2026-00001/")
    assert "#" not in status
    assert "@" not in status
    assert "other.example" not in status


def test_a_whole_text(item_of, site):
    assert channel_of("weibo").render(item_of(summary="共救助三十二户")).body == (
        "【青禾市2026年8月临时救助情况公示】共救助三十二户。青禾市民政局，索引号：900000002/2026-00001 "
        "https://www.qinghe.example/items/900000002/2026-00001/"
    )


@pytest.mark.django_db
def test_posted_and_seen_and_destroyed(released, withdrawn, weibo, go):
    item = released("weibo")
    assert go()[0].state == "sent"
    [posting] = go(5)
    assert (posting.state, list(weibo.posts)) == ("confirmed", [posting.receipt["reference"]])
    assert "http://t.cn/" in next(iter(weibo.posts.values()))
    withdrawn(item)
    [posting] = go(6)
    assert (posting.state, weibo.posts) == ("recalled", {})


@pytest.mark.django_db
@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_ends_with_one_post_or_a_person(released, weibo, go, mood):
    weibo.mood = mood
    released("weibo")
    for later in (0, 5, 30, 100, 400):
        [posting] = go(later)
    if mood == "reject later":
        assert (posting.state, posting.problem, weibo.posts) == ("rejected", "gone", {})
        assert list(to_settle()) == [posting]
    else:
        assert (posting.state, len(weibo.posts)) == ("confirmed", 1)
    assert weibo.asked.count("statuses/share") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_of_a_recall_ends_with_nothing_there(released, withdrawn, weibo, go, mood):
    item = released("weibo")
    go()
    go(5)
    weibo.mood = mood
    withdrawn(item)
    for later in (6, 30):
        [posting] = go(later)
    assert (posting.state, weibo.posts, list(alarms(at=AT + timedelta(days=1)))) == ("recalled", {}, [])


@pytest.mark.django_db
def test_lost_and_not_to_be_seen_is_unclear_and_never_sent_again(released, weibo, go, town, withdrawn):
    weibo.mood = "accept then time out"
    weibo.errors["statuses/user_timeline"] = 10014
    item = released("weibo")
    for later in (0, 6, 60, 600):
        [posting] = go(later)
    assert (posting.state, weibo.asked.count("statuses/share")) == ("ambiguous", 1)
    it_is_there(posting.pk, reference="https://weibo.com/1/Nabc", actor=town.actor("drafter"), at=AT)
    weibo.mood = "ok"
    weibo.errors.clear()
    withdrawn(item)
    [posting] = go(601)
    assert (posting.state, weibo.posts) == ("recalled", {})


@pytest.mark.django_db
def test_a_repeat_is_taken_for_the_post_only_where_that_is_found(released, weibo, go):
    weibo.errors["statuses/share"] = 20019
    released("weibo")
    [posting] = go()
    assert (posting.state, posting.problem, weibo.posts) == ("rejected", "repeat", {})
    assert "没有找到" in posting.sentence


@pytest.mark.django_db
def test_what_cannot_be_found_any_more_is_destroyed_by_hand(released, withdrawn, weibo, go, town):
    weibo.mood = "accept then time out"
    weibo.errors["statuses/user_timeline"] = 10014
    item = released("weibo")
    [posting] = go()
    it_is_there(posting.pk, reference="链接", actor=town.actor("drafter"), at=AT)
    weibo.posts.clear()
    weibo.errors.clear()
    withdrawn(item)
    [posting] = go(1)
    assert (posting.state, posting.problem) == ("rejected", "not_found")
    it_is_not_there(posting.pk, actor=town.actor("drafter"), at=AT)
    assert go(2)[0].state == "recalled"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "state", "problem"),
    [
        (20012, "rejected", "text_too_long"),
        (20018, "rejected", "link"),
        (20021, "rejected", "forbidden_words"),
        (10023, "planned", "quota"),
        (21327, "planned", "login"),
        (10001, "ambiguous", "busy"),
        (10002, "planned", "busy"),
        (12345, "rejected", "refused"),
    ],
)
def test_error_codes(released, weibo, go, code, state, problem):
    weibo.errors["statuses/share"] = code
    released("weibo")
    [posting] = go()
    assert (posting.state, posting.problem, weibo.posts) == (state, problem, {})
    assert "请" in posting.sentence or "系统会自动重试" in posting.sentence


@pytest.mark.django_db
def test_forbidden_words_are_a_person_s(released, weibo, go):
    released("weibo", title=f"关于{FORBIDDEN}的通知")
    assert go()[0].problem == "forbidden_words"
