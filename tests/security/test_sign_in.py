"""Who is at the door: wrong passwords, forged addresses, sessions that must end."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from unittest import mock

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import SHANGHAI
from tests.security.conftest import TITLE

LOGIN = "/desk/login/"
RIGHT = "a-long-test-password"


def knock(client: Client, name: str = "T001", password: str = "wrong", **meta):
    return client.post(LOGIN, {"username": name, "password": password}, **meta)


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.fixture(autouse=True)
def clean_slate(db):
    AccessAttempt.objects.all().delete()


def test_the_sixth_try_is_refused_even_with_the_right_password(town):
    client = Client(REMOTE_ADDR="203.0.113.1")
    said = [knock(client).status_code for _ in range(5)]
    assert said[:4] == [200] * 4
    assert said[4] == 429
    assert knock(client, password=RIGHT).status_code == 429
    assert not is_in(client)


@pytest.mark.parametrize(
    "header",
    ["X_FORWARDED_FOR", "X_REAL_IP", "CLIENT_IP", "X_CLIENT_IP", "FORWARDED", "TRUE_CLIENT_IP", "CF_CONNECTING_IP",
     "X_FORWARDED", "X_CLUSTER_CLIENT_IP", "VIA"],
)  # fmt: skip
def test_no_forged_header_gives_more_tries_without_a_proxy(town, settings, header):
    settings.TRUSTED_PROXIES = 0
    for n in range(5):
        knock(Client(REMOTE_ADDR="203.0.113.1"), **{f"HTTP_{header}": f"198.51.100.{n}"})
    last = knock(Client(REMOTE_ADDR="203.0.113.1"), password=RIGHT, **{f"HTTP_{header}": "198.51.100.99"})
    assert last.status_code == 429


def test_behind_one_proxy_only_what_the_proxy_saw_counts(town, settings):
    settings.TRUSTED_PROXIES = 1
    for n in range(5):
        knock(Client(REMOTE_ADDR="127.0.0.1"), HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 10.0.0.{n}, 203.0.113.1")
    again = knock(Client(REMOTE_ADDR="127.0.0.1"), password=RIGHT, HTTP_X_FORWARDED_FOR="198.51.100.77, 203.0.113.1")
    assert again.status_code == 429
    elsewhere = Client(REMOTE_ADDR="127.0.0.1")
    assert knock(elsewhere, password=RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.1, 203.0.113.2").status_code == 302


def test_two_headers_of_the_same_name_give_no_more_tries_behind_one_proxy(town, settings):
    """A server joins two X-Forwarded-For headers with a comma; blanks and empty parts do not shift the count."""
    settings.TRUSTED_PROXIES = 1
    for n in range(5):
        knock(Client(REMOTE_ADDR="127.0.0.1"), HTTP_X_FORWARDED_FOR=f"{n},, ,198.51.100.{n} ,, 203.0.113.1 ")
    assert knock(Client(), password=RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 429


@pytest.mark.parametrize("name", ["T001 ", " T001", "Ｔ００１", "T001\u3000", "Ｔ001"])
def test_other_spellings_of_a_name_share_its_count(town, name):
    client = Client(REMOTE_ADDR="203.0.113.1")
    for _ in range(5):
        knock(client, name)
    assert knock(client, password=RIGHT).status_code == 429


def test_nobody_locks_out_a_colleague_at_another_place(town):
    victim = Client(REMOTE_ADDR="203.0.113.9")
    assert knock(victim, password=RIGHT).status_code == 302
    for _ in range(20):
        knock(Client(REMOTE_ADDR="203.0.113.1"))
    assert is_in(victim)
    assert knock(Client(REMOTE_ADDR="203.0.113.10"), password=RIGHT).status_code == 302


def test_tries_on_many_accounts_from_one_place_do_not_share_a_lock_but_each_has_its_own(town):
    for n in range(1, 8):
        for _ in range(5):
            knock(Client(REMOTE_ADDR="203.0.113.1"), f"T{n:03d}")
    said = {knock(Client(REMOTE_ADDR="203.0.113.1"), f"T{n:03d}", RIGHT).status_code for n in range(1, 8)}
    assert said == {429}


def _plain(response) -> str:
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r'nonce="[^"]*"|value="[^"]*"', "", text)


def test_unknown_closed_and_wrong_are_one_answer(town):
    from gongkai.agencies.models import Person

    Person.objects.filter(staff_number="T002").update(is_active=False)
    said = [
        knock(Client(REMOTE_ADDR="203.0.113.1"), name, password)
        for name, password in (("T001", "wrong"), ("T999", "wrong"), ("T002", "wrong"), ("T002", RIGHT))
    ]
    assert len({response.status_code for response in said}) == 1
    assert len({_plain(response) for response in said}) == 1
    assert len({tuple(sorted(response.cookies)) for response in said}) == 1


def test_unknown_and_wrong_cost_the_same_work(town):
    """Counted, not timed: one run of the password hash in each case."""
    from gongkai.agencies.models import Person

    Person.objects.filter(staff_number="T002").update(is_active=False)
    hasher = type(hashers.get_hasher())
    runs = {}
    for name in ("T001", "T999", "T002"):
        with mock.patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
            knock(Client(REMOTE_ADDR=f"203.0.113.{len(runs)}"), name)
        runs[name] = encode.call_count
    assert set(runs.values()) == {1}, runs


def test_a_locked_unknown_account_answers_like_a_locked_known_one(town):
    def locked(name: str, address: str):
        client = Client(REMOTE_ADDR=address)
        return [knock(client, name) for _ in range(6)][-1]

    one, other = locked("T001", "203.0.113.1"), locked("T999", "203.0.113.2")
    assert (one.status_code, _plain(one)) == (other.status_code, _plain(other))


def test_the_session_changes_its_key_at_sign_in_and_is_gone_after_sign_out(town):
    client = Client()
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["sessionid"] = fixed = session.session_key
    knock(client, password=RIGHT)
    key = client.cookies["sessionid"].value
    assert key != fixed
    assert not Session.objects.filter(pk=fixed).exists()
    client.post("/desk/logout/")
    assert not Session.objects.filter(pk=key).exists()
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_in(thief)


def test_no_link_signs_anybody_out(town, at):
    browser = at("drafter").client
    assert browser.get("/desk/logout/").status_code == 405
    assert is_in(browser)


def test_cookies_are_kept_from_scripts_and_other_sites(town):
    client = Client()
    client.get(LOGIN)
    knock(client, password=RIGHT)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name


def test_production_cookies_travel_encrypted_only(monkeypatch, settings):
    import importlib

    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    monkeypatch.setenv("ALLOWED_HOSTS", "www.yunxi.example")
    monkeypatch.setenv("FOI_DATA_KEYS", settings.FOI_DATA_KEYS)
    import gongkai.config.settings.base as base

    importlib.reload(base)
    import gongkai.config.settings.production as production

    importlib.reload(production)
    assert production.SESSION_COOKIE_SECURE
    assert production.CSRF_COOKIE_SECURE
    assert production.SECURE_HSTS_SECONDS >= 31536000
    assert not production.DEBUG


def test_a_disabled_person_is_out_at_the_next_request(town, at):
    from gongkai.agencies.actions.people import disable
    from gongkai.agencies.actors import SYSTEM

    browser = at("drafter").client
    assert is_in(browser)
    disable(town.people["drafter"], actor=SYSTEM, at=timezone.now())
    assert browser.get("/desk/").status_code == 302
    assert browser.get("/desk/items/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(town, at):
    from gongkai.agencies.actions.people import set_password
    from gongkai.agencies.actors import SYSTEM

    browser = at("drafter").client
    set_password(town.people["drafter"], "another-long-password", actor=SYSTEM, at=timezone.now())
    assert browser.get("/desk/").status_code == 302


def test_a_post_that_ended_yesterday_gives_nothing(planted, town, at):
    from gongkai.agencies.models import Post

    browser = at("drafter").client
    code = planted.items["draft"].code
    assert browser.get(f"/desk/items/{code}/").status_code == 200
    Post.objects.filter(person=town.people["drafter"]).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert browser.get(f"/desk/items/{code}/").status_code == 404
    assert browser.post(f"/desk/items/{code}/edit/", {"title": "x"}).status_code == 404
    for page in ("/desk/", "/desk/items/", "/desk/items.csv", "/desk/todo.csv", "/desk/coverage/", "/desk/catalogue/"):
        assert TITLE not in browser.get(page).content.decode(), page


def test_a_post_that_begins_tomorrow_and_a_grant_that_ended_give_nothing(planted, town, at):
    from gongkai.agencies.models import ActingGrant, Post

    today = timezone.localdate()
    grant = ActingGrant.objects.create(
        organ=town.organ, acting_organ=town.other_organ, role="drafter", starts_on=today - timedelta(days=9),
        ends_on=today, reason="代办",
    )  # fmt: skip
    browser = at("other_drafter").client
    page = f"/desk/items/{planted.items['draft'].code}/"
    assert browser.get(page).status_code == 200
    ActingGrant.objects.filter(pk=grant.pk).update(ends_on=today - timedelta(days=1))
    assert browser.get(page).status_code == 404
    ActingGrant.objects.filter(pk=grant.pk).update(starts_on=today, ends_on=today)
    Post.objects.filter(person=town.people["other_drafter"]).update(starts_on=today + timedelta(days=1))
    assert browser.get(page).status_code == 404


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "///evil.example", "https:evil.example",
     "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example", " //evil.example",
     "//evil.example@testserver/", "https://testserver@evil.example/", "https://testserver.evil.example/", "//testserver:80@evil.example/",
     "/desk/\r\nLocation: https://evil.example/", "http://evil.example\\@testserver/", "ftp://testserver/", "//\u2025evil.example/"],
)  # fmt: skip
def test_no_door_leads_off_the_site(town, target):
    from urllib.parse import urlsplit

    client = Client()
    answers = [
        client.get("/display/large/", {"next": target}),
        client.get("/display/standard/", {"next": target}),
        client.post(f"{LOGIN}", {"username": "T001", "password": RIGHT, "next": target}),
        client.get(LOGIN, {"next": target}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 302)
        place = answer.headers.get("Location", "/")
        assert not urlsplit(place).netloc, place
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\", "/\t")), place
        assert "\n" not in place


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "testserver\r\nX: y", "[::1", "*"]
)
def test_a_foreign_host_header_is_refused_and_told_nowhere(town, host):
    for address in ("/", "/feed/", "/sitemap.xml", "/robots.txt", "/desk/", LOGIN):
        answer = Client().get(address, HTTP_HOST=host)
        assert answer.status_code == 400, address
        assert b"evil.example" not in answer.content
    answer = Client().get("/feed/", HTTP_X_FORWARDED_HOST="evil.example")
    assert b"evil.example" not in answer.content


class TestAge:
    """Sessions end by themselves."""

    def test_after_eight_hours_at_most(self, town, settings):
        assert 0 < settings.SESSION_COOKIE_AGE <= 12 * 3600
        client = Client()
        knock(client, password=RIGHT)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert not is_in(client)

    def test_work_does_not_make_a_session_live_for_ever(self, town, at, desk):
        """The absolute age counts from the sign-in, whatever the session is used for since."""
        client = Client()
        knock(client, password=RIGHT)
        ends = Session.objects.get(pk=client.cookies["sessionid"].value).expire_date
        later = timezone.now() + timedelta(hours=7)
        with mock.patch("django.utils.timezone.now", return_value=later):
            session = client.session
            session["dropped:x"] = ["a"]
            session.save()
        with mock.patch("django.utils.timezone.now", return_value=ends + timedelta(minutes=1)):
            assert not is_in(client)


def test_a_desk_left_alone_signs_out_and_a_form_sent_late_is_still_taken(town):
    client = Client()
    client.force_login(town.people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI), tick=False) as clock:
        assert client.get(reverse("desk:todo")).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(reverse("desk:todo")).status_code == 200
        clock.shift(timedelta(minutes=31))
        late = client.post(reverse("desk:new"), {})
        assert late.status_code != 302 or "login" not in late.url
        clock.shift(timedelta(minutes=31))
        left = client.get(reverse("desk:items"))
        assert left.status_code == 302
        assert left.url.startswith(reverse("desk:login"))
        assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
