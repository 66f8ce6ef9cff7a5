"""Bad questions: each is refused in the one shape, names what it is about, and none is a fault of ours."""

from __future__ import annotations

import pytest

from gongkai.api import pace

pytestmark = pytest.mark.django_db

BAD = {
    "changes?after=-1": ("bad_number", "after"),
    "changes?after=x": ("bad_number", "after"),
    "changes?after=": ("bad_number", "after"),
    "changes?after=１": ("bad_number", "after"),
    "changes?after=99999999999999999999999": ("bad_number", "after"),
    "changes?after=1&after=2": ("too_many_values", "after"),
    "changes?limit=0": ("bad_number", "limit"),
    "changes?limit=501": ("bad_number", "limit"),
    "changes?limit=1e3": ("bad_number", "limit"),
    "changes?befor=1": ("unknown_parameter", "befor"),
    "items?limit=101": ("bad_number", "limit"),
    "items?heading=99-99": ("unknown_value", "heading"),
    "items?agency=' OR 1=1 --": ("unknown_value", "agency"),
    "items?cursor=o:2026": ("bad_cursor", "cursor"),
    "items?cursor=o:2026-09-21T10:00:00:5": ("bad_cursor", "cursor"),
    "items?cursor=o:2026-09-21T10:00:00%2B08:00:99999999999999999999": ("bad_cursor", "cursor"),
    "items?cursor=n:2026-09-21T10:00:00%2B08:00:5": ("bad_cursor", "cursor"),
    "items?theme=" + "长" * 201: ("too_long", "theme"),
    "items?" + "&".join(f"theme=t{n}" for n in range(21)): ("too_many_values", "theme"),
    "openapi.json?x=1": ("unknown_parameter", "x"),
}


@pytest.mark.parametrize("address", BAD)
def test_a_bad_question_is_refused_and_says_why(office, client, address):
    office.item("青禾市公告")
    answer = client.get(f"/api/v1/{address}")
    code, field = BAD[address]
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"], set(error)) == (code, field, {"code", "field", "sentence"})
    assert error["sentence"].endswith("。")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "v2/changes",
        "v1",
        "v1/",
        "v1/item/1",
        "v1/items/900000002/2026-99999",
        "v1/items/../../desk/",
        "v1/items/%27",
    ],
)
def test_what_is_not_there_says_so_in_the_same_shape(client, address):
    answer = client.get(f"/api/{address}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_can_only_be_read(office, method):
    from django.test import Client

    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/changes")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_who_asks_too_often_waits_and_others_do_not(office, client, monkeypatch):
    monkeypatch.setattr(pace, "PER_NETWORK", 3)
    monkeypatch.setattr(pace, "SECONDS", 10**9)
    assert [client.get("/api/v1/changes").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.get("/api/v1/changes")
    assert refused.json()["error"]["code"] == "too_many"
    assert refused["Retry-After"] == "60"
    assert client.get("/api/v1/changes", REMOTE_ADDR="198.51.100.9").status_code == 200


def test_with_the_next_minute_everybody_may_ask_again():
    from datetime import timedelta

    from tests.conftest import AT

    for _ in range(pace.PER_NETWORK):
        assert pace.allowed("203.0.113.7", AT)
    assert not pace.allowed("203.0.113.7", AT)
    assert pace.allowed("203.0.113.8", AT)
    assert pace.allowed("203.0.113.7", AT + timedelta(seconds=pace.SECONDS))


def test_a_fault_of_our_own_has_the_same_shape_and_tells_nothing(office, client, monkeypatch, caplog):
    from gongkai.api import views

    def broken(*_args, **_more):
        raise ZeroDivisionError("秘密")

    monkeypatch.setattr(views, "changes_after", broken)
    answer = client.get("/api/v1/changes")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "own_fault"
    assert "秘密" not in answer.content.decode()
    assert "the API failed to answer" in caplog.text


def test_no_answer_is_kept_by_a_cache_and_none_sets_a_cookie(office, client):
    item = office.item("青禾市公告")
    for address in ("changes", "items", f"items/{item.index_number}", "openapi.json", "nothing"):
        answer = client.get(f"/api/v1/{address}")
        assert answer["Cache-Control"] == "no-cache"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        assert client.head(f"/api/v1/{address}").content == b""
