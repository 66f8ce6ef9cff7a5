"""What is not released, or not yours, shows in no header, message, table, neighbour's page or error."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from gongkai.disclosure.models import Item, Release
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY
from tests.security.conftest import BODY, TITLE
from tests.security.places import places
from tests.security.test_hostile_arguments import known

OUTSIDERS = ("other_drafter", "other_secrecy", "system_admin", "security_admin", "audit_admin")


def told(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(response.headers) + str(response.cookies)


def item_places():
    return [place for place in places() if place.space == "desk" and "items/<" in place.spelled]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_not_yours_and_not_there_are_one_answer_in_every_state(at, planted, who):
    """Every address of an item × the states × GET and POST: status, headers and body the same as for no item at all."""
    client = at(who).client
    facts, cells = Fact.objects.count(), 0
    for place in item_places():
        for item in planted.looked_at:
            for method in ("get", "post"):
                answers = []
                for code in (item.code, "Z" * 12):
                    response = getattr(client, method)(place.filled(known(planted) | {"code": code}))
                    text = told(response).replace(code, "")
                    assert not any(secret in text for secret in planted.secrets)
                    answers.append((response.status_code, response.content.replace(code.encode(), b"")))
                assert answers[0] == answers[1], (place.name, method)
                assert answers[0][0] in (404, 405)
                cells += 1
    assert Fact.objects.count() == facts
    assert cells > 150


@pytest.mark.parametrize("who", OUTSIDERS)
def test_tables_counts_and_searches_tell_outsiders_nothing(at, planted, who):
    client = at(who).client
    pages = (
        "/desk/", "/desk/?tab=past", "/desk/?agencies=all", "/desk/items/", f"/desk/items/?q={TITLE}", "/desk/items/?organ=QH-MZ",
        "/desk/items.csv", f"/desk/items.csv?q={TITLE}&organ=QH-MZ", "/desk/todo.csv", "/desk/todo.csv?tab=all", "/desk/coverage/",
        "/desk/coverage/?export=1", "/desk/corrections/", "/desk/catalogue/?organ=QH-MZ", "/desk/me/",
    )  # fmt: skip
    for page in pages:
        text = told(client.get(page)).replace(f'value="{TITLE}"', "").replace(f"q={TITLE}", "")
        assert TITLE not in text, page
        assert BODY not in text, page
        assert "来信人甲" not in text, page
        for item in planted.items.values():
            assert item.code not in text, page
    count = client.get(f"/desk/items/?q={TITLE}").context
    assert count is None or count.get("count", 0) == 0


def test_the_search_for_what_to_interpret_proposes_only_what_is_public(at, planted):
    """Own agency's unreleased titles are not proposed either: the link would show on a public page."""
    client = at("drafter").client
    for query in (TITLE, "名册", "%", "_", "", "未发布"):
        page = client.get(f"/desk/items/{planted.items['draft'].code}/interprets/", {"q": query})
        assert page.context["found"] == [] or all(row.standing == "live" for row in page.context["found"])
        found = [row.version.title for row in page.context["found"]]
        assert not any(TITLE in title for title in found), query


def test_another_agencys_drafter_finds_only_released_texts_to_interpret(at, planted, town):
    from gongkai.disclosure.actions.create_item import create_item

    own = create_item(town.other_section, "本局草稿", heading="20-11", actor=town.actor("other_drafter"), at=AT)
    client = at("other_drafter").client
    for query in (TITLE, "名册", "%", "未发布", "900000002/2026-00001"):
        text = told(client.get(f"/desk/items/{own.code}/interprets/", {"q": query})).replace(f'value="{query}"', "")
        assert TITLE not in text
    response = client.post(f"/desk/items/{own.code}/interprets/", {"add": "900000002/2026-00001"}, follow=True)
    assert TITLE not in told(response)


def test_the_title_of_a_revision_does_not_show_on_the_page_of_what_it_replaced(desk, town):
    """A document replaced by another links to it under the title that is public, not the one being drafted."""
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft
    from gongkai.disclosure.actions.withdraw import withdraw

    old = desk.release(desk.draft(title="旧办法"))
    new = desk.release(desk.draft(title="新办法"))
    withdraw(
        old.item_id, "superseded", explanation="已修改。", replaced_by=Item.objects.get(pk=new.item_id),
        actor=town.actor("leader"), at=AT, today=TODAY,
    )  # fmt: skip
    draft = revise(new.item_id, actor=town.actor("drafter"), at=AT)
    save_draft(
        new.item_id, {"title": TITLE, "changed_on": date(2026, 9, 20)}, based_on=draft.revision,
        actor=town.actor("drafter"), at=AT, today=TODAY,
    )  # fmt: skip
    page = Client().get(f"/items/{Item.objects.get(pk=old.item_id).index_number}/").content.decode()
    assert TITLE not in page
    assert "新办法" in page


