"""An attachment goes out only as its checked copy: from the upload to what the public page says."""

from __future__ import annotations

import hashlib

import pytest
from django.db import DatabaseError, transaction

from gongkai.disclosure.actions import redact_attachment as acts
from gongkai.disclosure.actions.attachments import remove_attachment
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.models import DraftAttachment, Item, Release, Version
from gongkai.disclosure.queries.copies import copies_of
from gongkai.disclosure.queries.document import document, public_file
from gongkai.files.actions.store import store
from gongkai.files.models import Blob
from gongkai.files.queries import read
from gongkai.law.verdicts import Refusal
from gongkai.scanning.models import FileCopy
from tests.conftest import AT, TODAY
from tests.desk.conftest import png

PHONE = "13800138000"
LETTER = f"情况说明\n联系人手机{PHONE}。\n家庭困难情况属实。\n".encode()


@pytest.fixture
def drafter(town):
    return town.actor("drafter")


def refused(code: str, action, *args, **more) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        action(*args, **more)
    assert refusal.value.code == code
    return refusal.value


def now(item) -> DraftAttachment:
    return DraftAttachment.objects.select_related("blob", "original", "copy__redaction").get(draft__item=item)


def covered(item, drafter) -> DraftAttachment:
    """Everything found is covered and the copy made anew."""
    assert acts.accept_all_marks(item.pk, 1, otherwise="G15", actor=drafter, at=AT) > 0
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    return now(item)


def test_what_is_attached_is_the_copy_and_the_original_lies_apart(desk):
    item = desk.draft()
    added = desk.attach(item, LETTER, "情况说明.txt")
    assert added.original_id == hashlib.sha256(LETTER).hexdigest()
    assert read(added.original) == LETTER
    assert added.copy.digest == added.blob_id
    assert added.copy.redaction.digest == added.original_id
    assert [(m.code, m.state) for m in added.copy.redaction.marks.all()] == [("mobile", "proposed")]


def test_undecided_marks_and_a_stale_copy_keep_the_draft_from_review(desk, drafter):
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    refusal = refused("marks_open", desk.submit, item)
    assert "附件“情况说明”：还有 1 处没有决定遮盖还是保留" in refusal.refused.sentence
    acts.accept_attachment_mark(item.pk, 1, 1, ground="G15", actor=drafter, at=AT)
    refused("copy_stale", desk.submit, item)
    assert Version.objects.count() == 0
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    assert desk.submit(item).number == 1


def test_the_new_copy_takes_the_place_of_the_former_everywhere_the_public_looks(desk, drafter):
    item = desk.draft()
    before = desk.attach(item, LETTER, "情况说明.txt")
    attached = covered(item, drafter)
    assert attached.copy.number == 2
    assert attached.blob_id != before.blob_id
    assert PHONE not in attached.text
    assert "家庭困难情况属实" in attached.text
    assert PHONE.encode() not in read(attached.blob)
    assert (attached.filename, attached.original_id) == ("情况说明.txt", before.original_id)


def test_a_mark_that_moves_while_the_copy_is_made_costs_the_copy(desk, drafter, monkeypatch):
    """The slow half runs without a lock: whoever decides meanwhile wins, and nothing of the copy is kept."""
    item = desk.draft()
    first = desk.attach(item, LETTER, "情况说明.txt")
    acts.accept_attachment_mark(item.pk, 1, 1, ground="G15", actor=drafter, at=AT)
    real = acts.copy_with

    def meanwhile(*args):
        made = real(*args)
        place = {"start": 0, "end": 4}
        acts.mark_attachment(item.pk, 1, [place], origin="selected", ground="G15", reason="", actor=drafter, at=AT)
        return made

    monkeypatch.setattr(acts, "copy_with", meanwhile)
    blobs = Blob.objects.count()
    refused("marks_moved_on", acts.renew_copy, item.pk, 1, actor=drafter, at=AT)
    assert (now(item).blob_id, FileCopy.objects.count(), Blob.objects.count()) == (first.blob_id, 1, blobs)


