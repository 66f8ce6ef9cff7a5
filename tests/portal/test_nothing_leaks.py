"""What is not released is reachable by no public address, feed, sitemap or search."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest
from django.urls import get_resolver

from gongkai.disclosure.actions.columns import add_column
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import expire_due, withdraw
from gongkai.disclosure.models import DraftAttachment, Item, VersionAttachment
from gongkai.ledger.actions.seal import seal_all
from gongkai.portal.urls_track import urlpatterns as tracking_routes
from gongkai.search.actions.follow import follow_all
from tests.conftest import AT, TODAY
from tests.portal.tracker import addresses as tracking_addresses

CANARIES = [f"金丝雀{name}" for name in ("草稿", "审查", "退回", "拒绝", "误发", "旧版", "新稿", "不公开", "期满")]


def plant(desk, town):
    """An item in every state that the public must not see, each with its canary in title, body and attachment."""
    drafter = town.actor("drafter")

    def with_file(title):
        item = desk.draft(title=f"{title}标题", body=f"<p>{title}正文</p>", summary=f"{title}概述", keywords=title)
        desk.attach(item, f"{title}附件".encode(), f"{title}.txt")
        return Item.objects.get(pk=item.pk)

    with_file("金丝雀草稿")
    desk.submit(with_file("金丝雀审查"))
    returned = desk.submit(with_file("金丝雀退回"))
    desk.opine(returned, 1, "section_reviewer", "return", reason="再核。", return_to=0)
    refused = desk.submit(with_file("金丝雀拒绝"))
    desk.opine(refused, 1, "section_reviewer", "refuse", reason="不当。")
    error = with_file("金丝雀误发")
    desk.release(error)
    withdraw(error.pk, "error", explanation="发布有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    old = with_file("金丝雀旧版")
    desk.release(old)
    draft = revise(old.pk, actor=drafter, at=AT)
    new = {
        "title": "清白标题", "body": "<p>清白正文</p>", "summary": "", "keywords": "", "changed_on": date(2026, 9, 20),
    }  # fmt: skip
    save_draft(old.pk, new, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
    from gongkai.disclosure.actions.attachments import remove_attachment

    remove_attachment(old.pk, 1, actor=drafter, at=AT)
    old.refresh_from_db()
    desk.release(Item.objects.get(pk=old.pk))
    draft = revise(old.pk, actor=drafter, at=AT)
    save_draft(
        old.pk, {"title": "金丝雀新稿标题", "body": "<p>金丝雀新稿正文</p>"}, based_on=draft.revision, actor=drafter,
        at=AT, today=TODAY,
    )  # fmt: skip
    hidden = with_file("金丝雀不公开")
    save_draft(
        hidden.pk,
        {"openness": "withheld", "ground": "G16a", "ground_reason": "单位食堂排班，属于后勤管理的内部安排。"},
        based_on=hidden.draft.revision, actor=drafter, at=AT, today=TODAY,
    )  # fmt: skip
    desk.release(Item.objects.get(pk=hidden.pk))
    over = with_file("金丝雀期满")
    over.column = add_column(
        "x", "救助公示", description="说明", keywords="公示", kind="公示", actor=town.actor("system_admin"), at=AT
    )
    over.save()
    save_draft(
        over.pk, {"valid_until": TODAY, "names_persons": True, "impact_assessment": "只写姓名，公示七日。"},
        based_on=over.draft.revision, actor=drafter, at=AT, today=TODAY,
    )  # fmt: skip
    desk.release(Item.objects.get(pk=over.pk))
    assert expire_due(at=AT, today=TODAY + timedelta(days=1)) == [over.pk]
    seal_all(at=AT)
    follow_all(on=TODAY)


def routes():
    """Every public route by its pattern."""
    resolver = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "portal")
    return [(p.name, str(p.pattern)) for p in resolver.url_patterns]


def addresses(client):
    """Concrete addresses of every public route, with every index number, guessed numbers, orders and digests."""
    numbers = [n for n in Item.objects.values_list("index_number", flat=True) if n]
    numbers += [f"900000002/2026-{i:05d}" for i in range(12)]
    codes = list(Item.objects.values_list("code", flat=True)) + [
        str(pk) for pk in Item.objects.values_list("pk", flat=True)
    ]
    names = {a.filename for a in itertools.chain(DraftAttachment.objects.all(), VersionAttachment.objects.all())}
    files = [*DraftAttachment.objects.all(), *VersionAttachment.objects.all()]
    digests = {digest for a in files for digest in (a.blob_id, a.original_id, a.base_id) if digest}
    for number in dict.fromkeys(numbers + codes):
        base = f"/items/{number}/"
        yield from (base, f"{base}print/")
        yield from (f"{base}files/{order}/{name}" for order in range(4) for name in names)
        yield from (f"{base}images/{digest}" for digest in digests)
    yield from (f"/files/{d}" for d in digests)
    yield from (f"/static/{d}" for d in digests)
    plain = {
        "home": "/", "open": "/open/", "latest": "/open/latest/", "heading": "/open/heading/20-11/",
        "agency": "/open/agency/QH-MZ/", "theme": "/open/theme/民政/", "year": "/open/year/2026/",
        "column": "/open/column/x/", "catalogue": "/open/catalogue/", "entry": "/open/catalogue/1/QH-MZ/",
        "search": "/search/", "guide": "/guide/", "rules": "/institutions/", "reports": "/reports/",
        "apply": "/apply/", "agencies": "/agencies/", "remedies": "/remedies/", "accessibility": "/accessibility/",
        "about": "/about/", "contact": "/contact/", "privacy": "/privacy/", "sitemap": "/sitemap/",
        "display": "/display/large/", "correction": "/correction/", "feed": "/feed/",
        "feed_agency": "/feed/agency/QH-MZ/", "feed_heading": "/feed/heading/20-11/", "feed_theme": "/feed/theme/民政/",
        "latest_page": "/open/latest/page/1/", "heading_page": "/open/heading/20-11/page/1/",
        "agency_page": "/open/agency/QH-MZ/page/1/", "theme_page": "/open/theme/民政/page/1/",
        "year_page": "/open/year/2026/page/1/", "column_page": "/open/column/x/page/1/",
        "catalogue_page": "/open/catalogue/page/1/", "entry_page": "/open/catalogue/1/QH-MZ/page/1/",
        "rules_page": "/institutions/page/1/",
        "handbooks": "/handbooks/", "handbook": "/handbooks/1.pdf",
        "board": "/board/", "board_organ": "/board/QH-MZ/", "board_worker": "/board/worker.js",
        "callback_wechat": "/callback/wechat/", "subscribe": "/subscribe/?theme=民政&agency=QH-MZ",
        "subscribe_confirm": "/subscribe/confirm/x/", "subscribe_leave": "/subscribe/leave/x/", "sitemap_xml": "/sitemap.xml", "robots": "/robots.txt",
        "request": "/apply/new/", "request_agency": "/apply/new/agency/",
        "request_applicant": "/apply/new/applicant/", "request_files": "/apply/new/files/",
        "request_remove_file": "/apply/new/files/remove/", "request_delivery": "/apply/new/delivery/",
        "request_check": "/apply/new/check/", "request_receipt": "/apply/new/receipt/",
        "request_receipt_file": "/apply/new/receipt/file/", "request_discard": "/apply/new/discard/",
        "request_again": "/apply/new/again/", "request_public": "/apply/new/public/",
        "request_upload": "/apply/new/uploads/", "request_upload_piece": "/apply/new/uploads/x/",
        "request_upload_finish": "/apply/new/uploads/x/finish/",
    }  # fmt: skip
    covered = {"item", "print", "file", "image"} | set(plain)
    covered |= {route.name for route in tracking_routes}  # without a session; with one: test_tracking_access.py
    unknown = [name for name, _ in routes() if name not in covered and not name.startswith("calculator")]
    assert unknown == [], f"写明这些新的公众地址怎样检查：{unknown}"
    yield from plain.values()
    yield from api_addresses(numbers + codes)
    yield from ("/apply/track/", "/apply/track/leave/", *tracking_addresses())
    for number in numbers:
        yield f"/correction/?page={number}"
    for word in [*CANARIES, "标题", "正文", "附件", "救助", "清白"]:
        yield f"/search/?q={word}"
        yield f"/search/?q={word}&order=date"


def api_addresses(numbers):
    """Every question of the pull API, about every number, and every change there ever was."""
    resolver = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "api")
    assert {p.name for p in resolver.url_patterns} == {"openapi", "changes", "items", "item", "unknown"}
    yield from (f"/api/v1/items/{number}" for number in dict.fromkeys(numbers))
    yield from ("/api/v1/changes", "/api/v1/items", "/api/v1/items?agency=QH-MZ", "/api/v1/items?heading=20-11")
    yield from ("/api/v1/openapi.json", "/api/", *(f"/api/v1/items?theme={word}" for word in CANARIES))
    yield from (f"/api/v1/changes?after={n}&limit=1" for n in range(20))


def body_of(response):
    """The words of an answer, without the marks that search puts between them."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(r"</?mark>", "", raw.decode("utf-8", "replace"))


