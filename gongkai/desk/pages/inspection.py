"""Values of the inspection page: each indicator with its verdict, how far it is, where to mend it, and its history drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.desk.who import Me
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import items_visible_to
from gongkai.disclosure.queries.public import item_url
from gongkai.law.inspection import VERDICTS
from gongkai.reporting.models import Inspection
from gongkai.reporting.queries import Line, history, lines

WIDTH, HEIGHT = 240, 48
SHOWN = 12  # places shown before the rest is folded


@dataclass(frozen=True, slots=True)
class Ways:
    """Where this person can go: items of the own desk by code, the public pages of all others, columns if they keep them."""

    own: frozenset[str]
    numbers: Mapping[str, str]
    keeps_columns: bool

    def to(self, place: Mapping[str, Any]) -> str:
        """The page where this can be mended, or at least read; "" where there is none."""
        key = place["key"]
        match place["kind"]:
            case "item" if key in self.own:
                return reverse("desk:item", args=[key])
            case "item":
                return item_url(self.numbers[key]) if self.numbers.get(key) else ""
            case "column":
                return (
                    reverse("desk:column", args=[key]) if self.keeps_columns else reverse("portal:column", args=[key])
                )
            case _:
                return ""


def ways_of(inspection: Inspection, me: Me) -> Ways:
    """Two queries for all places of an inspection."""
    codes = {p["key"] for line in lines(inspection) for p in line.places if p["kind"] == "item"}
    own = items_visible_to(me.held).filter(code__in=codes).values_list("code", flat=True)
    numbers = dict(Item.objects.filter(code__in=codes, public="live").values_list("code", "index_number"))
    return Ways(frozenset(own), numbers, me.has("system_admin"))


def page(inspection: Inspection, ways: Ways) -> dict[str, Any]:
    """Everything the template shows of one inspection."""
    rows = [_row(line, ways) for line in lines(inspection)]
    return {
        "inspection": inspection,
        "verdict": VERDICTS[inspection.verdict],
        "failed": [row for row in rows if row["verdict"] == "fail"],
        "open": [row for row in rows if row["verdict"] == "no_data"],
        "passed": [row for row in rows if row["verdict"] == "pass"],
        "rows": rows,
    }


def _row(line: Line, ways: Ways) -> dict[str, Any]:
    found = line.indicator
    places = [{**place, "url": ways.to(place)} for place in line.places]
    return {
        "code": found.code,
        "title": found.title,
        "asks": found.asks,
        "veto": found.veto,
        "verdict": line.verdict,
        "word": VERDICTS[line.verdict],
        "value": line.value,
        "threshold": line.threshold,
        "unit": found.unit,
        "by": line.by,
        "room": None if line.by is None else -line.by,
        "told": line.told,
        "mend": found.mend,
        "places": places[:SHOWN],
        "folded": places[SHOWN:],
        "more": line.more,
        "chart": chart(history(found.code), line.threshold),
    }


def chart(points: Sequence[tuple[datetime, int | None]], threshold: int) -> dict[str, Any] | None:
    """A line of values with the threshold drawn in, and the table beside it. None for fewer than two values."""
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2:
        return None
    most = max([threshold, *(value for _, value in known)]) or 1
    step = WIDTH / (len(known) - 1)

    def height(value: int) -> float:
        return round(HEIGHT - 4 - (HEIGHT - 8) * value / most, 1)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "line": " ".join(f"{round(n * step, 1)},{height(value)}" for n, (_, value) in enumerate(known)),
        "threshold": height(threshold),
        "table": [(timezone.localtime(at).date(), value) for at, value in known][-10:],
    }
