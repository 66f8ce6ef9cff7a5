"""Every public page answers, says what it should, and asks the database no more than it must."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.db import connection

from gongkai.disclosure.actions.import_items import Incoming, begin_batch, examine_line, finish_batch, take_in
from gongkai.disclosure.queries import public
from gongkai.ledger.actions.seal import seal_all
from gongkai.search.actions.follow import follow_all
from tests.conftest import AT, TODAY

ATOM = "{http://www.w3.org/2005/Atom}"


def queries(client, address):
    """The statements one request makes."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = client.get(address)
    assert response.status_code == 200, address
    return seen


@pytest.fixture
def history(town):
    """Sixty imported items, newest last."""
    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    rows = [
        examine_line(
            n, {"id": f"h{n}", "title": f"第{n:03d}号通知", "body": f"通知正文{n}", "agency": "青禾市水利局", "date": f"20{10 + n % 9}-01-02"},
            today=TODAY,
        )
        for n in range(60)
    ]  # fmt: skip
    for n, row in enumerate(rows):
        assert isinstance(row, Incoming)
        take_in(batch, [row], at=AT + timedelta(minutes=n))
    finish_batch(batch, rejected=0, at=AT)
    return rows


@pytest.mark.parametrize(
    "address",
    [
        "/", "/open/", "/open/latest/", "/open/heading/20-11/", "/open/agency/QH-MZ/", "/open/year/2026/",
        "/open/catalogue/", "/search/", "/search/?q=救助", "/search/?q=查不到的词语", "/guide/", "/institutions/",
        "/reports/", "/apply/", "/agencies/", "/remedies/", "/accessibility/", "/about/", "/contact/", "/privacy/",
        "/sitemap/", "/correction/", "/items/900000002/2026-00001/", "/items/900000002/2026-00001/print/",
    ],
)  # fmt: skip
def test_every_page_answers_in_chinese_with_its_meta_tags(client, desk, address):
    desk.release()
    seal_all(at=AT)
    follow_all(on=TODAY)
    response = client.get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="zh-CN"' in text
    assert text.count("<h1") == 1
    for name in ("SiteName", "SiteDomain", "SiteIDCode"):
        assert re.search(rf'<meta name="{name}" content="[^"]+">', text), name
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "sessionid" not in response.cookies
    assert not re.search(r">[^<]*\b(None|null|undefined|Traceback)\b", text)


def test_pubdate_is_the_instant_the_system_released(client, desk):
    desk.release()
    text = client.get("/items/900000002/2026-00001/").content.decode()
    assert '<meta name="PubDate" content="2026-09-21 10:00">' in text
    assert '<meta name="ArticleTitle" content="青禾市2026年8月临时救助情况公示">' in text


def test_an_item_page_makes_two_queries(client, desk):
    desk.release()
    client.get("/items/900000002/2026-00001/")
    assert len(queries(client, "/items/900000002/2026-00001/")) <= 2


def test_a_list_makes_two_queries_at_any_depth(client, history):
    client.get("/open/latest/")
    assert len(queries(client, "/open/latest/")) <= 2
    older = public.page(public.listed(), on=TODAY).older
    address = f"/open/latest/?after={older.replace('+', '%2B')}"
    client.get(address)
    assert len(queries(client, address)) <= 2


def test_home_makes_two_queries(client, history):
    client.get("/")
    assert len(queries(client, "/")) <= 2


def test_paging_shows_every_item_once_forwards_and_backwards(client, history):
    address, forwards = "/open/latest/", []
    pages = []
    while address:
        text = client.get(address).content.decode()
        forwards += re.findall(r"第(\d{3})号通知", text)
        pages.append(text)
        link = re.search(r'<a href="([^"]+)" rel="next"', text)
        address = link[1].replace("&amp;", "&") if link else ""
    assert forwards == [f"{n:03d}" for n in range(59, -1, -1)]
    assert len(pages) == 2
    back = re.search(r'<a href="([^"]+)" rel="prev"', pages[-1])[1].replace("&amp;", "&")
    assert re.findall(r"第(\d{3})号通知", client.get(back).content.decode()) == [f"{n:03d}" for n in range(59, 24, -1)]


@pytest.mark.parametrize("cursor", ["x", "o:", "o:nonsense:1", "n:2026-01-01T00:00:00+00:00:x", "o:9999:9", "';--"])
def test_a_damaged_cursor_is_the_first_page(client, history, cursor):
    text = client.get("/open/latest/", {"after": cursor}).content.decode()
    assert re.findall(r"第(\d{3})号通知", text)[0] == "059"


def test_filters_narrow_and_can_be_removed(client, history, desk):
    desk.release()
    text = client.get("/open/latest/?agency=QH-MZ").content.decode()
    assert re.search(r"class=\"count\">\s*1 件", text)
    assert "青禾市2026年8月临时救助情况公示" in text
    assert "号通知</a>" not in text
    assert 'href="/open/latest/"' in text


