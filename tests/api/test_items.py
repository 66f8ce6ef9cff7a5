"""One item and lists of items: what the page shows, and after a withdrawal nothing but the notice."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from html import unescape

import pytest

from tests.api.conftest import BASE

pytestmark = pytest.mark.django_db


def test_an_item_says_what_its_page_says(office, ask, client):
    item = office.item(
        "青禾市低保标准", body="<h2>一、标准</h2><p>每人每月八百元。</p>", attachment="附表", theme="民政",
        doc_number="青民发〔2026〕8号", keywords="低保 救助", summary="调整低保标准。", effective_from=date(2026, 9, 1),
    )  # fmt: skip
    told = ask(f"items/{item.index_number}")
    assert told["title"] == "青禾市低保标准"
    assert told["agency"] == {"code": "QH-MZ", "name": "青禾市民政局"}
    assert told["heading"]["code"] == "20-11"
    assert (told["document_number"], told["theme"], told["keywords"]) == ("青民发〔2026〕8号", "民政", ["低保", "救助"])
    assert (told["formed_on"], told["effective_from"], told["valid_until"]) == ("2026-09-18", "2026-09-01", None)
    assert (told["released_at"], told["validity"]) == ("2026-09-21T10:00:00+08:00", "effective")
    page = unescape(client.get(f"/items/{item.index_number}/").content.decode())
    assert "每人每月八百元" in told["body"]
    # Word for word: what the page shows is in the answer, and the answer's words are on the page.
    words = re.sub(r"<[^>]+>", "\n", told["body"]).split()
    assert [w for w in words if w not in page] == []
    for text in (told["title"], told["summary"], told["agency"]["name"], told["heading"]["title"], told["theme"]):
        assert text in page
    [file] = told["files"]
    assert file["url"].startswith(f"{BASE}/items/{item.index_number}/files/1/")
    got = b"".join(client.get(file["url"].removeprefix(BASE)).streaming_content)
    assert hashlib.sha256(got).hexdigest() == file["sha256"]
    assert len(got) == file["size"]


def test_withdrawn_in_error_only_the_notice_is_left(office, ask, client):
    item = office.item(
        "滨河路夜市办法", body="<p>二十二时收摊。</p>", attachment="夜市附表", theme="民政", summary="夜市概述"
    )
    office.withdraw(item, explanation="名单有误。")
    told = ask(f"items/{item.index_number}", 410)
    assert told["error"]["code"] == "withdrawn"
    assert told["notice"] == {
        "index_number": item.index_number, "title": "这条信息发布有误，已撤下", "on": "2026-09-21", "reason": "名单有误。",
        "agency": {"code": "QH-MZ", "name": "青禾市民政局"}, "url": f"{BASE}/items/{item.index_number}/",
    }  # fmt: skip
    for address in ("changes", "items", f"items/{item.index_number}", "items?theme=民政", "items?heading=20-11"):
        answer = client.get(f"/api/v1/{address}").content.decode()
        for word in ("夜市", "收摊", "附表", "概述"):
            assert word not in answer, address
    assert ask("items")["items"] == []


def test_an_abolished_document_stays_with_its_validity_and_its_successor(office, ask):
    old, new = office.item("青禾市旧办法"), office.item("青禾市新办法")
    office.withdraw(old, "superseded", replaced_by=new, basis="新办法")
    told = ask(f"items/{old.index_number}")
    assert told["validity"] == "amended"
    assert told["ended"] == {
        "on": "2026-09-21", "ground": "新办法",
        "current": {"title": "青禾市新办法", "index_number": new.index_number, "url": f"{BASE}/items/{new.index_number}/"},
    }  # fmt: skip
    assert [row["index_number"] for row in ask(f"items/{new.index_number}")["replaces"]] == [old.index_number]


def test_while_it_is_revised_the_released_text_is_told(office, ask, desk, town):
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft
    from tests.conftest import AT, TODAY

    item = office.item("青禾市公告", body="<p>旧文。</p>")
    draft = revise(item.pk, actor=town.actor("drafter"), at=AT)
    save_draft(
        item.pk, {"title": "金丝雀", "body": "<p>金丝雀</p>"}, based_on=draft.revision, actor=town.actor("drafter"), at=AT,
        today=TODAY,
    )  # fmt: skip
    told = ask(f"items/{item.index_number}")
    assert (told["title"], "旧文" in told["body"]) == ("青禾市公告", True)


def test_lists_by_heading_agency_and_theme_in_pages(office, ask):
    for n in range(5):
        office.item(f"民政第{n}件", theme="民政")
    office.item("教育一件", theme="教育")
    got, cursor = [], ""
    for _ in range(9):
        told = ask("items", theme="民政", limit=2, **({"cursor": cursor} if cursor else {}))
        got += [row["title"] for row in told["items"]]
        cursor = told["next"]
        if cursor is None:
            break
    assert got == [f"民政第{n}件" for n in (4, 3, 2, 1, 0)]
    assert len(ask("items", theme=["民政", "教育"])["items"]) == 6
    assert len(ask("items", agency="QH-MZ", heading="20-11")["items"]) == 6
    assert ask("items", agency="QH-JY")["items"] == []


def test_a_known_answer_is_not_sent_again(office, client):
    item = office.item("青禾市公告")
    for address in ("changes", "items", f"items/{item.index_number}"):
        first = client.get(f"/api/v1/{address}")
        again = client.get(f"/api/v1/{address}", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    known = client.get("/api/v1/items")["ETag"]
    office.edit(item, title="青禾市公告（更正）")
    assert client.get("/api/v1/items", headers={"If-None-Match": known}).status_code == 200
