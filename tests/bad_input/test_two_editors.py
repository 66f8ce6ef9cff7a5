"""Two people in one draft: each is told of the other, and neither text is lost."""

from __future__ import annotations

from datetime import timedelta

from gongkai.disclosure.actions.presence import FRESH, note_presence
from gongkai.disclosure.models import Draft
from gongkai.ledger.models import Fact
from tests.conftest import AT
from tests.desk.conftest import draft_form, sentences

MINE, THEIRS = "<p>甲写的文字。</p>", "<p>乙写的文字。</p>"


def test_a_save_on_an_older_revision_shows_both_texts_and_can_be_merged(at, desk):
    item = desk.draft()
    first, second = at("drafter"), at("drafter2")
    stale = draft_form(item, body=MINE, keywords="甲的主题词")
    second.post("edit", item.code, **draft_form(item, body=THEIRS, keywords="乙的主题词"))
    answer = first.post("edit", item.code, **stale)
    page = sentences(answer)
    assert answer.status_code == 409
    assert "这份草稿刚被别人保存过" in page
    for words in ("甲写的文字。", "乙写的文字。", "甲的主题词", "乙的主题词", "测试02"):
        assert words in page, words
    item.draft.refresh_from_db()
    assert (item.draft.body, item.draft.revision) == (THEIRS, 3)
    # The form that came back is based on the newest revision: merged, it saves.
    assert f'name="based_on" value="{item.draft.revision}"' in page
    merged = first.post("edit", item.code, **draft_form(item, body=MINE + THEIRS))
    item.draft.refresh_from_db()
    assert (merged.status_code, item.draft.body) == (302, MINE + THEIRS)


def test_autosave_of_a_stale_tab_changes_nothing_and_says_so(at, desk):
    item = desk.draft()
    stale = draft_form(item, body=MINE)
    at("drafter2").post("edit", item.code, **draft_form(item, body=THEIRS))
    before = Draft.objects.values().get(item=item)
    facts = Fact.objects.count()
    for _ in range(3):
        answer = at("drafter").post("autosave", item.code, **stale)
        assert (answer.status_code, answer.json()["state"]) == (409, "moved_on")
    assert Draft.objects.values().get(item=item) == before
    assert Fact.objects.count() == facts


def test_a_stale_tab_of_the_same_person_changes_nothing_either(at, desk):
    item = desk.draft()
    stale = draft_form(item, body=MINE)
    at("drafter").post("autosave", item.code, **draft_form(item, body=THEIRS))
    assert at("drafter").post("autosave", item.code, **stale).json()["state"] == "moved_on"
    item.draft.refresh_from_db()
    assert item.draft.body == THEIRS


def test_a_stale_submission_freezes_nothing(at, desk):
    item = desk.draft()
    seen = item.draft.revision
    at("drafter2").post("autosave", item.code, **draft_form(item, body=THEIRS))
    answer = at("drafter").post("submit", item.code, based_on=seen)
    assert (answer.status_code, item.versions.count()) == (422, 0)
    assert "草稿刚被别人修改过，没有送审" in sentences(answer)


def test_a_word_file_put_in_from_a_stale_tab_replaces_nothing(at, desk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from gongkai.files.models import Blob
    from tests.desk.conftest import word_file

    item = desk.draft()
    seen = item.draft.revision
    at("drafter2").post("autosave", item.code, **draft_form(item, body=THEIRS))
    file = SimpleUploadedFile("a.docx", word_file("通知", "正文"))
    answer = at("drafter").post("upload", item.code, follow=True, file=file, based_on=seen)
    assert "这份草稿刚被别人保存过" in sentences(answer)
    item.draft.refresh_from_db()
    assert (item.draft.body, Blob.objects.count()) == (THEIRS, 0)


def test_what_was_typed_after_the_draft_went_to_review_is_shown_to_be_copied(at, desk):
    item = desk.draft()
    late = draft_form(item, body=MINE)
    desk.submit(item)
    answer = at("drafter2").post("edit", item.code, **late)
    assert answer.status_code == 409
    assert "甲写的文字。" in sentences(answer)


def test_presence_is_told_to_both_and_fades(at, desk, town):
    item = desk.draft()
    at("drafter").get("edit", item.code)
    page = sentences(at("drafter2").get("edit", item.code))
    assert "测试01" in page
    assert at("drafter").post("presence", item.code).json()["others"] == ["测试02"]
    assert at("drafter").post("autosave", item.code, **draft_form(item, body=MINE)).json()["others"] == ["测试02"]
    later = AT + timedelta(days=3650) + FRESH
    assert note_presence(item.draft, town.people["drafter"], at=later) == []
