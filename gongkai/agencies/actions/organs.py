"""Register organs and sections, and change what is told about them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ, Section
from gongkai.agencies.queries import CONTACTS
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.actions.record import record

KEEPERS = ("system", "system_admin")
EDITABLE = frozenset(
    {"name", "short_name", "kind", "address", "hours", "phone", "fax", "email", "online", "order", "active"}
)


def require_keeper(actor: Actor) -> None:
    """Only the system administrator keeps the directory of organs."""
    if actor.role not in KEEPERS:
        raise Refusal(Refused("not_system_admin", "只有系统管理员可以维护机构。请联系系统管理员。"))


def add_organ(code: str, name: str, *, parent: Organ | None, actor: Actor, at: datetime, **told: Any) -> Organ:
    """Register an organ; `told` are columns of the directory (address, phone, org_code …)."""
    require_keeper(actor)
    with transaction.atomic():
        if Organ.objects.filter(code=code).exists():
            raise Refusal(Refused("organ_code_taken", f"机构代码 {code} 已被使用，请换一个代码。"))
        organ = Organ.objects.create(code=code, name=name, parent=parent, **told)
        record("organ.added", subject=f"organ:{code}", organ_code=code, actor=actor, at=at)
        return organ


def change_organ(organ: Organ, *, actor: Actor, at: datetime, **told: Any) -> None:
    """Change directory columns. The code and the index-number part stay: numbers survive a reorganisation."""
    require_keeper(actor)
    unknown = set(told) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    with transaction.atomic():
        locked = Organ.objects.select_for_update().get(pk=organ.pk)
        # Former telephones and addresses are told: pages that still show them are found by that.
        before = {name: getattr(locked, name) for name in CONTACTS if name in told and getattr(locked, name)}
        for column, value in told.items():
            setattr(locked, column, value)
        locked.save(update_fields=sorted(told))
        record(
            "organ.changed", subject=f"organ:{locked.code}", organ_code=locked.code, actor=actor, at=at,
            data={"columns": sorted(told)} | ({"before": before} if before else {}),
        )  # fmt: skip


def add_section(organ: Organ, code: str, name: str, *, actor: Actor, at: datetime, phone: str = "") -> Section:
    """Register a section of an organ."""
    require_keeper(actor)
    with transaction.atomic():
        if Section.objects.filter(code=code).exists():
            raise Refusal(Refused("section_code_taken", f"科室代码 {code} 已被使用，请换一个代码。"))
        section = Section.objects.create(organ=organ, code=code, name=name, phone=phone)
        record("section.added", subject=f"section:{code}", organ_code=organ.code, actor=actor, at=at)
        return section
