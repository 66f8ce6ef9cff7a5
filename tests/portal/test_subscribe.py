"""The pages of subscribing: opening one changes nothing, the answer tells nothing of an address, one click leaves."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.notices.mailings import CONFIRM_PATH, LATEST, LEAVE_PATH
from gongkai.notices.models import OutgoingNotice, Subscription
from gongkai.notices.queries import confirmed_subscriptions, sealed_of
from gongkai.notices.subscribing import PER_ADDRESS, PER_NETWORK

pytestmark = pytest.mark.django_db

ADDRESS = "li.ceshi@mail.example"


@pytest.fixture(autouse=True)
def mail_is_on(settings):
    settings.EMAIL_HOST = "127.0.0.1"


def ask(client, address=ADDRESS, **more):
    return client.post("/subscribe/", {"address": address, **more})


def token_of(address=ADDRESS):
    found = [sealed_of(row) for row in Subscription.objects.exclude(state="ended").order_by("-pk")]
    return next(token for held, token in found if held == address)


def test_the_addresses_in_the_mails_are_those_of_the_pages():
    assert reverse("portal:subscribe_confirm", args=["t"]) == CONFIRM_PATH.format(token="t")
    assert reverse("portal:subscribe_leave", args=["t"]) == LEAVE_PATH.format(token="t")
    assert reverse("portal:latest") == LATEST


def test_from_a_list_to_a_subscription_and_out_again(client, desk):
    desk.release(desk.draft(theme="民政"))
    page = client.get("/open/theme/民政/").content.decode()
    [link] = re.findall(r'href="(/subscribe/\?[^"]*)"', page)
    form = client.get(link).content.decode()
    assert re.search(r'name="theme" value="民政"[^>]* checked', form)
    answer = ask(client, theme="民政", heading="20-11")
    assert "请到邮箱里确认" in answer.content.decode()
    assert Subscription.objects.get().choices == {"heading": ["20-11"], "theme": ["民政"]}
    token = token_of()
    asked = client.get(f"/subscribe/confirm/{token}/").content.decode()
    assert "主题：民政" in asked
    assert asked.count("<button") == 1
    assert confirmed_subscriptions() == 0
    done = client.post(f"/subscribe/confirm/{token}/").content.decode()
    assert "订阅已确认" in done
    assert confirmed_subscriptions() == 1
    assert "订阅已确认" in client.get(f"/subscribe/confirm/{token}/").content.decode()
    page = client.get(f"/subscribe/leave/{token}/").content.decode()
    assert page.count("<button") == 1
    assert confirmed_subscriptions() == 1
    assert "已退订" in client.post(f"/subscribe/leave/{token}/").content.decode()
    assert confirmed_subscriptions() == 0
    for what in ("confirm", "leave"):
        assert client.get(f"/subscribe/{what}/{token}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_opens_links_beforehand_changes_nothing(client, method):
    ask(client)
    token = token_of()
    for what in ("confirm", "leave"):
        assert getattr(client, method)(f"/subscribe/{what}/{token}/").status_code == 200
    assert list(Subscription.objects.values_list("state", flat=True)) == ["asked"]
    client.post(f"/subscribe/confirm/{token}/")
    getattr(client, method)(f"/subscribe/leave/{token}/")
    assert list(Subscription.objects.values_list("state", flat=True)) == ["confirmed"]


def test_the_mail_program_leaves_with_one_post_and_no_cookie(client):
    ask(client)
    token = token_of()
    client.post(f"/subscribe/confirm/{token}/")
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = program.post(f"/subscribe/leave/{token}/", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert confirmed_subscriptions() == 0
    assert Client(enforce_csrf_checks=True).post("/subscribe/", {"address": ADDRESS}).status_code == 403


def bare(answer):
    """An answer without what differs each time: the marks against forged forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_the_answer_is_the_same_for_every_address(client):
    first = bare(ask(client, "stranger@mail.example"))
    ask(client)
    client.post(f"/subscribe/confirm/{token_of()}/")
    for _ in range(PER_ADDRESS + 2):
        answer = ask(client)
        assert (answer.status_code, bare(answer)) == (200, first)
    assert OutgoingNotice.objects.count() == 1 + PER_ADDRESS


