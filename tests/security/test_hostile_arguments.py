"""Nothing that can stand in an address or a form makes the system stumble: refused or not found, never a fault (500)."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.security.places import HOSTILE, SHARP, SHARPEST, Place, parameters, places

FULL = bool(os.environ.get("GONGKAI_FULL"))
LONGEST = 2_000_000  # nothing hostile makes a page larger than this


def known(planted) -> dict[str, str]:
    """Arguments under which there is something, so that the next argument is reached."""
    item = planted.items["in_review"]
    return {
        "code": item.code, "number": "1", "order": "1", "digest": planted.image, "index_number": "900000002/2026-00002",
        "filename": "a.txt", "slug": "notices", "staff_number": "T001", "year": "2026", "name": "民政", "serial": "1",
        "organ": "QH-MZ", "mode": "large", "post_id": "1", "grant_id": "1",
    }  # fmt: skip


def asked(client: Client, method: str, address: str, **more) -> int:
    """Status of a request. A fault inside a view counts as 500 and leaves the database as it was."""
    try:
        with transaction.atomic():
            if method == "generic":
                response = client.generic("POST", address, **more)
            else:
                response = getattr(client, method)(address, **more)
            if response.streaming:
                response.close()
            else:
                assert len(response.content) < LONGEST or "text/html" not in response.get("Content-Type", ""), address
            return int(response.status_code)
    except UnicodeError:
        raise
    except Exception as fault:
        return _told(fault, address)


def _told(fault: Exception, address: str) -> int:
    FAULTS.append(f"{address[:150]} {type(fault).__name__}: {str(fault)[:150]}")
    return 500


FAULTS: list[str] = []


@pytest.fixture(autouse=True)
def no_faults(db):
    FAULTS.clear()
    yield
    assert sorted(set(FAULTS)) == []


TOOLS = [place for place in places() if place.name not in ("login", "logout")]


def test_the_routes_are_found():
    names = {(place.space, place.name) for place in places()}
    assert ("desk", "review") in names
    assert ("portal", "file") in names
    assert len(names) > 80
    assert {"page", "after", "redo", "based_on", "return_to", "before", "title", "contact"} <= set(parameters())
    assert len(HOSTILE) >= 40


def test_hostile_arguments_in_addresses(at, planted, visitor):
    """Each argument of each route in turn hostile, the others right, by somebody who may be inside."""
    right = known(planted)
    codes = {"organ": "QH-MZ", "agency": "QH-MZ", "feed_agency": "QH-MZ", "heading": "20-11", "feed_heading": "20-11"}
    tried, wrong = 0, []
    for place in TOOLS:
        if not place.holes:
            continue
        base = right | ({"code": codes.get(place.name, "default")} if "items/" not in place.spelled else {})
        client = visitor.client if place.space == "portal" else at(_insider(place)).client
        for hole in place.holes:
            for bad in SHARP.values():
                address = place.filled(base | {hole: bad})
                status = asked(client, "get", address)
                tried += 1
                if status >= 500:
                    wrong.append((address[:120], status))
    assert wrong == []
    assert tried > 800


def test_hostile_values_in_every_parameter(at, planted, visitor):
    """Every page with every parameter name at once, once per hostile value; then each parameter alone."""
    right = known(planted) | {"code": planted.items["in_review"].code}
    codes = {"organ": "QH-MZ", "agency": "QH-MZ", "feed_agency": "QH-MZ", "heading": "20-11", "feed_heading": "20-11"}
    names = parameters()
    wrong, tried = [], 0
    for place in TOOLS:
        if place.holes and "items/" not in place.spelled:
            address = place.filled(right | {"code": codes.get(place.name, "default")})
        else:
            address = place.filled(right)
        client = visitor.client if place.space == "portal" else at(_insider(place)).client
        for label, bad in SHARPEST.items():
            if len(bad) * len(names) > 100_000:
                continue
            status = asked(client, "get", f"{address}?" + "&".join(f"{name}={bad}" for name in names))
            tried += 1
            if status >= 500:
                wrong.append((address, label, status))
    assert wrong == []
    assert tried > 300


def _insider(place: Place) -> str:
    admin = {
        "organs": "system_admin", "columns": "system_admin", "plans": "system_admin", "accounts": "security_admin",
        "grants": "security_admin", "posts": "security_admin", "ledger": "audit_admin",
    }  # fmt: skip
    return admin.get(place.spelled.split("/")[2], "drafter")


def pages_with_parameters(planted) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who, page, and the parameters it reads: here each alone, with the longest values too."""
    code = planted.items["in_review"].code
    lists = ("heading", "agency", "theme", "year", "column", "after", "page")
    return [
        ("", "/open/latest/", lists),
        ("", "/open/heading/20-11/", lists),
        ("", "/open/catalogue/", lists),
        ("", "/institutions/", ("after",)),
        ("", "/search/?q=救助", (*lists, "validity", "order", "q")),
        ("", "/search/", ("q",)),
        ("", "/apply/", ("agency",)),
        ("", "/correction/", ("page",)),
        ("", "/display/large/", ("next",)),
        ("", "/rules/due/", ("formed", "on", "limit", "n", "start", "kind")),
        ("drafter", "/desk/items/", ("page", "q", "work", "public", "heading", "organ", "entry")),
        ("drafter", "/desk/items.csv", ("q", "work", "public", "heading", "organ", "entry")),
        ("drafter", "/desk/", ("tab", "agencies", "organ", "step", "section")),
        ("drafter", "/desk/new/", ("entry",)),
        ("drafter", "/desk/catalogue/", ("organ", "export")),
        ("drafter", f"/desk/items/{code}/compare/", ("from", "to")),
        ("secrecy_reviewer", f"/desk/items/{code}/review/", ("redo",)),
        ("security_admin", "/desk/accounts/", ("q", "page")),
        ("audit_admin", "/desk/ledger/", ("kind", "who", "subject", "before")),
    ]


