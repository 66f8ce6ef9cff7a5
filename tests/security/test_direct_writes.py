"""Somebody with the database in hand, past every action: what the triggers and constraints still refuse."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.disclosure.models import Item, Release, Version, VersionAttachment
from gongkai.review.models import Case, CaseStep, Opinion
from gongkai.review.queries import case_of
from gongkai.scanning.models import Scan, ScanFinding
from tests.conftest import AT, TODAY

WITH_NUMBER = "<p>申请人张某，身份证号码：11010519491231002X，住文渊街道。</p>"


def refused(act, *args, **values) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act(*args, **values)


def directly(item, version, **changes):
    values = {
        "version": version, "item": item, "digest": version.digest, "basis": "review",
        "case": case_of("disclosure.version", version.pk), "released_at": AT, "organ": item.organ, "year": 2026,
    } | changes  # fmt: skip
    return Release.objects.create(**values)


@pytest.fixture
def blocked(desk, town):
    """A text with a whole ID number, and every opinion given past the action that would have refused the last."""
    item = desk.draft(body=WITH_NUMBER)
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    case = case_of("disclosure.version", version.pk)
    Opinion.objects.create(
        case=case, step=case.steps.get(order=3), person=town.people["secrecy_reviewer"], verdict="approve",
        digest=version.digest, round=1, at=AT, post_code="x",
    )  # fmt: skip
    refused(directly, item, version)
    return item, version


def test_a_newer_empty_scan_does_not_wash_a_blocked_text(blocked):
    item, version = blocked
    try:
        with transaction.atomic():
            Scan.objects.create(digest=version.digest, rules_version="forged", at=AT)
    except DatabaseError:
        pass
    refused(directly, item, version)
    assert not Release.objects.filter(item=item).exists()


def test_a_scan_is_not_moved_to_another_text(blocked):
    item, version = blocked
    scan = Scan.objects.get(digest=version.digest)
    refused(Scan.objects.filter(pk=scan.pk).update, digest="0" * 64)
    refused(Scan.objects.filter(pk=scan.pk).update, rules_version="forged")
    assert Scan.objects.get(pk=scan.pk).digest == version.digest


def test_scans_are_not_removed(blocked):
    _, version = blocked
    refused(lambda: _sql("DELETE FROM scanning_scan WHERE digest = %s", version.digest))


def test_findings_are_not_removed_weakened_or_moved(blocked):
    _, version = blocked
    rows = ScanFinding.objects.filter(scan__digest=version.digest)
    other = Scan.objects.create(digest="1" * 64, rules_version="x", at=AT)
    refused(rows.delete)
    refused(rows.update, severity="note")
    refused(rows.update, scan=other)
    refused(lambda: _sql("DELETE FROM scanning_scanfinding"))
    if connection.vendor == "sqlite":
        refused(
            lambda: _sql(
                "INSERT OR REPLACE INTO scanning_scanfinding SELECT id, number, code, family, 'note', title, place, "
                'start, "end", more, shown, article, sentence, scan_id FROM scanning_scanfinding LIMIT 1'
            )
        )


def _sql(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_no_attachment_under_a_reviewed_or_released_version(desk, town):
    from gongkai.files.actions.store import store

    version = desk.submit(desk.draft(title="甲"))
    released = desk.release(desk.draft(title="乙")).version
    with transaction.atomic():
        blob = store(b"slipped in", media_type="text/plain", at=AT)
    for there in (version, released):
        refused(
            VersionAttachment.objects.create, version=there, blob=blob, order=9, filename="x.txt", title="x", kind="txt"
        )


def test_no_attachment_is_moved_or_exchanged(desk, town):
    item = desk.draft()
    desk.attach(item)
    item.draft.refresh_from_db()
    version = desk.submit(item)
    row = VersionAttachment.objects.get(version=version)
    for change in ({"filename": "b.txt"}, {"order": 7}, {"text": ""}, {"inline": True}):
        refused(VersionAttachment.objects.filter(pk=row.pk).update, **change)
    refused(VersionAttachment.objects.filter(pk=row.pk).delete)


def test_a_second_live_release_of_an_item_is_refused(desk, town):
    release = desk.release()
    item = Item.objects.get(pk=release.item_id)
    refused(directly, item, release.version)
    refused(directly, item, release.version, standing="live", case=release.case)


def test_an_item_does_not_go_public_without_a_release(desk):
    """What counts for the public is the release: an item that only calls itself live shows nowhere."""
    from django.test import Client

    item = desk.draft(title="自称已发布的名册")
    try:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).update(public="live", index_number="900000002/2026-09999")
    except DatabaseError:
        return
    for address in ("/", "/open/latest/", "/items/900000002/2026-09999/", "/sitemap.xml", "/feed/", "/open/"):
        assert "自称已发布的名册" not in Client().get(address).content.decode(), address


def test_an_index_number_is_not_changed_nor_taken_by_another(desk):
    release = desk.release()
    refused(Item.objects.filter(pk=release.item_id).update, index_number="900000002/2026-77777")
    refused(Item.objects.filter(pk=release.item_id).update, index_number=None)
    other = desk.draft(title="乙")
    number = Item.objects.get(pk=release.item_id).index_number
    refused(Item.objects.filter(pk=other.pk).update, index_number=number)


@pytest.mark.parametrize("state", ["returned", "refused", "recalled", "approved"])
def test_no_opinion_for_a_closed_case(desk, town, state):
    version = desk.submit(desk.draft())
    case = case_of("disclosure.version", version.pk)
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=AT)
    refused(
        Opinion.objects.create, case=case, step=case.steps.get(order=1), person=town.people["section_reviewer"],
        verdict="approve", digest=version.digest, round=1, at=AT, post_code="x",
    )  # fmt: skip


@pytest.mark.parametrize("state", ["returned", "refused", "recalled"])
def test_a_closed_case_is_not_opened_again(desk, state):
    version = desk.submit(desk.draft())
    case = case_of("disclosure.version", version.pk)
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=AT)
    refused(Case.objects.filter(pk=case.pk).update, state="open")
    refused(Case.objects.filter(pk=case.pk).update, state="approved")


def test_a_refused_case_releases_nothing_even_with_every_approval(desk, town):
    """Approved at every step, refused at the last by a second thought: the row of approvals must not be enough."""
    item = desk.draft()
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.opine(version, 3, "secrecy_reviewer", "refuse", reason="涉及工作秘密。")
    case = case_of("disclosure.version", version.pk)
    try:
        with transaction.atomic():
            Opinion.objects.create(
                case=case, step=case.steps.get(order=3), person=town.people["secrecy_reviewer2"], verdict="approve",
                digest=version.digest, round=case.round, at=AT, post_code="x",
            )  # fmt: skip
    except DatabaseError:
        pass
    refused(directly, item, version)


def test_a_case_keeps_its_text_organ_author_and_steps(desk, town):
    version = desk.submit(desk.draft())
    rows = Case.objects.filter(subject_key=version.pk)
    case = rows.get()
    for change in (
        {"organ": town.other_organ}, {"author": town.people["drafter2"]}, {"digest": "0" * 64}, {"subject_key": 99},
        {"subject_kind": "x"}, {"round": 0}, {"section": town.other_section},
    ):  # fmt: skip
        refused(rows.update, **change)
    refused(CaseStep.objects.filter(case=case).update, quorum=0)
    refused(CaseStep.objects.filter(case=case, code="secrecy").update, code="x")
    refused(CaseStep.objects.filter(case=case).update, role="drafter")
    refused(lambda: _sql("DELETE FROM review_casestep WHERE case_id = %s", case.pk))
    refused(lambda: _sql("DELETE FROM review_case WHERE id = %s", case.pk))


def test_a_case_made_to_measure_releases_nothing(desk, town):
    """A new version, a clean scan, and a case of one step that nobody has to approve."""
    released = desk.release()
    item = Item.objects.get(pk=released.item_id)
    old = released.version
    values = {f.attname: getattr(old, f.attname) for f in Version._meta.concrete_fields if f.name != "id"}
    forged = Version.objects.create(**values | {"number": 2, "digest": "2" * 64, "body": "<p>伪造</p>"})
    Scan.objects.create(digest=forged.digest, rules_version="x", at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        case = Case.objects.create(
            subject_kind="disclosure.version", subject_key=forged.pk, digest=forged.digest, organ=item.organ,
            author=town.people["drafter2"], opened_at=AT,
        )  # fmt: skip
        CaseStep.objects.create(
            case=case, order=1, code="secrecy", title="x", role="secrecy_reviewer", scope="organ", quorum=0
        )
        Release.objects.filter(item=item).update(standing="replaced", listed=False)
        directly(item, forged, case=case)


@pytest.mark.parametrize(
    "change",
    [
        {"listed": True},
        {"withdrawn_as": ""},
        {"withdrawn_as": "expired"},
        {"standing": "live"},
        {"listed": True, "withdrawn_as": ""},
    ],
)
def test_a_text_withdrawn_in_error_is_not_made_readable_again(desk, town, change):
    from gongkai.disclosure.actions.withdraw import withdraw

    release = desk.release()
    withdraw(release.item_id, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    refused(Release.objects.filter(pk=release.pk).update, **change)


def test_a_replaced_release_is_not_listed_again(desk, town):
    from datetime import date

    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft

    first = desk.release(title="第一版")
    item = Item.objects.get(pk=first.item_id)
    draft = revise(item.pk, actor=town.actor("drafter"), at=AT)
    save_draft(
        item.pk, {"title": "第二版", "changed_on": date(2026, 9, 20)}, based_on=draft.revision,
        actor=town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    desk.release(Item.objects.get(pk=item.pk))
    refused(Release.objects.filter(pk=first.pk).update, listed=True)
    refused(Release.objects.filter(pk=first.pk).update, standing="withdrawn")


@pytest.mark.parametrize("change", [{"organ": "other"}, {"source_url": "https://evil.example/"}, {"year": 1999}])
def test_what_a_release_says_of_itself_is_fixed(desk, town, change):
    release = desk.release()
    if change.get("organ"):
        change = {"organ": town.other_organ}
    refused(Release.objects.filter(pk=release.pk).update, **change)


def test_a_finished_import_batch_is_not_opened_again(desk):
    from gongkai.disclosure.models import ImportBatch

    batch = ImportBatch.objects.create(
        source_name="x", source_digest="x", fresh=True, begun_at=AT, finished_at=AT
    )  # fmt: skip
    item = desk.draft()
    version = desk.submit(item)
    refused(
        lambda: (
            ImportBatch.objects.filter(pk=batch.pk).update(finished_at=None),
            directly(item, version, basis="import", case=None, batch=batch),
        )
    )


def test_no_import_batch_calls_itself_fresh_in_a_house_in_use(desk):
    """`fresh` frees a batch of its two administrators; once anything was released it must not be claimed."""
    from gongkai.disclosure.models import ImportBatch

    desk.release(title="甲")
    item = desk.draft(title="乙")
    version = desk.submit(item)

    def forge() -> None:
        batch = ImportBatch.objects.create(source_name="x", source_digest="x", fresh=True, begun_at=AT)
        directly(item, version, basis="import", case=None, batch=batch)

    refused(forge)


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/html;charset=utf-8,", "image/png"])
def test_a_stored_file_that_is_renamed_a_web_page_still_runs_nothing(desk, town, kind):
    """The type of stored bytes rewritten in the table: handed over as a download, or boxed so that nothing runs."""
    from django.test import Client

    from gongkai.files.models import Blob

    item = desk.draft()
    desk.attach(item, b"text <script>hit(1)</script>")
    desk.release(Item.objects.get(pk=item.pk))
    try:
        with transaction.atomic():
            Blob.objects.update(media_type=kind)
    except DatabaseError:
        pass
    response = Client().get("/items/900000002/2026-00001/files/1/a.txt")
    assert response.status_code == 200
    response.close()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("attachment") or kind == "image/png"
