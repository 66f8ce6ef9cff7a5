"""The whole journey through HTTP: draft from a Word file → three reviews by three people → public → withdrawn."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.document import document
from gongkai.ledger.queries import timeline
from tests.desk.conftest import draft_form, png, sentences, word_file

TITLE = "青禾市2026年8月临时救助情况公示"


def test_from_a_word_file_to_the_public_and_down_again(at, town):
    drafter = at("drafter")
    made = drafter.post("new", section=town.section.pk, title="临时救助公示", heading="20-11", entry="")
    item = Item.objects.get()
    assert made.url == f"/desk/items/{item.code}/edit/"

    data = word_file(TITLE, "本月共救助三十二户。", "青禾市民政局", "2026年9月18日", image=png())
    upload = SimpleUploadedFile("救助公示.docx", data)
    answer = drafter.post("upload", item.code, file=upload, based_on=1, follow=True)
    item.draft.refresh_from_db()
    assert "本月共救助三十二户。" in item.draft.body
    assert "<table>" in item.draft.body
    assert 'src="asset:' in item.draft.body
    image = item.draft.attachments.get(inline=True)
    shown = sentences(answer)
    assert f"/desk/items/{item.code}/images/{image.blob_id}" in shown
    assert "从正文中看出" in shown
    assert item.draft.title == "临时救助公示"  # offered, never forced
    loaded = drafter.get("image", item.code, image.blob_id)
    # What is shown is the copy: the same points, written anew.
    with Image.open(io.BytesIO(b"".join(loaded.streaming_content))) as copy, Image.open(io.BytesIO(png())) as handed_in:
        assert (copy.format, copy.convert("RGB").tobytes()) == ("PNG", handed_in.convert("RGB").tobytes())

    for name in ("title", "formed_on"):
        assert drafter.post("guess", item.code, take=name).status_code == 302
    item.draft.refresh_from_db()
    assert (item.draft.title, item.draft.formed_on.isoformat()) == (TITLE, "2026-09-18")

    saved = drafter.post("edit", item.code, **draft_form(item, keywords="临时救助 公示", submit="1"))
    assert saved.url == f"/desk/items/{item.code}/submit/"
    check = drafter.get("submit", item.code)
    assert "送审后文本、元数据和附件冻结" in sentences(check)
    item.draft.refresh_from_db()
    assert drafter.post("submit", item.code, based_on=item.draft.revision).status_code == 302
    version = Version.objects.get()
    assert version.keywords == "临时救助 公示"

    for order, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer"), start=1):
        browser = at(who)
        page = sentences(browser.get("review", item.code))
        assert version.digest in page
        assert f"/desk/items/{item.code}/review/{order}/" in page
        assert Release.objects.count() == 0
        answer = browser.post(
            "opine", item.code, order, verdict="approve", digest=version.digest, reason="", follow=True
        )
    assert "意见齐全，系统已发布，索引号 900000002/2026-00001" in sentences(answer)
    released = document("900000002/2026-00001", on=town_today())
    assert (released.title, released.version_number) == (TITLE, 1)

    leader = at("leader")
    assert "公众页面只剩一句撤下说明" in sentences(leader.get("withdraw", item.code))
    down = leader.post("withdraw", item.code, reason="error", explanation="户数有误。", follow=True)
    assert "已撤下（发布有误）" in sentences(down)
    assert document("900000002/2026-00001", on=town_today()).notice_only is True
    assert "item.withdrawn" in [fact.kind for fact in timeline(f"item:{item.code}")]
    assert "撤下：发布有误" in sentences(drafter.get("item", item.code))


def town_today():
    from tests.conftest import TODAY

    return TODAY


def test_a_returned_text_becomes_a_new_version_and_only_that_one_goes_out(at, desk):
    item = desk.draft()
    first = desk.submit(item)
    reviewer = at("section_reviewer")
    back = reviewer.post(
        "opine", item.code, 1, verdict="return", return_to="0", reason="户数不对。", digest=first.digest
    )
    assert back.url == f"/desk/items/{item.code}/"
    drafter = at("drafter")
    drafter.post("edit", item.code, **draft_form(item, body="<p>本月共救助三十三户。</p>"))
    item.draft.refresh_from_db()
    drafter.post("submit", item.code, based_on=item.draft.revision)
    second = item.versions.get(number=2)

    page = sentences(at("section_reviewer").get("review", item.code))
    assert "与第 1 版的差异（1 处）" in page
    assert "<del>三十二户</del><ins>三十三户</ins>" in page or "<ins>" in page
    assert "户数不对。" in page
    for order, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer"), start=1):
        at(who).post("opine", item.code, order, verdict="approve", digest=second.digest)
    assert [r.version.number for r in Release.objects.all()] == [2]


def test_withheld_information_comes_back_for_assessment(at, desk):
    item = desk.draft(openness="withheld", ground="G16b", ground_reason="讨论稿，尚未形成决定。", no_rule_requires=True)
    version = desk.submit(item)
    assert "过程性信息" in sentences(at("section_reviewer").get("review", item.code))
    for order, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer"), start=1):
        answer = at(who).post("opine", item.code, order, verdict="approve", digest=version.digest, follow=True)
    assert "决定不主动公开" in sentences(answer)
    item.refresh_from_db()
    assert (item.public, Release.objects.count()) == ("withheld", 0)
    before = item.next_assessment_on
    compliance = at("compliance_reviewer")
    assert "定期评估审查" in sentences(compliance.get("reassess", item.code))
    compliance.post("reassess", item.code, outcome="open", reason="决定已经作出。")
    item.refresh_from_db()
    assert item.next_assessment_on < before


def test_emergency_release_needs_the_secrecy_review_of_this_text(at, desk):
    item = desk.draft()
    version = desk.submit(item)
    officer = at("emergency_officer")
    officer.post("emergency", item.code, digest=version.digest, reason="山洪预警，须立即告知。", declare="1")
    early = officer.post("emergency", item.code, digest=version.digest, release="1")
    assert early.status_code == 409
    assert "还没有经过保密审查" in sentences(early)
    at("secrecy_reviewer").post("opine", item.code, 3, verdict="approve", digest=version.digest)
    officer.post("emergency", item.code, digest=version.digest, release="1")
    assert Release.objects.get().basis == "emergency"
    assert "应急发布，其余意见待补" in sentences(at("leader").get("todo"))
    at("section_reviewer").post("opine", item.code, 1, verdict="approve", digest=version.digest)
    at("compliance_reviewer").post("opine", item.code, 2, verdict="approve", digest=version.digest)
    assert "应急发布，其余意见待补" not in sentences(at("leader").get("todo"))


def test_revision_leaves_the_public_text_alone_until_it_is_released(at, desk):
    release = desk.release()
    item = release.item
    drafter = at("drafter")
    assert drafter.post("revise", item.code).url == f"/desk/items/{item.code}/edit/"
    drafter.post("edit", item.code, **draft_form(item, body="<p>新的文字。</p>", changed_on="2026-09-20"))
    assert document(item.index_number, on=town_today()).version_number == 1
    assert drafter.post("discard", item.code).status_code == 302
    item.refresh_from_db()
    assert (item.work, item.public) == ("none", "live")