def test_all_at_once_or_nothing(desk, drafter, town):
    item = desk.draft()
    desk.attach(item, f"{PHONE}\n邮箱 zhang.san@example.com\n".encode(), "联系.txt")
    waiting = now(item).copy.redaction.marks.filter(state="proposed").count()
    refused(
        "not_your_post", acts.accept_all_marks, item.pk, 1, otherwise="G15", actor=town.actor("other_drafter"), at=AT
    )
    with pytest.raises(LookupError):
        now(item).copy.redaction.marks.filter(number=waiting).update(ground="")
        acts.accept_all_marks(item.pk, 1, otherwise="G99", actor=drafter, at=AT)
    assert now(item).copy.redaction.marks.filter(state="proposed").count() == waiting
    assert acts.accept_all_marks(item.pk, 1, otherwise="G15", actor=drafter, at=AT) == waiting


def test_nothing_changes_on_a_file_while_it_is_in_review_or_gone(desk, drafter):
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    covered(item, drafter)
    desk.submit(item)
    for act in (
        lambda: acts.accept_attachment_mark(item.pk, 1, 1, ground="G15", actor=drafter, at=AT),
        lambda: acts.remove_attachment_mark(item.pk, 1, 1, reason="公开。", actor=drafter, at=AT),
        lambda: acts.renew_copy(item.pk, 1, actor=drafter, at=AT),
    ):
        with pytest.raises(Refusal):
            act()
    other = desk.draft(title="另一件")
    refused("file_gone", acts.renew_copy, other.pk, 1, actor=drafter, at=AT)


def test_a_reason_with_a_secrecy_mark_is_not_kept(desk, drafter):
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    refused("secrecy_mark", acts.remove_attachment_mark, item.pk, 1, 1, reason="机密★10年", actor=drafter, at=AT)
    assert now(item).copy.redaction.marks.get(number=1).state == "proposed"


def test_the_confidentiality_reviewer_confirms_before_passing_and_nobody_else(desk, town, drafter):
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    covered(item, drafter)
    version = desk.submit(item)
    secrecy = town.actor("secrecy_reviewer")
    desk.opine(version, 1, "section_reviewer")
    refused("not_secrecy_step", acts.confirm_attachment, version.pk, 1, actor=secrecy, at=AT)
    desk.opine(version, 2, "compliance_reviewer")
    refusal = refused("copy_unconfirmed", desk.opine, version, 3, "secrecy_reviewer")
    assert "附件“情况说明”的副本还没有与原件核对" in refusal.refused.sentence
    refused("not_secrecy_step", acts.confirm_attachment, version.pk, 1, actor=town.actor("leader"), at=AT)
    refused("file_gone", acts.confirm_attachment, version.pk, 9, actor=secrecy, at=AT)
    assert desk.confirm(version) == 1
    assert [(c.confirmation.person_id, c.waiting) for c in copies_of(version)] == [(secrecy.person_id, False)]
    assert desk.opine(version, 3, "secrecy_reviewer") == Release.objects.get()


def test_a_file_without_anything_to_cover_needs_no_second_look(desk):
    item = desk.draft()
    desk.attach(item, "没有什么要遮盖。".encode(), "说明.txt")
    version = desk.submit(item)
    assert [c.needs_look for c in copies_of(version)] == [False]
    assert desk.confirm(version) == 0


def test_the_public_page_and_the_frozen_list_tell_how_much_is_covered(desk, drafter, client):
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    covered(item, drafter)
    release = desk.release(Item.objects.get(pk=item.pk))
    told = ["商业秘密、个人隐私等第三方合法权益", "《政府信息公开条例》第十五条", 1]
    assert release.version.files[0]["withheld"] == [told]
    number = release.item.index_number
    page = client.get(f"/items/{number}/").content.decode()
    assert "本附件已对 1 处内容作遮盖处理（商业秘密、个人隐私等第三方合法权益，《政府信息公开条例》第十五条）" in page
    assert PHONE not in page
    assert document(number, on=TODAY).files[0]["withheld"] == [told]
    served = client.get(f"/items/{number}/files/1/情况说明.txt")
    assert PHONE.encode() not in b"".join(served.streaming_content)
    assert public_file(number, 1).blob_id == now_released(release).blob_id