def test_each_parameter_alone(at, planted, visitor):
    wrong = []
    for who, page, names in pages_with_parameters(planted):
        client = at(who).client if who else visitor.client
        for name in names:
            for label, bad in SHARP.items():
                joint = "&" if "?" in page else "?"
                status = asked(client, "get", f"{page}{joint}{name}={bad}")
                if status >= 500:
                    wrong.append((page, name, label))
    assert wrong == []


def test_the_same_parameter_two_thousand_times(at, planted, visitor):
    for who, page, names in pages_with_parameters(planted):
        client = at(who).client if who else visitor.client
        many = "&".join(f"{names[0]}={n}" for n in range(2000))
        assert asked(client, "get", f"{page}{'&' if '?' in page else '?'}{many}") < 500


def test_an_address_of_a_hundred_thousand_characters(visitor):
    for address in ("/search/?q=" + "信" * 20_000, "/" + "a" * 100_000 + "/", "/open/latest/?" + "&" * 50_000):
        assert asked(visitor.client, "get", address) in (200, 400, 404)


POSTING = ("drafter", "secrecy_reviewer", "leader", "emergency_officer", "system_admin", "security_admin")


@pytest.mark.parametrize("who", POSTING)
def test_hostile_values_in_every_form(at, planted, who):
    """Every address by POST, all fields at once with one hostile value; forms that want a digest get the right one too."""
    client = at(who).client
    names = parameters()
    version = planted.items["in_review"].versions.get()
    wrong, tried = [], 0
    targets = []
    for place in TOOLS:
        if place.space != "desk":
            continue
        if "items/" in place.spelled:
            if who.endswith("_admin"):
                continue
            targets += [
                place.filled(known(planted) | {"code": planted.items[s].code})
                for s in ("draft", "in_review", "revised")
            ]
        elif _insider(place) == who or not who.endswith("_admin"):
            codes = {"organ": "QH-MZ"}
            targets.append(
                place.filled(known(planted) | {"code": codes.get(place.name, "default"), "staff_number": "T002"})
            )
    if not FULL and not who.endswith("_admin"):
        # The four at the desk share the addresses: a usual run has each of them tried by one, the whole run by all.
        targets = targets[POSTING.index(who) % 4 :: 4]
    for address in targets:
        for label, bad in SHARPEST.items():
            raw = unquote_to_bytes(bad)
            body = b"&".join(name.encode() + b"=" + _encoded(raw) for name in names if name not in ("digest",))
            body += b"&digest=" + version.digest.encode() + b"&verdict=approve&answer=lawful&add_section=1"
            tried += 1
            if asked(client, "post", address, data=body, content_type="application/x-www-form-urlencoded") >= 500:
                wrong.append((address, label))
    assert wrong == []
    assert tried > 30


