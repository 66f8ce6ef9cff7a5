"""Inspections as pages and tables show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.law.inspection import INDICATORS, Indicator
from gongkai.reporting.models import Inspection


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one inspection."""

    indicator: Indicator
    verdict: str
    value: int | None
    threshold: int
    by: int | None
    told: str
    places: tuple[dict[str, Any], ...]
    more: int


def newest() -> Inspection | None:
    return Inspection.objects.order_by("-id").first()


def lines(inspection: Inspection) -> list[Line]:
    """Indicators in the order of the table, failures first; indicators that came later than the inspection are absent."""
    found = [
        Line(
            indicator, row["verdict"], row["value"], row["threshold"], row["by"], row["told"], tuple(row["places"]),
            row["more"],
        )
        for indicator in INDICATORS
        if (row := inspection.results.get(indicator.code)) is not None
    ]  # fmt: skip
    order = {"fail": 0, "no_data": 1, "pass": 2}
    return sorted(found, key=lambda line: (order[line.verdict], not line.indicator.veto))


def history(code: str, *, last: int = 60) -> list[tuple[datetime, int | None]]:
    """Instants and values of one indicator, oldest first."""
    rows = Inspection.objects.order_by("-id").values_list("at", f"results__{code}__value")[:last]
    return [(at, value) for at, value in rows][::-1]
