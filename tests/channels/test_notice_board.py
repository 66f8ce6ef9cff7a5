"""The notice board: what stands there, in which order, until when; and that a recall is seen to have happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gongkai.channels import board
from gongkai.channels.actions.take_back import take_back
from gongkai.channels.adapters import channel_of
from gongkai.channels.board import BEGINNING, MOST, WHOLE, Piece, pieces, slide, slides, standing_there
from gongkai.channels.contract import NotSent, Receipt
from gongkai.channels.models import Posting
from gongkai.channels.queries import alarms
from gongkai.channels.routing import goes_to, named_for
from gongkai.disclosure.actions.withdraw import expire_due
from gongkai.disclosure.models import CatalogueEntry, Column, Item
from gongkai.law.verdicts import Allowed
from tests.conftest import AT, SHANGHAI, TODAY

BOARD = channel_of("notice_board")
LAST = TODAY + timedelta(days=4)
PLACES = [
    ("公示栏", True), ("社区/企事业单位/村公示栏(电子屏)", True), ("村务公开栏", True), ("电子显示屏", True),
    ("大厅屏幕", True), ("公开查阅点", True), ("政府公告栏", True),
    ("入户/现场", False), ("政府公报", False), ("政务服务中心", False), ("广播电视", False), ("政府网站", False),
]  # fmt: skip


@pytest.fixture
def site(site, settings):
    """The configured address is one of our own, so that the adapter can look at the page."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, settings.SITE["domain"]]


@pytest.fixture
def announced(desk, town):
    """A released item in a column of a kind, with a last day; not yet carried anywhere."""
    from gongkai.channels.actions.settle import choose_channels
    from gongkai.disclosure.actions.columns import add_column

    def go(last: date | None = LAST, kind: str = "公示", **changes):
        item = desk.draft(valid_until=last, **changes)
        item.column = Column.objects.filter(kind=kind).first() or add_column(
            f"c{ord(kind[0])}", f"本市{kind}", description="说明", keywords=kind, kind=kind,
            actor=town.actor("system_admin"), at=AT,
        )  # fmt: skip
        item.save()
        choose_channels(item.pk, ["notice_board"], reason="", actor=town.actor("drafter"), at=AT)
        desk.release(item)
        return item

    return go


def titles(on: date = TODAY, organ: str = "") -> list[str]:
    return [one.item.title for one in slides(on=on, zone=SHANGHAI, organ_code=organ)]


@pytest.mark.parametrize(("place", "served"), PLACES)
def test_which_places_of_a_catalogue_it_serves(place, served, item_of):
    item = Item(entry=CatalogueEntry(channels=[place]))
    assert named_for(item, (BOARD,)) == (("notice_board",) if served else ())
    assert goes_to(BOARD, item, item_of(), None) is served


@pytest.mark.parametrize("validity", ["expired", "abolished", "amended"])
def test_what_is_over_does_not_belong_there(item_of, validity):
    assert goes_to(BOARD, Item(), item_of(validity=validity), {"notice_board"}) is False


def test_it_says_what_does_not_fit(item_of):
    assert BOARD.carries(item_of()) == Allowed()
    long = BOARD.carries(item_of(title="长" * 201))
    assert (long.code, long.sentence) == ("title_too_long", "标题有 201 个字，屏幕上放不下。请改为 200 个字以内。")
    assert BOARD.carries(item_of(title="长" * 200)) == Allowed()
    assert BOARD.carries(item_of(text=" \n", files=())).code == "nothing_to_show"
    assert BOARD.carries(item_of(text="")) == Allowed()  # its files are told, and the way to them


def test_without_an_address_of_the_site_there_is_no_board(settings):
    settings.SITE = settings.SITE | {"base_url": ""}
    assert BOARD.missing() == ["没有设置 SITE_BASE_URL。"]


# ---- what a screen shows ---------------------------------------------------------------------------------------------


def test_a_short_text_stands_whole_with_its_tables(item_of):
    made = slide(item_of(text="现公示如下。\n姓名\t金额\n张某\t3000\n\n特此公示。"), zone=SHANGHAI)
    assert made.pieces == (
        Piece("现公示如下。"), Piece("", (("姓名", "金额"), ("张某", "3000"))), Piece("特此公示。"),
    )  # fmt: skip
    assert made.whole is True


