"""The official account: delivered, confirmed, taken back, and every way it may go wrong."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from gongkai.channels.actions.settle import it_is_not_there, it_is_there, retry
from gongkai.channels.adapters import channel_of
from gongkai.channels.queries import alarms, to_settle
from tests.channels.stand_ins.wechat import FORBIDDEN, MOODS
from tests.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def go(carried):
    return lambda later=0: carried(later, "wechat")


def titles(wechat) -> list[str]:
    return [article["title"] for article in wechat.articles.values()]


def test_submitted_is_not_published_until_the_account_says_so(released, wechat, go):
    item = released("wechat")
    [posting] = go()
    assert (posting.state, titles(wechat)) == ("sent", [item.working_title])
    [posting] = go(5)
    assert (posting.state, posting.is_settled) == ("confirmed", True)
    [(number, article)] = wechat.articles.items()
    assert posting.receipt["article_id"] == number
    assert article["content_source_url"].startswith(f"https://www.qinghe.example/items/{item.index_number}/#")
    assert article["digest"] == "本月共救助三十二户。"
    assert f"<p>索引号：{item.index_number}</p>" in article["content"]
    assert "<p>本月共救助三十二户。</p>" in article["content"]
    picture = Image.open(io.BytesIO(wechat.materials[article["thumb_media_id"]]))
    assert (picture.format, picture.size) == ("JPEG", (900, 383))


def test_slow_is_asked_again_until_it_has_ended(released, wechat, go):
    wechat.mood = "slow"
    released("wechat")
    states = [go(later)[0].state for later in (0, 5, 70, 400, 1400, 1500)]
    assert states == ["sent", "sent", "sent", "sent", "confirmed", "confirmed"]


def test_silence_of_half_an_hour_is_a_person_s(released, wechat, go):
    wechat.mood = "slow"
    released("wechat")
    go()
    [job] = wechat.jobs.values()
    job.waits = 1000
    states = {later: go(later)[0].state for later in range(0, 4000, 400)}
    assert states[1600] == "sent"
    assert states[3600] == "ambiguous"
    assert "一直没有答复" in go(4001)[0].sentence


def test_accepted_without_an_answer_is_found_by_its_key(released, wechat, go):
    wechat.mood = "accept then time out"
    released("wechat")
    [posting] = go()
    assert (posting.state, posting.is_settled, len(wechat.articles)) == ("confirmed", True, 1)


def test_what_is_not_found_at_once_waits_for_a_person_and_settles_when_it_shows(released, wechat, go):
    wechat.mood = "accept then time out"
    released("wechat")
    wechat.errors["freepublish/batchget"] = -1  # the list cannot be read at that moment
    wechat.errors.pop("freepublish/batchget")
    hidden = _hide_new_articles(wechat)
    [posting] = go()
    assert (posting.state, posting.problem) == ("ambiguous", "lost")
    assert list(to_settle()) == [posting]
    assert "发表记录" in posting.sentence
    go(6)
    assert list(to_settle()) == [posting]
    hidden()
    [posting] = go(30)
    assert (posting.state, posting.is_settled, len(wechat.articles)) == ("confirmed", True, 1)
    assert list(to_settle()) == []


def _hide_new_articles(wechat):
    """Published articles come to the list only when the returned function is called."""
    real, wechat._page = wechat._page, lambda name, rows, told: {"total_count": 0, "item_count": 0, "item": []}

    def show():
        wechat._page = real

    return show


def test_a_person_who_looked_settles_it_both_ways(released, wechat, go, town, withdrawn):
    wechat.mood = "accept then time out"
    item = released("wechat")
    show = _hide_new_articles(wechat)
    [posting] = go()
    wechat.mood = "ok"
    with pytest.raises(Exception, match="请填写这条内容在渠道上的链接"):
        it_is_there(posting.pk, reference=" ", actor=town.actor("drafter"), at=AT)
    [article] = wechat.articles.values()
    it_is_there(posting.pk, reference=article["url"], actor=town.actor("drafter"), at=AT)
    [posting] = go(1)
    assert (posting.state, posting.receipt) == ("confirmed", {"reference": article["url"]})
    show()
    withdrawn(item)
    [posting] = go(2)
    assert (posting.state, wechat.articles) == ("recalled", {})


def test_not_there_goes_out_anew(released, wechat, go, town):
    released("wechat")
    wechat.errors["freepublish/submit"] = -1
    [posting] = go()
    assert (posting.state, posting.problem, wechat.articles) == ("ambiguous", "busy", {})
    wechat.errors.clear()
    it_is_not_there(posting.pk, actor=town.actor("drafter"), at=AT)
    go(1)
    [posting] = go(7)
    assert (posting.state, len(wechat.articles), wechat.drafts) == ("confirmed", 1, {})


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (1, "sent", ""),
        (2, "rejected", "原创"),
        (3, "rejected", "发布失败"),
        (4, "rejected", "平台审核"),
        (5, "rejected", "后台被删除"),
        (6, "rejected", "封禁"),
        (77, "sent", ""),
    ],
)
def test_each_publish_status(released, wechat, go, status, state, words):
    wechat.mood = "slow"
    released("wechat")
    go()
    [job] = wechat.jobs.values()
    job.status, job.waits = status, 0
    [posting] = go(5)
    assert posting.state == state
    assert words in posting.sentence
    if state == "rejected":
        assert (posting.carried, posting.receipt) == ("", {})


def test_rejected_later_can_be_sent_again(released, wechat, go, town):
    wechat.mood = "reject later"
    released("wechat")
    go()
    [posting] = go(5)
    assert (posting.state, posting.problem) == ("rejected", "platform")
    wechat.mood = "ok"
    retry(posting.pk, actor=town.actor("drafter"), at=AT)
    go(6)
    [posting] = go(20)
    assert (posting.state, len(wechat.articles)) == ("confirmed", 1)


def test_a_new_version_replaces_the_article(released, revised, wechat, go):
    item = released("wechat")
    go()
    go(5)
    revised(item, title="青禾市2026年8月临时救助情况公示（更正）")
    go(6)
    go(20)
    assert titles(wechat) == ["青禾市2026年8月临时救助情况公示（更正）"]


@pytest.mark.parametrize("mood", MOODS)
def test_a_withdrawal_takes_the_article_away_in_every_mood(released, withdrawn, wechat, go, mood):
    item = released("wechat")
    wechat.mood = mood
    go()
    withdrawn(item)
    for later in (6, 30, 100, 500, 2000, 6000):
        [posting] = go(later)
    assert (posting.state, posting.receipt, wechat.articles) == ("recalled", {}, {})
    assert list(alarms(at=AT + timedelta(days=1))) == []


def test_a_recall_during_publication_waits_and_is_an_alarm_meanwhile(released, withdrawn, wechat, go):
    wechat.mood = "slow"
    item = released("wechat")
    go()
    withdrawn(item)
    [posting] = go(1)
    assert (posting.state, posting.problem) == ("planned", "publishing")
    assert list(alarms(at=AT + timedelta(seconds=62))) == [posting]
    wechat.settle_all()
    [posting] = go(60)
    assert (posting.state, wechat.articles) == ("recalled", {})


def test_the_token_is_kept_and_asked_for_anew_once(released, wechat, go):
    released("wechat")
    go()
    assert wechat.issued == 1
    released("wechat", title="第二件")
    go(1)
    assert wechat.issued == 1
    wechat.token = "expired elsewhere"
    released("wechat", title="第三件")
    go(2)
    assert (wechat.issued, len(wechat.articles)) == (2, 3)


def test_a_wrong_secret_is_told(released, wechat, go, settings):
    settings.WECHAT_APP_SECRET = "wrong"
    released("wechat")
    [posting] = go()
    assert (posting.state, posting.problem) == ("rejected", "login")
    assert "WECHAT_APP_SECRET" in posting.sentence


def test_a_title_too_long_says_what_to_do(released, wechat, go):
    released("wechat", title="关于" + "青禾" * 40 + "的通知")
    [posting] = go()
    assert (posting.state, posting.problem, wechat.asked) == ("rejected", "title_too_long", [])
    assert posting.sentence.startswith("标题有 85 个字，公众号最多 64 个字。请缩短标题后重新发布")


@pytest.mark.parametrize(
    ("place", "code", "state", "problem"),
    [
        ("draft/add", 45003, "rejected", "title_too_long"),
        ("draft/add", 45166, "rejected", "content"),
        ("material/add_material", 40009, "rejected", "image"),
        ("freepublish/submit", 53503, "rejected", "content"),
        ("freepublish/submit", 48001, "rejected", "unauthorised"),
        ("freepublish/submit", 53501, "planned", "quota"),
        ("draft/add", 45009, "planned", "quota"),
        ("draft/add", -1, "planned", "busy"),
        ("freepublish/submit", -1, "ambiguous", "busy"),
        ("freepublish/submit", 99999, "rejected", "refused"),
    ],
)
def test_error_codes(released, wechat, go, place, code, state, problem):
    wechat.errors[place] = code
    released("wechat")
    [posting] = go()
    assert (posting.state, posting.problem, wechat.articles) == (state, problem, {})
    assert "请" in posting.sentence or "系统会自动重试" in posting.sentence


def test_forbidden_words_are_a_person_s(released, wechat, go):
    released("wechat", body=f"<p>{FORBIDDEN}</p>")
    [posting] = go()
    assert (posting.state, posting.problem) == ("rejected", "content")
    assert "发布检查" in posting.sentence


def test_a_used_up_quota_is_tried_again_and_leaves_no_draft(released, wechat, go):
    wechat.errors["freepublish/submit"] = 53501
    released("wechat")
    assert (go()[0].state, wechat.drafts) == ("planned", {})
    wechat.errors.clear()
    go(5)
    [posting] = go(30)
    assert (posting.state, len(wechat.articles), wechat.drafts) == ("confirmed", 1, {})


def test_a_draft_with_this_key_is_used_again(released, wechat, go):
    """A process that died between draft and submission left the draft; the person saw no article."""
    released("wechat")
    wechat.errors["freepublish/submit"] = 53505
    [posting] = go()
    assert (posting.state, len(wechat.drafts)) == ("rejected", 1)
    wechat.errors.clear()
    from gongkai.channels.models import Posting

    Posting.objects.filter(channel="wechat").update(state="planned", next_at=AT)
    go(1)
    assert (len(wechat.articles), len(wechat.drafts), wechat.asked.count("draft/add")) == (1, 0, 1)


def test_what_the_account_will_not_delete_is_deleted_by_hand(released, withdrawn, wechat, go, town):
    item = released("wechat")
    go()
    go(5)
    wechat.errors["freepublish/delete"] = 48004
    withdrawn(item)
    [posting] = go(6)
    assert (posting.state, posting.problem) == ("rejected", "unauthorised")
    assert list(alarms(at=AT + timedelta(seconds=67))) == [posting]
    wechat.articles.clear()
    it_is_not_there(posting.pk, actor=town.actor("drafter"), at=AT)
    [posting] = go(7)
    assert (posting.state, list(alarms(at=AT + timedelta(days=1)))) == ("recalled", [])


def test_a_long_text_ends_with_a_pointer(item_of):
    message = channel_of("wechat").render(item_of(body="<p>段</p>" * 9000, text="段落文字。\n" * 4000))
    content = message.payload["article"]["content"]
    assert 18_900 < len(content) < 19_001
    assert content.endswith("<p>全文和附件请点“阅读原文”查看。</p>")
    assert content.count("<p>段落文字。</p>") > 1000


def test_pictures_are_left_out_and_text_is_escaped(item_of):
    message = channel_of("wechat").render(item_of(body='<p>甲<img src="asset:1" alt="图">乙</p>', organ="<b>局</b>"))
    assert "<p>甲乙</p>" in message.payload["article"]["content"]
    assert "&lt;b&gt;局&lt;/b&gt;" in message.payload["article"]["content"]
