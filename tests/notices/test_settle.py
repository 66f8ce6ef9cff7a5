"""What a person may decide about a notice, and what the database refuses whoever writes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.notices.actions.settle import drop, retry, take_as_sent
from gongkai.notices.models import OutgoingNotice

pytestmark = pytest.mark.django_db


@pytest.fixture
def unclear(town, post):
    """A notice whose text the server read and never answered."""
    town.queued()
    post.fault = "drop_after_text"
    town.send()
    post.fault = ""
    return OutgoingNotice.objects.get()


def test_unclear_is_sent_again_only_by_decision(town, post, unclear):
    assert unclear.state == "unclear"
    assert town.send() is None
    who = town.counter.who()
    retry(unclear.pk, actor=who["actor"], at=town.now)
    town.send()
    assert OutgoingNotice.objects.get().state == "sent"
    assert len({message["Message-ID"] for _, _, message in post.taken}) == 1  # the reader's program sees it is the same
    assert len(post.taken) == 2
    fact = Fact.objects.get(kind="notice.retried")
    assert (fact.actor_code, fact.data) == ("F001", {"kind": "receipt", "way": "mail", "state": "queued"})


def test_unclear_may_be_taken_as_sent_or_dropped(town, unclear):
    actor = town.counter.who()["actor"]
    take_as_sent(unclear.pk, actor=actor, at=town.now)
    with pytest.raises(Refusal, match="已发出"):
        drop(unclear.pk, actor=actor, at=town.now)
    with pytest.raises(Refusal, match="已发出"):
        retry(unclear.pk, actor=actor, at=town.now)
    assert OutgoingNotice.objects.get().state == "sent"


def test_a_dropped_notice_is_not_sent(town, post):
    town.queued()
    drop(OutgoingNotice.objects.get().pk, actor=town.counter.who()["actor"], at=town.now)
    assert town.send() is None
    assert (OutgoingNotice.objects.get().state, post.taken) == ("dropped", [])


def test_only_the_officer_of_the_organ_decides(town, unclear):
    for role in ("drafter", "foi_head", "other_drafter"):
        with pytest.raises(Refusal, match="没有为本机关办理申请的岗位"):
            retry(unclear.pk, actor=town.counter.town.actor(role), at=town.now)
    assert OutgoingNotice.objects.get().state == "unclear"


@pytest.mark.parametrize(
    "change",
    [{"state": "queued"}, {"state": "sending"}, {"state": "failed"}, {"kind": "fee"}, {"way": "sms"}, {"position": 9}],
)
def test_the_database_keeps_what_was_sent(town, post, change):
    town.queued()
    town.send()
    with pytest.raises(DatabaseError, match="notices:"), transaction.atomic():
        OutgoingNotice.objects.update(**change)


def test_the_database_lets_only_what_is_queued_be_sent(town, unclear):
    with pytest.raises(DatabaseError, match="notices:"), transaction.atomic():
        OutgoingNotice.objects.update(state="sending")
    with pytest.raises(DatabaseError, match="notices:"), transaction.atomic():
        OutgoingNotice.objects.filter(pk=unclear.pk).delete()


def run(*words: str):
    return CliRunner().invoke(app, ["notices", *words])


def test_the_command_shows_and_retries(town, post, unclear):
    shown = run("status")
    assert shown.exit_code == 0
    assert f"{unclear.pk:>6}  {unclear.request.number}  已收到  电子邮件  不清楚是否发出" in shown.output
    assert "短信（没有启用）：没有通知" in shown.output
    assert run("retry", str(unclear.pk)).exit_code == 0
    assert OutgoingNotice.objects.get().state == "queued"
    unknown = run("retry", "999999")
    assert (unknown.exit_code, "没有编号为 999999 的通知" in unknown.output) == (2, True)


def test_the_status_as_json_names_no_address(town, post, unclear):
    import json

    told = json.loads(run("status", "--json").output)
    assert told["ways"] == ["mail"]
    assert told["counts"] == [{"way": "mail", "state": "unclear", "count": 1}]
    assert told["trouble"][0]["case"] == unclear.request.number
    assert "@" not in json.dumps(told)


def test_check_tells_what_is_missing(town, post, unclear, settings):
    from gongkai.config.checkup import problems

    said = " ".join(p.sentence for p in problems())
    assert "有 1 条给申请人的通知要人处理" in said
    settings.DEFAULT_FROM_EMAIL = ""
    settings.SITE = settings.SITE | {"base_url": ""}
    said = " ".join(p.sentence for p in problems())
    assert "请设置 MAIL_FROM" in said
    assert "请设置 SITE_BASE_URL" in said
    settings.EMAIL_HOST = ""
    assert "没有设置发信服务器 MAIL_HOST" in " ".join(p.sentence for p in problems())