def test_of_a_long_text_its_summary_stands_there_or_its_beginning(item_of):
    long = "\n".join(["第一段。" * 50, "第二段。" * 50, "第三段。" * 300])
    assert len(long) > WHOLE
    summed = slide(item_of(text=long, summary="概述。"), zone=SHANGHAI)
    assert (summed.pieces, summed.whole) == ((Piece("概述。"),), False)
    begun = slide(item_of(text=long), zone=SHANGHAI)
    assert [len(piece.words) for piece in begun.pieces] == [200, 200]
    assert slide(item_of(text="字" * WHOLE), zone=SHANGHAI).whole is True


def test_one_endless_paragraph_ends_with_a_sentence(item_of):
    made = slide(item_of(text="一二三四五六七八九。" * 200), zone=SHANGHAI)
    [piece] = made.pieces
    assert piece.words.endswith("九。") and len(piece.words) == BEGINNING
    assert slide(item_of(text="字" * 3000), zone=SHANGHAI).pieces == (Piece("字" * BEGINNING + "……"),)


def test_an_announcement_says_its_period_and_ends_with_the_midnight_after_its_last_day(item_of):
    made = slide(item_of(kind="公示", valid_until=date(2026, 9, 25)), zone=SHANGHAI)
    assert made.period == "2026年9月21日至2026年9月25日（含当日）"
    assert made.ends_at == datetime(2026, 9, 26, 0, 0, tzinfo=SHANGHAI)
    plain = slide(item_of(kind="政策", valid_until=date(2026, 9, 25)), zone=SHANGHAI)
    assert (plain.period, plain.ends_at) == ("", made.ends_at)
    assert slide(item_of(), zone=SHANGHAI).ends_at is None


def test_lines_of_blanks_are_no_pieces():
    assert pieces("\n  \n") == ()


# ---- carried and taken back ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_item_stands_there_when_it_was_carried_and_is_confirmed_by_a_look(released, carried, site):
    item = released("notice_board")
    assert titles() == []
    [posting] = carried(0, "notice_board")
    assert (posting.state, titles()) == ("sent", [item.working_title])
    [posting] = carried(6, "notice_board")
    assert (posting.state, posting.is_settled) == ("confirmed", True)
    assert posting.receipt == {"reference": "900000002/2026-00001", "organ_code": "QH-MZ"}


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["error", "abolished", "expired"])
def test_a_withdrawal_takes_it_off_at_once_and_the_recall_is_written_down(released, withdrawn, carried, site, reason):
    item = released("notice_board")
    carried(0, "notice_board")
    carried(6, "notice_board")
    withdrawn(item, reason)
    assert titles() == []  # no worker was needed
    [posting] = carried(20, "notice_board")
    assert (posting.state, posting.carried, list(alarms(at=AT + timedelta(days=1)))) == ("recalled", "", [])


@pytest.mark.django_db
def test_taken_back_from_the_board_alone_it_stays_public(released, carried, town, site, client):
    item = released("notice_board")
    carried(0, "notice_board")
    [posting] = carried(6, "notice_board")
    take_back(posting.pk, actor=town.actor("drafter"), at=AT, reason="张贴有误。")
    assert titles() == []
    [posting] = carried(20, "notice_board")
    assert posting.state == "recalled"
    assert client.get(f"/items/{item.index_number}/").status_code == 200


@pytest.mark.django_db
def test_a_recall_looks_and_does_not_believe(released, carried, site):
    """The verb itself, while the item still stands there."""
    item = released("notice_board")
    carried(0, "notice_board")
    receipt = Receipt(item.index_number or "", told={"organ_code": "QH-MZ"}, index_number=item.index_number or "")
    for lost in (receipt, replace(receipt, reference="", told={})):
        with pytest.raises(NotSent) as there:
            BOARD.recall(lost)
        assert there.value.sentence == "公示栏上还有这一条，系统会再看一次。"


@pytest.mark.django_db
def test_what_was_never_carried_is_not_confirmed(released, site, town):
    item = released("notice_board")
    with pytest.raises(NotSent) as absent:
        BOARD.confirm(Receipt("", told={"organ_code": "QH-MZ"}, index_number=item.index_number or ""))
    assert absent.value.code == "not_there"


