"""Keep a handbook: what it is called, what stands in it and in which order, whether the public may have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import subtree
from gongkai.channels.actions.follow import want
from gongkai.channels.adapters import channel_of
from gongkai.channels.handbooks.contents import CODE
from gongkai.channels.models import Handbook, HandbookItem
from gongkai.channels.models.handbooks import CHAPTERS, PAPERS
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.public import filtered, listed
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record
from gongkai.scanning.rules import scan

#: Who says what stands on the cover and whether the public may have it; and who chooses items and writes down prints.
KEEPERS: Final = ("compliance_reviewer",)
CHOOSERS: Final = ("compliance_reviewer", "drafter")
#: [I] items in one handbook: some 600 pages
MOST: Final = 300
WORDS: Final = {"title": ("名称", 60), "subtitle": ("副标题", 100), "contact": ("咨询方式", 200)}


def open_handbook(organ: Organ, told: Mapping[str, str], *, actor: Actor, at: datetime) -> Handbook:
    """A new one, not yet for the public. `told`: title, subtitle, contact, paper, chapters."""
    require(actor, organ, KEEPERS, "编制便民手册")
    values = _checked(told, actor, at)
    with transaction.atomic():
        handbook = Handbook.objects.create(organ=organ, **values)
        _told("handbook.opened", handbook, actor, at, title=handbook.title)
        return handbook


def change_handbook(handbook_id: int, told: Mapping[str, str], *, actor: Actor, at: datetime) -> Handbook:
    """Change what stands on cover and last page, the paper, the way of its chapters."""
    values = _checked(told, actor, at)
    with transaction.atomic():
        handbook = _locked(handbook_id, actor, KEEPERS, "修改便民手册")
        for name, value in values.items():
            setattr(handbook, name, value)
        _changed(handbook)
        _told("handbook.changed", handbook, actor, at, title=handbook.title)
        return handbook


def publish(handbook_id: int, published: bool, *, actor: Actor, at: datetime, on: date) -> Handbook:
    """Let the public have it, or not any longer. With nothing in it there is nothing to publish."""
    with transaction.atomic():
        handbook = _locked(handbook_id, actor, KEEPERS, "公开便民手册")
        keys = list(handbook.chosen.values_list("item_id", flat=True))
        if published and not keys:
            raise Refusal(Refused("handbook_empty", "手册里还没有信息，不能公开。请先选择收录的信息。"))
        handbook.published = published
        _changed(handbook)
        _told("handbook.published" if published else "handbook.closed", handbook, actor, at, title=handbook.title)
        _follow(keys, at, on)
        return handbook


def choose(
    handbook_id: int, index_numbers: Sequence[str], *, actor: Actor, at: datetime, on: date, chapter: str = ""
) -> list[Item]:
    """Put released items at the end, those that stand there already left out; returns what was added."""
    found = listed().filter(standing="live", item__index_number__in=list(index_numbers))
    by_number = {release.item.index_number: release.item for release in found.select_related("item")}
    unknown = [number for number in index_numbers if number not in by_number]
    if unknown:
        raise Refusal(Refused("not_public", f"只有已发布的信息可以收进手册，索引号 {unknown[0]} 现在没有发布。"))
    return _add(handbook_id, [by_number[number] for number in index_numbers], chapter, actor, at, on)


def choose_all(
    handbook_id: int, kind: str, value: str, *, actor: Actor, at: datetime, on: date, chapter: str = ""
) -> list[Item]:
    """Put in everything that is public under a heading, column or theme, of the handbook's organ and those below it."""
    if kind not in ("heading", "column", "theme"):
        raise ValueError(f"not a kind of list: {kind}")
    organ = Handbook.objects.select_related("organ").get(pk=handbook_id).organ
    rows = filtered({kind: [value]}).filter(standing="live", organ__in=subtree(organ))
    items = [release.item for release in rows.select_related("item").order_by("released_at", "pk")[: MOST + 1]]
    return _add(handbook_id, items, chapter, actor, at, on)


def remove(handbook_id: int, item_id: int, *, actor: Actor, at: datetime, on: date) -> None:
    """Take one item out; the next edition is without it. Nothing happens where it does not stand."""
    with transaction.atomic():
        handbook = _locked(handbook_id, actor, CHOOSERS, "选择手册收录的信息")
        if not handbook.chosen.filter(item_id=item_id).delete()[0]:
            return
        _changed(handbook)
        code = Item.objects.values_list("code", flat=True).get(pk=item_id)
        _told("handbook.removed", handbook, actor, at, items=[code])
        _follow([item_id], at, on)


