"""The index follows the ledger, and what it proposes is shown only while the database says it is public."""

import pytest

from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.queries import last_position
from gongkai.search.actions.follow import follow, follow_all, rebuild
from gongkai.search.asking import Query
from gongkai.search.place import engine
from gongkai.search.queries import ask, find
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db


def caught_up():
    seal_all(at=AT)
    return follow_all(on=TODAY)


def titles(text):
    return [hit.title for hit in find(text, limit=10, on=TODAY)]


def released(desk, title, body, **changes):
    return desk.release(title=title, body=f"<p>{body}</p>", **changes).item


def test_a_release_is_found_by_text_and_by_every_number(desk):
    item = released(desk, "青禾市高龄津贴发放办法", "八十周岁以上老人可以申领。", doc_number="青民发〔2026〕15号")
    caught_up()
    for asked in ("高龄津贴", "“可以申领”", "青民发[2026]15 号", item.index_number):
        (hit,) = find(asked, limit=10, on=TODAY)
        assert (hit.title, hit.index_number, hit.agency) == ("青禾市高龄津贴发放办法", item.index_number, "市民政局")
        assert hit.url == f"/items/{item.index_number}/"


def test_nothing_unreleased_is_ever_found(desk):
    desk.draft(title="起草中的低保办法", body="<p>起草内容</p>")
    desk.submit(desk.draft(title="审查中的低保办法", body="<p>审查内容</p>"))
    caught_up()
    assert titles("低保办法") == []
    assert len(engine()) == 0


def test_the_words_of_a_revision_are_found_only_after_its_release(desk, town):
    item = released(desk, "临时救助公告", "旧的标准是五百元。")
    caught_up()
    actor = town.actor("drafter")
    draft = revise(item.pk, actor=actor, at=AT)
    save_draft(
        item.pk,
        {"body": "<p>新的标准是八百元。</p>", "changed_on": TODAY},
        based_on=draft.revision,
        actor=actor,
        at=AT,
        today=TODAY,
    )
    item.refresh_from_db()
    version = desk.submit(item)
    caught_up()
    assert (titles("五百元"), titles("八百元")) == (["临时救助公告"], [])
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.opine(version, 3, "secrecy_reviewer")
    caught_up()
    assert (titles("五百元"), titles("八百元")) == ([], ["临时救助公告"])
    (hit,) = ask("八百元", filters={}, sort="relevance", page=1, on=TODAY).hits
    assert hit.excerpt_html == "新的标准是<mark>八百元</mark>。"


def test_what_the_database_withdraws_is_gone_before_the_index_knows(desk, town):
    item = released(desk, "发布有误的名单", "名单内容。")
    released(desk, "正确的名单", "名单内容。")
    caught_up()
    withdraw(item.pk, "error", explanation="名单有误。", actor=town.actor("compliance_reviewer"), at=AT, today=TODAY)
    assert str(item.pk) in {hit.key for hit in engine().search(Query("名单")).hits}
    assert titles("名单") == ["正确的名单"]
    assert [hit.title for hit in ask("名单", filters={}, sort="date", page=1, on=TODAY).hits] == ["正确的名单"]
    caught_up()
    assert {hit.key for hit in engine().search(Query("名单")).hits} == {
        hit.key for hit in engine().search(Query("正确")).hits
    }


def test_an_abolished_document_stays_findable_with_its_validity(desk, town):
    item = released(desk, "废止的办法", "办法内容。")
    caught_up()
    withdraw(item.pk, "abolished", explanation="已被新规定代替。", actor=town.actor("leader"), at=AT, today=TODAY)
    caught_up()
    (hit,) = find("办法内容", limit=10, on=TODAY)
    assert hit.row.status == "abolished"
    assert dict(engine().search(Query("办法", facets=("validity",))).facets["validity"]) == {"abolished": 1}


def test_following_twice_reads_nothing_and_changes_nothing(desk):
    released(desk, "一次性公告", "内容。")
    assert caught_up() == last_position() > 0
    assert follow(on=TODAY) == 0
    assert (len(engine()), engine().position) == (1, last_position())


def test_a_run_that_was_cut_short_goes_on_where_it_stopped(desk):
    for number in range(3):
        released(desk, f"第{number}号公告", "内容。")
    seal_all(at=AT)
    while follow(on=TODAY, limit=1):
        pass
    assert (len(engine()), engine().position) == (3, last_position())


def test_an_index_made_anew_holds_the_same(desk, town):
    gone = released(desk, "发布有误的公告", "内容。")
    released(desk, "留下的公告", "内容。")
    withdraw(gone.pk, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    caught_up()
    before = [hit.key for hit in engine().search(Query("公告")).hits]
    assert rebuild(on=TODAY) == 1
    assert [hit.key for hit in engine().search(Query("公告")).hits] == before
    assert engine().position == last_position()


def test_mark_up_in_title_and_question_is_only_text(desk):
    released(desk, "关于<b>公告</b>的说明", "正文&说明。")
    caught_up()
    (hit,) = ask("<b> 说明", filters={}, sort="relevance", page=1, on=TODAY).hits
    assert hit.title_html == "关于&lt;<mark>b</mark>&gt;公告&lt;/<mark>b</mark>&gt;的<mark>说明</mark>"
    assert hit.excerpt_html == "正文&amp;<mark>说明</mark>。"


def test_an_empty_answer_says_what_less_would_find(desk):
    released(desk, "高龄津贴公告", "内容。")
    caught_up()
    answer = ask("高龄津贴", filters={"year": ["1999"]}, sort="relevance", page=1, on=TODAY)
    assert (answer.hits, [(one.dropped, one.total) for one in answer.relaxations]) == ([], [("year", 1)])
