"""No release without every opinion on the digest: not through actions, not by writing to the database."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.disclosure.actions.opine import opine
from gongkai.disclosure.actions.release import release_version
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.document import document
from gongkai.law.verdicts import Refusal
from gongkai.review.models import Case, Opinion
from gongkai.review.queries import case_of, standing
from tests.conftest import AT, TODAY


def directly(item, version, **changes):
    """Write a release row as somebody with the database in hand would."""
    values = {
        "version": version, "item": item, "digest": version.digest, "basis": "review",
        "case": case_of("disclosure.version", version.pk), "released_at": AT, "organ": item.organ, "year": 2026,
    } | changes  # fmt: skip
    with transaction.atomic():
        return Release.objects.create(**values)


def approve(desk, version, *steps):
    who = {1: "section_reviewer", 2: "compliance_reviewer", 3: "secrecy_reviewer"}
    for step in steps:
        desk.opine(version, step, who[step])


@pytest.mark.parametrize("given", [(), (1,), (1, 2)])
def test_database_refuses_a_release_while_opinions_are_missing(desk, given):
    item = desk.draft()
    version = desk.submit(item)
    approve(desk, version, *given)
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(item, version)
    assert Release.objects.count() == 0


def test_database_refuses_a_release_with_another_versions_case(desk, town):
    done = desk.draft(title="甲件")
    first = desk.release(done)
    other = desk.draft(title="乙件")
    version = desk.submit(other)
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(other, version, case=first.case)
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(other, version, digest=first.digest, case=first.case)


def test_database_refuses_an_import_release_without_an_open_batch(desk):
    item = desk.draft()
    version = desk.submit(item)
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(item, version, basis="import", case=None)


def test_database_refuses_an_emergency_release_without_secrecy_review(desk):
    item = desk.draft()
    version = desk.submit(item)
    approve(desk, version, 1, 2)
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(item, version, basis="emergency")


def test_database_refuses_the_authors_opinion_and_one_person_twice(desk, town):
    version = desk.submit(desk.draft())
    case = case_of("disclosure.version", version.pk)
    steps = {s.order: s for s in case.steps.all()}
    common = {"case": case, "verdict": "approve", "digest": version.digest, "round": 1, "at": AT, "post_code": "x"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.create(step=steps[1], person=town.people["drafter"], **common)
    Opinion.objects.create(step=steps[1], person=town.people["section_reviewer"], **common)
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.create(step=steps[2], person=town.people["section_reviewer"], **(common | {"round": 2}))
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.create(
            step=steps[2], person=town.people["compliance_reviewer"], **(common | {"digest": "0" * 64})
        )


def test_a_text_with_a_blocked_finding_cannot_be_released(desk, town):
    item = desk.draft(body="<p>申请人张某，身份证号码：11010519491231002X，住文渊街道。</p>")
    version = desk.submit(item)
    approve(desk, version, 1, 2)
    with pytest.raises(Refusal) as refused:
        approve(desk, version, 3)
    assert refused.value.code == "findings_open"
    case = case_of("disclosure.version", version.pk)
    Opinion.objects.create(
        case=case, step=case.steps.get(order=3), person=town.people["secrecy_reviewer"], verdict="approve",
        digest=version.digest, round=1, at=AT, post_code="x",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="every opinion"):
        directly(item, version)


@pytest.mark.parametrize("column", ["title", "body", "digest", "openness"])
def test_a_frozen_version_cannot_be_changed(desk, column):
    version = desk.submit(desk.draft())
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**{column: "x"})
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosure_version WHERE id = %s", [version.pk])


def test_insert_or_replace_over_a_version_is_refused(desk):
    version = desk.submit(desk.draft())
    if connection.vendor != "sqlite":
        sql = "INSERT INTO disclosure_version SELECT * FROM disclosure_version WHERE id = %s"
    else:
        sql = "INSERT OR REPLACE INTO disclosure_version SELECT * FROM disclosure_version WHERE id = %s"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [version.pk])


def test_the_instant_of_publication_is_written_by_nobody(desk):
    release = desk.release()
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(released_at=AT.replace(year=2025))
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).delete()


def test_a_withdrawn_release_cannot_be_made_live_again(desk, town):
    from gongkai.disclosure.actions.withdraw import withdraw

    release = desk.release()
    withdraw(
        release.item_id, "abolished", explanation="已被新办法代替。", actor=town.actor("leader"), at=AT, today=TODAY
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(standing="live")


def test_an_edit_after_review_never_goes_out(desk, town):
    """The released words are those reviewed, while the next text waits for its own three opinions."""
    release = desk.release(body="<p>第一版文字。</p>")
    item = Item.objects.get(pk=release.item_id)
    draft = revise(item.pk, actor=town.actor("drafter"), at=AT)
    save_draft(
        item.pk, {"body": "<p>第二版文字。</p>", "changed_on": date(2026, 9, 20)}, based_on=draft.revision,
        actor=town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    assert document(item.index_number, on=TODAY).values["body"] == "<p>第一版文字。</p>"
    item.refresh_from_db()
    version = desk.submit(item)
    approve(desk, version, 1, 2)
    assert document(item.index_number, on=TODAY).values["body"] == "<p>第一版文字。</p>"
    approve(desk, version, 3)
    assert document(item.index_number, on=TODAY).values["body"] == "<p>第二版文字。</p>"
    assert [r.standing for r in Release.objects.filter(item=item).order_by("pk")] == ["replaced", "live"]
    item.refresh_from_db()
    assert item.index_number == "900000002/2026-00001"


def test_the_draft_cannot_be_edited_while_it_is_in_review(desk, town):
    item = desk.draft()
    version = desk.submit(item)
    approve(desk, version, 1)
    with pytest.raises(Refusal) as refused:
        save_draft(
            item.pk, {"body": "<p>换掉。</p>"}, based_on=item.draft.revision, actor=town.actor("drafter"), at=AT,
            today=TODAY,
        )  # fmt: skip
    assert refused.value.code == "cannot_edit"


def test_release_action_asks_the_law_again(desk, town):
    """Even called from inside, past the opinion action, an incomplete case is refused."""
    from gongkai.agencies.actors import SYSTEM

    item = desk.draft()
    version = desk.submit(item)
    approve(desk, version, 1, 2)
    now = standing(Case.objects.get(subject_key=version.pk))
    with pytest.raises(Refusal) as refused, transaction.atomic():
        item.refresh_from_db()
        release_version(item, version, now, basis="review", actor=SYSTEM, at=AT)
    assert refused.value.code == "opinion_missing"


@pytest.mark.parametrize(
    ("step", "who", "code"),
    [
        (1, "drafter", "not_your_step"),
        (1, "secrecy_reviewer", "not_your_step"),
        (1, "system_admin", "not_your_step"),
        (1, "security_admin", "not_your_step"),
        (1, "leader", "not_your_step"),
        (1, "supervisor", "not_your_step"),
        (3, "other_secrecy", "not_your_step"),
        (2, "compliance_reviewer", "not_this_step"),
    ],
)
def test_who_may_not_give_an_opinion(desk, step, who, code):
    version = desk.submit(desk.draft())
    with pytest.raises(Refusal) as refused:
        desk.opine(version, step, who)
    assert refused.value.code == code


def test_nobody_reviews_their_own_text_whatever_posts_they_hold(desk, town):
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.queries import capacities

    author = town.people["drafter"]
    for role in ("section_reviewer", "compliance_reviewer", "secrecy_reviewer"):
        appoint(author, town.section, role, starts_on=date(2020, 1, 1), actor=SYSTEM, at=AT)
    version = desk.submit(desk.draft())
    held = {a.role: a for a in capacities(author, TODAY)}
    for order, role in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        with pytest.raises(Refusal) as refused:
            opine(version.pk, order, "approve", read_digest=version.digest, actor=held[role], at=AT, today=TODAY)
        assert refused.value.code == "own_text"


def test_one_person_never_speaks_at_two_steps(desk, town):
    from gongkai.agencies.actions.people import appoint
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.queries import capacities

    both = town.people["section_reviewer"]
    appoint(both, town.section, "compliance_reviewer", starts_on=date(2020, 1, 1), actor=SYSTEM, at=AT)
    version = desk.submit(desk.draft())
    approve(desk, version, 1)
    held = {a.role: a for a in capacities(both, TODAY)}
    with pytest.raises(Refusal) as refused:
        opine(
            version.pk, 2, "approve", read_digest=version.digest, actor=held["compliance_reviewer"], at=AT, today=TODAY
        )
    assert refused.value.code == "one_person_one_step"


def test_stale_and_double_opinions_change_nothing(desk):
    version = desk.submit(desk.draft())
    with pytest.raises(Refusal) as refused:
        desk.opine(version, 1, "section_reviewer", read_digest="0" * 64)
    assert refused.value.code == "stale_text"
    approve(desk, version, 1)
    with pytest.raises(Refusal) as refused:
        approve(desk, version, 1)
    assert refused.value.code == "already_given"
    assert Opinion.objects.count() == 1


def test_return_to_an_earlier_step_voids_the_opinions_from_there(desk):
    version = desk.submit(desk.draft())
    approve(desk, version, 1, 2)
    desk.opine(version, 3, "secrecy_reviewer", "return", reason="请再核对公开期限。", return_to=2)
    with pytest.raises(Refusal) as refused:
        approve(desk, version, 3)
    assert refused.value.code == "not_this_step"
    approve(desk, version, 2)
    approve(desk, version, 3)
    assert Release.objects.filter(standing="live").count() == 1


def test_emergency_release_needs_secrecy_review_of_this_digest_and_stands_out(desk, town):
    from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
    from gongkai.disclosure.queries.desk import outstanding_emergencies

    item = desk.draft(title="关于暂停西河大桥通行的通告")
    version = desk.submit(item)
    officer = town.actor("emergency_officer")
    act = {"read_digest": version.digest, "actor": officer, "at": AT}
    with pytest.raises(Refusal) as refused:
        release_in_emergency(version.pk, **act)
    assert refused.value.code == "not_declared"
    declare_emergency(version.pk, reason="西河水位超过警戒线，大桥须立即封闭。", **act)
    with pytest.raises(Refusal) as refused:
        release_in_emergency(version.pk, **act)
    assert refused.value.code == "secrecy_missing"
    desk.opine(version, 3, "secrecy_reviewer")
    release = release_in_emergency(version.pk, **act)
    assert (release.basis, [r.pk for r in outstanding_emergencies([officer])]) == ("emergency", [release.pk])
    desk.opine(version, 1, "section_reviewer")
    assert [r.pk for r in outstanding_emergencies([officer])] == [release.pk]
    desk.opine(version, 2, "compliance_reviewer")
    item.refresh_from_db()
    assert (list(outstanding_emergencies([officer])), item.work, item.public) == ([], "none", "live")
    assert Release.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "compliance_reviewer", "secrecy_reviewer", "drafter", "system_admin"])
def test_emergency_is_for_one_named_role(desk, town, who):
    from gongkai.disclosure.actions.emergency import declare_emergency

    version = desk.submit(desk.draft())
    with pytest.raises(Refusal) as refused:
        declare_emergency(version.pk, reason="急。", read_digest=version.digest, actor=town.actor(who), at=AT)
    assert refused.value.code == "not_your_post"


def test_a_new_round_after_return_to_drafting_is_a_new_version(desk, town):
    item = desk.draft()
    first = desk.submit(item)
    desk.opine(first, 1, "section_reviewer", "return", reason="公示期不足。", return_to=0)
    item.refresh_from_db()
    assert item.work == "returned"
    second = desk.submit(item)
    assert (second.number, second.digest != first.digest) == (2, True)
    with pytest.raises(Refusal) as refused:
        desk.opine(first, 1, "section_reviewer")
    assert refused.value.code == "case_closed"
