"""Two versions compared: word by word, and what was taken out for a person's sake is not shown again."""

from __future__ import annotations

from gongkai.desk.pages.difference import differences
from tests.desk.conftest import sentences

ID = "11010519491231002X"


def two_versions(desk, before: str, after: str, **changes):
    item = desk.draft(body=before)
    first = desk.submit(item)
    desk.opine(first, 1, "section_reviewer", verdict="return", return_to=0, reason="请改。")
    from gongkai.disclosure.actions.save_draft import save_draft
    from tests.conftest import AT, TODAY

    item.draft.refresh_from_db()
    save_draft(
        item.pk, {"body": after} | changes, based_on=item.draft.revision, actor=desk.town.actor("drafter"), at=AT,
        today=TODAY,
    )  # fmt: skip
    item.draft.refresh_from_db()
    return item, first, desk.submit(item)


def test_a_removed_number_is_named_and_not_shown(at, desk):
    item, first, second = two_versions(
        desk, f"<p>何桂香，{ID}，桂花里。</p>", "<p>何桂香，1101**********002X，桂花里。</p>"
    )
    rows = differences(first, second)
    assert [row.place for row in rows] == ["第 1 段"]
    assert "<del>完整号码（不再显示）</del>" in rows[0].html
    assert "<ins>1101**********002X</ins>" in rows[0].html
    assert ID not in sentences(at("leader").get("compare", item.code, **{"from": 1, "to": 2}))
    assert ID not in sentences(at("section_reviewer").get("review", item.code))


def test_words_headings_and_places(desk):
    _item, first, second = two_versions(
        desk,
        "<p>第一段。</p><p>公示期为五日。</p>",
        "<p>第一段。</p><p>公示期为十日。</p><p>特此公示。</p>",
        keywords="公示",
    )
    rows = [(row.place, str(row.html)) for row in differences(first, second)]
    assert rows[0] == ("主题词", "<ins>公示</ins>")
    assert "".join(html for _, html in rows[1:]).count("<ins>") >= 1
    assert "第一段" not in "".join(html for _, html in rows[1:])


def test_the_same_text_has_no_differences_and_markup_in_it_stays_text(at, desk):
    item, first, second = two_versions(desk, "<p>一样。</p>", "<p>一样。</p>")
    assert differences(first, second) == []
    assert "两版相同。" in sentences(at("drafter").get("compare", item.code, **{"from": 1, "to": 2}))
    _item, old, new = two_versions(desk, "<p>甲</p>", "<p>&lt;script&gt;乙</p>")
    assert "&lt;" in differences(old, new)[0].html
    assert "<script>" not in differences(old, new)[0].html


def test_a_version_that_does_not_exist_is_not_found(at, desk):
    item = desk.draft()
    desk.submit(item)
    browser = at("drafter")
    for numbers in ({"from": 1, "to": 9}, {"from": "x", "to": 1}, {}):
        assert browser.get("compare", item.code, **numbers).status_code == 404
    assert browser.get("version", item.code, 9).status_code == 404
