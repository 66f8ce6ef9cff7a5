"""Looks at released texts: the stored day, who may look, what is no look, and giving an item to another section."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from gongkai.agencies.actions.organs import add_section
from gongkai.agencies.actions.people import disable, end_post
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.models import Post
from gongkai.disclosure.actions.hand_over import hand_over
from gongkai.disclosure.actions.look import preview_looks, recompute_looks, still_right
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import expire_due, withdraw
from gongkai.disclosure.models import Column, Item, Look, Release
from gongkai.disclosure.queries.looks import causes_of, mine_to_look_at, to_look_at, unowned
from gongkai.law.verdicts import Refusal
from gongkai.ledger.queries import timeline
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db
#: a year after AT, when an item of no column is due
DUE = date(2027, 9, 21)
LATER = AT + timedelta(days=365)
REASON = "已与窗口核对，电话、材料都没有变化。"


def look(item, town, who="drafter", **changes):
    told = {"reason": REASON, "at": LATER} | changes
    if "read_digest" not in told:
        told["read_digest"] = Release.objects.get(item=item, standing="live").digest
    return still_right(item.pk, actor=town.actor(who), today=told["at"].date(), **told)


def refused(act, *args, **told) -> str:
    with pytest.raises(Refusal) as found:
        act(*args, **told)
    return found.value.code


def in_column(desk, kind: str, **changes):
    place = Column.objects.create(
        slug=f"k{Column.objects.count()}", name=kind, kind=kind, description="说", keywords="词"
    )
    item = desk.draft(**changes)
    Item.objects.filter(pk=item.pk).update(column=place)
    item.refresh_from_db()
    return desk.release(item).item


def test_a_release_sets_the_day_by_kind(desk):
    assert desk.release().item.next_look_on == DUE
    assert in_column(desk, "指南").next_look_on == date(2027, 3, 21)
    news = in_column(desk, "动态")
    assert (news.next_look_on, causes_of(news)) == (None, ())


def test_a_document_is_due_six_months_before_its_validity_ends(desk):
    item = desk.release(effective_from=date(2026, 9, 18), valid_until=date(2027, 5, 31)).item
    assert item.next_look_on == date(2026, 11, 30)
    assert [cause.code for cause in causes_of(item)] == ["validity", "kind"]


def test_an_office_with_its_own_months(desk, settings):
    settings.LOOK_MONTHS = {"20-11": 1}
    assert desk.release().item.next_look_on == date(2026, 10, 21)


def test_a_withdrawal_and_an_expiry_end_it(desk, town):
    one = desk.release().item
    withdraw(one.pk, "abolished", explanation="已经废止。", actor=town.actor("leader"), at=AT, today=TODAY)
    two = desk.release(valid_until=date(2026, 10, 1)).item
    assert expire_due(at=LATER, today=LATER.date()) == [two.pk]
    assert list(Item.objects.values_list("next_look_on", flat=True)) == [None, None]
    assert preview_looks() == []


@pytest.mark.parametrize("who", ["drafter", "drafter2", "section_reviewer", "compliance_reviewer"])
def test_a_look_is_kept_with_its_reason_and_sets_the_next_day(desk, town, who):
    item = desk.release().item
    made = look(item, town, who)
    item.refresh_from_db()
    assert (made.next_on, item.next_look_on) == (date(2028, 9, 21), date(2028, 9, 21))
    assert (made.by, made.reason, made.at) == (town.people[who], REASON, LATER)
    fact = timeline(f"item:{item.code}").first()
    assert (fact.kind, fact.digest) == ("item.looked_at", made.release.digest)
    assert fact.data == {"release": made.release_id, "next_on": "2028-09-21"}
    assert preview_looks() == []


@pytest.mark.parametrize("who", ["secrecy_reviewer", "leader", "supervisor", "system_admin", "other_drafter"])
def test_others_may_not_say_it(desk, town, who):
    assert refused(look, desk.release().item, town, who) == "not_your_post"
    assert Look.objects.count() == 0


@pytest.mark.parametrize(("role", "code"), [("drafter", "not_your_section"), ("section_reviewer", "not_your_section")])
def test_nor_the_people_of_another_section(desk, town, role, code):
    from gongkai.agencies.actions.people import add_person, appoint

    item = desk.release().item
    office = add_section(town.organ, "QH-MZ-ZW", "政务科", actor=SYSTEM, at=AT)
    person = add_person("T900", "测试九十", password=None, actor=SYSTEM, at=AT)
    appoint(person, office, role, starts_on=date(2026, 1, 1), actor=SYSTEM, at=AT)
    town.people[role] = person
    assert refused(look, item, town, role) == code


def test_the_machine_cannot_look(desk):
    release = desk.release()
    told = {"reason": REASON, "read_digest": release.digest, "actor": SYSTEM, "at": LATER, "today": LATER.date()}
    assert refused(still_right, release.item_id, **told) == "person_needed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"reason": "没有变化"}, "reason_short"),
        ({"reason": "机密★10年，已经核对过内容。"}, "secrecy_mark"),
        ({"read_digest": "0" * 64}, "text_changed"),
        ({"read_digest": ""}, "text_changed"),
        ({"at": LATER - timedelta(days=31)}, "nothing_to_look"),
    ],
)
def test_what_is_no_look(desk, town, changes, code):
    item = desk.release().item
    assert refused(look, item, town, **changes) == code
    item.refresh_from_db()
    assert (Look.objects.count(), item.next_look_on) == (0, DUE)


def test_thirty_days_early_is_early_enough(desk, town):
    look(desk.release().item, town, at=LATER - timedelta(days=30))
    assert Look.objects.count() == 1


def test_a_text_that_came_out_meanwhile_was_not_looked_at(desk, town):
    old = desk.release()
    item = old.item
    drafter = town.actor("drafter")
    draft = revise(item.pk, actor=drafter, at=AT)
    told = {"body": "<p>本月共救助四十户。</p>", "changed_on": date(2026, 9, 20)}
    save_draft(item.pk, told, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
    item.refresh_from_db()
    desk.release(item)
    assert refused(look, item, town, read_digest=old.digest) == "text_changed"
    assert look(item, town).release.version.number == 2


def test_what_is_not_public_has_nothing_to_look_at(desk, town):
    item = desk.release().item
    digest = Release.objects.get().digest
    withdraw(item.pk, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert refused(look, item, town, read_digest=digest) == "nothing_to_look"


def test_one_sentence_does_not_do_for_more_than_ten_items_a_day(desk, town):
    items = [desk.release(title=f"第{n}号公示").item for n in range(11)]
    for item in items[:10]:
        look(item, town)
    assert refused(look, items[10], town) == "reason_repeated"
    look(items[10], town, reason="已与第十一窗口核对过。")
    assert Look.objects.count() == 11


def test_a_look_is_never_changed_nor_removed(desk, town):
    made = look(desk.release().item, town)
    for act in (
        lambda: Look.objects.filter(pk=made.pk).update(reason="改过的理由"),
        lambda: Look.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            act()
    assert Look.objects.get().reason == REASON


def test_the_stored_day_is_rebuilt_and_compared(desk, town, settings):
    item, other = desk.release().item, desk.release(title="另一条").item
    Item.objects.filter(pk=item.pk).update(next_look_on=date(2030, 1, 1))
    assert [(c.item_id, c.old, c.new) for c in preview_looks()] == [(item.pk, date(2030, 1, 1), DUE)]
    assert recompute_looks(actor=SYSTEM, at=LATER) == 1
    assert recompute_looks(actor=SYSTEM, at=LATER) == 0
    settings.LOOK_MONTHS = {"其他": 0}
    assert recompute_looks(actor=SYSTEM, at=LATER) == 2
    assert set(Item.objects.values_list("next_look_on", flat=True)) == {None}
    assert [f.data for f in timeline("site")] == [{"items": 2}, {"items": 1}]
    assert other.code != item.code


def test_an_imported_text_counts_from_the_day_it_came_out_there(db, settings, tmp_path, monkeypatch):
    import json

    from typer.testing import CliRunner

    from gongkai.config.command import app

    settings.FILES_ROOT, settings.INDEX_ROOT = tmp_path / "files", tmp_path / "index"
    row = {
        "id": "1", "title": "青禾市旧通知", "url": "", "agency": "青禾市民政局", "date": "2019-05-06", "body": "<p>旧文。</p>",
    }  # fmt: skip
    (tmp_path / "old.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["import", "items", str(tmp_path / "old.jsonl")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert Item.objects.get().next_look_on == date(2020, 5, 6)
    assert preview_looks() == []


def test_what_is_due_for_whom(desk, town):
    item = desk.release().item
    held = [town.actor("drafter")]
    assert list(to_look_at(held, on=DUE - timedelta(days=1))) == []
    assert list(to_look_at(held, on=DUE)) == [item]
    assert list(to_look_at(held, on=DUE - timedelta(days=30), ahead=30)) == [item]
    assert list(mine_to_look_at(held, on=DUE)) == [item]
    assert list(mine_to_look_at([town.actor("compliance_reviewer")], on=DUE)) == [item]
    for who in ("leader", "supervisor"):
        assert list(to_look_at([town.actor(who)], on=DUE)) == [item]
        assert list(mine_to_look_at([town.actor(who)], on=DUE)) == []
    for who in ("other_drafter", "audit_admin"):
        assert list(to_look_at([town.actor(who)], on=DUE)) == []


def leave(town, *who: str) -> None:
    for name in who:
        post = Post.objects.get(person=town.people[name])
        end_post(post, ends_on=TODAY, actor=SYSTEM, at=AT)


def test_an_item_whose_section_has_nobody_left_is_unowned_until_it_is_handed_over(desk, town):
    item = desk.release().item
    tomorrow = TODAY + timedelta(days=1)
    leave(town, "drafter", "section_reviewer")
    assert list(unowned(on=tomorrow)) == []
    disable(town.people["drafter2"], actor=SYSTEM, at=AT)
    assert list(unowned(on=tomorrow)) == [item]
    actor = town.actor("compliance_reviewer")
    told = {"reason": "社会救助科已撤并到办公室。", "actor": actor, "at": AT, "today": tomorrow}
    hand_over(item.pk, "QH-MZ-BG", **told)
    assert list(unowned(on=tomorrow)) == []
    item.refresh_from_db()
    assert item.section.code == "QH-MZ-BG"
    fact = timeline(f"item:{item.code}").first()
    assert (fact.kind, fact.data) == (
        "item.handed_over", {"from": "QH-MZ-JZ", "to": "QH-MZ-BG", "reason": "社会救助科已撤并到办公室。"},
    )  # fmt: skip


def test_a_grant_of_drafting_to_another_organ_is_somebody(desk, town):
    from gongkai.agencies.actions.people import grant

    item = desk.release().item
    tomorrow = TODAY + timedelta(days=1)
    for name in ("drafter", "drafter2", "section_reviewer"):
        disable(town.people[name], actor=SYSTEM, at=AT)
    assert list(unowned(on=tomorrow)) == [item]
    grant(
        town.organ, town.other_organ, "drafter", starts_on=TODAY, ends_on=date(2027, 1, 1), reason="人手不足。",
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    assert list(unowned(on=tomorrow)) == []
    assert list(unowned(on=date(2027, 1, 2))) == [item]


@pytest.mark.parametrize(
    ("who", "section", "reason", "code"),
    [
        ("drafter", "QH-MZ-BG", "科室撤并，由办公室负责。", "not_your_post"),
        ("supervisor", "QH-MZ-BG", "科室撤并，由办公室负责。", "not_your_post"),
        ("leader", "QH-JY-BG", "科室撤并，由办公室负责。", "no_such_section"),
        ("leader", "没有这个科室", "科室撤并，由办公室负责。", "no_such_section"),
        ("leader", "QH-MZ-JZ", "科室撤并，由办公室负责。", "same_section"),
        ("leader", "QH-MZ-KONG", "科室撤并，由办公室负责。", "section_unstaffed"),
        ("leader", "QH-MZ-BG", " ", "reason_missing"),
        ("leader", "QH-MZ-BG", "撤并", "reason_short"),
    ],
)
def test_what_is_no_handing_over(desk, town, who, section, reason, code):
    add_section(town.organ, "QH-MZ-KONG", "空科", actor=SYSTEM, at=AT)
    item = desk.release().item
    told = {"reason": reason, "actor": town.actor(who), "at": AT, "today": TODAY}
    assert refused(hand_over, item.pk, section, **told) == code
    item.refresh_from_db()
    assert item.section.code == "QH-MZ-JZ"
