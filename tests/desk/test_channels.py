# ruff: noqa: F811 -- fixtures of the channels are asked for by name
"""渠道 in the desk: the matrix, one recall everywhere, what a person settles, records by hand, where an item goes."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from lxml import html
from PIL import Image

from gongkai.channels.actions.carry import carry_next
from gongkai.channels.actions.follow import follow_all
from gongkai.channels.adapters import channel_of
from gongkai.channels.models import HandRecord, Posting, Route
from gongkai.desk.pages.channel_lists import bars
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.models import Fact
from tests.channels.conftest import (  # noqa: F401
    carried,
    platform,
    released,
    revised,
    site,
    wechat,
    weibo,
)
from tests.conftest import AT
from tests.portal.page_reader import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """The desk reads the clock; here it stands at the fixtures' instant."""
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def posted(released, carried, wechat, weibo, platform):
    item = released("wechat", "weibo")
    for code in ("wechat", "weibo", "service_platform"):
        carried(code=code)
        carried(6, code=code)
    return item


def work(clock, *codes: str, later: int = 10) -> None:
    """The worker looks, `later` seconds on."""
    clock.shift(timedelta(seconds=later))
    from django.utils import timezone

    now = timezone.now()
    seal_all(at=now)
    follow_all(at=now, on=timezone.localdate(now))
    for code in codes:
        while carry_next(channel_of(code), at=now, on=timezone.localdate(now)) is not None:
            pass


def places(answer) -> dict[str, str]:
    """The matrix as it is read: channel → word."""
    tree = html.fromstring(answer.content.decode())
    rows = tree.xpath("//ul[contains(@class, 'places')]/li")
    return {row.findtext(".//b"): words(row.xpath(".//span[contains(@class, 'place__tag')]")[0]) for row in rows}


def text(answer) -> str:
    return words(html.fromstring(answer.content.decode()))


def test_the_matrix_says_what_stands_where(at, posted):
    shown = at("drafter").get("item_channels", posted.code)
    told = places(shown)
    assert told["政务服务平台"] == told["微信公众号"] == told["微博"] == "已发布"
    assert "第 1 版" in text(shown)
    assert 'href="https://mp.example/s/article-' in shown.content.decode()
    item = at("drafter").get("item", posted.code)
    assert places(item)["微信公众号"] == "已发布"
    assert "渠道已发布：微信公众号" in text(item)
    assert "静态站点" not in told  # not in use here


def test_one_recall_takes_it_back_everywhere_and_shows_how_far_it_is(
    at,
    posted,
    town,
    clock,
    wechat,
    weibo,
    platform,
):
    by_hand(at, posted, "政府公报")
    leader = at("leader")
    page = leader.get("item_channels", posted.code)
    assert f'href="/desk/items/{posted.code}/withdraw/?all=1"' in page.content.decode()
    form = leader.get("withdraw", posted.code, all="1")
    assert f'action="/desk/items/{posted.code}/withdraw/?all=1"' in form.content.decode()
    assert leader.client.get(f"/items/{posted.index_number}/").status_code == 200
    clock.shift(timedelta(seconds=5))
    answer = leader.client.post(
        f"/desk/items/{posted.code}/withdraw/?all=1", {"reason": "error", "explanation": "金额统计有误。"}, follow=True
    )
    assert answer.redirect_chain == [(f"/desk/items/{posted.code}/channels/", 302)]
    # The portal at once; the channels wait for the worker, and the page says so although nothing was planned yet.
    assert leader.client.get(f"/items/{posted.index_number}/").status_code == 410
    assert {places(answer)[name] for name in ("政务服务平台", "微信公众号", "微博")} == {"正在撤回"}
    assert places(answer)["政府公报"] == "已撤下，待人工撤回"
    assert "正在从" in text(answer)
    clock.shift(timedelta(seconds=61))
    late = leader.get("item_channels", posted.code)
    assert places(late)["微信公众号"] == "还没有撤回或者更新"
    work(clock, "wechat", "weibo", "service_platform", "feed", "notice_board")
    work(clock, "feed", "notice_board")
    assert (wechat.articles, weibo.posts, platform.held) == ({}, {}, {})
    done = leader.get("item_channels", posted.code)
    assert {places(done)[name] for name in ("政务服务平台", "微信公众号", "微博")} == {"已撤回"}
    assert "1 处由人工撤回，登记以前一直提醒" in text(done)
    assert "1 处人工发布的，要人工撤回或者更换" in text(at("drafter").get("todo"))
    by_hand(at, posted, "政府公报", verb="recall", words="第 10 期刊登更正启事")
    assert "全部办完" in text(leader.get("item_channels", posted.code))
    assert "人工撤回" not in text(at("drafter").get("todo"))


