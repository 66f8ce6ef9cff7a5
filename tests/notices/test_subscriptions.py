"""Subscriptions by mail over a real connection: asked, confirmed, told once a day, left; and what no address may meet."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction

from gongkai.foi.models import DataKey
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.notices.actions.end_subscription import end_of, forget, leave
from gongkai.notices.actions.plan_digests import plan_digests
from gongkai.notices.actions.send import send_next
from gongkai.notices.actions.subscribe import ask, confirm
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.outcomes import NotSent
from gongkai.notices.queries import confirmed_subscriptions, in_trouble
from gongkai.notices.subscribing import ASKED_DAYS, KEEP_DAYS, MOST_LINES, PER_ADDRESS, PER_NETWORK
from gongkai.notices.ways import sender
from tests.api.conftest import Office
from tests.conftest import AT, build_town
from tests.notices.conftest import SITE

pytestmark = pytest.mark.django_db

ADDRESS = "Li.Ceshi@mail.example"


@dataclass
class Reader:
    """Somebody outside with a mail box, and the worker of the installation, step by step."""

    office: Office
    post: Any
    now: datetime = AT

    def ask(self, address: str = ADDRESS, network: str = "203.0.113.7", **choices: list[str]) -> None:
        ask(address, choices, network=network, at=self.now)

    def send(self) -> list[str]:
        """Everything that is due; the states of what was tried."""
        hand, found = sender("mail"), []
        try:
            while notice := send_next("mail", hand, at=self.now):
                found.append(notice.state)
        except NotSent:
            found.append("down")
        finally:
            hand.close()
        return found

    def token(self) -> str:
        """The one in the newest mail."""
        return re.findall(r"/subscribe/(?:confirm|leave)/([\w-]+)/", self.post.taken[-1][2].get_content())[-1]

    def subscribed(self, address: str = ADDRESS, **choices: list[str]) -> str:
        self.ask(address, **choices)
        assert self.send() == ["sent"]
        token = self.token()
        assert confirm(token, at=self.now) is not None
        return token

    def tomorrow(self) -> list[str]:
        """The morning after: plan and send; the states."""
        self.now = (self.now + timedelta(days=1)).replace(hour=8, minute=0)
        plan_digests(at=self.now)
        return self.send()

    def body(self, number: int = -1) -> str:
        return self.post.taken[number][2].get_content()


@pytest.fixture
def town(db, settings, tmp_path):
    """The town that publishes, not the office that handles requests."""
    settings.FILES_ROOT, settings.INDEX_ROOT = tmp_path / "files", tmp_path / "index"
    return build_town()


@pytest.fixture
def office(desk, town):
    return Office(desk, town)


@pytest.fixture
def reader(office, post):
    return Reader(office, post)


# ---- asking and confirming -------------------------------------------------------------------------------------------


def test_the_question_says_what_it_is_and_nothing_else_goes_out_before_the_answer(reader):
    reader.ask()
    assert reader.send() == ["sent"]
    _, recipients, message = reader.post.taken[0]
    assert recipients == [ADDRESS]
    assert message["To"] == ADDRESS
    assert message["List-Unsubscribe"] is None
    assert f"{SITE}/subscribe/confirm/" in reader.body()
    reader.office.item("青禾市低保标准")
    for _ in range(3):
        assert reader.tomorrow() == []
    assert confirmed_subscriptions() == 0
    assert len(reader.post.taken) == 1


def test_the_database_lets_no_digest_through_to_whoever_did_not_confirm(reader):
    reader.ask()
    asked = Subscription.objects.get()
    told = {"kind": "digest", "way": "mail", "position": 1, "state": "queued", "queued_at": AT, "next_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingNotice.objects.create(subscription=asked, **told)
    for change in ({"state": "confirmed", "confirmed_at": AT}, {"confirmed_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            values = {"token_digest": "x", "sealed": b"", "asked_at": AT}
            Subscription.objects.create(key=None, **values, **change)
    confirm_and_end(reader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(state="asked")


def confirm_and_end(reader):
    reader.send()
    confirm(reader.token(), at=AT)
    leave(reader.token(), at=AT)


def test_a_digest_planned_for_one_that_has_left_is_not_sent_even_if_it_is_claimed(reader):
    token = reader.subscribed()
    reader.office.item("青禾市低保标准")
    reader.now += timedelta(days=1)
    plan_digests(at=reader.now)
    leave(token, at=reader.now)
    OutgoingNotice.objects.filter(kind="digest").update(state="queued", next_at=reader.now)
    assert reader.send() == ["lapsed"]
    assert len(reader.post.taken) == 1


def test_confirmed_twice_it_is_one(reader):
    reader.ask()
    reader.send()
    token = reader.token()
    assert confirm(token, at=AT).state == confirm(token, at=AT).state == "confirmed"
    assert confirmed_subscriptions() == 1


def test_the_link_holds_seven_days(reader):
    reader.ask()
    reader.send()
    token = reader.token()
    assert confirm(token, at=AT + ASKED_DAYS) is None
    assert confirm(token, at=AT + ASKED_DAYS - timedelta(seconds=1)) is not None


def test_the_question_itself_lapses(reader):
    reader.ask()
    reader.now += ASKED_DAYS
    assert reader.send() == ["lapsed"]
    assert reader.post.taken == []


def test_what_nobody_confirmed_is_erased(reader):
    reader.ask()
    assert forget(at=AT + ASKED_DAYS - timedelta(seconds=1)) == 0
    assert forget(at=AT + ASKED_DAYS) == 1
    row = Subscription.objects.get()
    assert (row.state, row.ended_as, bytes(row.sealed), row.address_digest, row.choices) == (
        "ended", "lapsed", b"", "", {},
    )  # fmt: skip
    assert DataKey.objects.count() == 0
    assert reader.send() == []
    forget(at=AT + ASKED_DAYS + KEEP_DAYS)
    assert Subscription.objects.count() == OutgoingNotice.objects.count() == 0


def test_a_new_confirmation_takes_the_place_of_the_former_one_and_loses_no_change(reader):
    first = reader.subscribed(theme=["民政"])
    reader.office.item("青禾市低保标准", theme="民政")
    second = reader.subscribed(address=" li.ceshi@MAIL.example ")
    assert first != second
    assert confirmed_subscriptions() == 1
    assert list(Subscription.objects.order_by("pk").values_list("state", "ended_as")) == [
        ("ended", "replaced"), ("confirmed", ""),
    ]  # fmt: skip
    assert reader.tomorrow() == ["sent"]
    assert "青禾市低保标准" in reader.body()
    assert confirm(first, at=AT) is None


def test_no_token_is_stored_and_each_has_128_random_bits(reader):
    token = reader.subscribed()
    assert len(token) == 22  # base64 of 16 bytes
    kept = serializers.serialize("json", [*Subscription.objects.all(), *OutgoingNotice.objects.all()])
    assert token not in kept
    assert confirm(token[:-1], at=AT) is None
    assert not leave("x" * 22, at=AT)


# ---- limits ----------------------------------------------------------------------------------------------------------


def test_one_address_is_asked_a_few_times_a_day_and_then_no_more_and_nobody_is_told(reader):
    for _ in range(PER_ADDRESS + 5):
        reader.ask()
    assert reader.send() == ["sent"] * PER_ADDRESS
    reader.ask("other@mail.example")
    assert reader.send() == ["sent"]
    reader.now += timedelta(days=1)
    reader.ask()
    assert reader.send() == ["sent"]


def test_a_network_that_asks_for_too_many_is_told_to_wait_and_others_are_not(reader):
    for n in range(PER_NETWORK):
        reader.ask(f"r{n}@mail.example")
    with pytest.raises(Refusal) as refused:
        reader.ask("one-more@mail.example")
    assert refused.value.code == "too_many"
    reader.ask("other@mail.example", network="198.51.100.4")
    reader.now += timedelta(minutes=15)
    reader.ask("one-more@mail.example")
    assert Subscription.objects.count() == PER_NETWORK + 2


def test_without_a_mail_server_nothing_is_taken(reader, settings):
    settings.EMAIL_HOST = ""
    with pytest.raises(Refusal) as refused:
        reader.ask()
    assert refused.value.code == "mail_off"
    assert Subscription.objects.count() == 0


# ---- the digest ------------------------------------------------------------------------------------------------------


def test_a_digest_names_what_changed_with_title_organ_day_and_address_and_no_text(reader):
    new, edited = reader.office.item("旧标题", summary="旧概述"), reader.office.item("青禾市办法")
    over = reader.office.item("青禾市老办法")
    gone = reader.office.item("滨河路名单", theme="民政", summary="名单概述")
    token = reader.subscribed()
    first = reader.office.item("青禾市低保标准", body="<p>每人每月八百元。</p>", summary="调整低保。")
    reader.office.edit(edited, title="青禾市办法（修订）")
    reader.office.withdraw(over, "abolished", basis="新规")
    reader.office.withdraw(gone)
    reader.office.item("当天发当天改")
    assert reader.tomorrow() == ["sent"]
    _, recipients, message = reader.post.taken[-1]
    body = reader.body()
    assert recipients == [ADDRESS]
    assert message["Subject"].endswith("5 条更新")
    groups = dict(re.findall(r"【(\w+)】\r?\n((?:(?!\r?\n\r?\n).)*)", body, re.DOTALL))
    assert list(groups) == ["新发布", "有更新", "不再有效", "已撤下"]
    assert "1. 青禾市低保标准" in groups["新发布"]
    assert "市民政局　2026年9月21日发布" in groups["新发布"]
    assert f"{SITE}/items/{first.index_number}/" in groups["新发布"]
    assert "青禾市办法（修订）" in groups["有更新"]
    assert "青禾市老办法" in groups["不再有效"]
    assert "废止" in groups["不再有效"]
    assert f"{SITE}/items/{gone.index_number}/" in groups["已撤下"]
    for word in ("滨河路", "名单概述", "八百元", "调整低保", new.working_title):
        assert word not in body
    # RFC 8058: one click in the mail program, and the same link for people.
    assert message["List-Unsubscribe"].strip() == f"<{SITE}/subscribe/leave/{token}/>"
    assert message["List-Unsubscribe-Post"].strip() == "List-Unsubscribe=One-Click"
    assert f"退订：{SITE}/subscribe/leave/{token}/" in body


def test_each_change_is_told_once_and_a_day_without_change_has_no_mail(reader):
    reader.subscribed()
    reader.office.item("第一件")
    assert reader.tomorrow() == ["sent"]
    assert plan_digests(at=reader.now) == 0
    assert reader.tomorrow() == []
    reader.office.item("第二件")
    assert reader.tomorrow() == ["sent"]
    assert ("第一件" in reader.body(), "第二件" in reader.body()) == (False, True)


def test_nothing_goes_out_before_eight(reader):
    reader.subscribed()
    reader.office.item("第一件")
    early = (AT + timedelta(days=1)).replace(hour=7, minute=59, second=59)
    assert plan_digests(at=early) == 0
    assert plan_digests(at=early + timedelta(seconds=1)) == 1


def test_only_what_was_chosen(reader):
    office = reader.office
    reader.subscribed("theme@mail.example", theme=["民政", "教育"])
    reader.subscribed("narrow@mail.example", theme=["民政"], agency=["QH-JY"])
    reader.subscribed("heading@mail.example", heading=["20-01"])
    reader.subscribed("all@mail.example")
    office.item("民政一件", theme="民政")
    office.item("交通一件", theme="交通")
    assert reader.tomorrow() == ["sent", "sent"]
    told = {to[0]: message.get_content() for _, to, message in reader.post.taken[-2:]}
    assert set(told) == {"theme@mail.example", "all@mail.example"}
    assert ("民政一件" in told["theme@mail.example"], "交通一件" in told["theme@mail.example"]) == (True, False)
    assert "交通一件" in told["all@mail.example"]


def test_what_is_taken_down_between_planning_and_sending_is_not_in_the_mail(reader):
    reader.subscribed()
    gone, kept = reader.office.item("滨河路名单"), reader.office.item("青禾市低保标准")
    reader.now += timedelta(days=1)
    plan_digests(at=reader.now)
    reader.office.withdraw(gone)
    assert reader.send() == ["sent"]
    assert ("滨河路" in reader.body(), "青禾市低保标准" in reader.body()) == (False, True)
    assert gone.index_number not in reader.body()
    # The next one says so, without a word of it.
    assert reader.tomorrow() == ["sent"]
    assert f"{SITE}/items/{gone.index_number}/" in reader.body()
    assert "滨河路" not in reader.body()
    assert kept.index_number not in reader.body()


def test_if_nothing_is_left_to_say_no_mail_goes_out(reader):
    reader.subscribed()
    gone = reader.office.item("滨河路名单")
    reader.now += timedelta(days=1)
    plan_digests(at=reader.now)
    reader.office.withdraw(gone)
    assert reader.send() == ["lapsed"]


def test_what_came_before_is_not_told_nor_the_history_of_a_former_site(reader):
    from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch, take_in
    from gongkai.disclosure.queries.changes import changes_after
    from tests.disclosure.test_import_items import GOOD

    reader.subscribed()
    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    taken = take_in(batch, [examine_line(1, GOOD, today=AT.date())], at=AT)
    finish_batch(batch, rejected=0, at=AT)
    assert taken.released == 1
    reader.office.seal()
    assert [c.kind for c in changes_after(0, limit=9)] == ["released"]
    assert reader.tomorrow() == []
    reader.office.item("以前的")
    reader.subscribed("later@mail.example")
    assert reader.tomorrow() == ["sent"]
    assert reader.post.taken[-1][1] == [ADDRESS]


def test_a_long_digest_says_how_many_are_left_out(reader, monkeypatch):
    from gongkai.notices import mailings

    monkeypatch.setattr(mailings, "MOST_LINES", 2)
    assert MOST_LINES > 2
    reader.subscribed()
    for n in range(5):
        reader.office.item(f"第{n}件")
    assert reader.tomorrow() == ["sent"]
    assert "还有 3 条没有列出" in reader.body()
    assert ("第4件" in reader.body(), "第0件" in reader.body()) == (True, False)


def test_applicants_come_first(reader):
    reader.subscribed("first@mail.example")
    reader.office.item("青禾市公告")
    reader.now += timedelta(days=1)
    plan_digests(at=reader.now)
    reader.now += timedelta(minutes=1)
    reader.ask("second@mail.example")
    reader.send()
    assert [to for _, to, _ in reader.post.taken[-2:]] == [["second@mail.example"], ["first@mail.example"]]


# ---- leaving, bounces, what is kept ----------------------------------------------------------------------------------


def test_leaving_erases_the_address_and_all_it_had_asked_for(reader):
    token = reader.subscribed()
    reader.ask(theme=["民政"])
    reader.office.item("青禾市公告")
    reader.now += timedelta(days=1)
    plan_digests(at=reader.now)
    before = [bytes(row.sealed) for row in Subscription.objects.all()]
    assert all(before)
    assert leave(token, at=reader.now)
    assert not leave(token, at=reader.now)
    for row in Subscription.objects.all():
        assert (row.state, row.ended_as, bytes(row.sealed), row.key_id, row.address_digest) == (
            "ended", "left", b"", None, "",
        )  # fmt: skip
    assert DataKey.objects.count() == 0
    assert reader.send() == []
    forget(at=reader.now + KEEP_DAYS)
    assert Subscription.objects.count() == OutgoingNotice.objects.count() == 0


def test_an_address_is_taken_out_by_hand(reader):
    reader.subscribed()
    assert end_of("nobody@mail.example", at=AT) == 0
    assert end_of(ADDRESS.upper(), at=AT) == 1
    assert confirmed_subscriptions() == 0


def test_no_fact_and_no_plain_column_and_no_log_holds_the_address(reader, caplog):
    with caplog.at_level("DEBUG"):
        token = reader.subscribed(theme=["民政"])
        reader.office.item("青禾市公告", theme="民政")
        reader.post.fault = "rcpt550"
        reader.tomorrow()
    rows = [*Subscription.objects.all(), *OutgoingNotice.objects.all(), *Fact.objects.all()]
    kept = serializers.serialize("json", rows) + caplog.text
    for secret in (ADDRESS, ADDRESS.lower(), "Li.Ceshi", token):
        assert secret not in kept
    sealed = bytes(Subscription.objects.get().sealed)
    assert b"mail.example" not in sealed
    assert not Fact.objects.filter(kind__startswith="notice").exists()


def test_an_address_its_own_server_refuses_three_times_is_given_up(reader):
    reader.subscribed()
    for n in range(3):
        assert confirmed_subscriptions() == 1
        reader.post.fault = "rcpt550"
        reader.office.item(f"第{n}件")
        assert reader.tomorrow() == ["failed"]
    assert confirmed_subscriptions() == 0
    assert Subscription.objects.get().ended_as == "bounced"
    # Nobody is bothered with it.
    assert list(in_trouble()) == []


def test_one_mail_that_arrives_begins_the_count_anew(reader):
    reader.subscribed()
    for fault in ("rcpt550", "rcpt550", "", "rcpt550", "rcpt550"):
        reader.post.fault = fault
        reader.office.item(f"之后{fault}")
        reader.tomorrow()
    assert confirmed_subscriptions() == 1


def test_a_fault_of_our_own_server_ends_nothing(reader):
    reader.subscribed()
    for fault in ("mail553", "greet421", "text554", "drop_after_text"):
        reader.post.fault = fault
        reader.office.item(f"之后{fault}")
        reader.tomorrow()
    assert confirmed_subscriptions() == 1
    assert list(in_trouble()) == []


def test_a_wrong_address_is_given_up_with_the_question(reader):
    reader.post.fault = "rcpt550"
    reader.ask()
    assert reader.send() == ["failed"]
    assert Subscription.objects.get().ended_as == "bounced"


@pytest.mark.parametrize("fault", ["drop_after_text", "slow_text", "text_garbled"])
def test_what_may_have_gone_out_is_never_sent_again(reader, fault):
    reader.subscribed()
    reader.office.item("青禾市公告")
    reader.post.fault = fault
    assert reader.tomorrow() == ["unclear"]
    taken, reader.post.fault = len(reader.post.taken), ""
    for _ in range(3):
        assert reader.tomorrow() == []
    assert len(reader.post.taken) == taken


def test_when_the_master_key_changes_addresses_stay_found(reader, settings):
    import base64
    import secrets

    from gongkai.agencies.actors import SYSTEM
    from gongkai.foi.actions.rotate_keys import rotate_keys

    token = reader.subscribed()
    old = settings.FOI_DATA_KEYS
    fresh = f"new:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    settings.FOI_DATA_KEYS = f"{fresh},{old}"
    rotate_keys(actor=SYSTEM, at=AT)
    forget(at=AT)
    settings.FOI_DATA_KEYS = fresh
    reader.office.item("青禾市公告")
    assert reader.tomorrow() == ["sent"]
    assert end_of(ADDRESS, at=AT) == 1
    assert not leave(token, at=AT)


# ---- all of it at random ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_at_random_every_change_is_told_once_to_whom_it_concerns_and_to_nobody_else(reader, seed):
    rng, office = random.Random(seed), reader.office
    themes = ("民政", "教育", "交通")
    wanted = {f"r{n}@mail.example": rng.sample(themes, rng.randint(0, 2)) for n in range(5)}
    unconfirmed = {"never@mail.example"}
    tokens, left = {}, set()
    for address, chosen in wanted.items():
        tokens[address] = reader.subscribed(address, **({"theme": chosen} if chosen else {}))
    reader.ask("never@mail.example")
    expected: dict[str, list[str]] = {address: [] for address in wanted}
    begun = len(reader.post.taken)
    for day in range(5):
        for n in range(rng.randint(0, 3)):
            theme = rng.choice(themes)
            item = office.item(f"第{day}日第{n}件", theme=theme)
            if rng.random() < 0.2:
                office.withdraw(item)
                continue
            for address, chosen in wanted.items():
                if address not in left and (not chosen or theme in chosen):
                    expected[address].append(f"第{day}日第{n}件")
        reader.tomorrow()
        if day == 2:
            address = rng.choice(sorted(wanted))
            left.add(address)
            leave(tokens[address], at=reader.now)
    got: dict[str, list[str]] = {address: [] for address in wanted}
    for _, [address], message in reader.post.taken[begun:]:
        if address in unconfirmed:
            assert "确认订阅" in message.get_content()
            continue
        got[address] += re.findall(r"^\d+\. (第\d日第\d件)", message.get_content(), re.MULTILINE)
    assert got == expected
