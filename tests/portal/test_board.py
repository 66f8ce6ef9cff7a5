"""The page of the hall screen: plain to read, marked by what it shows, and never a word of what is not there."""

from __future__ import annotations

from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from gongkai.channels.actions.settle import choose_channels
from gongkai.channels.models import Posting
from gongkai.disclosure.actions.columns import add_column
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.seal import seal_all
from gongkai.portal.views import board as view
from tests.conftest import AT, SHANGHAI, TODAY

WITHIN_A_MINUTE = 60


@pytest.fixture
def put_up(desk, town, settings):
    """Release an item and carry it to the board."""
    from gongkai.channels.actions.carry import carry_next
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of

    settings.SITE = settings.SITE | {"base_url": "https://testserver", "domain": "testserver"}

    def go(*, kind: str = "", file: bool = False, **changes) -> Item:
        item = desk.draft(**changes)
        if kind:
            item.column = add_column(
                f"c{ord(kind[0])}", f"本市{kind}", description="说明", keywords=kind, kind=kind,
                actor=town.actor("system_admin"), at=AT,
            )  # fmt: skip
            item.save()
        if file:
            desk.attach(item, b"a,b\n1,2\n", "a.csv")
            item = Item.objects.get(pk=item.pk)
        choose_channels(item.pk, ["notice_board"], reason="", actor=town.actor("drafter"), at=AT)
        desk.release(item)
        seal_all(at=AT)
        follow_all(at=AT, on=TODAY)
        while carry_next(channel_of("notice_board"), at=AT, on=TODAY) is not None:
            pass
        item.refresh_from_db()
        return item

    return go


@pytest.fixture
def day(monkeypatch):
    """Set what day the visitor asks on."""

    def go(instant: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: instant)

    return go


class Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.told.append(data.strip())


def shown(response) -> Outline:
    assert response.status_code == 200
    return Outline(response.content.decode())


def test_an_empty_board_says_so(client, town):
    page = shown(client.get("/board/"))
    assert "现在没有需要在这里公示的信息。" in page.told
    assert [tag for tag, _ in page.tags].count("h1") == 1


def test_it_is_a_plain_page_to_read(client, put_up):
    item = put_up(
        body="<p>本月共救助三十二户。</p><table><tbody><tr><td>城北</td><td>12</td></tr></tbody></table>", file=True
    )
    page = shown(client.get("/board/QH-MZ/"))
    assert "青禾市民政局信息公示栏" in page.told
    for said in ("青禾市2026年8月临时救助情况公示", "青禾市民政局", "2026年9月21日发布", "本月共救助三十二户。", "城北", "12",
                 "附件：a", f"testserver/items/{item.index_number}/"):  # fmt: skip
        assert said in page.told, said
    [article] = [attrs for tag, attrs in page.tags if tag == "article"]
    assert (article["data-number"], article["data-ends"]) == (item.index_number, "")
    assert ("a", {"class": "slide__qr", "href": f"/items/{item.index_number}/", "aria-label": "打开原文"}) in page.tags
    assert not [attrs for _, attrs in page.tags if "style" in attrs or any(name.startswith("on") for name in attrs)]


def test_an_announcement_tells_the_screen_when_to_take_it_off(client, put_up, day):
    day(AT)
    put_up(kind="公示", valid_until=TODAY + timedelta(days=4))
    page = shown(client.get("/board/"))
    assert "公示期：2026年9月21日至2026年9月25日（含当日）" in page.told
    [article] = [attrs for tag, attrs in page.tags if tag == "article"]
    assert article["data-ends"] == "2026-09-26T00:00:00+08:00"


@pytest.mark.parametrize(
    ("instant", "there"),
    [
        (datetime(2026, 9, 25, 0, 0, tzinfo=SHANGHAI), True),
        (datetime(2026, 9, 25, 23, 59, 59, tzinfo=SHANGHAI), True),
        (datetime(2026, 9, 26, 0, 0, tzinfo=SHANGHAI), False),
    ],
)
def test_the_last_day_counts_in_the_time_of_the_office(client, put_up, day, instant, there):
    put_up(kind="公示", valid_until=TODAY + timedelta(days=4))
    day(instant)
    assert ("公示期" in client.get("/board/").content.decode()) is there
    assert (
        Posting.objects.get(channel="notice_board").carried != ""
    )  # nobody has taken it back yet: the page goes by the day


def test_what_is_withdrawn_is_gone_with_the_next_answer(client, put_up, town):
    item = put_up()
    assert "三十二户" in client.get("/board/").content.decode()
    withdraw(item.pk, "error", explanation="内容有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    for address in ("/board/", "/board/QH-MZ/"):
        page = client.get(address).content.decode()
        assert "三十二户" not in page and "临时救助" not in page
    assert view.LOOK_SECONDS + view.KEPT_SECONDS < WITHIN_A_MINUTE


def test_the_same_content_has_the_same_mark_and_is_not_sent_twice(client, put_up, town, day):
    item = put_up()
    first = client.get("/board/")
    assert first["Cache-Control"] == "no-cache"
    assert first["X-Accel-Expires"] == "2"
    day(timezone.now() + timedelta(minutes=5))
    later = client.get("/board/")
    assert later["ETag"] == first["ETag"]
    assert later.content != first.content  # the instant of the answer
    again = client.get("/board/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    withdraw(item.pk, "error", explanation="内容有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert client.get("/board/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_of_another_organ_nothing_stands_there_and_an_unknown_one_has_no_board(client, put_up):
    put_up()
    assert "三十二户" not in client.get("/board/QH-JY/").content.decode()
    assert client.get("/board/NONE/").status_code == 404


def test_a_screen_gives_up_after_a_day_and_says_soon_that_it_is_offline(client, town):
    page = shown(client.get("/board/"))
    [main] = [attrs for tag, attrs in page.tags if tag == "main"]
    assert (main["data-give-up"], main["data-offline"], main["data-look"], main["data-seconds"]) == (
        "86400",
        "120",
        "20",
        "15",
    )
    assert main["data-worker"] == "/board/worker.js"


def test_the_worker_script_is_served_where_it_reaches_the_boards_alone(client, db):
    answer = client.get("/board/worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Service-Worker-Allowed" not in answer
    assert b"addEventListener" in answer.content


def test_other_methods_are_refused(client, db):
    assert client.post("/board/").status_code == 405
    assert client.post("/board/worker.js").status_code == 405


def test_marks_in_what_is_shown_are_text(client, put_up):
    put_up(title='青禾市<b>甲</b>&"乙"公示', body="<p>甲 &lt;script&gt;alert(1)&lt;/script&gt;</p>")
    page = shown(client.get("/board/"))
    assert "甲 <script>alert(1)</script>" in page.told
    assert [attrs for tag, attrs in page.tags if tag == "script" and "src" not in attrs] == []
    assert ("b", {}) not in page.tags
