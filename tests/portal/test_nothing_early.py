"""What is approved and waits for its instant is nowhere: no page, file, feed, list, count, search, interface; then it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.schedule import schedule_release
from gongkai.disclosure.models import Item, Release, Version
from gongkai.ledger.actions.seal import seal_all
from gongkai.search.actions.follow import follow_all
from tests.channels.site.conftest import Site, forget
from tests.conftest import AT, TODAY
from tests.portal.request_form import Applicant
from tests.portal.test_nothing_leaks import addresses, body_of

INSTANT = AT + timedelta(hours=23)
CANARIES = ("金丝雀定时", "金丝雀改稿", "金丝雀解读")
# Pages that list, count or announce: the very same bytes with and without the texts that wait.
LISTS = (
    "/", "/open/", "/open/latest/", "/open/heading/20-11/", "/open/agency/QH-MZ/", "/open/theme/民政/",
    "/open/year/2026/", "/open/catalogue/", "/agencies/", "/sitemap/", "/sitemap.xml", "/robots.txt", "/feed/",
    "/feed/agency/QH-MZ/", "/feed/heading/20-11/", "/feed/theme/民政/", "/reports/",
    "/institutions/", "/api/v1/items", "/api/v1/changes", "/items/900000002/2026-00001/", "/search/?q=救助",
    "/search/?q=救助&order=date",
)  # fmt: skip
GUESSED = (
    "/board/", "/board/QH-MZ/",  # these tell the minute they were made
    *(f"/api/v1/items/900000002/2026-{n:05d}" for n in range(1, 8)),
    *(f"/api/v1/items?{q}" for q in ("heading=20-11", "agency=QH-MZ", "theme=民政", "limit=100")),
    *(f"/search/?q={word}" for word in CANARIES), *(f"/search/?q={word}附件" for word in CANARIES),
)  # fmt: skip


@pytest.fixture
def site(desk, town, settings, tmp_path):
    settings.STATIC_SITE_DIR = str(tmp_path / "site")
    settings.SITE = settings.SITE | {"base_url": "https://testserver"}
    forget()
    return Site(desk, town, tmp_path / "site")


def approved(desk, town, item):
    """Set the instant, freeze the draft, give every opinion."""
    schedule_release(item.pk, INSTANT, actor=town.actor("drafter"), at=AT)
    item = Item.objects.get(pk=item.pk)
    version = desk.submit(item)
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    desk.confirm(version)
    assert desk.opine(version, 3, "secrecy_reviewer") is None
    return version


def plant(desk, town, live):
    """A new item with a file, a new text of what is public, an interpretation of what is public."""
    new = desk.draft(
        title="金丝雀定时标题",
        body="<p>金丝雀定时正文</p>",
        summary="金丝雀定时概述",
        keywords="金丝雀定时",
        theme="民政",
    )
    desk.attach(new, "金丝雀定时附件".encode(), "金丝雀定时附件.txt")
    read = desk.draft(
        title="金丝雀解读标题", body="<p>金丝雀解读正文</p>", interprets=[live.index_number], theme="民政"
    )
    draft = revise(live.pk, actor=town.actor("drafter"), at=AT)
    save_draft(
        live.pk, {"title": "金丝雀改稿标题", "body": "<p>金丝雀改稿正文</p>", "changed_on": TODAY},
        based_on=draft.revision, actor=town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    return [approved(desk, town, item) for item in (new, read, Item.objects.get(pk=live.pk))]


def settle(site):
    """The worker's round: record sealed, index and files follow."""
    seal_all(at=AT)
    follow_all(on=TODAY)
    site.carry()


def shown(client, address):
    return re.sub(r'(nonce=|csrfmiddlewaretoken" value=)"[^"]*"', "", body_of(client.get(address)))


def test_before_its_instant_nothing_of_it_is_anywhere_and_then_everything(client, desk, town, site):
    live = site.item("青禾市临时救助办法", body="<p>救助办法正文。</p>", theme="民政")
    site.build()
    settle(site)
    before = {address: shown(client, address) for address in LISTS}
    files = site.files()
    assert "青禾市临时救助办法" in before["/open/latest/"]

    versions = plant(desk, town, live)
    settle(site)
    forget()
    assert {address: shown(client, address) for address in LISTS} == before
    assert site.files() == files
    assert site.differences() == []
    seen, early = 0, []
    for address in (*addresses(client), *GUESSED):
        text, asked = shown(client, address), address.partition("?q=")[2].partition("&")[0]
        early += [(address, c) for c in CANARIES if c in text and not asked.startswith(c)]
        early += [(address, "found") for c in CANARIES if f"{c}标题" in text]
        seen += 1
    assert early == []
    assert seen > 300
    form = Applicant()
    form.get("request")
    beside = form.post("request_public", {"text": ["金丝雀定时标题 金丝雀定时正文"]}).text
    assert "金丝雀定时标题" not in beside
    assert Item.objects.filter(index_number__isnull=False).count() == 1
    assert [r.version.title for r in Release.objects.select_related("version")] == ["青禾市临时救助办法"]

    assert release_due(at=INSTANT - timedelta(seconds=1)) == []
    assert len(release_due(at=INSTANT)) == len(versions) == 3
    settle(site)
    forget()
    out = Version.objects.get(title="金丝雀定时标题").item
    assert "金丝雀定时正文" in shown(client, f"/items/{out.index_number}/")
    assert "金丝雀解读标题" in shown(client, "/items/900000002/2026-00001/")
    assert "金丝雀改稿正文" in shown(client, "/items/900000002/2026-00001/")
    for address in ("/open/latest/", "/feed/", "/search/?q=金丝雀定时", "/api/v1/items"):
        assert "金丝雀定时标题" in shown(client, address), address
    assert any("金丝雀定时附件".encode() in body for body in site.files().values())
    assert site.differences() == []


def test_a_reader_with_a_conditional_request_learns_nothing_early(desk, town, site):
    """ETag and Last-Modified of lists and feeds do not move before the instant either."""
    live = site.item("青禾市临时救助办法", theme="民政")
    settle(site)
    reader = Client()
    kept = {address: _validators(reader.get(address)) for address in ("/", "/feed/", "/sitemap.xml", "/open/latest/")}
    assert any(kept["/feed/"])
    plant(desk, town, live)
    settle(site)
    forget()
    assert {address: _validators(reader.get(address)) for address in kept} == kept


def _validators(response):
    return response.headers.get("ETag"), response.headers.get("Last-Modified")
