"""便民手册: what stands in it, its pages, made anew when an item changes, never with a text that was taken down."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pikepdf
import pypdfium2
import pytest

from gongkai.channels.actions import editions
from gongkai.channels.actions.handbooks import (
    arrange,
    change_handbook,
    choose,
    choose_all,
    open_handbook,
    publish,
    remove,
)
from gongkai.channels.actions.take_back import take_back
from gongkai.channels.adapters import channel_of
from gongkai.channels.adapters.handbook import Handbook as Adapter
from gongkai.channels.handbooks.book import NotPrinted
from gongkai.channels.handbooks.contents import places
from gongkai.channels.handbooks.queries import named_and_not_chosen, newest, obtainable
from gongkai.channels.models import Edition, EditionPlace, Posting
from gongkai.channels.queries import alarms
from gongkai.files.queries import read
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db
TOLD = {
    "title": "青禾市便民服务手册",
    "subtitle": "社会救助",
    "contact": "救助科窗口",
    "paper": "A5",
    "chapters": "hand",
}


@pytest.fixture(autouse=True)
def fresh():
    """What a process remembers between rounds."""
    Adapter._seen.clear()
    Adapter._failed.clear()


@pytest.fixture
def keeper(town):
    return town.actor("compliance_reviewer")


@pytest.fixture
def book(town, site, keeper):
    """A published handbook with these items: book(item, item) → Handbook."""

    def go(*items, chapter="", **changes):
        made = open_handbook(town.organ, TOLD | changes, actor=keeper, at=AT)
        choose(made.pk, [item.index_number for item in items], actor=keeper, at=AT, on=TODAY, chapter=chapter)
        publish(made.pk, True, actor=keeper, at=AT, on=TODAY)
        made.refresh_from_db()
        return made

    return go


@pytest.fixture
def rounds(carried):
    """Rounds of the worker at this channel: what is due, then its end; twice, as a making answers with the next."""

    def go(later: float = 0):
        for n in range(3):
            rows = carried(later + 10 * n, "handbook")
            channel_of("handbook").round_ended(on=TODAY, renewed=False)
        return rows

    return go


def words(edition) -> list[str]:
    """The text of each page, without its line ends."""
    with pypdfium2.PdfDocument(io.BytesIO(read(edition.blob))) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "") for page in pdf]


def states(rows):
    return {row.item.working_title: row.state for row in rows}


# ---- the pages -------------------------------------------------------------------------------------------------------


def test_an_edition_has_cover_contents_items_and_last_page(book, released, rounds, desk):
    draft = desk.draft(title="临时救助办理指南", body="<h2>一、条件</h2><p>遇到突发困难的家庭可以申请。</p>")
    desk.attach(draft, filename="申请表.txt")
    desk.release(draft)
    second = released(title="高龄津贴办理指南")
    made = book(draft, second, chapter="民生保障")
    rows = rounds()
    assert states(rows) == {"临时救助办理指南": "confirmed", "高龄津贴办理指南": "confirmed"}
    edition = newest(made)
    cover, contents, first, *_, last = words(edition)
    assert ("青禾市便民服务手册" in cover, "第 1 版" in cover, "青禾市民政局" in cover) == (True, True, True)
    assert ("目录" in contents, "临时救助办理指南" in contents, "民生保障" in contents) == (True, True, True)
    assert "遇到突发困难的家庭可以申请" in first
    assert f"https://www.qinghe.example/items/{draft.index_number}/" in first
    assert "申请表" in "".join(words(edition))
    assert "本手册内容以网上最新文本为准" in last
    assert f"文本截至{TODAY.year}年{TODAY.month}月{TODAY.day}日" in last
    assert edition.pages == len(words(edition))
    assert obtainable(made, on=TODAY) == edition


def test_places_say_which_release_stands_on_which_page(book, released, rounds):
    long = released(title="长的办理指南", body="<p>请带好户口簿和身份证件，到户籍所在地的街道便民服务站办理。</p>" * 80)
    short = released(title="短的办理指南")
    made = book(long, short)
    rounds()
    edition = newest(made)
    rows = list(EditionPlace.objects.filter(edition=edition).values_list("item_id", "release__item_id", "page"))
    assert [(row[0], row[1]) for row in rows] == [(long.pk, long.pk), (short.pk, short.pk)]
    pages = words(edition)
    for (_, _, page), title in zip(rows, ("长的办理指南", "短的办理指南"), strict=True):
        assert title in pages[page - 1]
    assert rows[1][2] > rows[0][2] + 1  # the long one flows over pages


def test_the_outline_names_chapters_and_items_and_the_file_is_tagged(book, released, rounds):
    made = book(released(title="临时救助办理指南"), chapter="民生保障")
    rounds()
    data = read(newest(made).blob)
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        told = [(mark.level, mark.get_title()) for mark in pdf.get_toc()]
    assert told == [
        (0, "青禾市便民服务手册"), (0, "目录"), (0, "民生保障"), (1, "临时救助办理指南"), (0, "联系我们"),
    ]  # fmt: skip
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert (bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang), "/StructTreeRoot" in pdf.Root) == (
            True, "zh-CN", True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("chapters", "titles"),
    [("heading", ["教育、医疗、社保、就业政策"]), ("column", ["其他"]), ("hand", ["乙", "甲"])],
)
def test_chapters_by_hand_by_heading_or_by_column(book, released, keeper, chapters, titles):
    first, second, third = (released(title=f"指南{n}") for n in "一二三")
    made = book(first, second, third, chapters=chapters)
    arrange(made.pk, {first.pk: (1, "乙"), second.pk: (2, "甲"), third.pk: (3, "乙")}, actor=keeper, at=AT)
    made.refresh_from_db()
    found = places(made, on=TODAY)
    assert list(dict.fromkeys(row.chapter for row in found)) == titles
    expected = [first.pk, third.pk, second.pk] if chapters == "hand" else [first.pk, second.pk, third.pk]
    assert [row.item_id for row in found] == expected


# ---- made anew -------------------------------------------------------------------------------------------------------


def test_many_changes_are_one_making(book, released, rounds, revised):
    items = [released(title=f"第{n}号指南") for n in range(4)]
    made = book(*items)
    rounds()
    for item in items[:3]:
        revised(item, body="<p>办理时限改为五个工作日。</p>")
    rounds(100)
    assert list(Edition.objects.filter(handbook=made).values_list("number", flat=True)) == [1, 2]
    assert "".join(words(newest(made))).count("办理时限改为五个工作日") == 3
    rounds(200)
    assert Edition.objects.filter(handbook=made).count() == 2  # nothing changed, nothing is made
    facts = Fact.objects.filter(kind="handbook.made")
    assert [(f.data["edition"], f.data["items"]) for f in facts] == [(1, 4), (2, 4)]


def test_a_withdrawn_item_is_in_no_download_from_that_instant(book, released, rounds, withdrawn):
    gone, kept = released(title="发布有误的指南"), released(title="留下的指南")
    made = book(gone, kept)
    rounds()
    assert obtainable(made, on=TODAY) == newest(made)
    withdrawn(gone)
    assert obtainable(made, on=TODAY) is None  # before any worker looked
    rows = rounds(100)
    assert states(rows) == {"发布有误的指南": "recalled", "留下的指南": "confirmed"}
    edition = obtainable(made, on=TODAY)
    assert (edition.number, "发布有误" in "".join(words(edition))) == (2, False)
    assert list(alarms(at=AT + timedelta(days=1))) == []


def test_a_recall_waits_for_the_edition_without_the_item_and_is_an_alarm_until_then(
    book, released, rounds, withdrawn, carried, monkeypatch
):
    item, kept = released(title="要撤下的指南"), released(title="留下的指南")
    made = book(item, kept)
    rounds()

    def broken(*_: object, **__: object) -> None:
        raise NotPrinted("no memory")

    monkeypatch.setattr(editions, "printed", broken)
    withdrawn(item)
    rows = rounds(100)
    [posting] = [row for row in rows if row.item_id == item.pk]
    assert (posting.state, posting.problem) == ("planned", "not_remade")
    assert posting in alarms(at=AT + timedelta(days=1))
    made.refresh_from_db()
    assert (made.problem, made.claim) == (editions.FAILED, "")
    assert obtainable(made, on=TODAY) is None
    monkeypatch.undo()
    Adapter._failed.clear()
    rounds(5000)
    rounds(9000)
    made.refresh_from_db()
    assert (Posting.objects.get(pk=posting.pk).state, made.problem) == ("recalled", "")


def test_a_making_that_failed_is_not_tried_each_round(book, released, monkeypatch):
    book(released())
    tries = []

    def broken(*_: object, **__: object) -> None:
        tries.append(1)
        raise NotPrinted("no memory")

    monkeypatch.setattr(editions, "printed", broken)
    for _ in range(5):
        channel_of("handbook").round_ended(on=TODAY, renewed=False)
    assert len(tries) == 1


@pytest.mark.parametrize("reason", ["abolished", "expired"])
def test_a_text_out_of_force_leaves_the_handbook(book, released, rounds, withdrawn, reason):
    item = released(title="夜市管理办法")
    made = book(item, released())
    rounds()
    withdrawn(item, reason)
    assert obtainable(made, on=TODAY) is None
    rounds(100)
    assert "夜市管理办法" not in "".join(words(obtainable(made, on=TODAY)))


def test_a_text_whose_validity_ends_by_the_day_alone_is_not_handed_out(book, released, rounds):
    item = released(title="有期限的指南", effective_from=date(2026, 1, 1), valid_until=TODAY + timedelta(days=3))
    made = book(item, released())
    rounds()
    assert obtainable(made, on=TODAY + timedelta(days=3)) is not None
    assert obtainable(made, on=TODAY + timedelta(days=4)) is None


def test_the_last_item_gone_leaves_an_edition_that_nobody_can_have(book, released, rounds, withdrawn):
    item = released()
    made = book(item)
    rounds()
    withdrawn(item)
    [row] = rounds(100)
    edition = newest(made)
    assert (row.state, edition.number, edition.blob, edition.pages) == ("recalled", 2, None, 0)
    assert obtainable(made, on=TODAY) is None


def test_texts_that_change_while_the_pages_are_made_are_not_published_in_their_old_form(
    book, released, revised, monkeypatch
):
    item = released(title="原来的标题")
    made = book(item)
    real = editions.printed

    def slow(*told, **more):
        done = real(*told, **more)
        revised(item, title="改过的标题")
        return done

    monkeypatch.setattr(editions, "printed", slow)
    channel_of("handbook").round_ended(on=TODAY, renewed=False)
    assert newest(made) is None
    monkeypatch.undo()
    channel_of("handbook").round_ended(on=TODAY, renewed=False)
    assert "改过的标题" in "".join(words(newest(made)))


def test_two_processes_make_one_edition(book, released, monkeypatch):
    made = book(released())
    real = editions.printed

    def other_looks(*told, **more):
        assert editions.make(made.pk, at=AT, on=TODAY) is None
        return real(*told, **more)

    monkeypatch.setattr(editions, "printed", other_looks)
    assert editions.make(made.pk, at=AT, on=TODAY).number == 1
    assert editions.make(made.pk, at=AT, on=TODAY) is None
    assert Edition.objects.count() == 1


def test_a_process_that_died_over_a_making_holds_nobody_up_for_long(book, released):
    made = book(released())
    type(made).objects.filter(pk=made.pk).update(claim="dead", claimed_at=AT)
    assert editions.make(made.pk, at=AT + timedelta(minutes=5), on=TODAY) is None
    assert editions.make(made.pk, at=AT + timedelta(minutes=11), on=TODAY).number == 1


def test_editions_and_places_never_change(book, released, rounds):
    from django.db import DatabaseError, transaction

    made = book(released())
    rounds()
    edition = newest(made)
    for change in (
        lambda: Edition.objects.update(pages=1),
        lambda: EditionPlace.objects.update(page=1),
        edition.places.all().delete,
    ):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            change()


# ---- the set ---------------------------------------------------------------------------------------------------------


def test_only_what_is_chosen_is_carried_whatever_the_catalogue_says(released, rounds, site, town):
    from gongkai.disclosure.models import Catalogue, CatalogueEntry

    item = released(title="目录要求进手册的指南")
    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    item.entry = CatalogueEntry.objects.create(
        catalogue=catalogue, serial=1, level1="社会救助", content="指南", limit_text="20个工作日", limit_kind="working_days",
        limit_n=20, subject_text="青禾市民政局", channels=["政府网站", "便民手册"], audience="全社会", method="proactive",
        level="市级", heading="20-11",
    )  # fmt: skip
    item.save()
    assert rounds() == []
    assert named_and_not_chosen([town.organ.pk], Adapter.carriers) == [item]
    assert named_and_not_chosen([town.other_organ.pk], Adapter.carriers) == []


def test_choosing_an_item_carries_it_nowhere_else(released, rounds, book, wechat):
    """An item from before an account was set up is not posted there because it came into a handbook."""
    item = released("wechat")
    assert Posting.objects.count() == 0  # nothing was followed yet
    book(item)
    assert list(Posting.objects.values_list("channel", flat=True)) == ["handbook"]


def test_removing_an_item_takes_it_back(book, released, rounds, keeper):
    first, second = released(title="移出的指南"), released(title="留下的指南")
    made = book(first, second)
    rounds()
    remove(made.pk, first.pk, actor=keeper, at=AT, on=TODAY)
    assert obtainable(made, on=TODAY) is None
    assert states(rounds(100)) == {"移出的指南": "recalled", "留下的指南": "confirmed"}
    assert "移出的指南" not in "".join(words(obtainable(made, on=TODAY)))


def test_it_is_not_taken_back_from_the_channel_but_out_of_the_set(book, released, rounds, town):
    book(released())
    [row] = rounds()
    with pytest.raises(Refusal) as refused:
        take_back(row.pk, actor=town.actor("drafter"), at=AT)
    assert refused.value.code == "by_choice"


def test_an_item_in_two_handbooks_is_carried_when_both_have_it(book, released, rounds, keeper):
    item = released()
    one, other = book(item), book(item)
    [row] = rounds()
    assert (row.state, newest(one).number, newest(other).number) == ("confirmed", 1, 1)
    publish(other.pk, False, actor=keeper, at=AT, on=TODAY)
    other.refresh_from_db()
    assert (obtainable(other, on=TODAY), obtainable(one, on=TODAY)) == (None, newest(one))


def test_an_unpublished_handbook_is_not_made(town, site, released, rounds, keeper):
    made = open_handbook(town.organ, TOLD, actor=keeper, at=AT)
    choose(made.pk, [released().index_number], actor=keeper, at=AT, on=TODAY)
    assert (rounds(), newest(made)) == ([], None)


def test_everything_of_a_heading_at_once(town, site, released, keeper):
    items = [released(title=f"第{n}号") for n in range(3)]
    made = open_handbook(town.organ, TOLD, actor=keeper, at=AT)
    assert choose_all(made.pk, "heading", "20-11", actor=keeper, at=AT, on=TODAY) == items
    assert choose_all(made.pk, "heading", "20-11", actor=keeper, at=AT, on=TODAY) == []
    assert choose_all(made.pk, "theme", "民政", actor=keeper, at=AT, on=TODAY) == []


def test_changing_the_cover_makes_a_new_edition(book, released, rounds, keeper):
    made = book(released())
    rounds()
    change_handbook(made.pk, TOLD | {"title": "青禾市救助手册", "paper": "A4"}, actor=keeper, at=AT)
    rounds(100)
    assert (newest(made).number, "青禾市救助手册" in words(newest(made))[0]) == (2, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"title": "长" * 61}, "too_long"),
        ({"contact": "张三 13812345678，身份证 11010519491231002X"}, "personal_on_cover"),
        ({"subtitle": "机密★10年"}, "secrecy_mark"),
    ],
)
def test_words_on_the_cover_are_looked_at(town, keeper, changes, code):
    with pytest.raises(Refusal) as refused:
        open_handbook(town.organ, TOLD | changes, actor=keeper, at=AT)
    assert refused.value.code == code


def test_what_is_not_public_is_not_chosen(book, released, withdrawn, desk, keeper):
    made = book(released())
    gone = released(title="撤下的")
    withdrawn(gone)
    draft = desk.draft()
    for number in (gone.index_number, draft.index_number or "900000002/2026-99999"):
        with pytest.raises(Refusal) as refused:
            choose(made.pk, [number], actor=keeper, at=AT, on=TODAY)
        assert refused.value.code == "not_public"


def test_only_its_own_people_keep_it(book, released, town):
    made = book(released())
    for who, act in (
        ("drafter", lambda actor: publish(made.pk, False, actor=actor, at=AT, on=TODAY)),
        ("other_drafter", lambda actor: choose(made.pk, [], actor=actor, at=AT, on=TODAY)),
        ("supervisor", lambda actor: arrange(made.pk, {}, actor=actor, at=AT)),
        ("leader", lambda actor: open_handbook(town.organ, TOLD, actor=actor, at=AT)),
    ):
        with pytest.raises(Refusal) as refused:
            act(town.actor(who))
        assert refused.value.code == "not_your_post"


def test_an_empty_handbook_is_not_published(town, keeper):
    made = open_handbook(town.organ, TOLD, actor=keeper, at=AT)
    with pytest.raises(Refusal) as refused:
        publish(made.pk, True, actor=keeper, at=AT, on=TODAY)
    assert refused.value.code == "handbook_empty"
