"""The public page of handbooks: the newest edition from one door, and nothing that was taken down."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from gongkai.channels.actions.editions import make
from gongkai.channels.actions.handbooks import choose, open_handbook, publish
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import withdraw
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db
CANARY = "金丝雀指南"


@pytest.fixture
def book(desk, town, settings):
    settings.SITE = settings.SITE | {"base_url": "https://www.qinghe.example"}
    items = [desk.draft(title=f"{CANARY}正文"), desk.draft(title="留下的指南")]
    for item in items:
        desk.release(item)
    keeper = town.actor("compliance_reviewer")
    told = {"title": "青禾市便民服务手册", "subtitle": "", "contact": "", "paper": "A5", "chapters": "hand"}
    made = open_handbook(town.organ, told, actor=keeper, at=AT)
    choose(made.pk, [item.index_number for item in items], actor=keeper, at=AT, on=TODAY)
    publish(made.pk, True, actor=keeper, at=AT, on=TODAY)
    make(made.pk, at=AT, on=TODAY)
    return made, items


def had(client, number: int) -> str:
    """All words of the PDF that can be had, "" for none."""
    response = client.get(f"/handbooks/{number}.pdf")
    if response.status_code == 404:
        return ""
    data = b"".join(response.streaming_content)
    response.close()
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        return "".join(page.get_textpage().get_text_range() for page in pdf)


def test_the_page_names_it_and_hands_it_out(client, book):
    page = client.get("/handbooks/").content.decode()
    assert all(words in page for words in ("青禾市便民服务手册", "第 1 版", f"/handbooks/{book[0].pk}.pdf"))
    response = client.get(f"/handbooks/{book[0].pk}.pdf")
    assert (response["Content-Type"], response["Cache-Control"], response["X-Content-Type-Options"]) == (
        "application/pdf", "no-cache", "nosniff",
    )  # fmt: skip
    response.close()
    assert CANARY in had(client, book[0].pk)


@pytest.mark.parametrize("reason", ["error", "abolished"])
def test_a_withdrawn_item_is_in_no_downloadable_edition(client, book, town, reason):
    made, items = book
    withdraw(items[0].pk, reason, explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert had(client, made.pk) == ""
    assert "正在制作新版" in client.get("/handbooks/").content.decode()
    make(made.pk, at=AT, on=TODAY)
    assert (CANARY in had(client, made.pk), "留下的指南" in had(client, made.pk)) == (False, True)


def test_a_former_text_is_in_none_either(client, book, town, desk):
    made, items = book
    actor = town.actor("drafter")
    draft = revise(items[0].pk, actor=actor, at=AT)
    told = {"title": "改过的标题", "body": draft.body, "changed_on": TODAY}
    save_draft(items[0].pk, told, based_on=draft.revision, actor=actor, at=AT, today=TODAY)
    items[0].refresh_from_db()
    desk.release(items[0])
    assert had(client, made.pk) == ""
    make(made.pk, at=AT, on=TODAY)
    assert (CANARY in had(client, made.pk), "改过的标题" in had(client, made.pk)) == (False, True)


def test_former_editions_and_unpublished_handbooks_have_no_address(client, book, town):
    made, items = book
    keeper = town.actor("compliance_reviewer")
    for address in (f"/handbooks/{made.pk}/1.pdf", f"/handbooks/{made.pk}/", "/handbooks/999.pdf"):
        assert client.get(address).status_code == 404
    publish(made.pk, False, actor=keeper, at=AT, on=TODAY)
    assert had(client, made.pk) == ""
    assert "青禾市便民服务手册" not in client.get("/handbooks/").content.decode()


def test_without_handbooks_the_page_says_so(client, town):
    assert "还没有发布便民手册" in client.get("/handbooks/").content.decode()
