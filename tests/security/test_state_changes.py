"""Looking changes nothing, and nothing is changed without the form's own token."""

from __future__ import annotations

import pytest
from django.test import Client

from gongkai.disclosure.models import CorrectionRequest, Draft, Item, Release
from gongkai.ledger.models import Fact
from tests.security.places import places
from tests.security.test_hostile_arguments import _insider, known

ROLES = (
    "drafter", "compliance_reviewer", "secrecy_reviewer", "leader", "emergency_officer", "supervisor", "system_admin",
    "security_admin", "audit_admin", "other_drafter",
)  # fmt: skip


def state() -> tuple[object, ...]:
    from gongkai.agencies.models import ActingGrant, Organ, Person, Post
    from gongkai.review.models import Opinion, PlanStep

    return (
        Fact.objects.count(), Release.objects.count(), CorrectionRequest.objects.count(), Opinion.objects.count(),
        list(Item.objects.order_by("pk").values_list("work", "public", "working_title")),
        list(Draft.objects.order_by("pk").values_list("revision", "title", "body")),
        list(Person.objects.order_by("pk").values_list("is_active", "password")),
        Organ.objects.count(), list(Post.objects.order_by("pk").values_list("ends_on", "role")), ActingGrant.objects.count(),
        PlanStep.objects.count(),
    )  # fmt: skip


def addresses(planted, space: str) -> list[str]:
    codes = {"organ": "QH-MZ", "plan": "default"}
    found = []
    for place in places():
        if place.space != space:
            continue
        if "items/" in place.spelled and space == "desk":
            found += [place.filled(known(planted) | {"code": item.code}) for item in planted.looked_at]
        else:
            found.append(
                place.filled(known(planted) | {"code": codes.get(place.name, "QH-MZ"), "staff_number": "T002"})
            )
    return found


TEMPTING = (
    "verdict=approve&reason=x&answer=lawful&title=x&body=x&based_on=2&outcome=open&explanation=x&release=1&take=title"
    "&kind=delete&words=x&contact=x&page=900000002/2026-00002&add=900000002/2026-00002&name=x&password=abcdefghijkl"
)


@pytest.mark.parametrize("who", ROLES)
def test_looking_at_everything_changes_nothing(at, planted, who):
    before = state()
    client = at(who).client
    for address in addresses(planted, "desk"):
        response = client.get(f"{address}?{TEMPTING}")
        assert response.status_code < 500
        response.close()
    assert state() == before


def test_visitors_change_nothing_by_looking(planted, visitor):
    before = state()
    for space in ("portal", "desk"):
        for address in addresses(planted, space):
            visitor.client.get(f"{address}?{TEMPTING}").close()
    assert state() == before


#: Asked by mail programs, which have no form (RFC 8058): the long secret in the address is the leave to do it.
BY_MAIL_PROGRAMS = {"subscribe_leave"}


@pytest.mark.parametrize("token", [None, "x" * 64, ""])
def test_no_form_anywhere_is_taken_without_its_token(town, planted, token):
    """Every address of both sides by POST, with rights, without or with a wrong token: nothing changes."""
    before = state()
    tried = 0
    for place in places():
        client = Client(enforce_csrf_checks=True)
        if place.space == "desk":
            person = town.people[_insider(place)]
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        data = {
            "verdict": "approve",
            "reason": "x",
            "title": "x",
            "username": "T001",
            "password": "a-long-test-password",
        }
        if token is not None:
            data["csrfmiddlewaretoken"] = token
            client.cookies["csrftoken"] = "y" * 32
        item = planted.items["in_review"]
        address = place.filled(
            known(planted) | ({"code": item.code} if "items/" in place.spelled else {"code": "QH-MZ"})
        )
        status = client.post(address, data).status_code
        assert status in ((200,) if place.name in BY_MAIL_PROGRAMS else (403, 404, 405)), (place.name, status)
        tried += 1
    assert tried > 80
    assert state() == before


def test_a_right_token_from_another_site_is_refused(town, planted):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/me/", secure=True).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    address = f"/desk/items/{planted.items['draft'].code}/submit/"
    before = state()
    for headers in (
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_REFERER": "https://evil.example/x"},
        {"HTTP_ORIGIN": "null"},
        {},
    ):
        said = client.post(address, {"csrfmiddlewaretoken": token, "based_on": 3}, secure=True, **headers)
        assert said.status_code == 403, headers
    assert state() == before