def _encoded(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


def test_hostile_values_in_the_correction_form(visitor, planted):
    good = {"page": "900000002/2026-00002", "kind": "delete", "words": "删", "contact": "甲"}
    for name in good:
        for bad in SHARP.values():
            fields = {**{k: v.encode() for k, v in good.items()}, name: unquote_to_bytes(bad)}
            body = b"&".join(k.encode() + b"=" + _encoded(v) for k, v in fields.items())
            assert (
                asked(
                    visitor.client, "post", "/correction/", data=body, content_type="application/x-www-form-urlencoded"
                )
                < 500
            )


def test_hostile_values_at_the_sign_in(visitor, town):
    for name in ("username", "password", "next"):
        for bad in SHARP.values():
            fields = {"username": b"T001", "password": b"x", name: unquote_to_bytes(bad)}
            body = b"&".join(k.encode() + b"=" + _encoded(v) for k, v in fields.items())
            assert (
                asked(
                    visitor.client, "post", "/desk/login/", data=body, content_type="application/x-www-form-urlencoded"
                )
                < 500
            )
    for bad in SHARP.values():
        assert asked(visitor.client, "get", f"/desk/login/?next={bad}") < 500


@pytest.mark.parametrize("name", ["file", "text"])
@pytest.mark.parametrize(
    "filename",
    ["../../../etc/passwd.txt", "..\\..\\x.txt", "a\x00b.txt", "a\r\nb.txt", "<img src=x>.txt", '".txt', "=1+1.csv",
     "信" * 300 + ".txt", ".txt", "CON.txt", "a\u202etxt.exe", "a/../b.txt"],
)  # fmt: skip
def test_hostile_file_names(at, planted, name, filename):
    from gongkai.disclosure.models import DraftAttachment

    item = planted.items["draft"]
    upload = SimpleUploadedFile("x.txt", b"plain", content_type="text/plain")
    upload._name = filename
    status = asked(at("drafter").client, "post", f"/desk/items/{item.code}/files/", data={name: upload})
    assert status < 500
    for row in DraftAttachment.objects.filter(draft__item=item):
        assert not set(row.filename) & set("/\\\x00\r\n"), row.filename
        assert not row.filename.startswith(".."), row.filename


def test_bodies_that_are_no_forms(at, planted, visitor):
    code = planted.items["draft"].code
    bodies = [
        (b"{" * 100_000, "application/json"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary=" + "x" * 500),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"a=1", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"&".join(b"f%d=1" % n for n in range(6000)), "application/x-www-form-urlencoded"),
        (b"\xff" * 1000, "text/plain"),
    ]
    for body, kind in bodies:
        for client, address in (
            (at("drafter").client, f"/desk/items/{code}/edit/"),
            (at("drafter").client, f"/desk/items/{code}/autosave/"),
            (at("drafter").client, f"/desk/items/{code}/files/"),
            (at("drafter").client, f"/desk/items/{code}/upload/"),
            (visitor.client, "/correction/"),
            (visitor.client, "/desk/login/"),
        ):
            assert asked(client, "generic", address, data=body, content_type=kind) < 500, (address, kind)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace", "head"])
def test_other_methods_change_nothing_and_break_nothing(at, planted, visitor, method):
    from gongkai.ledger.models import Fact

    facts = Fact.objects.count()
    for place in TOOLS:
        client = visitor.client if place.space == "portal" else at(_insider(place)).client
        assert asked(client, method, place.filled(known(planted))) < 500, (method, place.name)
    assert Fact.objects.count() == facts
