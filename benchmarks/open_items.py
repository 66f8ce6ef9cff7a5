"""Open items of proactive disclosure, and the ways to compute their due dates anew."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

FIRST, LAST = date(2024, 1, 2), date(2026, 11, 20)  # days of formation, all under published holiday notices
WRONG = date(2000, 1, 1)
LIMITS = (("working_days", 20), ("working_days", 7), ("calendar_days", 30), ("realtime", None))


def fill(items: int) -> None:
    """Open items of 40 organs, two of three with a catalogue entry, each with its right due date."""
    from django.utils import timezone

    from gongkai.agencies.models import Organ
    from gongkai.disclosure.models import Catalogue, CatalogueEntry, Item
    from gongkai.disclosure.queries.clock import calendar_for, clock

    at = timezone.now()
    organs = Organ.objects.bulk_create(
        Organ(code=f"B{n:03}", name=f"云溪市第{n}局", kind="department", org_code=f"B{n:08}") for n in range(40)
    )
    entries: dict[int, list[CatalogueEntry]] = {}
    for organ in organs:
        catalogue = Catalogue.objects.create(organ=organ, year=2026, imported_at=at)
        entries[organ.pk] = CatalogueEntry.objects.bulk_create(
            CatalogueEntry(catalogue=catalogue, serial=n, level1="事项", limit_text="期限", limit_kind=kind, limit_n=days,
                           subject_text=organ.name, audience="全社会", method="proactive", level="市级", heading="20-1")
            for n, (kind, days) in enumerate(LIMITS)
        )  # fmt: skip
    draw, calendar = random.Random(6), calendar_for(organs[0])
    made = []
    for n in range(items):
        organ = organs[n % len(organs)]
        item = Item(
            code=f"bench-{n}", organ=organ, created_at=at, working_title=f"第{n}号信息",
            formed_on=FIRST + timedelta(days=draw.randrange((LAST - FIRST).days)),
            entry=draw.choice(entries[organ.pk]) if n % 3 else None,
        )  # fmt: skip
        due = clock(item, calendar, FIRST)
        item.due_on, item.due_provisional = (due.due_on, due.provisional) if due else (None, False)
        made.append(item)
        if len(made) == 5000:
            Item.objects.bulk_create(made)
            made = []
    Item.objects.bulk_create(made)


def ours() -> int:
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.disclosure.actions.deadline import recompute

    return len(recompute(reason="测量", actor=SYSTEM, at=timezone.now()))


def law_alone() -> Callable[[], int]:
    """The clock of every item with the rows in memory already."""
    from gongkai.disclosure.models import Item
    from gongkai.disclosure.queries.clock import calendar_for, clock

    rows = list(Item.objects.select_related("organ", "entry"))
    calendar = calendar_for(rows[0].organ)

    def run() -> int:
        for row in rows:
            clock(row, calendar, FIRST)
        return 0

    return run


def least() -> int:
    """Ids, dates and limits read as tuples, all working-day limits in bulk, moved rows written by executemany."""
    import numpy as np
    from django.db import connection

    from gongkai.calendars.queries import work_calendar
    from gongkai.disclosure.models import Item

    rows = list(Item.objects.values_list("pk", "formed_on", "due_on", "entry__limit_kind", "entry__limit_n"))
    calendar = work_calendar()
    due: dict[int, date] = {}
    for days in (20, 7):
        counted = [row for row in rows if (row[3] or "working_days") == "working_days" and (row[4] or 20) == days]
        ends = calendar.add_many(np.array([row[1] for row in counted], dtype="datetime64[D]"), days).tolist()
        due |= {row[0]: end for row, end in zip(counted, ends, strict=True)}
    for row in rows:
        if row[3] in ("calendar_days", "realtime"):
            due[row[0]] = calendar.roll_forward(row[1] + timedelta(days=row[4])) if row[4] else row[1]
    moved = [(due[row[0]], row[0]) for row in rows if due[row[0]] != row[2]]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE disclosure_item SET due_on = %s WHERE id = %s", moved)
    return len(moved)


def move(every: int, items: int) -> int:
    """Make the due date of every so manieth item wrong; returns how many. 0 leaves all right."""
    from django.db.models import F, IntegerField
    from django.db.models.functions import Mod

    from gongkai.disclosure.models import Item

    if not every:
        return 0
    found = Item.objects.annotate(part=Mod(F("pk"), every, output_field=IntegerField())).filter(part=0)
    return Item.objects.filter(pk__in=found.values("pk")).update(due_on=WRONG)
