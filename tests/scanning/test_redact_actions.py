"""Marks on a file, its copies, and the second person: what each action keeps and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from gongkai.agencies.actors import SYSTEM
from gongkai.files.copies.making import Base
from gongkai.files.sniff import KINDS
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.scanning.actions.redact import accept_mark, add_mark, confirm_copy, keep_copy, open_redaction, remove_mark
from gongkai.scanning.models import CopyConfirmation, FileCopy, Redaction, RedactionMark
from gongkai.scanning.queries import decided, needs_second_look, places_to_cover, progress, withheld
from gongkai.scanning.redacting import Looked, Made, Proposal
from gongkai.scanning.rules import scan
from tests.conftest import AT

TEXT = "联系人手机13800138000。身份证号11010519491231002X。"
PAGE = {"page": 1, "rect": [10.0, 10.0, 90.0, 20.0]}
ORGAN = "QH-MZ"


def looked(text: str = TEXT, *, hidden=()) -> Looked:
    """What reading a one-page PDF with this text would give, each finding on a rectangle of its own."""
    found = scan(text)
    proposals = tuple(
        Proposal(finding, ({"page": 1, "rect": [10.0, 40.0 * n, 90.0, 40.0 * n + 12]},))
        for n, finding in enumerate(found, start=1)
    )
    return Looked(
        kind=KINDS["pdf"], whole=text, base=Base(b"%PDF", "pdf"), pages=((200.0, 300.0),), proposals=proposals,
        hidden=tuple(hidden), secrets=(), warnings=(),
    )  # fmt: skip


def made(data: bytes = b"copy") -> Made:
    return Made(data, KINDS["pdf"], "text", (1,), (), "1 页")


@pytest.fixture
def redaction(town) -> Redaction:
    return open_redaction(looked(), subject="item:X", digest="a" * 64, at=AT)


@pytest.fixture
def drafter(town):
    return town.actor("drafter")


def by_code(redaction: Redaction) -> dict[str, RedactionMark]:
    return {mark.code: mark for mark in redaction.marks.all()}


def copied(redaction: Redaction, actor) -> FileCopy:
    return keep_copy(redaction, made(), digest="b" * 64, organ_code=ORGAN, actor=actor, at=AT)


def test_what_was_found_is_proposed_with_its_ground_and_without_its_words(redaction):
    marks = by_code(redaction)
    assert set(marks) == {"mobile", "id_card"}
    assert {mark.state for mark in marks.values()} == {"proposed"}
    assert {mark.ground for mark in marks.values()} == {"G15"}
    assert marks["id_card"].severity == "block"
    kept = " ".join(f"{m.shown} {m.title} {m.places} {m.reason}" for m in marks.values())
    assert "13800138000" not in kept
    assert "11010519491231002X" not in kept


def test_a_finding_in_a_hidden_part_alone_is_no_mark(town):
    seen = looked()
    bare = replace(seen, proposals=tuple(Proposal(p.finding, ()) for p in seen.proposals))
    assert open_redaction(bare, subject="item:X", digest="a" * 64, at=AT).marks.count() == 0


def test_accepting_and_removing_are_kept_with_who_and_why(redaction, drafter):
    marks = by_code(redaction)
    accept_mark(redaction.pk, marks["id_card"].number, ground="G15", organ_code=ORGAN, actor=drafter, at=AT)
    remove_mark(redaction.pk, marks["mobile"].number, reason="办公电话。", organ_code=ORGAN, actor=drafter, at=AT)
    told = {m.code: (m.state, m.ground, m.reason, m.by_id) for m in redaction.marks.all()}
    assert told == {
        "id_card": ("accepted", "G15", "", drafter.person_id),
        "mobile": ("removed", "", "办公电话。", drafter.person_id),
    }
    kinds = list(Fact.objects.filter(kind__startswith="redaction.").order_by("id").values_list("kind", flat=True))
    assert kinds == ["redaction.mark_accepted", "redaction.mark_removed"]
    assert places_to_cover(redaction) == marks["id_card"].places


def refused(code: str, action, *args, **more):
    with pytest.raises(Refusal) as refusal:
        action(*args, **more)
    assert refusal.value.code == code


def test_what_nobody_could_pass_cannot_be_left_open(redaction, drafter):
    number = by_code(redaction)["id_card"].number
    refused("blocked", remove_mark, redaction.pk, number, reason="已公示。", organ_code=ORGAN, actor=drafter, at=AT)
    assert by_code(redaction)["id_card"].state == "proposed"


def test_leaving_open_needs_a_reason_and_a_mark_has_to_be_there(redaction, drafter):
    number = by_code(redaction)["mobile"].number
    refused("reason_missing", remove_mark, redaction.pk, number, reason=" ", organ_code=ORGAN, actor=drafter, at=AT)
    refused("mark_gone", accept_mark, redaction.pk, 99, ground="G15", organ_code=ORGAN, actor=drafter, at=AT)
    with pytest.raises(LookupError):
        accept_mark(redaction.pk, number, ground="G99", organ_code=ORGAN, actor=drafter, at=AT)
    assert by_code(redaction)["mobile"].state == "proposed"


@pytest.mark.parametrize(
    "place",
    [
        {"page": 2, "rect": [1, 1, 5, 5]}, {"page": 0, "rect": [1, 1, 5, 5]}, {"page": 1, "rect": [5, 1, 5, 9]},
        {"page": 1, "rect": [-1, 1, 5, 5]}, {"page": 1, "rect": [1, 1, 999, 5]}, {"page": 1, "rect": [1, 1, 5]},
        {"page": 1, "rect": ["1", 1, 5, 5]}, {"page": 1}, {"page": "1", "rect": [1, 1, 5, 5]},
        {"page": 1, "rect": [1, 1, float("nan"), 5]}, {"sheet": "甲", "cell": "A1"}, {},
    ],
)  # fmt: skip
def test_a_place_off_the_pages_is_refused(redaction, drafter, place):
    more = {"origin": "drawn", "ground": "G15", "reason": "", "organ_code": ORGAN, "actor": drafter, "at": AT}
    refused("place_wrong", add_mark, redaction.pk, [PAGE, place], **more)
    refused("place_wrong", add_mark, redaction.pk, [], **more)
    assert redaction.marks.count() == 2


def test_a_drawn_place_counts_as_covered_by_whom_it_was_drawn(redaction, drafter):
    mark = add_mark(
        redaction.pk, [PAGE], origin="drawn", ground="G16a", reason="", organ_code=ORGAN, actor=drafter, at=AT
    )
    assert (mark.number, mark.state, mark.by_id, mark.ground) == (3, "accepted", drafter.person_id, "G16a")


def decide_all(redaction: Redaction, actor) -> None:
    for mark in redaction.marks.all():
        accept_mark(redaction.pk, mark.number, ground="G15", organ_code=ORGAN, actor=actor, at=AT)


def test_undecided_marks_and_a_copy_older_than_the_marks_do_not_pass(redaction, drafter):
    first = copied(redaction, drafter)
    assert decided(redaction).code == "marks_open"
    decide_all(redaction, drafter)
    assert decided(redaction).code == "copy_stale"
    assert progress(redaction, first).stale
    second = copied(redaction, drafter)
    assert bool(decided(redaction)) is True
    assert decided(redaction, first).code == "copy_stale"  # an older copy of the same file stays old
    assert [c.number for c in (first, second)] == [1, 2]
    accept_mark(redaction.pk, 1, ground="G16a", organ_code=ORGAN, actor=drafter, at=AT)
    assert decided(redaction).code == "copy_stale"  # the ground is told to the public: it goes into a new copy


def test_a_reason_that_came_after_the_copy_asks_for_a_new_one(redaction, drafter):
    marks = by_code(redaction)
    accept_mark(redaction.pk, marks["id_card"].number, ground="G15", organ_code=ORGAN, actor=drafter, at=AT)
    copied(redaction, drafter)
    remove_mark(redaction.pk, marks["mobile"].number, reason="办公电话。", organ_code=ORGAN, actor=drafter, at=AT)
    assert decided(redaction).code == "copy_stale"
    assert {m["state"] for m in copied(redaction, drafter).marks} == {"accepted", "removed"}
    assert bool(decided(redaction)) is True


def test_nobody_confirms_what_is_his_own_and_nothing_undecided_is_confirmed(redaction, town, drafter):
    other, reviewer = town.actor("drafter2"), town.actor("secrecy_reviewer")
    copy = copied(redaction, drafter)
    refused("marks_open", confirm_copy, copy.pk, organ_code=ORGAN, actor=reviewer, at=AT)
    decide_all(redaction, other)
    refused("copy_stale", confirm_copy, copy.pk, organ_code=ORGAN, actor=reviewer, at=AT)
    copy = copied(redaction, drafter)
    for own in (drafter, other):
        refused("own_copy", confirm_copy, copy.pk, organ_code=ORGAN, actor=own, at=AT)
    confirmed = confirm_copy(copy.pk, organ_code=ORGAN, actor=reviewer, at=AT)
    assert confirm_copy(copy.pk, organ_code=ORGAN, actor=town.actor("leader"), at=AT) == confirmed
    assert CopyConfirmation.objects.get().person_id == reviewer.person_id


def test_the_database_refuses_a_changed_copy_and_an_own_confirmation(redaction, drafter):
    copy = copied(redaction, drafter)
    for act in (
        lambda: FileCopy.objects.filter(pk=copy.pk).update(digest="c" * 64),
        lambda: FileCopy.objects.filter(pk=copy.pk).delete(),
        lambda: CopyConfirmation.objects.create(copy=copy, person_id=drafter.person_id, at=AT),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_what_asks_for_a_second_look_and_what_the_public_is_told(town, drafter):
    plain = open_redaction(looked("没有什么。"), subject="item:X", digest="a" * 64, at=AT)
    assert needs_second_look(copied(plain, drafter)) is False
    hidden = [{"code": "comment", "title": "批注", "count": 2, "where": {}}]
    left = open_redaction(looked("没有什么。", hidden=hidden), subject="item:X", digest="a" * 64, at=AT)
    assert needs_second_look(copied(left, drafter)) is True
    covered = open_redaction(looked(), subject="item:X", digest="a" * 64, at=AT)
    decide_all(covered, drafter)
    add_mark(
        covered.pk, [PAGE], origin="drawn", ground="G16a", reason="", organ_code=ORGAN, actor=drafter, at=AT
    )  # fmt: skip
    rows = withheld(copied(covered, drafter))
    assert [(row.ground, row.count, row.where) for row in rows] == [("G15", 2, "第 1 页"), ("G16a", 1, "第 1 页")]
    assert rows[0].article == "《政府信息公开条例》第十五条"


def test_the_system_may_make_a_copy_and_a_person_confirms_it(redaction, town):
    for mark in redaction.marks.all():
        accept_mark(redaction.pk, mark.number, ground="G15", organ_code=ORGAN, actor=SYSTEM, at=AT)
    copy = copied(redaction, SYSTEM)
    assert confirm_copy(copy.pk, organ_code=ORGAN, actor=town.actor("secrecy_reviewer"), at=AT).copy_id == copy.pk