@pytest.mark.django_db
def test_a_new_text_stands_there_and_the_old_one_never_again(released, revised, carried, site):
    item = released("notice_board")
    carried(0, "notice_board")
    carried(6, "notice_board")
    revised(item, title="改过的标题")
    assert titles() == []  # neither, until the new one is carried
    carried(20, "notice_board")
    [posting] = carried(30, "notice_board")
    assert (titles(), posting.state) == (["改过的标题"], "confirmed")


@pytest.mark.django_db
def test_nobody_finds_there_what_was_not_meant_for_it(released, carried, site):
    released("feed")
    carried(0, "notice_board")
    assert titles() == []
    assert not Posting.objects.filter(channel="notice_board").exists()


# ---- the last day ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_announcement_stands_through_its_last_day_and_no_longer(announced, carried, site):
    item = announced()
    carried(0, "notice_board")
    assert titles(LAST) == [item.working_title]
    assert titles(LAST + timedelta(days=1)) == []


@pytest.mark.django_db
def test_after_the_last_day_it_is_taken_back_and_the_page_says_so_in_the_words_of_an_announcement(
    announced, carried, site, client, settings
):
    from gongkai.channels.actions.carry import carry_next
    from gongkai.channels.actions.follow import follow_all
    from gongkai.ledger.actions.seal import seal_all

    item = announced()
    carried(0, "notice_board")
    after = LAST + timedelta(days=1)
    midnight = datetime.combine(after, datetime.min.time(), SHANGHAI)
    assert expire_due(at=midnight, today=LAST) == []
    assert expire_due(at=midnight, today=after) == [item.pk]
    seal_all(at=midnight)
    follow_all(at=midnight, on=after)
    while carry_next(BOARD, at=midnight, on=after) is not None:
        pass
    assert Posting.objects.get(channel="notice_board").state == "recalled"
    page = client.get(f"/items/{item.index_number}/").content.decode()
    assert "公示期已于2026年9月25日届满，以下内容仅供查阅" in page
    assert "公示期满" in page and "公示期</dt>" in page
    for wrong in ("失效", "不再作为办事依据", "有效期"):
        assert wrong not in page
    assert item.releases.get().withdrawal.explanation == "公示期满。"
    assert "公示期满" in client.get("/open/latest/").content.decode()


@pytest.mark.django_db
def test_a_document_that_lapses_keeps_its_own_words(announced, site, client):
    item = announced(kind="政策")
    expire_due(at=AT, today=LAST + timedelta(days=1))
    page = client.get(f"/items/{item.index_number}/").content.decode()
    assert "失效，不再作为办事依据" in page and "依据：有效期届满。" in page
    assert "公示期" not in page


# ---- order and room --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_announcements_come_first_by_their_last_day_then_the_newest(announced, released, carried, site):
    released("notice_board", title="青禾市关于冬季供暖的通知")
    announced(LAST + timedelta(days=9), title="青禾市甲类救助对象公示")
    announced(LAST, title="青禾市乙类救助对象公示")
    released("notice_board", title="青禾市关于夏季用电的通知")
    carried(0, "notice_board")
    assert titles() == [
        "青禾市乙类救助对象公示", "青禾市甲类救助对象公示", "青禾市关于夏季用电的通知", "青禾市关于冬季供暖的通知",
    ]  # fmt: skip
    assert titles(organ="QH-JY") == []
    assert len(titles(organ="QH-MZ")) == 4


@pytest.mark.django_db
def test_a_full_board_shows_the_newest_and_is_no_fault_of_the_others(released, carried, site, monkeypatch):
    monkeypatch.setattr(board, "MOST", 2)
    for n in range(3):
        released("notice_board", title=f"青禾市关于第{n}号路段施工的通知")
    for later in (0, 6, 30):
        carried(later, "notice_board")
    assert titles() == ["青禾市关于第2号路段施工的通知", "青禾市关于第1号路段施工的通知"]
    assert set(Posting.objects.filter(channel="notice_board").values_list("state", flat=True)) == {"confirmed"}
    assert standing_there(on=TODAY).count() == 3
    assert MOST == 30
