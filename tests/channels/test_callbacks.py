"""WeChat calls back: only with a right and fresh signature, and twice or out of order it changes nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from gongkai.channels.adapters.wechat_callback import Garbled, genuine, told
from gongkai.channels.contract import Gone, Receipt, Rejected
from gongkai.channels.models import Attempt, Posting
from tests.channels.stand_ins.wechat import TOKEN, WeChat, signed

PLACE = "/callback/wechat/"
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def go(carried):
    return lambda later=0: carried(later, "wechat")


@pytest.fixture
def call(client):
    def post(body: bytes, **changes):
        query = signed(int(time.time())) | changes
        tail = "&".join(f"{k}={v}" for k, v in query.items())
        return client.post(f"{PLACE}?{tail}", body, content_type="text/xml")

    return post


def test_the_signature_is_the_one_other_programs_compute():
    # printf '%s' 1409304348pamtestxxxxxx | sha1sum
    at = datetime.fromtimestamp(1409304348, UTC)
    assert genuine("pamtest", "76480565cbe296026c53aaacd1ad523a1ddba24f", "1409304348", "xxxxxx", at=at)


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"signature": "0" * 40}, False),
        ({"signature": ""}, False),
        ({"signature": "签名"}, False),
        ({"nonce": "other"}, False),
        ({"timestamp": "1"}, False),
        ({"timestamp": "x"}, False),
        ({"timestamp": "٣"}, False),
        ({"timestamp": ""}, False),
        ({"token": "other"}, False),
        ({"token": ""}, False),
    ],
)
def test_genuine(changes, right):
    given = {"token": TOKEN, **signed(int(NOW.timestamp()))} | changes
    assert genuine(given["token"], given["signature"], given["timestamp"], given["nonce"], at=NOW) is right


def test_an_empty_token_is_never_right():
    given = signed(int(NOW.timestamp()), token="")
    assert not genuine("", given["signature"], given["timestamp"], given["nonce"], at=NOW)


@pytest.mark.parametrize(("minutes", "right"), [(0, True), (9, True), (11, False), (-9, True), (-11, False)])
def test_old_ones_are_refused(minutes, right):
    given = signed(int(NOW.timestamp()))
    at = NOW + timedelta(minutes=minutes)
    assert genuine(TOKEN, given["signature"], given["timestamp"], given["nonce"], at=at) is right


def test_the_address_is_checked_with_an_echo(client, wechat):
    query = signed(int(time.time()))
    answer = client.get(PLACE, query | {"echostr": "5838479218127813673"})
    assert (answer.status_code, answer.content) == (200, b"5838479218127813673")
    assert answer["Content-Type"].startswith("text/plain")
    assert client.get(PLACE, query | {"echostr": "<script>"}).status_code == 400
    assert client.get(PLACE, query | {"signature": "0" * 40, "echostr": "1"}).status_code == 403
    assert client.put(PLACE).status_code == 405


@pytest.mark.django_db
def test_a_callback_settles_it_and_the_second_changes_nothing(released, wechat, go, call):
    wechat.mood = "callback twice"
    released("wechat")
    assert go()[0].state == "sent"
    first, second = wechat.outbox
    assert call(first).content == b"success"
    posting = Posting.objects.get(channel="wechat")
    assert (posting.state, posting.receipt["article_id"]) == ("confirmed", next(iter(wechat.articles)))
    assert posting.receipt["url"].startswith("https://mp.example/s/")
    tries = Attempt.objects.count()
    assert call(second).content == b"success"
    assert (Attempt.objects.count(), Posting.objects.get(channel="wechat").state) == (tries, "confirmed")


@pytest.mark.django_db
def test_a_wrong_signature_is_403_and_nothing_is_done(released, wechat, go, call):
    released("wechat")
    go()
    answer = call(wechat.outbox[0], signature="0" * 40)
    assert (answer.status_code, Posting.objects.get(channel="wechat").state) == (403, "sent")


@pytest.mark.django_db
def test_without_a_token_nobody_can_call(released, wechat, go, call, settings):
    released("wechat")
    go()
    settings.WECHAT_TOKEN = ""
    assert call(wechat.outbox[0], **signed(int(time.time()), token="")).status_code == 403
    assert Posting.objects.get(channel="wechat").state == "sent"


@pytest.mark.django_db
def test_out_of_order_an_old_result_does_not_touch_the_new_article(released, revised, wechat, go, call):
    item = released("wechat")
    go()
    [old] = wechat.outbox
    go(5)
    revised(item, title="新的标题")
    go(6)
    [posting] = go(30)
    assert posting.state == "confirmed"
    before = Posting.objects.values().get(channel="wechat")
    assert call(old).content == b"success"
    assert Posting.objects.values().get(channel="wechat") == before


@pytest.mark.django_db
def test_a_refusal_by_the_platform_is_told(released, wechat, go, call):
    wechat.mood = "reject later"
    released("wechat")
    go()
    call(wechat.outbox[0])
    posting = Posting.objects.get(channel="wechat")
    assert (posting.state, posting.problem, posting.carried) == ("rejected", "platform", "")


@pytest.mark.django_db
def test_an_unknown_job_and_another_event_change_nothing(wechat, call):
    assert call(WeChat().event(_job())).content == b"success"
    assert call(b"<xml><MsgType>text</MsgType><Content>hello</Content></xml>").content == b"success"


def _job(status: int = 0):
    from tests.channels.stand_ins.wechat import Job

    return Job("42", {}, status, 0, "article-42")


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Event>&b;</Event></xml>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><Event>&a;</Event></xml>'


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not xml", b"<xml>", BOMB, OUTSIDE, b"\xff\xfe\x00",
        b"<xml><Event>PUBLISHJOBFINISH</Event></xml>",
        b"<xml><Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>1</publish_id>"
        b"<publish_status>x</publish_status></PublishEventInfo></xml>",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(body, call, wechat):
    with pytest.raises(Garbled):
        told(body)
    assert call(body).status_code == 400


def test_too_much_is_not_read(call, wechat):
    assert call(b"<xml>" + b" " * 70_000 + b"</xml>").status_code == 413


@pytest.mark.parametrize(
    ("status", "kind"), [(0, Receipt), (2, Rejected), (3, Rejected), (4, Rejected), (5, Gone), (6, Gone)]
)
def test_each_status_of_an_event(status, kind):
    number, ended = told(WeChat().event(_job(status)))
    assert (number, type(ended)) == ("42", kind)


def test_still_in_progress_says_nothing():
    assert told(WeChat().event(_job(1))) is None