def arrange(
    handbook_id: int, rows: Mapping[int, tuple[int, str]], *, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """Order and chapter of items that stand in the handbook: item → (place, chapter). Equal places keep their order."""
    checked = {key: (order, _words("章名", chapter, 40, actor, at)) for key, (order, chapter) in rows.items()}
    with transaction.atomic():
        handbook = _locked(handbook_id, actor, CHOOSERS, "排列手册的信息")
        standing = list(handbook.chosen.all())
        for row in standing:
            order, row.chapter = checked.get(row.item_id, (row.order, row.chapter))
            row.order = max(0, min(order, 100_000))
        for n, row in enumerate(sorted(standing, key=lambda row: row.order), start=1):
            row.order = n
            row.save(update_fields=["order", "chapter"])
        _changed(handbook)
        _told("handbook.changed", handbook, actor, at, title=handbook.title)


def _add(
    handbook_id: int, items: Sequence[Item], chapter: str, actor: Actor, at: datetime, on: date
) -> list[Item]:  # fmt: skip
    chapter = _words("章名", chapter, 40, actor, at)
    with transaction.atomic():
        handbook = _locked(handbook_id, actor, CHOOSERS, "选择手册收录的信息")
        there = set(handbook.chosen.values_list("item_id", flat=True))
        fresh = [item for item in {item.pk: item for item in items}.values() if item.pk not in there]
        if len(there) + len(fresh) > MOST:
            raise Refusal(
                Refused(
                    "too_many", f"一本手册最多收 {MOST} 条信息，加上这些会有 {len(there) + len(fresh)} 条。请分成几本。"
                )
            )
        last = handbook.chosen.aggregate(n=Max("order"))["n"] or 0
        HandbookItem.objects.bulk_create(
            HandbookItem(
                handbook=handbook, item=item, order=last + n, chapter=chapter, added_at=at, added_by_id=actor.person_id
            )
            for n, item in enumerate(fresh, start=1)
        )
        if fresh:
            _changed(handbook)
            _told("handbook.chosen", handbook, actor, at, items=[item.code for item in fresh])
            _follow([item.pk for item in fresh], at, on)
        return fresh


def _follow(item_ids: Iterable[int], at: datetime, on: date) -> None:
    """What this channel should hold of these items has changed without a fact about them; the others go on as they are."""
    items = list(Item.objects.filter(pk__in=list(item_ids)).select_related("entry", "organ"))
    want(items, {item.pk: 0 for item in items}, at=at, on=on, channels=(channel_of(CODE),))


def _checked(told: Mapping[str, str], actor: Actor, at: datetime) -> dict[str, Any]:
    values = {name: _words(label, told.get(name, ""), most, actor, at) for name, (label, most) in WORDS.items()}
    if not values["title"]:
        raise Refusal(Refused("title_missing", "请填写手册的名称，例如“青禾市便民服务手册”。"))
    if told["paper"] not in PAPERS or told["chapters"] not in CHAPTERS:
        raise ValueError("unknown paper or way of chapters")
    return values | {"paper": told["paper"], "chapters": told["chapters"]}


def _words(label: str, text: str, most: int, actor: Actor, at: datetime) -> str:
    """These words stand in public without a review of their own: short, without secrecy marks, without people's numbers."""
    text = " ".join(text.split())
    if len(text) > most:
        raise Refusal(Refused("too_long", f"{label}有 {len(text)} 个字，最多 {most} 个字，请精简。"))
    refuse_secrecy_marks({label: text}, subject="handbook", actor=actor, at=at)
    grave = next((finding for finding in scan(text) if finding.severity == "block"), None)
    if grave is not None:
        raise Refusal(
            Refused("personal_on_cover", f"{label}会印在手册上，其中有{grave.title}，没有保存。请去掉。", grave.article)
        )
    return text


def _changed(handbook: Handbook) -> None:
    # Not over the claim of a process that is making an edition meanwhile.
    handbook.revision += 1
    handbook.save(update_fields=["revision", "title", "subtitle", "contact", "paper", "chapters", "published"])


def _locked(handbook_id: int, actor: Actor, roles: Sequence[str], doing: str) -> Handbook:
    handbook = Handbook.objects.select_for_update(of=("self",)).select_related("organ").get(pk=handbook_id)
    require(actor, handbook.organ, roles, doing)
    return handbook


def require(actor: Actor, organ: Organ, roles: Sequence[str], doing: str) -> None:
    """The actor must hold one of the roles for this organ."""
    if actor.role not in roles or actor.organ_id != organ.pk:
        raise Refusal(Refused("not_your_post", f"您没有为{organ.name}{doing}的岗位，没有办理。"))


def _told(kind: str, handbook: Handbook, actor: Actor, at: datetime, **data: object) -> None:
    record(
        kind, subject=f"handbook:{handbook.pk}", organ_code=handbook.organ.code, actor=actor, at=at,
        data={"handbook": handbook.title, **data},
    )  # fmt: skip
