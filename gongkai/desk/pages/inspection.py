"""Values of the inspection page: each indicator with its verdict, how far it is, where to mend it, and its history drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from gongkai.agencies.queries import staffed
from gongkai.desk.screens import CHANNELS
from gongkai.desk.who import Me
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import items_visible_to
from gongkai.disclosure.queries.public import item_url
from gongkai.law.inspection import VERDICTS
from gongkai.reporting.models import Inspection
from gongkai.reporting.queries import Line, history, lines

WIDTH, HEIGHT = 240, 48
SHOWN = 12  # places shown before the rest is folded


#: Indicators that are mended by publishing: in any column, or in the columns that are listed.
TO_PUBLISH = frozenset({"home_fresh", "columns_fresh", "columns_stale", "columns_blank"})


@dataclass(frozen=True, slots=True)
class Ways:
    """Where this person can go: items of the own desk by code, the public pages of all others, columns if they keep them."""

    own: frozenset[str]
    numbers: Mapping[str, str]
    orphans: frozenset[str]  # items of organs where nobody works any more, and for which nobody acts
    keeps_columns: bool
    drafts: bool
    sees_channels: bool

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
            case "channel" if self.sees_channels:
                return reverse("desk:channels")
            case _:
                return ""

    def new_in(self, code: str, place: Mapping[str, Any]) -> str:
        """Where this person begins an item for the column, where that is what mends it; else ""."""
        if place["kind"] == "column" and code in TO_PUBLISH and self.drafts:
            return f"{reverse('desk:new')}?{urlencode({'column': place['key']})}"
        return ""


def ways_of(inspection: Inspection, me: Me) -> Ways:
    """Four queries for all places of an inspection."""
    codes = {p["key"] for line in lines(inspection) for p in line.places if p["kind"] == "item"}
    own = items_visible_to(me.held).filter(code__in=codes).values_list("code", flat=True)
    rows = list(Item.objects.filter(code__in=codes).values_list("code", "index_number", "public", "organ_id"))
    people = staffed(me.today)
    return Ways(
        own=frozenset(own),
        numbers={code: number or "" for code, number, public, _organ in rows if public == "live"},
        orphans=frozenset(row[0] for row in rows if row[3] not in people.organs | people.acted_for),
        keeps_columns=me.has("system_admin"),
        drafts=me.has("drafter"),
        sees_channels=me.has(*CHANNELS),
    )


def page(inspection: Inspection, ways: Ways) -> dict[str, Any]:
    """Everything the template shows of one inspection."""
    rows = [_row(line, ways) for line in lines(inspection)]
    new = reverse("desk:new") if ways.drafts else ""
    return {
        "inspection": inspection,
        "verdict": VERDICTS[inspection.verdict],
        "failed": [row for row in rows if row["verdict"] == "fail"],
        "open": [row for row in rows if row["verdict"] == "no_data"],
        "passed": [row for row in rows if row["verdict"] == "pass"],
        "rows": rows,
        "new": new,
    }


def _row(line: Line, ways: Ways) -> dict[str, Any]:
    found = line.indicator
    places = [
        {
            **place,
            "url": ways.to(place),
            "new": ways.new_in(found.code, place),
            "orphan": place["kind"] == "item" and place["key"] in ways.orphans,
        }
        for place in line.places
    ]
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
        "orphans": sum(place["orphan"] for place in places),
        "to_publish": found.code in TO_PUBLISH,
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
