"""The signed-in browser of the desk's tests, for the attacks too; and an item in every state an attacker may look for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from tests.conftest import AT, TODAY
from tests.desk.conftest import Browser, at, png

__all__ = ["Planted", "at", "planted"]

TITLE = "未发布的换届选举名册"
BODY = "柳巷七号"


@dataclass
class Planted:
    """Items of 民政局: one per state, with attachments and images; `secrets` are words that must stay inside."""

    items: dict[str, object]
    image: str
    asked: object

    @property
    def looked_at(self) -> list[object]:
        """One per way an item may stand; all in `make test-full`."""
        few = ("draft", "in_review", "revised")
        return [item for state, item in self.items.items() if os.environ.get("GONGKAI_FULL") or state in few]

    @property
    def secrets(self) -> tuple[str, ...]:
        return (TITLE, BODY)


@pytest.fixture
def planted(desk, town) -> Planted:
    """draft, in_review, returned, refused, revised (live with a new draft), withheld, gone (withdrawn in error)."""
    from gongkai.disclosure.actions.corrections import ask_correction
    from gongkai.disclosure.actions.revise import revise
    from gongkai.disclosure.actions.save_draft import save_draft
    from gongkai.disclosure.actions.withdraw import withdraw
    from gongkai.disclosure.models import Item

    drafter = town.actor("drafter")
    images = []

    def made(state: str, **changes):
        item = desk.draft(title=f"{TITLE}{state}", body=f"<p>{BODY}</p>", **changes)
        desk.attach(item, f"{BODY}{state}".encode(), f"{TITLE}.txt")
        image = desk.attach(item, png(), "p.png", inline=True)
        images.append(image.blob_id)
        item.draft.refresh_from_db()
        body = f'<p>{BODY}</p><p><img src="asset:{image.blob_id}"></p>'
        save_draft(item.pk, {"body": body}, based_on=item.draft.revision, actor=drafter, at=AT, today=TODAY)
        return Item.objects.get(pk=item.pk)

    items = {"draft": made("草稿"), "in_review": made("在审"), "returned": made("退回"), "refused": made("拒绝")}
    desk.submit(items["in_review"])
    desk.opine(desk.submit(items["returned"]), 1, "section_reviewer", "return", reason="再核。", return_to=0)
    desk.opine(desk.submit(items["refused"]), 1, "section_reviewer", "refuse", reason="不当。")
    items["gone"] = made("误发")
    desk.release(items["gone"])
    withdraw(items["gone"].pk, "error", explanation="发布有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    items["revised"] = desk.draft(title="已发布的办法", body="<p>已发布的正文。</p>")
    desk.release(items["revised"])
    draft = revise(items["revised"].pk, actor=drafter, at=AT)
    new = {"title": f"{TITLE}新稿", "body": f"<p>{BODY}</p>", "changed_on": date(2026, 9, 20)}
    save_draft(items["revised"].pk, new, based_on=draft.revision, actor=drafter, at=AT, today=TODAY)
    items["withheld"] = made(
        "不公开", openness="withheld", ground="G16a", ground_reason="单位食堂排班，属于后勤管理的内部安排。"
    )
    desk.release(items["withheld"])
    items = {state: Item.objects.get(pk=item.pk) for state, item in items.items()}
    asked = ask_correction(items["revised"], "delete", contact="来信人甲", words="请删去我的姓名。", at=AT)
    return Planted(items, images[0], asked)


@pytest.fixture
def visitor() -> Browser:
    """Nobody in particular."""
    return Browser(Client())
