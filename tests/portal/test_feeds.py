"""Feeds announce what came, what went out of force and what was taken down, and say when nothing changed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.channels.conftest import carried  # noqa: F401
from tests.channels.site.conftest import forget, site  # noqa: F401
from tests.conftest import AT

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
AT_NS = "{http://purl.org/atompub/tombstones/1.0}"
FEEDS = ("/feed/", "/feed/agency/QH-MZ/", "/feed/heading/20-11/", "/feed/theme/民政/")


def read(client, address):
    forget()
    answer = client.get(address, secure=True)
    assert answer.status_code == 200, address
    root = ET.fromstring(answer.content)
    entries = {
        e.findtext(f"{ATOM}title"): [c.get("term") for c in e.iter(f"{ATOM}category")]
        for e in root.iter(f"{ATOM}entry")
    }
    deleted = [(d.get("ref"), d.get("when")) for d in root.iter(f"{AT_NS}deleted-entry")]
    return entries, deleted


def test_a_withdrawal_is_announced_as_deleted_without_a_word_of_it(site, client):  # noqa: F811
    item = site.item("滨河路夜市管理办法", theme="民政")
    site.item("青禾市低保标准", theme="民政")
    for address in FEEDS:
        assert read(client, address) == ({"滨河路夜市管理办法": [], "青禾市低保标准": []}, [])
    site.withdraw(item)
    ref = f"https://testserver/items/{item.index_number}/"
    for address in FEEDS:
        entries, [(named, when)] = read(client, address)
        assert (entries, named) == ({"青禾市低保标准": []}, ref)
        assert AT.astimezone().isoformat()[:10] == when[:10]
        assert "滨河路" not in client.get(address, secure=True).content.decode()


def test_what_is_out_of_force_comes_again_with_its_validity(site, client):  # noqa: F811
    item = site.item("青禾市旧办法", theme="民政")
    site.withdraw(item, "abolished", basis="新规定")
    for address in FEEDS:
        assert read(client, address) == ({"青禾市旧办法": ["abolished"]}, [])


def test_released_again_it_is_no_longer_announced_as_deleted(site, client):  # noqa: F811
    item = site.item("青禾市公告", theme="民政")
    site.withdraw(item)
    site.edit(item, title="青禾市公告（更正）")
    assert read(client, "/feed/") == ({"青禾市公告（更正）": []}, [])


def test_a_reader_that_knows_the_state_is_told_nothing_new(site, client):  # noqa: F811
    item = site.item("青禾市公告", theme="民政")
    for address in FEEDS:
        forget()
        first = client.get(address, secure=True)
        again = client.get(address, secure=True, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        dated = client.get(address, secure=True, headers={"If-Modified-Since": first["Last-Modified"]})
        assert dated.status_code == 304
    known = client.get("/feed/", secure=True)["ETag"]
    site.withdraw(item)
    assert client.get("/feed/", secure=True, headers={"If-None-Match": known}).status_code == 200


def test_an_unknown_theme_has_no_feed(site, client):  # noqa: F811
    site.item("青禾市公告", theme="民政")
    assert client.get("/feed/theme/没有/", secure=True).status_code == 404


def test_the_matrix_shows_what_was_seen_in_the_feed(site, carried):  # noqa: F811
    item = site.item("青禾市公告")
    forget()
    [posting] = carried(code="feed")
    assert (posting.state, posting.receipt["reference"]) == ("confirmed", item.index_number)
    site.withdraw(item)
    [posting] = carried(code="feed")
    assert posting.state == "recalled"
