"""Release at a set instant: what may be set and by whom, what goes out when, and what the database refuses."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
from gongkai.disclosure.actions.recall import recall
from gongkai.disclosure.actions.release import release_version
from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.revise import discard, revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.schedule import cancel_schedule, move_schedule, release_now, schedule_release
from gongkai.disclosure.models import Item, Release, Schedule
from gongkai.disclosure.queries.schedules import alarming, approved_text, schedule_of, waiting
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.beat import beat
from gongkai.ledger.models import Fact, Heartbeat
from gongkai.ledger.queries import last_sign
from gongkai.review.queries import case_of, standing
from tests.conftest import AT, TODAY
from tests.disclosure.test_release_guard import directly

NINE = AT + timedelta(hours=23)  # 9:00 the next day
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def approve(desk, item):
    """Freeze the draft and give every opinion; what the last one returned."""
    item.refresh_from_db()
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.confirm(version)
    return version, desk.opine(version, 3, "secrecy_reviewer")


@pytest.fixture
def set_item(desk, town):
    """A draft with an instant."""
    item = desk.draft()
    schedule_release(item.pk, NINE, actor=town.actor("drafter"), at=AT)
    return item


def now(item):
    item.refresh_from_db()
    return item.work, item.public


def states(item):
    return list(Schedule.objects.filter(item=item).values_list("state", flat=True))


def kinds(item):
    return list(Fact.objects.filter(subject=f"item:{item.code}").order_by("id").values_list("kind", flat=True))


def refused(code, action, *args, **named):
    with pytest.raises(Refusal) as found:
        action(*args, **named)
    assert found.value.code == code


# -- the instant ----------------------------------------------------------------------------------


def test_an_approved_text_waits_and_goes_out_at_its_instant(desk, set_item):
    version, made = approve(desk, set_item)
    assert made is None
    assert now(set_item) == ("in_review", "hidden")
    assert set_item.index_number is None
    assert release_due(at=NINE - SECOND) == []
    assert now(set_item) == ("in_review", "hidden")
    [release] = release_due(at=NINE + SECOND)
    assert (release.version_id, release.released_at, release.basis) == (version.pk, NINE + SECOND, "review")
    assert now(set_item) == ("none", "live")
    schedule = Schedule.objects.get()
    assert (schedule.state, schedule.release, schedule.ended_at) == ("done", release, NINE + SECOND)
    assert release_due(at=NINE + HOUR) == []
    assert kinds(set_item)[-1] == "item.released"
    assert "item.scheduled" in kinds(set_item)


def test_exactly_at_the_instant_is_not_early(desk, set_item):
    approve(desk, set_item)
    assert [r.released_at for r in release_due(at=NINE)] == [NINE]


def test_a_text_approved_late_goes_out_with_the_next_look(desk, set_item):
    version = desk.submit(set_item)
    desk.opine(version, 1, "section_reviewer")
    assert release_due(at=NINE + SECOND) == []
    [late] = alarming(at=NINE + SECOND)
    assert [alarm.code for alarm in late.alarms] == ["unreviewed", "no_worker"]
    desk.opine(version, 2, "compliance_reviewer")
    assert desk.opine(version, 3, "secrecy_reviewer", at=NINE + HOUR) is None
    assert now(set_item) == ("in_review", "hidden")
    [release] = release_due(at=NINE + HOUR + SECOND)
    assert release.released_at == NINE + HOUR + SECOND


def test_a_clock_that_was_set_back_releases_later_never_earlier(desk, set_item):
    approve(desk, set_item)
    assert release_due(at=NINE - HOUR) == []
    assert [r.released_at for r in release_due(at=NINE)] == [NINE]
    assert release_due(at=NINE - HOUR) == []
    assert Release.objects.count() == 1


def test_without_an_instant_nothing_changes(desk):
    item = desk.draft()
    _, made = approve(desk, item)
    assert made is not None
    assert now(item) == ("none", "live")


def test_one_that_fails_leaves_the_others_alone(desk, town, monkeypatch, caplog):
    """The database refuses the first one; the second goes out, and the first comes again."""
    items = [desk.draft(title=title) for title in ("甲件", "乙件")]
    for item in items:
        schedule_release(item.pk, NINE, actor=town.actor("drafter"), at=AT)
        approve(desk, item)
    from gongkai.disclosure.actions import release_due as module

    real = module.release_version

    def broken(item, *args, **named):
        if item.pk == items[0].pk:
            raise DatabaseError("disk full")
        return real(item, *args, **named)

    monkeypatch.setattr(module, "release_version", broken)
    assert [r.item_id for r in release_due(at=NINE)] == [items[1].pk]
    assert "disk full" in caplog.text
    monkeypatch.undo()
    assert [r.item_id for r in release_due(at=NINE + SECOND)] == [items[0].pk]


# -- set, moved, cancelled, edited ----------------------------------------------------------------


def test_one_instant_waits_at_most(desk, town, set_item):
    refused(
        "scheduled_already", schedule_release, set_item.pk, NINE + HOUR, actor=town.actor("drafter"), at=AT
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(item=set_item, due_at=NINE, set_at=AT)


def test_who_may_set_an_instant(desk, town):
    item = desk.draft()
    for who in ("section_reviewer", "secrecy_reviewer", "other_drafter", "system_admin"):
        refused("not_your_post", schedule_release, item.pk, NINE, actor=town.actor(who), at=AT)
    for who in ("compliance_reviewer", "leader", "emergency_officer"):
        schedule_release(item.pk, NINE, actor=town.actor(who), at=AT)
        cancel_schedule(item.pk, reason="不再需要。", actor=town.actor(who), at=AT)
    assert states(item) == ["cancelled"] * 3


@pytest.mark.parametrize(
    ("instant", "code"),
    [(AT, "instant_past"), (AT + timedelta(days=400), "instant_far"), (AT + timedelta(days=60), "after_last_day")],
)
def test_instants_that_may_not_be_set(desk, town, instant, code):
    item = desk.draft()
    refused(code, schedule_release, item.pk, instant, actor=town.actor("drafter"), at=AT)
    assert states(item) == []


def test_past_the_statutory_day_with_its_reason_only(desk, town):
    item = desk.draft()
    late = AT + timedelta(days=60)
    schedule_release(item.pk, late, reason="与省局同步公布。", actor=town.actor("drafter"), at=AT)
    assert schedule_of(item).reason == "与省局同步公布。"
    assert desk.submit(item).number == 1


def test_a_day_of_formation_written_afterwards_is_held_against_the_instant(desk, town):
    item = desk.draft(formed_on=None)
    schedule_release(item.pk, AT + timedelta(days=60), actor=town.actor("drafter"), at=AT)
    save_draft(
        item.pk, {"formed_on": date(2026, 9, 18)}, based_on=item.draft.revision, actor=town.actor("drafter"), at=AT,
        today=TODAY,
    )  # fmt: skip
    item = Item.objects.get(pk=item.pk)
    refused("after_last_day", desk.submit, item)


def test_what_is_not_proactive_has_no_instant(desk, town):
    values = {"openness": "withheld", "ground": "G16a", "ground_reason": "单位食堂排班，属于后勤管理的内部安排。"}
    item = desk.draft(**values)
    refused("not_proactive", schedule_release, item.pk, NINE, actor=town.actor("drafter"), at=AT)


def test_a_text_withheld_in_the_end_gives_its_instant_up(desk, town, set_item):
    values = {"openness": "withheld", "ground": "G16a", "ground_reason": "单位食堂排班，属于后勤管理的内部安排。"}
    save_draft(
        set_item.pk, values, based_on=set_item.draft.revision, actor=town.actor("drafter"), at=AT, today=TODAY
    )  # fmt: skip
    approve(desk, Item.objects.get(pk=set_item.pk))
    assert now(set_item) == ("none", "withheld")
    assert states(set_item) == ["cancelled"]
    assert release_due(at=NINE) == []


def test_moved_later_it_goes_out_later(desk, town, set_item):
    approve(desk, set_item)
    move_schedule(set_item.pk, NINE + HOUR, reason="会议推迟。", actor=town.actor("drafter"), at=AT)
    assert release_due(at=NINE + SECOND) == []
    assert len(release_due(at=NINE + HOUR)) == 1
    assert states(set_item) == ["moved", "done"]
    assert "item.schedule_moved" in kinds(set_item)


def test_the_drafter_may_not_bring_forward_what_others_agreed_to(desk, town, set_item):
    drafter, sooner = town.actor("drafter"), NINE - HOUR
    move_schedule(set_item.pk, sooner, reason="提前。", actor=drafter, at=AT)
    version = desk.submit(set_item)
    refused("not_sooner", move_schedule, set_item.pk, sooner - HOUR, reason="提前。", actor=drafter, at=AT)
    refused("not_sooner", cancel_schedule, set_item.pk, reason="不等了。", actor=drafter, at=AT)
    move_schedule(set_item.pk, sooner - HOUR, reason="提前。", actor=town.actor("leader"), at=AT)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.opine(version, 3, "secrecy_reviewer")
    refused("not_your_post", release_now, set_item.pk, reason="不等了。", actor=drafter, at=AT)
    assert now(set_item) == ("in_review", "hidden")


def test_cancelled_in_review_the_last_opinion_releases(desk, town, set_item):
    version = desk.submit(set_item)
    cancel_schedule(set_item.pk, reason="不再需要定时。", actor=town.actor("leader"), at=AT)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    assert desk.opine(version, 3, "secrecy_reviewer") is not None


def test_cancelled_after_approval_it_is_held_back(desk, town, set_item):
    first, _ = approve(desk, set_item)
    cancel_schedule(set_item.pk, reason="内容要改。", actor=town.actor("drafter"), at=AT)
    assert now(set_item) == ("drafting", "hidden")
    assert release_due(at=NINE + HOUR) == []
    assert kinds(set_item)[-2:] == ["item.schedule_cancelled", "item.recalled"]
    second, made = approve(desk, set_item)
    assert second.number == first.number + 1
    assert made is not None


def test_released_now_by_an_officer(desk, town, set_item):
    refused("not_approved", release_now, set_item.pk, reason="提前。", actor=town.actor("leader"), at=AT)
    approve(desk, set_item)
    release = release_now(set_item.pk, reason="提前公布。", actor=town.actor("leader"), at=AT + HOUR)
    assert release.released_at == AT + HOUR
    assert states(set_item) == ["moved", "done"]
    assert release_due(at=NINE) == []


def test_edited_the_instant_stays_and_the_new_text_needs_its_own_review(desk, town, set_item):
    first, _ = approve(desk, set_item)
    recall(set_item.pk, actor=town.actor("drafter"), at=AT)
    assert now(set_item) == ("drafting", "hidden")
    assert release_due(at=NINE) == []
    set_item.refresh_from_db()
    second = desk.submit(Item.objects.get(pk=set_item.pk))
    assert release_due(at=NINE + SECOND) == []  # the first text was approved, the second was not
    desk.opine(second, 1, "section_reviewer")
    desk.opine(second, 2, "compliance_reviewer")
    desk.opine(second, 3, "secrecy_reviewer")
    assert [r.version_id for r in release_due(at=NINE + HOUR)] == [second.pk]
    assert not Release.objects.filter(version=first).exists()


def test_a_reason_is_asked_for_and_bears_no_secrecy_mark(desk, town, set_item):
    drafter = town.actor("drafter")
    for action, more in ((move_schedule, (NINE + HOUR,)), (cancel_schedule, ()), (release_now, ())):
        refused("reason_missing", action, set_item.pk, *more, reason=" ", actor=drafter, at=AT)
        refused("reason_long", action, set_item.pk, *more, reason="理" * 141, actor=drafter, at=AT)
        refused("secrecy_mark", action, set_item.pk, *more, reason="机密★5年", actor=drafter, at=AT)
    refused("same_instant", move_schedule, set_item.pk, NINE, reason="改期。", actor=drafter, at=AT)


def test_there_must_be_something_that_waits(desk, town):
    item = desk.draft()
    leader = town.actor("leader")
    refused("not_scheduled", cancel_schedule, item.pk, reason="取消。", actor=leader, at=AT)
    refused("not_scheduled", move_schedule, item.pk, NINE, reason="改期。", actor=leader, at=AT)
    desk.release(item)
    refused("cannot_schedule", schedule_release, item.pk, NINE, actor=leader, at=AT)


def test_a_revision_given_up_gives_its_instant_up(desk, town):
    drafter, item = town.actor("drafter"), desk.draft()
    desk.release(item)
    revise(item.pk, actor=drafter, at=AT)
    schedule_release(item.pk, NINE, actor=drafter, at=AT)
    discard(item.pk, actor=drafter, at=AT)
    assert states(item) == ["cancelled"]
    assert now(item) == ("none", "live")


def test_a_revision_replaces_the_released_text_at_its_instant(desk, town):
    drafter, item = town.actor("drafter"), desk.draft()
    first = desk.release(item)
    draft = revise(item.pk, actor=drafter, at=AT)
    save_draft(
        item.pk, {"title": "新的标题", "changed_on": TODAY}, based_on=draft.revision, actor=drafter, at=AT, today=TODAY
    )  # fmt: skip
    schedule_release(item.pk, NINE, actor=drafter, at=AT)
    approve(desk, Item.objects.get(pk=item.pk))
    assert Release.objects.get(item=item, standing="live").pk == first.pk
    [second] = release_due(at=NINE)
    assert Release.objects.get(item=item, standing="live").pk == second.pk


def test_an_emergency_does_not_wait_and_says_so(desk, town, set_item):
    officer = town.actor("emergency_officer")
    version = desk.submit(set_item)
    declare_emergency(version.pk, reason="山洪。", read_digest=version.digest, actor=officer, at=AT)
    desk.opine(version, 3, "secrecy_reviewer")
    release = release_in_emergency(version.pk, read_digest=version.digest, actor=officer, at=AT + HOUR)
    assert release.released_at == AT + HOUR
    assert states(set_item) == ["cancelled"]
    assert "item.schedule_cancelled" in kinds(set_item)
    refused("released_already", schedule_release, set_item.pk, NINE, actor=officer, at=AT)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    assert now(set_item) == ("none", "live")
    assert release_due(at=NINE + HOUR) == []


# -- alarms ---------------------------------------------------------------------------------------


def codes(at):
    return [[alarm.code for alarm in row.alarms] for row in alarming(at=at)]


def test_alarms_of_a_text_that_waits(desk, set_item):
    assert codes(AT) == [["no_worker"]]
    beat("a:1", at=AT)
    assert codes(AT + timedelta(seconds=45)) == []
    assert codes(AT + timedelta(seconds=46)) == [["no_worker"]]
    beat("a:1", at=NINE)
    assert codes(NINE - SECOND) == []
    assert codes(NINE) == [["unreviewed"]]
    approve(desk, set_item)
    assert codes(NINE + timedelta(seconds=45)) == []
    beat("a:1", at=NINE + timedelta(seconds=61))
    assert codes(NINE + timedelta(seconds=61)) == [["late"]]
    assert codes(NINE + HOUR) == [["late", "no_worker"]]
    release_due(at=NINE + HOUR)
    assert codes(NINE + HOUR) == []
    assert waiting(at=NINE + HOUR) == []


def test_alarms_are_those_of_the_organs_asked_for(town, set_item):
    assert len(alarming(at=AT, organs={town.organ.pk})) == 1
    assert alarming(at=AT, organs={town.other_organ.pk}) == []
    assert alarming(at=AT, organs=set()) == []


def test_a_sign_left_by_a_clock_that_ran_ahead_does_not_hide_a_live_worker(db):
    beat("a:1", at=AT + HOUR)
    beat("b:2", at=AT)
    assert last_sign(by=AT + SECOND) == AT


def test_silent_workers_are_forgotten_after_a_week(db):
    beat("a:1", at=AT)
    beat("b:2", at=AT + timedelta(days=6))
    assert Heartbeat.objects.count() == 2
    beat("c:3", at=AT + timedelta(days=8))
    assert set(Heartbeat.objects.values_list("worker", flat=True)) == {"b:2", "c:3"}


# -- the database itself --------------------------------------------------------------------------


def test_the_action_refuses_a_release_before_the_instant(desk, set_item):
    version, _ = approve(desk, set_item)
    set_item.refresh_from_db()
    with pytest.raises(Refusal) as found, transaction.atomic():
        release_version(
            set_item, version, standing(case_of("disclosure.version", version.pk)), basis="review",
            actor=desk.town.actor("leader"), at=NINE - SECOND,
        )  # fmt: skip
    assert found.value.code == "too_early"


def test_the_database_refuses_a_release_before_the_instant(desk, set_item):
    version, _ = approve(desk, set_item)
    Item.objects.filter(pk=set_item.pk).update(index_number="900000002/2026-00001")
    for early in (SECOND, timedelta(microseconds=1), HOUR):
        with pytest.raises(DatabaseError, match="before the instant"):
            directly(set_item, version, released_at=NINE - early)
    assert Release.objects.count() == 0
    assert directly(set_item, version, released_at=NINE).released_at == NINE


@pytest.mark.parametrize(
    "changes",
    [
        {"due_at": NINE - HOUR},
        {"due_at": NINE + HOUR},
        {"set_at": NINE},
        {"state": "done", "ended_at": NINE},
        {"state": "waiting", "reason": "别的"},
    ],
)
def test_the_database_refuses_to_change_an_instant_that_waits(set_item, changes):
    with pytest.raises(DatabaseError), transaction.atomic():
        Schedule.objects.filter(item=set_item).update(**changes)


def test_the_database_refuses_done_without_its_own_release(desk, town, set_item):
    other = desk.release(desk.draft(title="别的"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Schedule.objects.filter(item=set_item).update(state="done", ended_at=NINE, release=other)


def test_an_instant_that_ended_never_changes_and_none_is_removed(town, set_item):
    with pytest.raises(DatabaseError), transaction.atomic():
        Schedule.objects.filter(item=set_item).delete()
    cancel_schedule(set_item.pk, reason="取消。", actor=town.actor("drafter"), at=AT)
    for changes in ({"state": "waiting", "ended_at": None}, {"reason": "别的"}, {"state": "moved"}, {"due_at": AT}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Schedule.objects.filter(item=set_item).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        Schedule.objects.create(item=set_item, due_at=NINE, set_at=AT, state="cancelled", ended_at=AT)


def test_what_is_approved_waits_only_where_an_instant_does(desk, set_item):
    approve(desk, set_item)
    set_item.refresh_from_db()
    version, case = approved_text(set_item)
    assert (version.number, case.state) == (1, "approved")
