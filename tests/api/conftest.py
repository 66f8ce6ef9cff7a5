"""An office that publishes, and somebody outside who reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.conftest import AT, TODAY

BASE = "https://www.qinghe.example"


@dataclass
class Office:
    """Releases, edits and withdraws through the real actions; the ledger is sealed at the end of each."""

    desk: Any
    town: Any

    def item(self, title: str, *, attachment: str = "", **changes: Any):
        from gongkai.disclosure.models import Item

        item = self.desk.draft(title=title, **changes)
        if attachment:
            self.desk.attach(item, f"{attachment}的内容".encode(), f"{attachment}.txt")
        self.desk.release(Item.objects.get(pk=item.pk))
        self.seal()
        return Item.objects.get(pk=item.pk)

    def edit(self, item, **changes: Any):
        from gongkai.disclosure.actions.revise import revise
        from gongkai.disclosure.actions.save_draft import save_draft
        from gongkai.disclosure.models import Item

        drafter = self.town.actor("drafter")
        draft = revise(item.pk, actor=drafter, at=AT)
        values = {"changed_on": date(2026, 9, 20)} | changes
        save_draft(item.pk, values, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
        self.desk.release(Item.objects.get(pk=item.pk))
        self.seal()

    def withdraw(self, item, reason: str = "error", **more: Any):
        from gongkai.disclosure.actions.withdraw import withdraw

        told = {"explanation": "附表有误。"} | more
        withdraw(item.pk, reason, actor=self.town.actor("leader"), at=AT, today=TODAY, **told)
        self.seal()

    def seal(self) -> None:
        from gongkai.ledger.actions.seal import seal_all

        seal_all(at=AT)


@pytest.fixture
def office(desk, town, settings) -> Office:
    settings.SITE = settings.SITE | {"base_url": BASE}
    return Office(desk, town)


@pytest.fixture
def ask(client):
    """GET an address of the API; its value, with the status told where it is not 200."""

    def asking(address: str, status: int = 200, **query: Any):
        answer = client.get(f"/api/v1/{address}", query)
        assert answer.status_code == status, (address, answer.status_code, answer.content[:300])
        return answer.json()

    return asking


@pytest.fixture(autouse=True)
def nobody_has_asked():
    from gongkai.api import pace

    pace._asked.clear()
