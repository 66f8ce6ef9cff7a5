"""The changes: in order, none left out, the same when asked again, and no word of what is not public."""

from __future__ import annotations

import pytest

from gongkai.disclosure.actions.withdraw import expire_due
from gongkai.ledger.models import Fact
from gongkai.ledger.queries import last_position
from tests.conftest import AT

pytestmark = pytest.mark.django_db


def lines(told):
    return [(c["kind"], c["index_number"], c["reason"]) for c in told["changes"]]


def test_every_change_of_an_item_comes_in_order(office, ask):
    one = office.item("青禾市低保标准")
    two = office.item("青禾市夜市办法")
    office.edit(one, title="青禾市低保标准（修订）")
    office.withdraw(two)
    office.withdraw(one, "abolished", basis="新标准")
    told = ask("changes")
    a, b = one.index_number, two.index_number
    assert lines(told) == [
        ("released", a, ""), ("released", b, ""), ("changed", a, ""), ("withdrawn", b, "error"),
        ("withdrawn", a, "abolished"),
    ]  # fmt: skip
    positions = [c["position"] for c in told["changes"]]
    assert positions == sorted(set(positions))
    assert (told["position"], told["more"]) == (positions[-1], False)
    assert told["changes"][0]["url"] == f"https://www.qinghe.example/items/{a}/"
    assert told["changes"][0]["at"] == "2026-09-21T10:00:00+08:00"
    assert [c["state"] == "" for c in told["changes"]] == [False, False, False, True, False]


def test_a_validity_that_ends_is_told(office, ask):
    from datetime import date, timedelta

    item = office.item("试行办法", effective_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    before = ask("changes")["position"]
    end = date(2027, 1, 1)
    expire_due(at=AT + timedelta(days=200), today=end)
    office.seal()
    assert lines(ask("changes", after=before)) == [("expired", item.index_number, "expired")]


def test_released_again_after_an_error_it_is_a_change(office, ask):
    item = office.item("青禾市公告")
    office.withdraw(item)
    office.edit(item, title="青禾市公告（更正）")
    assert [kind for kind, _, _ in lines(ask("changes"))] == ["released", "withdrawn", "changed"]


def test_in_pieces_of_any_size_nothing_is_left_out_and_nothing_comes_twice(office, ask):
    for n in range(5):
        office.item(f"第{n}件")
    whole = ask("changes")["changes"]
    for size in (1, 2, 3, 5, 7):
        got, after = [], 0
        while True:
            told = ask("changes", after=after, limit=size)
            got += told["changes"]
            assert told["position"] >= after
            after = told["position"]
            if not told["more"]:
                break
        assert got == whole
        assert ask("changes", after=after, limit=size) == {"changes": [], "position": after, "more": False}


def test_the_same_question_gets_the_same_answer_after_more_has_happened(office, ask):
    one = office.item("第一件")
    office.item("第二件")
    first = ask("changes", limit=2)
    office.edit(one, title="第一件改")
    office.withdraw(one)
    assert ask("changes", limit=2) == first | {"more": True}


def test_the_state_is_the_one_of_the_item(office, ask):
    item = office.item("青禾市公告")
    told = ask("changes")["changes"][-1]
    assert ask(f"items/{item.index_number}")["state"] == told["state"]
    office.withdraw(item, "abolished")
    ended = ask("changes")["changes"][-1]
    assert ended["state"] != told["state"]
    assert ask(f"items/{item.index_number}")["state"] == ended["state"]
    assert ask("items")["items"][0]["state"] == ended["state"]


def test_what_is_not_public_moves_nothing(office, ask, client):
    office.item("青禾市公告")
    known = client.get("/api/v1/changes")
    office.desk.submit(office.desk.draft(title="金丝雀"))
    office.desk.draft(title="金丝雀草稿")
    facts = Fact.objects.count()
    office.seal()
    assert last_position() == facts
    again = client.get("/api/v1/changes")
    # Not even that something happened inside can be seen.
    assert again.content == known.content
    assert client.get("/api/v1/changes", headers={"If-None-Match": known["ETag"]}).status_code == 304


def test_what_is_not_sealed_yet_comes_later_and_is_not_passed_by(office, ask):
    office.item("第一件")
    after = ask("changes")["position"]
    office.desk.release(title="第二件")
    assert ask("changes", after=after)["changes"] == []
    office.seal()
    assert [kind for kind, _, _ in lines(ask("changes", after=after))] == ["released"]


def test_a_position_that_was_never_given_is_refused(office, ask):
    office.item("第一件")
    told = ask("changes", 400, after=10**9)
    assert told["error"]["code"] == "unknown_position"
    assert told["error"]["field"] == "after"