def test_a_repealed_text_stays_where_its_validity_is_shown(at, posted, clock):
    at("leader").client.post(
        f"/desk/items/{posted.code}/withdraw/?all=1", {"reason": "abolished", "explanation": "已有新规定。"}
    )
    work(clock, "wechat", "weibo", "service_platform")
    told = places(at("leader").get("item_channels", posted.code))
    assert told["政务服务平台"] == "已发布，标明已废止"
    assert told["微信公众号"] == told["微博"] == "已撤回"


@pytest.mark.parametrize("who", ["drafter", "section_reviewer", "secrecy_reviewer", "supervisor"])
def test_who_may_not_withdraw_is_told_why(at, posted, who):
    shown = at(who).get("item_channels", posted.code)
    assert "由合规审核、机关负责人、应急发布岗办理" in text(shown)
    assert "?all=1" not in shown.content.decode()


def unclear(at, released, carried, weibo):
    weibo.mood = "accept then time out"
    weibo.errors["statuses/user_timeline"] = 10014
    item = released("weibo")
    carried(code="weibo")
    assert Posting.objects.get(item=item, channel="weibo").state == "ambiguous"
    weibo.mood = "ok"
    return item


def test_what_is_unclear_stays_on_the_list_until_somebody_says_what_is_there(
    at,
    released,
    carried,
    clock,
    weibo,
):
    item = unclear(at, released, carried, weibo)
    drafter = at("drafter")
    assert "1 条结果待核实" in text(drafter.get("todo"))
    listed = drafter.get("channels_to_settle")
    assert item.working_title in text(listed)
    assert "2026年9月21日 10:00" in text(listed)
    assert "已发布在那里" in text(listed)
    # Without its link nobody could take it back later.
    refused = drafter.post("settle_channel", item.code, "weibo", follow=True, **{"answer": "there", "from": "list"})
    assert "请填写这条内容在渠道上的链接或者编号" in text(refused)
    [number] = weibo.posts
    settled = drafter.client.post(
        f"/desk/items/{item.code}/channels/weibo/settle/",
        {"answer": "there", "link": number, "from": "list"},
        follow=True,
    )
    assert settled.redirect_chain == [("/desk/channels/settle/", 302)]
    assert "没有要核实的" in text(settled)
    assert places(drafter.get("item_channels", item.code))["微博"] == "已发布"
    assert Fact.objects.filter(kind="channel.settled", actor_code="T001").count() == 1
    at("leader").client.post(f"/desk/items/{item.code}/withdraw/", {"reason": "error", "explanation": "有误。"})
    work(clock, "weibo")
    assert weibo.posts == {}


def test_not_there_sends_it_once_more(at, released, carried, clock, weibo):
    item = unclear(at, released, carried, weibo)
    weibo.posts.clear()
    at("compliance_reviewer").post("settle_channel", item.code, "weibo", answer="not_there")
    work(clock, "weibo")
    assert len(weibo.posts) == 1
    assert places(at("drafter").get("item_channels", item.code))["微博"] in ("已提交，等待渠道确认", "已发布")


def test_what_was_refused_is_retried(at, released, carried, clock, wechat):
    wechat.errors["freepublish/submit"] = 48004
    item = released("wechat")
    carried(code="wechat")
    drafter = at("drafter")
    assert places(drafter.get("item_channels", item.code))["微信公众号"] == "渠道没有接受"
    wechat.errors.clear()
    assert "已重新提交微信公众号" in text(
        drafter.post("settle_channel", item.code, "wechat", follow=True, answer="retry")
    )
    work(clock, "wechat")
    assert len(wechat.articles) == 1