def test_too_many_from_one_network_is_said_with_the_time(client):
    for n in range(PER_NETWORK):
        ask(client, f"r{n}@mail.example")
    answer = ask(client, "one-more@mail.example")
    assert answer.status_code == 429
    assert re.search(r"请在\d\d:\d\d以后再试", answer.content.decode())
    assert "one-more@mail.example" in answer.content.decode()
    assert Subscription.objects.count() == PER_NETWORK


def test_without_a_mail_server_the_page_points_to_the_feed(client, settings):
    settings.EMAIL_HOST = ""
    page = client.get("/subscribe/").content.decode()
    assert "没有开通邮件订阅" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert ask(client).status_code == 503
    assert Subscription.objects.count() == 0


BAD = [
    "", " ", "x", "@", "a@b", "a b@mail.example", "a@mail.example\nBcc: all@mail.example", "a@mail.example\r\n\r\ntext",
    "a@mail.example,b@mail.example", "<a@mail.example>", '"a b"@mail..example', "a" * 250 + "@mail.example",
    "李@mail.example", "a@邮箱.example", "a@[127.0.0.1", "a\x0b@mail.example", "' OR 1=1 --", "<script>@mail.example",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_refused_with_a_sentence(client, address):
    answer = ask(client, address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "有内容需要修改" in page
    assert "<script>@" not in page
    assert Subscription.objects.count() == OutgoingNotice.objects.count() == 0


@pytest.mark.parametrize(
    "choice", [{"theme": "没有"}, {"agency": "' OR 1=1"}, {"heading": "99"}, {"heading": ["20-11", "x" * 9999]}]
)
def test_choices_that_are_not_there_are_refused(client, choice):
    assert "请重新选择" in ask(client, **choice).content.decode()
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "x" * 22, "x" * 5000, "%27", "..", "<script>", "已"])
def test_a_token_nobody_was_given(client, token):
    for what in ("confirm", "leave"):
        got = client.get(f"/subscribe/{what}/{token}/")
        assert got.status_code == 404
        assert "<script>" not in got.content.decode().split("<main")[-1]
        assert client.post(f"/subscribe/{what}/{token}/").status_code in (200, 404)
    assert Subscription.objects.count() == 0


def test_a_query_that_asks_for_anything_fills_in_what_there_is(client):
    for query in ("theme=没有", "theme=" + "x" * 3000, "agency=a&agency=b", "heading=20-11&x=1", "address=a@b.cn"):
        answer = client.get(f"/subscribe/?{query}")
        assert answer.status_code == 200
        assert " checked" not in answer.content.decode()


def test_no_page_is_kept_or_indexed(client):
    ask(client)
    token = token_of()
    for address in ("/subscribe/", f"/subscribe/confirm/{token}/", f"/subscribe/leave/{token}/"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        # The address stands on no page, so a mail that is passed on does not show it.
        assert ADDRESS not in answer.content.decode()


def test_the_way_there_is_beside_the_feed(client, desk):
    desk.release(desk.draft(theme="民政"))
    for address, feed in (
        ("/open/latest/", "/feed/"), ("/open/agency/QH-MZ/", "/feed/agency/QH-MZ/"),
        ("/open/heading/20-11/", "/feed/heading/20-11/"),
    ):  # fmt: skip
        main = client.get(address).content.decode().split("<main")[1].split("</main>")[0]
        assert 'href="/subscribe/' in main
        assert f'href="{feed}"' in main
    narrowed = client.get("/open/agency/QH-MZ/?heading=20-11").content.decode().split("<main")[1].split("</main>")[0]
    assert (
        "/subscribe/?agency=QH-MZ&amp;heading=20-11" in narrowed
        or "/subscribe/?heading=20-11&amp;agency=QH-MZ" in narrowed
    )
    assert "/feed/" not in narrowed
    assert 'href="/subscribe/"' in client.get("/").content.decode()
