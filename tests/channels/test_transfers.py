"""条例25: everything released is handed over once, what was taken back is told, nothing falls between two lists."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from gongkai.channels.actions.record_by_hand import Scan
from gongkai.channels.actions.transfers import (
    add_receiver,
    close_receiver,
    give_up_transfer,
    hand_over,
    make_transfer,
)
from gongkai.channels.models import Receiver, Transfer, TransferLine
from gongkai.channels.transfers import listing
from gongkai.channels.transfers.listing import digest_of, late_receivers, lines_of, receivers
from gongkai.channels.transfers.paper import pdf
from gongkai.channels.transfers.sheet import workbook
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(town):
    return town.actor("compliance_reviewer")


@pytest.fixture
def archive(town, keeper):
    return add_receiver(town.organ, "archive", "青禾市档案馆", actor=keeper, at=AT)


@pytest.fixture
def make(archive, keeper):
    return lambda receiver=archive, until=TODAY: make_transfer(
        receiver.pk, until=until, actor=keeper, at=AT, today=TODAY
    )


@pytest.fixture
def give(make, keeper):
    """Make the next list and hand it over."""

    def go(receiver=None, **changes):
        made = make(receiver) if receiver is not None else make()
        given = {"on": TODAY, "receipt_number": "青档收〔2026〕1号"} | changes
        return hand_over(made.pk, actor=keeper, at=AT, today=TODAY, **given)

    return go


def rows(made):
    return [(row.order, row.kind, row.title, row.note) for row in lines_of(made)]


def refusal(act) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return str(refused.value.code)


def test_a_list_has_everything_released_and_not_handed_over_yet(released, give, make):
    first, second = released(title="第一号公告", doc_number="青民发〔2026〕1号"), released(title="第二号公告")
    assert rows(give()) == [(1, "released", "第一号公告", ""), (2, "released", "第二号公告", "")]
    third = released(title="第三号公告")
    assert rows(give()) == [(1, "released", "第三号公告", "")]
    assert refusal(make) == "nothing_new"
    lines = TransferLine.objects.order_by("pk").values_list("index_number", "doc_number", "released_on", "extent")
    assert list(lines) == [
        (first.index_number, "青民发〔2026〕1号", TODAY, "网页文本"),
        (second.index_number, "", TODAY, "网页文本"),
        (third.index_number, "", TODAY, "网页文本"),
    ]


def test_attachments_are_counted(desk, make):
    item = desk.draft(title="有附件的公告")
    desk.attach(item)
    desk.release(item)
    assert [row.extent for row in lines_of(make())] == ["网页文本，附件 1 件"]


def test_a_new_text_is_handed_over_again_and_says_what_it_replaces(released, revised, give):
    item = released(title="第一号公告")
    give()
    revised(item, title="第一号公告（修改）")
    assert rows(give()) == [(1, "released", "第一号公告（修改）", "代替第 1 号清单第 1 行的文本")]


def test_what_was_handed_over_and_taken_back_is_told_without_its_words(released, withdrawn, give, make):
    wrong, ended = released(title="发布有误的名单"), released(title="夜市管理办法")
    give()
    withdrawn(wrong)
    withdrawn(ended, "abolished")
    made = give()
    assert rows(made) == [
        (1, "taken_back", "（第 1 号清单第 1 行）", f"第 1 号清单第 1 行，{TODAY} 发布有误，请撤出查阅"),
        (2, "taken_back", "夜市管理办法", f"第 1 号清单第 2 行，{TODAY} 废止"),
    ]
    assert "发布有误的名单" not in "".join(cell for row in rows(made) for cell in map(str, row))
    assert refusal(make) == "nothing_new"  # told once


def test_what_was_taken_back_before_it_was_handed_over_is_not_told(released, withdrawn, make):
    withdrawn(released())
    assert refusal(make) == "nothing_new"


def test_an_item_released_anew_after_its_recall_is_handed_over_again(released, withdrawn, revised, give):
    item = released(title="先撤后发的公告")
    give()
    withdrawn(item)
    give()
    revised(item, title="更正后的公告")
    assert rows(give()) == [(1, "released", "更正后的公告", "代替第 1 号清单第 1 行的文本")]


def test_each_receiver_has_lists_of_its_own(town, released, give, keeper):
    library = add_receiver(town.organ, "library", "青禾市图书馆", actor=keeper, at=AT)
    released(title="第一号公告")
    assert [give().number, give(library).number] == [1, 1]


def test_a_list_that_was_given_up_comes_again(released, make, keeper):
    released(title="第一号公告")
    made = make()
    assert refusal(make) == "list_waits"
    assert refusal(lambda: give_up_transfer(made.pk, reason=" ", actor=keeper, at=AT)) == "reason_missing"
    give_up_transfer(made.pk, reason="接收单位名称写错了。", actor=keeper, at=AT)
    again = make()
    assert (again.number, rows(again)) == (2, rows(made))
    assert refusal(lambda: give_up_transfer(made.pk, reason="再次。", actor=keeper, at=AT)) == "list_closed"


def test_a_list_ends_with_its_day(town, released, make):
    released(title="今天的公告")
    assert refusal(lambda: make(until=TODAY - timedelta(days=1))) == "nothing_new"
    assert refusal(lambda: make(until=TODAY + timedelta(days=1))) == "in_the_future"
    assert len(rows(make(until=TODAY))) == 1


def test_what_was_handed_over_before_the_register_was_kept_is_left_out(town, released, make, keeper):
    late = TODAY + timedelta(days=1)
    hall = add_receiver(town.organ, "hall", "政务服务中心", actor=keeper, at=AT, starts_on=late)
    released()
    assert refusal(lambda: make(hall)) == "nothing_new"


def test_organs_below_belong_to_it_where_that_was_said(town, released, make, keeper):
    from dataclasses import replace

    root = town.organ.parent
    above = replace(keeper, organ_id=root.pk, organ_code=root.code)
    alone = add_receiver(root, "archive", "甲馆", actor=above, at=AT)
    whole = add_receiver(root, "archive", "乙馆", actor=above, at=AT, with_below=True)
    released(title="民政局的公告")

    def of(receiver):
        return make_transfer(receiver.pk, until=TODAY, actor=above, at=AT, today=TODAY)

    assert refusal(lambda: of(alone)) == "nothing_new"
    assert [row.title for row in lines_of(of(whole))] == ["民政局的公告"]


def test_a_list_that_is_too_long_is_split_by_its_day(released, make, monkeypatch):
    for n in range(3):
        released(title=f"第{n}号公告")
    monkeypatch.setattr("gongkai.channels.actions.transfers.MOST", 2)
    assert refusal(make) == "too_many"
    assert Transfer.objects.count() == 0


def test_lines_are_frozen_and_the_digest_covers_them(released, make, revised):
    from django.db import DatabaseError, transaction

    item = released(title="第一号公告")
    made = make()
    lines = lines_of(made)
    assert digest_of(lines, receiver="青禾市档案馆", number=1) == made.digest
    lines[0].title = "另一个标题"
    assert digest_of(lines, receiver="青禾市档案馆", number=1) != made.digest
    revised(item, title="改过的标题")
    assert rows(made)[0][2] == "第一号公告"
    for change in (
        lambda: TransferLine.objects.update(title="改"),
        lambda: Transfer.objects.update(digest="0" * 64),
        made.delete,
        TransferLine.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# ---- handing over ----------------------------------------------------------------------------------------------------


def test_a_handing_over_has_a_receipt_or_its_scan(released, make, keeper):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    released()
    made = make()

    def go(**changes):
        given = {"on": TODAY, "receipt_number": ""} | changes
        return hand_over(made.pk, actor=keeper, at=AT, today=TODAY, **given)

    assert refusal(go) == "no_receipt"
    assert refusal(lambda: go(receipt_number="1", on=TODAY + timedelta(days=1))) == "in_the_future"
    assert refusal(lambda: go(receipt_number="1", on=TODAY - timedelta(days=1))) == "before_list"
    assert refusal(lambda: go(scan=Scan("回执.txt", "文字".encode()))) == "not_a_scan"
    done = go(scan=Scan("回执.png", out.getvalue()))
    assert (done.handed_over_on, done.scan.media_type) == (TODAY, "image/png")
    assert refusal(lambda: go(receipt_number="2")) == "list_closed"
    facts = Fact.objects.filter(kind__startswith="transfer.").order_by("id")
    assert [(f.kind, f.digest) for f in facts] == [
        ("transfer.made", made.digest),
        ("transfer.handed_over", made.digest),
    ]


def test_only_the_office_for_disclosure_hands_over(town, released, archive):
    released()
    for who in ("drafter", "leader", "other_drafter", "supervisor"):
        actor = town.actor(who)
        assert (
            refusal(lambda a=actor: make_transfer(archive.pk, until=TODAY, actor=a, at=AT, today=TODAY))
            == "not_your_post"
        )
        assert refusal(lambda a=actor: add_receiver(town.organ, "hall", "大厅", actor=a, at=AT)) == "not_your_post"


def test_receivers_are_entered_once_and_closed(town, released, archive, make, keeper):
    assert refusal(lambda: add_receiver(town.organ, "archive", "青禾市档案馆", actor=keeper, at=AT)) == "receiver_there"
    assert refusal(lambda: add_receiver(town.organ, "archive", "  ", actor=keeper, at=AT)) == "name_missing"
    released()
    made = make()
    assert refusal(lambda: close_receiver(archive.pk, actor=keeper, at=AT)) == "list_waits"
    give_up_transfer(made.pk, reason="不再移交。", actor=keeper, at=AT)
    close_receiver(archive.pk, actor=keeper, at=AT)
    assert (refusal(make), Receiver.objects.filter(active=True).count()) == ("receiver_closed", 0)


def test_who_was_given_nothing_for_ninety_days_comes_to_mind(town, released, archive, give, keeper):
    library = add_receiver(town.organ, "library", "青禾市图书馆", actor=keeper, at=AT)
    released()
    give()
    assert listing.REMIND_DAYS == 90
    for days, late in ((90, []), (91, [library, archive])):
        found = late_receivers([town.organ.pk], on=TODAY + timedelta(days=days))
        assert [row.receiver for row in found] == late
    assert late_receivers([town.other_organ.pk], on=TODAY + timedelta(days=400)) == []
    assert [(row.receiver, row.last_on) for row in receivers(None, on=TODAY)] == [(library, None), (archive, TODAY)]


# ---- on paper --------------------------------------------------------------------------------------------------------


def test_sheet_and_paper_say_the_same(released, withdrawn, give, make):
    released(title="=1+1 公告", doc_number="青民发〔2026〕7号")
    wrong = released(title="撤下的公告")
    give()
    withdrawn(wrong)
    released(title="第三号公告")
    made = make()
    lines = lines_of(made)
    book = openpyxl.load_workbook(io.BytesIO(workbook(made, lines)))
    told = [[cell.value or "" for cell in row] for row in book.active.iter_rows()]
    assert (told[0][0], made.digest in told[2][0]) == ("主动公开政府信息移交清单", True)
    assert [row[:3] for row in told[4:]] == [
        [1, wrong.index_number, "（第 1 号清单第 2 行）"], [2, lines[1].index_number, "第三号公告"],
    ]  # fmt: skip
    with pypdfium2.PdfDocument(io.BytesIO(pdf(made, lines))) as pages:
        text = "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")
    for words in ("第三号公告", "撤回通知", "青禾市档案馆", made.digest, "接收单位（盖章）"):
        assert words in text
    assert "撤下的公告" not in text


def test_formulas_of_strangers_are_no_formulas(released, make):
    released(title="=HYPERLINK(1) 公告")
    made = make()
    book = openpyxl.load_workbook(io.BytesIO(workbook(made, lines_of(made))))
    assert book.active["C5"].data_type == "s"


def test_a_long_list_repeats_its_head_and_counts_its_pages(released, make):
    released()
    made = make()
    [line] = lines_of(made)
    many = [
        TransferLine(
            order=n, kind="released", index_number=line.index_number, title=f"第{n}号公告", released_on=TODAY,
            extent="网页文本",
        )
        for n in range(1, 61)
    ]  # fmt: skip
    with pypdfium2.PdfDocument(io.BytesIO(pdf(made, many))) as pages:
        texts = [page.get_textpage().get_text_range() for page in pages]
    assert len(texts) > 1
    assert all("索引号" in text for text in texts)
    assert f"第 {len(texts)} 页，共 {len(texts)} 页" in texts[-1]
