"""定时发布 at the desk: the screen, who may do what on it, and where the instant and its alarms are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.submit import submit as freeze
from gongkai.disclosure.models import Item, Release, Schedule
from gongkai.ledger.actions.beat import beat


@pytest.fixture
def at(town):
    def seat(who):
        client = Client()
        client.force_login(town.people[who])
        return client

    return seat


@pytest.fixture
def item(desk, town):
    """A draft whose last day is still to come: the desk reads the real clock."""
    item = desk.draft(formed_on=None)
    now = timezone.localtime()
    values = {"formed_on": now.date() - timedelta(days=1)}
    save_draft(item.pk, values, based_on=item.draft.revision, actor=town.actor("drafter"), at=now, today=now.date())
    return Item.objects.get(pk=item.pk)


def submit(town, item):
    now = timezone.localtime()
    item = Item.objects.get(pk=item.pk)
    return freeze(
        item.pk, based_on=item.draft.revision, actor=town.actor("drafter"), at=now, today=now.date()
    )  # fmt: skip


def address(item):
    return reverse("desk:schedule", args=[item.code])


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def send(client, item, verb, **values):
    return client.post(address(item), {"verb": verb} | {f"{verb}-{name}": value for name, value in values.items()})


def text(response):
    return response.content.decode()


def instant():
    return timezone.localtime(Schedule.objects.get(state="waiting").due_at)


def approve(desk, item):
    now = timezone.localtime()
    version = submit(desk.town, item)
    desk.opine(version, 1, "section_reviewer", at=now)
    desk.opine(version, 2, "compliance_reviewer", at=now)
    desk.opine(version, 3, "secrecy_reviewer", at=now)


def test_a_drafter_sets_moves_and_cancels(at, item):
    client = at("drafter")
    page = text(client.get(address(item)))
    assert "《政府信息公开条例》第十七条、第二十六条" in page
    assert "公开期限的最后一日" in page
    answer = send(client, item, "set", day=tomorrow().isoformat(), clock="9:05")
    assert answer.status_code == 302
    assert (instant().date(), instant().hour, instant().minute) == (tomorrow(), 9, 5)
    seen = text(client.get(answer.url))
    assert "定时发布：" in seen
    assert "9:05" in seen
    assert send(client, item, "move", day=tomorrow().isoformat(), clock="14:30", reason="会议推迟。").status_code == 302
    assert (instant().hour, instant().minute) == (14, 30)
    assert "以前定过的时间" in text(client.get(address(item)))
    assert send(client, item, "cancel", reason="不再需要。").status_code == 302
    assert list(Schedule.objects.values_list("state", flat=True)) == ["moved", "cancelled"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": "2026-01-01", "clock": "9:00"}, "已经过去"),
        ({"day": "", "clock": "9:00"}, "请填写日期"),
        ({"day": "2026-13-01", "clock": "9:00"}, "日期不对"),
        ({"day": "2099-01-01", "clock": "9:00"}, "请核对年份"),
        ({"day": "2026-12-01", "clock": "25:00"}, "时间不对"),
        ({"day": "2026-12-01", "clock": ""}, "请填写时间"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(at, item, values, words):
    answer = send(at("drafter"), item, "set", **values)
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{values["clock"]}"' in text(answer) or not values["clock"]
    assert Schedule.objects.count() == 0


def test_past_the_statutory_day_it_asks_for_the_reason(at, item):
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    answer = send(at("drafter"), item, "set", day=day, clock="9:00")
    assert answer.status_code == 422
    assert "晚于公开期限的最后一日" in text(answer)
    assert send(at("drafter"), item, "set", day=day, clock="9:00", reason="与省局同步公布。").status_code == 302
    assert "这个时间晚于公开期限的最后一日" in text(at("drafter").get(reverse("desk:item", args=[item.code])))


def test_an_approved_text_waits_visibly_and_an_officer_may_release_it_now(at, desk, item):
    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    approve(desk, item)
    page = text(at("drafter").get(reverse("desk:item", args=[item.code])))
    assert "审查已经通过，到时间由系统发布" in page
    assert "等待定时发布" in text(at("drafter").get(reverse("desk:todo")))
    assert "现在发布" not in text(at("drafter").get(address(item)))
    assert send(at("drafter"), item, "now", reason="不等了。").status_code == 422
    assert Release.objects.count() == 0
    assert "现在发布" in text(at("leader").get(address(item)))
    assert send(at("leader"), item, "now", reason="提前公布。").status_code == 302
    assert Release.objects.count() == 1


def test_reviewers_see_the_instant_and_what_their_approval_leads_to(at, desk, item):
    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    version = submit(desk.town, item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    page = text(at("secrecy_reviewer").get(reverse("desk:review", args=[item.code])))
    assert "定时发布：" in page
    assert "在此之前公众看不到" in page
    answer = at("secrecy_reviewer").post(
        reverse("desk:opine", args=[item.code, 3]), {"verdict": "approve", "digest": version.digest}, follow=True
    )
    assert "意见齐全。由系统在" in text(answer)
    assert Release.objects.count() == 0


def test_outsiders_and_reviewers_without_the_post_are_sent_away(at, item):
    assert at("other_drafter").get(address(item)).status_code == 404
    assert at("system_admin").get(address(item)).status_code == 404
    for who in ("section_reviewer", "secrecy_reviewer"):
        assert at(who).get(address(item)).status_code == 302
        assert send(at(who), item, "set", day=tomorrow().isoformat(), clock="9:00").status_code == 302
    assert Schedule.objects.count() == 0


def test_a_verb_that_is_none_does_nothing(at, item):
    assert at("drafter").post(address(item), {"verb": "drop"}).status_code == 200
    assert at("drafter").post(address(item), {}).status_code == 200
    assert Schedule.objects.count() == 0


def test_alarms_stand_on_top_of_the_list_until_the_worker_lives(at, item):
    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    todo = reverse("desk:todo")
    assert "1 条信息等待定时发布，到时间不会发布" in text(at("drafter").get(todo))
    assert "后台任务没有运行，1 条定时发布的信息" in text(at("system_admin").get(todo))
    assert item.working_title not in text(at("system_admin").get(todo))
    assert "后台任务没有运行" not in text(at("other_drafter").get(todo))
    beat("host:1", at=timezone.now())
    assert "后台任务没有运行" not in text(at("drafter").get(todo))
    assert "后台任务没有运行" not in text(at("system_admin").get(todo))


def test_gongkai_check_tells_it(item, at):
    from gongkai.config.checkup import problems

    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    [told] = [p for p in problems() if "定于" in p.sentence]
    assert told.serious
    assert told.sentence.startswith("后台任务没有运行：市民政局定于")
    assert item.working_title not in told.sentence
    beat("host:1", at=timezone.now())
    assert [p for p in problems() if "定于" in p.sentence] == []


def test_the_emergency_screen_warns_of_the_instant(at, desk, item):
    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    submit(desk.town, item)
    assert "定时随之取消" in text(at("emergency_officer").get(reverse("desk:emergency", args=[item.code])))


def test_after_the_release_the_screen_leads_to_the_item(at, desk, item):
    send(at("drafter"), item, "set", day=tomorrow().isoformat(), clock="9:00")
    approve(desk, item)
    assert len(release_due(at=instant())) == 1
    assert at("drafter").get(address(item)).status_code == 302
