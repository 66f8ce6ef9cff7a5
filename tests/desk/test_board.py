"""公示栏 in the desk: what is on the screens of one's own organ, and the sheets to be pinned up."""

from __future__ import annotations

import pypdfium2
import pytest

from gongkai.channels.actions.settle import choose_channels
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.seal import seal_all
from tests.conftest import AT, TODAY
from tests.desk.conftest import sentences


@pytest.fixture
def configured(settings):
    settings.SITE = settings.SITE | {"base_url": "https://testserver", "domain": "testserver"}


@pytest.fixture
def put_up(desk, town, configured):
    from gongkai.channels.actions.carry import carry_next
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of

    def go(**changes) -> Item:
        item = desk.draft(**changes)
        choose_channels(item.pk, ["notice_board"], reason="", actor=town.actor("drafter"), at=AT)
        desk.release(item)
        seal_all(at=AT)
        follow_all(at=AT, on=TODAY)
        while carry_next(channel_of("notice_board"), at=AT, on=TODAY) is not None:
            pass
        item.refresh_from_db()
        return item

    return go


def test_it_lists_what_is_on_the_screens_with_its_sheets_and_a_preview(at, put_up):
    item = put_up()
    page = sentences(at("drafter").get("board"))
    assert "大厅屏幕上现在有 1 条" in page
    assert item.working_title in page and "本月共救助三十二户。" in page
    for paper in ("A4", "A3"):
        assert f'href="/desk/items/{item.code}/notice.pdf?paper={paper}"' in page
    assert 'href="/board/QH-MZ/"' in page and 'href="/board/"' in page


def test_the_table_is_of_ones_own_organs(at, put_up):
    item = put_up()
    assert item.code in sentences(at("supervisor").get("board"))
    for who in ("other_drafter", "system_admin"):
        page = sentences(at(who).get("board"))
        assert item.code not in page and "屏幕上现在没有本机关的信息" in page


def test_what_waits_is_told_apart_from_what_stands_there(at, put_up, desk, town):
    from gongkai.channels.actions.follow import follow_all

    item = desk.draft(title="青禾市关于城北停水的通知")
    choose_channels(item.pk, ["notice_board"], reason="", actor=town.actor("drafter"), at=AT)
    desk.release(item)
    seal_all(at=AT)
    follow_all(at=AT, on=TODAY)
    page = sentences(at("drafter").get("board"))
    assert "等待上屏或者下屏" in page and "等待发送" in page
    assert "大厅屏幕上现在有 0 条" in page


def test_without_an_address_it_says_why_there_is_no_board(at, town, settings):
    settings.SITE = settings.SITE | {"base_url": ""}
    assert "还没有设置本站地址（SITE_BASE_URL），公示栏没有启用。" in sentences(at("drafter").get("board"))


@pytest.mark.parametrize(("paper", "width"), [("A4", 595), ("A3", 842)])
def test_the_sheet_is_a_pdf_of_the_text_in_front(at, put_up, paper, width):
    item = put_up()
    answer = at("drafter").get("notice_sheet", item.code, paper=paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="900000002-2026-00001-{paper}.pdf"'
    with pypdfium2.PdfDocument(answer.content) as pdf:
        assert round(pdf[0].get_size()[0]) == width
        assert "本月共救助三十二户" in pdf[0].get_textpage().get_text_range()


def test_of_a_newer_draft_nothing_gets_on_paper(at, put_up, town):
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft

    item = put_up()
    draft = revise(item.pk, actor=town.actor("drafter"), at=AT)
    save_draft(
        item.pk, {"title": "还没有审查的标题", "body": "<p>还没有审查的正文。</p>"}, based_on=draft.revision,
        actor=town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    answer = at("drafter").get("notice_sheet", item.code)
    with pypdfium2.PdfDocument(answer.content) as pdf:
        told = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "三十二户" in told and "还没有审查" not in told


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (None, "这条信息没有公开，没有可以张贴的通知。"),
        ("error", "这条信息没有公开，没有可以张贴的通知。"),
        ("abolished", "不能再张贴。请取下已经张贴的通知。"),
    ],
)
def test_what_is_not_current_is_not_printed(at, desk, town, configured, end, sentence):
    item = desk.draft()
    if end:
        desk.release(item)
        withdraw(item.pk, end, explanation="另有规定。", actor=town.actor("leader"), at=AT, today=TODAY)
    answer = at("drafter").client.get(f"/desk/items/{item.code}/notice.pdf", follow=True)
    assert answer.redirect_chain == [(f"/desk/items/{item.code}/", 302)]
    assert sentence in sentences(answer)


def test_without_an_address_there_is_no_qr_and_so_no_sheet(at, desk, settings):
    settings.SITE = settings.SITE | {"base_url": ""}
    item = desk.draft()
    desk.release(item)
    answer = at("drafter").client.get(f"/desk/items/{item.code}/notice.pdf", follow=True)
    assert "二维码无法生成" in sentences(answer)


def test_another_paper_is_not_found(at, put_up):
    assert at("drafter").get("notice_sheet", put_up().code, paper="A5").status_code == 404