def test_the_feed_is_atom_and_follows_withdrawals(client, desk, town):
    from gongkai.disclosure.actions.withdraw import withdraw

    release = desk.release()
    feed = ET.fromstring(client.get("/feed/").content)
    assert [e.findtext(f"{ATOM}title") for e in feed.iter(f"{ATOM}entry")] == ["青禾市2026年8月临时救助情况公示"]
    etag = client.get("/feed/")["ETag"]
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 304
    withdraw(release.item_id, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    changed = client.get("/feed/", headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert list(ET.fromstring(changed.content).iter(f"{ATOM}entry")) == []


def test_large_print_is_a_cookie_set_by_a_link_and_leads_nowhere_else(client, desk):
    response = client.get("/display/large/?next=/open/")
    assert (response.status_code, response["Location"]) == (302, "/open/")
    assert '<html lang="zh-CN" class="large">' in client.get("/open/").content.decode()
    assert client.get("/display/standard/?next=https://elsewhere.example/")["Location"] == "/"
    assert client.get("/display/huge/").status_code == 404


def test_a_correction_request_reaches_the_organ_and_its_words_stay_out_of_the_record(client, desk, town):
    from gongkai.disclosure.models import CorrectionRequest
    from gongkai.ledger.models import Fact

    desk.release()
    form = {
        "page": "900000002/2026-00001", "kind": "delete", "words": "请删去本人姓名", "contact": "许某 0000-88120000",
    }  # fmt: skip
    answer = client.post("/correction/", form).content.decode()
    assert re.search(r"G\d{6}", answer)
    assert CorrectionRequest.objects.get().words == "请删去本人姓名"
    fact = Fact.objects.get(kind="item.correction_asked")
    assert "许某" not in str(fact.data)
    again = client.post("/correction/", {**form, "page": "900000002/2026-00077", "words": "留下的话"}).content.decode()
    assert "没有索引号为“900000002/2026-00077”的公开信息" in again
    assert "留下的话" in again


def test_search_finds_by_words_number_and_attachment(client, desk, town):
    item = desk.draft(
        title="关于印发河道管护办法的通知", doc_number="青政办规〔2026〕7号", body="<p>河长应当每月巡河。</p>"
    )
    desk.attach(item, "管护员补助标准表".encode(), "名单.txt")
    desk.release(item)
    seal_all(at=AT)
    follow_all(on=TODAY)
    for query in ("河道管护", "巡河", "青政办规〔2026〕7号", "青政办规[2026]7号", "900000002/2026-00001"):
        assert "/items/900000002/2026-00001/" in client.get("/search/", {"q": query}).content.decode(), query
    text = client.get("/search/", {"q": "管护员补助"}).content.decode()
    assert "在附件中找到" in text
    assert "名单.txt" in text


def test_search_escapes_what_was_typed(client, desk):
    text = client.get("/search/", {"q": '<script>alert(1)</script>"'}).content.decode()
    assert "<script>alert(1)" not in text


def test_attachments_come_as_downloads_that_no_browser_runs(client, desk, town):
    item = desk.draft()
    desk.attach(item, "内容".encode(), "说明 1.txt")
    desk.release(item)
    response = client.get("/items/900000002/2026-00001/files/1/说明 1.txt")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == "内容".encode()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get("/items/900000002/2026-00001/files/1/别名.txt").status_code == 404
    assert client.get("/items/900000002/2026-00001/files/2/说明 1.txt").status_code == 404


def test_interpretation_and_document_link_both_ways(client, desk):
    desk.release(title="河道管护办法", body="<p>办法。</p>")
    desk.release(title="《河道管护办法》解读", body="<p>解读。</p>", interprets=["900000002/2026-00001"])
    assert "《河道管护办法》解读" in client.get("/items/900000002/2026-00001/").content.decode()
    assert "本页解读的文件" in client.get("/items/900000002/2026-00002/").content.decode()


def test_reports_stand_in_a_table_of_years(client, desk):
    assert public.report_year("青禾市民政局2025年政府信息公开工作年度报告", 2026) == 2025
    assert public.report_year("年度报告", 2026) == 2025
    assert client.get("/reports/").status_code == 200


def test_an_expired_document_lapses_by_itself(client, desk):
    from gongkai.disclosure.actions.withdraw import expire_due

    desk.release(effective_from=date(2024, 9, 1), valid_until=date(2026, 9, 20))
    assert len(expire_due(at=AT, today=TODAY)) == 1
    assert len(expire_due(at=AT, today=TODAY)) == 0
    assert "失效" in client.get("/items/900000002/2026-00001/").content.decode()
