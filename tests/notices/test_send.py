"""Mail over a real connection: what the message says, and what each fault of the server leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.ledger.models import Fact
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.states import PAUSES
from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE
from tests.notices.conftest import EMAIL, SITE

pytestmark = pytest.mark.django_db

KEY = "key-of-the-one-test-that-reads-it"
DESCRIPTION = "二〇二五年某某专项资金的拨付凭证"


def stand() -> tuple[str, str, int]:
    notice = OutgoingNotice.objects.get()
    return notice.state, notice.problem, notice.attempts


def test_the_message_says_what_stands_on_the_receipt_and_no_more(town, post):
    case = town.case(DESCRIPTION, submission_key=KEY)
    town.follow()
    town.send()
    assert stand() == ("sent", "", 1)
    sender, recipients, message = post.taken[0]
    assert (sender, recipients) == ("gongkai@qinghe.example", [EMAIL])
    assert message["To"] == EMAIL
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert message["Subject"].strip() == f"政府信息公开申请 {case.number}：已收到"
    assert message["Auto-Submitted"] == "auto-generated"
    case.refresh_from_db()
    due = f"{case.due_on.year}年{case.due_on.month}月{case.due_on.day}日"
    body = message.get_content()
    lines = body.splitlines()
    assert lines[0] == f"申请编号：{case.number}"
    assert lines[1] == "办理机关：青禾市民政局"
    assert lines[2] == "办理情况：申请已经收到，答复期限开始计算。"
    assert lines[3].startswith(f"答复最迟：{due}（星期")
    assert lines[4].startswith(f"查看和办理：{SITE}/")
    whole = message.as_string() + body
    for secret in (NAME, PHONE, ADDRESS, IDENTITY, DESCRIPTION, *code_of(case)):
        assert secret not in whole


def test_the_address_is_that_of_the_tracking_page():
    from django.urls import reverse

    from gongkai.notices.wording import TRACKING

    assert reverse("portal:track") == TRACKING


def test_a_fault_of_our_own_before_anything_went_out_is_tried_again(town, post, settings):
    town.queued()
    kept, settings.FOI_DATA_KEYS = settings.FOI_DATA_KEYS, ""
    assert town.send() == "down"
    assert stand() == ("queued", "own_fault", 1)
    settings.FOI_DATA_KEYS = kept
    town.later = PAUSES[0]
    town.send()
    assert stand() == ("sent", "", 2)


def code_of(case) -> list[str]:
    """The query code of the receipt, whole and in its groups."""
    from gongkai.foi import vault

    code = vault.code_for(KEY, case.item, vault.current())
    assert vault.keyed("code", vault.code_hash(code)) == case.code_digest
    return [code, *code.split("-")]


def test_neither_queue_nor_ledger_nor_log_keeps_the_address(town, post, caplog):
    from django.core import serializers

    post.fault = "rcpt550"
    town.queued()
    with caplog.at_level("DEBUG"):
        town.send()
    kept = serializers.serialize("json", OutgoingNotice.objects.all())
    kept += serializers.serialize("json", Fact.objects.all()) + caplog.text
    for secret in (EMAIL, PHONE, NAME, ADDRESS):
        assert secret not in kept
    assert stand() == ("failed", "recipient", 1)


@pytest.mark.parametrize(
    ("fault", "state", "problem", "stops"),
    [
        ("greet421", "queued", "unreachable", True),
        ("slow_greet", "queued", "unreachable", True),
        ("mail451", "queued", "busy", True),
        ("mail553", "queued", "sender", True),
        ("drop_at_mail", "queued", "unreachable", True),
        ("rcpt451", "queued", "busy", False),
        ("rcpt550", "failed", "recipient", False),
        ("data354no", "queued", "busy", False),
        ("drop_at_data", "queued", "unreachable", True),
        ("text451", "queued", "busy", False),
        ("text554", "failed", "content", False),
        ("drop_after_text", "unclear", "lost", False),
        ("slow_text", "unclear", "lost", False),
        ("text_garbled", "unclear", "lost", False),
    ],
)
def test_each_fault_has_its_outcome(town, post, fault, state, problem, stops):
    town.queued()
    post.fault = fault
    assert (town.send() == "down") == stops
    assert stand() == (state, problem, 1)
    # The server recovers; only what certainly was not sent goes out once more, and only after its pause.
    post.fault = ""
    already = len(post.taken)
    assert town.send() is None
    town.later = PAUSES[0]
    town.send()
    assert len(post.taken) - already == (1 if state == "queued" else 0)
    assert stand()[0] == ("sent" if state == "queued" else state)


def test_a_server_that_is_not_there(town, post, settings):
    import socket

    town.queued()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]  # bound and not listening: refused
        assert town.send() == "down"
    assert stand() == ("queued", "unreachable", 1)


def test_pauses_grow_and_then_a_person_has_to_look(town, post):
    town.queued()
    post.fault = "rcpt451"
    for pause in PAUSES:
        town.send()
        notice = OutgoingNotice.objects.get()
        assert (notice.state, notice.next_at) == ("queued", town.now + pause)
        town.later += pause - timedelta(seconds=1)
        assert town.send() is None
        town.later += timedelta(seconds=1)
    town.send()
    assert stand() == ("failed", "gave_up", len(PAUSES) + 1)
    assert list(PAUSES) == sorted(PAUSES)


def test_one_connection_carries_many_messages_to_one_recipient_each(town, post):
    from gongkai.notices.actions.send import send_next
    from gongkai.notices.ways import sender

    for n in range(3):
        town.case(email=f"someone{n}@mail.example")
    town.follow()
    hand = sender("mail")
    while send_next("mail", hand, at=town.now):
        pass
    hand.close()
    assert [to for _, to, _ in post.taken] == [[f"someone{n}@mail.example"] for n in range(3)]
    assert post.connections == 1
    assert len({message["Message-ID"] for _, _, message in post.taken}) == 3


def test_a_connection_lost_between_two_messages_loses_none(town, post):
    from gongkai.notices.actions.send import send_next
    from gongkai.notices.outcomes import NotSent
    from gongkai.notices.ways import sender

    town.case()
    town.case()
    town.follow()
    hand = sender("mail")
    send_next("mail", hand, at=town.now)
    post.fault = "drop_at_mail"
    with pytest.raises(NotSent):
        send_next("mail", hand, at=town.now)
    post.fault = ""
    town.later = PAUSES[0]
    send_next("mail", hand, at=town.now)
    hand.close()
    assert sorted(OutgoingNotice.objects.values_list("state", flat=True)) == ["sent", "sent"]
    assert len(post.taken) == 2


@pytest.mark.parametrize(
    ("email", "state", "problem"),
    [
        ("", "no_address", "none_given"),
        ("not an address", "no_address", "unusable"),
        ("a@mail.example, b@mail.example", "no_address", "unusable"),
        ("a@mail.example\nBcc: b@mail.example", "no_address", "unusable"),
    ],
)
def test_without_a_usable_address_nothing_is_sent(town, post, email, state, problem):
    town.queued(email=email)
    town.send()
    assert stand() == (state, problem, 1)
    assert post.taken == []


def test_what_has_passed_meanwhile_is_not_sent(town, post):
    from gongkai.foi.actions.ask_clarification import ask_clarification
    from gongkai.foi.actions.take_clarification import take_clarification

    c, case = town.counter, town.case(email="")
    ask_clarification(case.number, on=c.day, reply_by=c.day + timedelta(days=10), items="请写明年度。", **c.who())
    town.follow()
    take_clarification(case.number, on=c.day, text="2025年度。", **c.who())
    town.send()
    town.send()
    assert list(OutgoingNotice.objects.order_by("pk").values_list("kind", "state")) == [
        ("receipt", "no_address"),
        ("clarification", "lapsed"),
    ]


def test_the_notice_of_a_clarification_names_its_last_day(town, post):
    from gongkai.foi.actions.ask_clarification import ask_clarification

    c, case = town.counter, town.case()
    secret = "请写明您家的门牌号"
    ask_clarification(case.number, on=c.day, reply_by=c.day + timedelta(days=10), items=secret, **c.who())
    town.follow()
    town.send()
    town.send()
    body = post.taken[1][2].get_content()
    assert "补正最迟：2026年3月12日（星期四）" in body.splitlines()
    assert secret not in body


def test_a_process_that_dies_while_sending_leaves_it_unclear(town, post):
    from gongkai.notices.actions.send import claim, settle, sweep

    town.queued()
    notice = claim("mail", at=town.now)
    assert claim("mail", at=town.now) is None
    town.later = timedelta(minutes=15)
    assert sweep(at=town.now) == 0
    town.later = timedelta(minutes=15, seconds=1)
    assert sweep(at=town.now) == 1
    assert stand() == ("unclear", "interrupted", 1)
    assert town.send() is None
    # It was only slow: its own outcome still counts.
    settle(notice, "sent", "", at=town.now)
    assert stand() == ("sent", "", 1)


def test_what_was_sent_is_on_record(town, post):
    case = town.queued()
    town.send()
    facts = Fact.objects.filter(kind="notice.sent").values_list("subject", "actor_code", "data")
    assert list(facts) == [(case.subject, "system", {"kind": "receipt", "way": "mail"})]


def test_an_erased_applicant_is_not_written_to(town, post):
    from gongkai.foi.models import DataKey

    case = town.queued()
    DataKey.objects.filter(pk=case.applicant.key_id).update(wrapped="", destroyed_at=town.now)
    town.send()
    assert stand() == ("lapsed", "erased", 1)
    assert post.taken == []


def test_the_round_of_the_worker_sends_all_and_stops_at_a_dead_server(town, post, monkeypatch):
    from gongkai.notices import tasks

    for _ in range(3):
        town.case()
    town.follow()
    monkeypatch.setattr(tasks.timezone, "now", lambda: town.now)
    post.fault = "greet421"
    assert tasks.send_round() == 1
    assert sorted(OutgoingNotice.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    post.fault = ""
    town.later = PAUSES[0]
    assert tasks.send_round() == 3
    assert len(post.taken) == 3