@pytest.mark.parametrize("who", ["section_reviewer", "secrecy_reviewer", "leader", "supervisor"])
def test_only_drafters_and_compliance_reviewers_settle(at, released, carried, weibo, who):
    item = unclear(at, released, carried, weibo)
    told = at(who).post("settle_channel", item.code, "weibo", follow=True, answer="not_there")
    assert "您没有本机关处理渠道发布的岗位" in text(told)
    assert 'value="not_there"' not in at(who).get("channels_to_settle").content.decode()
    assert Posting.objects.get(item=item, channel="weibo").state == "ambiguous"


def test_other_agencies_see_nothing_of_it_on_the_list(at, released, carried, weibo):
    item = unclear(at, released, carried, weibo)
    assert item.working_title not in text(at("other_drafter").get("channels_to_settle"))
    assert "待核实" not in text(at("other_drafter").get("todo"))
    assert item.working_title in text(at("supervisor").get("channels_to_settle"))
    for who in ("system_admin", "security_admin", "audit_admin"):
        assert at(who).client.get("/desk/channels/settle/").status_code == 403


def test_from_one_channel_alone_with_a_reason(at, posted, clock, weibo, wechat):
    drafter = at("drafter")
    assert "请写明只从这个渠道撤回的理由" in text(drafter.post("take_back_channel", posted.code, "weibo", follow=True))
    drafter.post("take_back_channel", posted.code, "weibo", reason="微博不适合长文。")
    work(clock, "weibo", "wechat")
    assert (weibo.posts, len(wechat.articles)) == ({}, 1)
    told = places(drafter.get("item_channels", posted.code))
    assert (told["微博"], told["微信公众号"]) == ("已撤回", "已发布")
    refused = drafter.post("take_back_channel", posted.code, "service_platform", follow=True, reason="理由。")
    assert "收录全部公开信息，不能单独撤回" in text(refused)


def test_channels_are_chosen_before_the_review_and_shown_to_those_who_review(at, desk, site, settings):
    item = desk.draft()
    drafter = at("drafter")
    page = drafter.get("choose_channels", item.code)
    assert "没有设置 WECHAT_APP_ID" in text(page)
    drafter.post("choose_channels", item.code, channels=["weibo"], reason="只发微博。")
    assert Route.objects.get(item=item).channels == ["weibo"]
    ticked = html.fromstring(drafter.get("choose_channels", item.code).content.decode())
    assert ticked.xpath("//input[@name='channels'][@checked]/@value") == ["weibo"]
    desk.submit(item)
    review = text(at("secrecy_reviewer").get("review", item.code))
    assert "发布到" in review
    assert "拟稿人选择的渠道：只发微博。" in review
    assert "已经送审，渠道不能再改" in text(
        drafter.client.get(f"/desk/items/{item.code}/channels/choose/", follow=True)
    )


def test_a_title_too_long_for_a_channel_is_said_before_it_is_chosen(at, desk, wechat):
    item = desk.draft(title="长" * 70)
    assert "标题有 70 个字，公众号最多 64 个字" in text(at("drafter").get("choose_channels", item.code))


def test_after_the_release_a_change_needs_a_reason(at, posted, clock, weibo):
    reviewer = at("compliance_reviewer")
    assert reviewer.post("choose_channels", posted.code, channels=["wechat"]).status_code == 422
    assert "信息已经发布，改变渠道请写明理由" in text(
        reviewer.post("choose_channels", posted.code, channels=["wechat"])
    )
    reviewer.post("choose_channels", posted.code, channels=["wechat"], reason="微博停用。")
    work(clock, "weibo")
    assert weibo.posts == {}


def by_hand(at, item, carrier, **changes):
    given = {
        "carrier": carrier,
        "verb": "deliver",
        "on": "2026-09-21",
        "words": "第 9 期第 3 页",
        "link": "https://g.example/9",
    }
    return at("drafter").post("record_by_hand", item.code, follow=True, **(given | changes))


