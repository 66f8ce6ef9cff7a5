"""An announcement that names people goes with its period: a notice is left, and no name anywhere."""

from datetime import timedelta

import pytest

from gongkai.disclosure.actions.columns import add_column
from gongkai.disclosure.actions.withdraw import expire_due, withdraw
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

LAST = TODAY + timedelta(days=4)
AFTER = LAST + timedelta(days=1)


@pytest.fixture
def announced(desk, town):
    """A released item with a last day, in a column of a kind; with people in it or not."""

    def go(*, persons: bool, kind: str = "公示"):
        told = {"names_persons": True, "impact_assessment": "只写姓名，公示五日。"} if persons else {}
        item = desk.draft(title="穆知遥等救助对象公示", body="<p>穆知遥，每月八百元。</p>", valid_until=LAST, **told)
        item.column = add_column(
            "x", "本市", description="说明", keywords="救助", kind=kind, actor=town.actor("system_admin"), at=AT
        )
        item.save()
        desk.release(item)
        return item

    return go


@pytest.mark.parametrize(
    ("scope", "persons", "gone"),
    [("persons", True, True), ("persons", False, False), ("all", False, True), ("none", True, False)],
)
def test_what_is_left_after_the_last_day(announced, client, settings, scope, persons, gone):
    settings.ANNOUNCEMENT_TEXTS_GO = scope
    item = announced(persons=persons)
    assert expire_due(at=AT, today=LAST) == []
    assert "穆知遥" in client.get(f"/items/{item.index_number}/").content.decode()
    assert expire_due(at=AT, today=AFTER) == [item.pk]
    answer = client.get(f"/items/{item.index_number}/")
    page = answer.content.decode()
    assert (answer.status_code, "穆知遥" in page) == ((410, False) if gone else (200, True))
    assert ("公示期满，公示的内容不再公开。" in page) is gone
    for address in ("/open/latest/", "/feed/", "/api/v1/items", f"/api/v1/items/{item.index_number}"):
        assert ("穆知遥" in client.get(address).content.decode()) is not gone, address
    released = item.releases.get()
    assert (released.withdrawn_as, released.listed) == (("period_over", False) if gone else ("expired", True))
    fact = Fact.objects.get(kind="item.expired")
    assert fact.data["reason"] == released.withdrawn_as
    assert expire_due(at=AT, today=AFTER) == []


def test_nobody_says_a_period_is_over_before_it_is(announced, town):
    item, leader = announced(persons=True), town.actor("leader")
    with pytest.raises(Refusal) as refused:
        withdraw(item.pk, "period_over", explanation="公示期满。", actor=leader, at=AT, today=LAST)
    assert refused.value.code == "period_not_over"
    assert item.releases.get().standing == "live"
    withdraw(item.pk, "period_over", explanation="公示期满。", actor=leader, at=AT, today=AFTER)
    assert item.releases.get().standing == "withdrawn"


def test_a_document_has_no_period_that_is_over(announced, town):
    item = announced(persons=True, kind="政策")
    with pytest.raises(Refusal) as refused:
        withdraw(item.pk, "period_over", explanation="期满。", actor=town.actor("leader"), at=AT, today=AFTER)
    assert refused.value.code == "no_announcement"
    assert item.releases.get().standing == "live"
