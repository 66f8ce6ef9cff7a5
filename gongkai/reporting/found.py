"""Open findings as pages, tables and the command line show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.ledger.models import Fact
from gongkai.reporting.findings import KINDS, FindingKind
from gongkai.reporting.models import Finding


@dataclass(frozen=True, slots=True)
class Counted:
    """How many findings of a kind are open."""

    kind: FindingKind
    count: int


def open_findings(
    *, organs: set[int] | None = None, held: Sequence[Actor] | None = None, kind: str = ""
) -> QuerySet[Finding]:
    """Findings that have not ended, oldest first: of these organs, or of what these capacities may see; None is all."""
    rows = Finding.objects.filter(ended_at__isnull=True)
    within = visible_organs(held) if held is not None else organs
    if within is not None:
        rows = rows.filter(item__organ_id__in=within)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("item__organ", "item__section").order_by("first_at", "pk")


def counted(rows: QuerySet[Finding]) -> list[Counted]:
    """Every kind in the order of the list, with how many of these rows it has; 0 is told too."""
    found = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    return [Counted(kind, found.get(kind.code, 0)) for kind in KINDS]


def checked_on() -> date | None:
    """The day of the newest search for findings; None before the first."""
    at = Fact.objects.filter(kind="upkeep.checked").order_by("-id").values_list("at", flat=True).first()
    return None if at is None else timezone.localtime(at).date()