def test_a_record_by_hand_with_a_scan_and_its_correction(at, posted):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    picture.seek(0)
    picture.name = "公报.png"
    assert "已登记" in text(by_hand(at, posted, "政府公报", link="", scan=picture))
    made = HandRecord.objects.get()
    scan = at("leader").get("hand_scan", posted.code, made.pk)
    assert (scan.status_code, scan["Content-Type"]) == (200, "image/png")
    scan.close()
    form = at("drafter").client.get(f"/desk/items/{posted.code}/channels/by-hand/?corrects={made.pk}")
    assert "更正这一条" in text(form)
    by_hand(at, posted, "政府公报", corrects=str(made.pk), words="第 10 期第 1 页")
    shown = text(at("drafter").get("item_channels", posted.code))
    assert "第 10 期第 1 页" in shown
    assert "全部 2 条登记" in shown


def test_what_is_missing_comes_back_with_the_form(at, posted):
    answer = by_hand(at, posted, "政府公报", link="", words="")
    assert answer.status_code == 422
    assert "请写明在哪里、怎么办的" in text(answer)
    answer = by_hand(at, posted, "政府公报", link="")
    assert (answer.status_code, "请填写链接，或者上传扫描件、照片" in text(answer)) == (422, True)
    assert HandRecord.objects.count() == 0


def test_who_may_not_record_is_told_so(at, posted):
    told = at("leader").client.get(f"/desk/items/{posted.code}/channels/by-hand/", follow=True)
    assert "登记人工发布由拟稿人和合规审核人员办理" in text(told)


def test_everything_to_post_by_hand_is_on_one_page(at, released, site):
    item = released(body="<p>本月共救助三十二户。</p><p>详见附表。</p>")
    drafter = at("drafter")
    page = drafter.get("handoff", item.code, place="wechat", carrier="两微一端")
    body = page.content.decode()
    assert "<p>本月共救助三十二户。</p>" in body
    assert item.index_number in body
    assert "carrier=%E4%B8%A4%E5%BE%AE%E4%B8%80%E7%AB%AF" in body
    qr = drafter.get("handoff_picture", item.code, "qr")
    assert Image.open(io.BytesIO(qr.content)).format == "PNG"
    packed = drafter.get("handoff", item.code, place="weibo", zip="1")
    assert "微博正文.txt" in zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert drafter.get("handoff_picture", item.code, "else").status_code == 404


def test_nothing_is_made_ready_of_what_is_not_public(at, desk, site, posted, clock):
    draft = desk.draft(title="尚未公开")
    told = at("drafter").client.get(f"/desk/items/{draft.code}/channels/handoff/?place=weibo", follow=True)
    assert "现在没有公开" in text(told)
    at("leader").client.post(f"/desk/items/{posted.code}/withdraw/", {"reason": "error", "explanation": "有误。"})
    assert at("drafter").get("handoff", posted.code, place="weibo").status_code == 302
    assert at("drafter").get("handoff_picture", posted.code, "qr").status_code == 404


def test_the_overview_counts_of_the_own_agency_and_says_what_is_missing(at, posted, settings):
    shown = text(at("leader").get("channels"))
    assert "没有设置 STATIC_SITE_DIR" in shown
    assert "最近一次办成：2026年9月21日 10:00" in shown
    assert (tallies(at("leader"))["已发布"], tallies(at("leader"))["待核实"]) == ("1", "0")
    assert tallies(at("other_drafter"))["已发布"] == "0"
    assert tallies(at("system_admin"))["已发布"] == "1"
    assert at("audit_admin").client.get("/desk/channels/").status_code == 403


def tallies(browser) -> dict[str, str]:
    """The numbers of WeChat on the overview."""
    tree = html.fromstring(browser.get("channels").content.decode())
    return {dt.text: dt.getnext().text for dt in tree.xpath("//section[@id='wechat']//dt")}


def test_bars_are_as_tall_as_their_numbers():
    day = AT.date()
    assert bars([(day, 0, 0)]) is None
    drawn = bars([(day, 1, 1), (day, 4, 0)])
    assert [(bar["good"], bar["bad"]) for bar in drawn["bars"]] == [(11.0, 11.0), (44.0, 0.0)]
    assert drawn["bars"][0]["bad_y"] + drawn["bars"][0]["bad"] == drawn["bars"][0]["good_y"]
