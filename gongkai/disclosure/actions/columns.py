"""Set up columns (栏目) and change what is told about them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.models import Column
from gongkai.law.headings import heading as heading_row
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

KEEPERS = ("system", "system_admin")
# The kind a visitor looks for; the freshness indicators later count by it.
KINDS = ("动态", "通知", "政策", "解读", "公示", "数据", "指南", "制度", "年报")
EDITABLE = frozenset({"name", "description", "keywords", "kind", "heading", "order", "active"})


def add_column(
    slug: str, name: str, *, description: str, keywords: str, kind: str, actor: Actor, at: datetime, heading: str = "",
    order: int = 0,
) -> Column:  # fmt: skip
    """Set up a column. Description and keywords are the web meta tags of its page, so neither may be empty."""
    _require_keeper(actor)
    values = {
        "name": name, "description": description, "keywords": keywords, "kind": kind, "heading": heading,
        "order": order,
    }  # fmt: skip
    _check(values)
    with transaction.atomic():
        if Column.objects.filter(slug=slug).exists():
            raise Refusal(Refused("column_taken", f"栏目代码 {slug} 已被使用，请换一个代码。"))
        column = Column.objects.create(slug=slug, **values)
        record("column.added", subject=f"column:{slug}", actor=actor, at=at)
        return column


def change_column(column: Column, *, actor: Actor, at: datetime, **told: Any) -> None:
    """Change what is told about a column; its slug is in addresses and stays."""
    _require_keeper(actor)
    unknown = set(told) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    _check(told)
    with transaction.atomic():
        locked = Column.objects.select_for_update().get(pk=column.pk)
        for name, value in told.items():
            setattr(locked, name, value)
        locked.save(update_fields=sorted(told))
        record("column.changed", subject=f"column:{locked.slug}", actor=actor, at=at, data={"columns": sorted(told)})


def _require_keeper(actor: Actor) -> None:
    if actor.role not in KEEPERS:
        raise Refusal(Refused("not_system_admin", "只有系统管理员可以维护栏目。请联系系统管理员。"))


def _check(values: dict[str, Any]) -> None:
    for field, label in (("name", "名称"), ("description", "描述"), ("keywords", "关键词")):
        if field in values and not str(values[field]).strip():
            raise Refusal(Refused("column_incomplete", f"请填写栏目的{label}，网页标签要用。"))
    if "kind" in values and values["kind"] not in KINDS:
        raise Refusal(Refused("column_kind", f"栏目类别应当是{'、'.join(KINDS)}之一。"))
    if values.get("heading"):
        heading_row(values["heading"])