def test_no_public_address_shows_what_is_not_released(client, desk, town):
    plant(desk, town)
    seen, shown = 0, []
    for address in addresses(client):
        response = client.get(address)
        text = body_of(response) + str(response.headers)
        asked = address.partition("?q=")[2].partition("&")[0]
        found = [c for c in CANARIES if c in text and c != asked]
        if found:
            shown.append((address, found))
        seen += 1
    assert shown == []
    assert seen > 300
    # The net has no hole: what is released does show.
    assert "清白正文" in body_of(client.get("/items/900000002/2026-00002/"))
    assert "清白标题" in body_of(client.get("/search/?q=清白标题"))


def test_a_search_that_names_a_canary_finds_nothing(client, desk, town):
    plant(desk, town)
    for canary in CANARIES:
        page = body_of(client.get(f"/search/?q={canary}"))
        assert page.count(f"{canary}标题") == 0
        assert "/items/900000002/2026-00001/" not in page


def test_the_index_proposes_and_the_database_disposes(client, desk, town):
    """A release that is withdrawn after the index last followed is already gone from the answers."""
    release = desk.release(desk.draft(title="滨河路夜市管理办法"))
    seal_all(at=AT)
    follow_all(on=TODAY)
    assert "滨河路夜市" in body_of(client.get("/search/?q=夜市管理"))
    withdraw(release.item_id, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert "滨河路" not in body_of(client.get("/search/?q=夜市管理"))


def test_withdrawn_in_error_answers_gone_with_its_notice_only(client, desk, town):
    release = desk.release(desk.draft(title="滨河路夜市管理办法"))
    withdraw(release.item_id, "error", explanation="附表有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    response = client.get("/items/900000002/2026-00001/")
    assert response.status_code == 410
    assert "滨河路" not in body_of(response)
    assert "附表有误" in body_of(response)


@pytest.mark.parametrize(("reason", "tag"), [("abolished", "已废止"), ("expired", "失效")])
def test_an_ended_document_stays_readable_under_a_banner(client, desk, town, reason, tag):
    release = desk.release(desk.draft(title="滨河路夜市管理办法", body="<p>夜市二十二时收摊。</p>"))
    withdraw(release.item_id, reason, explanation="另有规定。", actor=town.actor("leader"), at=AT, today=TODAY)
    response = client.get("/items/900000002/2026-00001/")
    assert response.status_code == 200
    assert tag in body_of(response)
    assert "夜市二十二时收摊" in body_of(response)