def test_what_replaced_it_is_not_named_once_that_was_published_in_error(desk, town):
    from gongkai.disclosure.actions.withdraw import withdraw

    old = desk.release(desk.draft(title="旧办法"))
    new = desk.release(desk.draft(title=TITLE))
    act = {"explanation": "见公告。", "actor": town.actor("leader"), "at": AT, "today": TODAY}
    withdraw(old.item_id, "superseded", replaced_by=Item.objects.get(pk=new.item_id), **act)
    withdraw(new.item_id, "error", **act)
    assert TITLE not in Client().get(f"/items/{Item.objects.get(pk=old.item_id).index_number}/").content.decode()


def test_the_public_side_tells_nothing_of_items_in_work(planted):
    client = Client()
    numbers = {item.index_number for item in planted.items.values()}
    assert "900000002/2026-00002" in numbers
    for address in (
        "/", "/open/", "/open/latest/", "/feed/", "/sitemap.xml", "/correction/?page=900000002/2026-00002", "/items/900000002/2026-00002/",
        "/items/900000002/2026-00001/", "/items/900000002/2026-00001/print/", "/correction/?page=900000002/2026-00001", f"/search/?q={TITLE}",
    ):  # fmt: skip
        text = told(client.get(address)).replace(f'value="{TITLE}"', "").replace(TITLE, "", 0)
        if "/search/" in address:
            assert text.count(BODY) == 0
            continue
        assert TITLE not in text, address
        assert BODY not in text, address


NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "summary",
        "keywords",
        "doc_number",
        "issuer",
        "source",
        "attachment title",
        "file name",
        "alt text",
        "table",
    ],
)
def test_an_id_number_in_any_field_the_public_sees_keeps_the_text_in(desk, town, field):
    """Whatever a released page shows is scanned, not only title, summary and body."""
    from gongkai.disclosure.actions.save_draft import save_draft
    from gongkai.law.verdicts import Refusal
    from tests.desk.conftest import png

    words, drafter = f"身份证号{NUMBER}", town.actor("drafter")
    plain = {"title", "summary", "keywords", "doc_number", "issuer", "source"}
    item = desk.draft(**({field: words} if field in plain else {}))
    if field in ("attachment title", "file name"):
        named = {"title": words} if field == "attachment title" else {"filename": f"{words}.txt"}
        desk.attach(item, **named)
    if field == "alt text":
        image = desk.attach(item, png(), "p.png", inline=True)
        body = f'<p>字</p><p><img src="asset:{image.blob_id}" alt="{words}"></p>'
        item.draft.refresh_from_db()
        save_draft(item.pk, {"body": body}, based_on=item.draft.revision, actor=drafter, at=AT, today=TODAY)
    if field == "table":
        item.draft.refresh_from_db()
        cells = "".join(f"<td>{part}</td>" for part in ("身份证号", NUMBER))
        body = f"<table><tr>{cells}</tr></table>"
        save_draft(item.pk, {"body": body}, based_on=item.draft.revision, actor=drafter, at=AT, today=TODAY)
    try:
        desk.release(Item.objects.get(pk=item.pk))
    except Refusal as refusal:
        assert refusal.code == "findings_open"
    assert not Release.objects.filter(item=item).exists()


@pytest.mark.parametrize(
    "field", ["title", "summary", "keywords", "source", "ground_reason", "impact_assessment", "attachment title"]
)
def test_a_secrecy_mark_is_stored_in_no_field(desk, town, field):
    """Typed anywhere, a mark is refused before a byte is kept."""
    from gongkai.law.verdicts import Refusal

    words = "机密★10年"
    with pytest.raises(Refusal) as refused:
        if field == "attachment title":
            desk.attach(desk.draft(), title=words)
        else:
            desk.draft(**{field: words})
    assert refused.value.code == "secrecy_mark"


def test_the_supervisor_reads_all_and_no_address_lets_them_change_anything(at, planted):
    """By POST on every address of the desk, with everything a form could hold."""
    from tests.security.test_state_changes import state

    client = at("supervisor").client
    before = state()
    data = {
        "verdict": "approve", "reason": "看过", "answer": "lawful", "title": "改", "body": "改", "based_on": "3", "outcome": "open",
        "explanation": "撤", "take": "title", "add": "900000002/2026-00002", "release": "1", "password": "abcdefghijkl",
        "digest": planted.items["in_review"].versions.get().digest, "ends_on": "2026-01-01",
    }  # fmt: skip
    for place in places():
        # Measuring the site is the supervisor's own act; it changes nothing of what it measures.
        if place.space != "desk" or place.name in ("logout", "login", "inspect_now"):
            continue
        for item in planted.looked_at if "items/" in place.spelled else [planted.items["draft"]]:
            values = known(planted) | {"code": item.code if "items/" in place.spelled else "QH-MZ"}
            assert client.post(place.filled(values), data).status_code < 500
    assert state() == before


def test_desk_pages_are_kept_by_no_cache(at, planted):
    client = at("drafter").client
    code = planted.items["in_review"].code
    for address in ("/desk/", "/desk/items/", "/desk/items.csv", f"/desk/items/{code}/", f"/desk/items/{code}/versions/1/files/1",
                    f"/desk/items/{code}/images/{planted.image}", "/desk/login/"):  # fmt: skip
        response = client.get(address)
        assert "no-store" in response.get("Cache-Control", ""), address
        response.close()