def now_released(release):
    return release.version.attachments.get(order=1)


def test_the_database_lets_no_file_out_that_is_not_its_copy(desk, drafter, town):
    """Bytes that are not those of the copy, written past every action."""
    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    covered(item, drafter)
    original = now(item).original
    with transaction.atomic():
        DraftAttachment.objects.filter(draft__item=item).update(blob=original)
    version = desk.submit(Item.objects.get(pk=item.pk))
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.confirm(version)
    with pytest.raises(DatabaseError), transaction.atomic():
        desk.opine(version, 3, "secrecy_reviewer")
    assert Release.objects.count() == 0


def test_an_image_of_the_text_is_named_by_its_copy(desk, drafter):
    item = desk.draft()
    image = desk.attach(item, png(), "p.png", inline=True)
    body = f'<p>字</p><p><img src="asset:{image.blob_id}"></p>'
    item.draft.refresh_from_db()
    save_draft(item.pk, {"body": body}, based_on=item.draft.revision, actor=drafter, at=AT, today=TODAY)
    place = {"page": 1, "rect": [0, 0, 1, 1]}
    acts.mark_attachment(item.pk, 1, [place], origin="drawn", ground="G15", reason="", actor=drafter, at=AT)
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    after = now(item)
    item.draft.refresh_from_db()
    assert after.blob_id != image.blob_id
    assert after.filename.startswith(after.blob_id[:16])
    assert f"asset:{after.blob_id}" in item.draft.body
    assert image.blob_id not in item.draft.body


def test_a_file_from_an_import_gets_its_first_copy_before_review(desk, drafter):
    item = desk.draft()
    with transaction.atomic():
        blob = store(LETTER, media_type="text/plain", at=AT)
    DraftAttachment.objects.create(
        draft=item.draft, blob=blob, order=1, filename="旧件.txt", title="旧件", kind="txt", text=LETTER.decode()
    )
    assert "还没有可以公开的副本" in refused("no_copy", desk.submit, item).refused.sentence
    refused("no_copy", acts.accept_attachment_mark, item.pk, 1, 1, ground="G15", actor=drafter, at=AT)
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    attached = now(item)
    assert (attached.original_id, attached.copy.number) == (blob.digest, 1)
    assert [m.code for m in attached.copy.redaction.marks.all()] == ["mobile"]
    covered(item, drafter)
    assert desk.submit(item).number == 1


def test_an_older_copy_does_not_come_back_after_a_revision_was_given_up(desk, drafter):
    """Marks belong to the original: what was decided in a revision that was dropped still asks for a new copy."""
    from gongkai.disclosure.actions.revise import discard

    item = desk.draft()
    desk.attach(item, LETTER, "情况说明.txt")
    acts.remove_attachment_mark(item.pk, 1, 1, reason="办公电话。", actor=drafter, at=AT)
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    version = desk.submit(Item.objects.get(pk=item.pk))
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.confirm(version)
    answer(version, desk)
    desk.opine(version, 3, "secrecy_reviewer")
    revise(item.pk, actor=drafter, at=AT)
    covered_again = acts.accept_attachment_mark
    covered_again(item.pk, 1, 1, ground="G15", actor=drafter, at=AT)
    acts.renew_copy(item.pk, 1, actor=drafter, at=AT)
    discard(item.pk, actor=drafter, at=AT)
    draft = revise(item.pk, actor=drafter, at=AT)
    save_draft(item.pk, {"changed_on": TODAY}, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
    refused("copy_stale", desk.submit, Item.objects.get(pk=item.pk))
    remove_attachment(item.pk, 1, actor=drafter, at=AT)
    assert FileCopy.objects.count() == 3


def answer(version, desk) -> None:
    """The confidentiality reviewer answers what the scan asks."""
    from gongkai.scanning.actions.answer import answer_finding
    from gongkai.scanning.queries import findings_of

    for row in findings_of(version.digest):
        if row.open:
            answer_finding(
                row.finding.pk, "lawful", reason="办公电话，应当公开。", subject="item:X",
                actor=desk.town.actor("secrecy_reviewer"), at=AT,
            )  # fmt: skip
