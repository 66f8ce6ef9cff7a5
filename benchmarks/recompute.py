"""Recomputing the due dates of every open item, as after a new holiday notice, on SQLite and on PostgreSQL.

    python -m benchmarks.recompute [--quick] [--items N] [--rounds N]

The action itself (`disclosure.actions.deadline`): one transaction that reads every open item with its organ and
catalogue entry, asks law for its due date, writes what moved and puts each change on the record. Beside it, in the
same rounds: law alone on the same dates, and the least that could do the work: two columns read, the bulk calendar,
and one `executemany` of the moved rows. Every run is rolled back, so that each round finds the same rows. Each database
is measured in a process of its own; PostgreSQL is a private one, made for this and ended afterwards.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.imports import environment
from benchmarks.machine import ROOT

FIRST, LAST = date(2024, 1, 2), date(2026, 11, 20)  # days of formation, all under published holiday notices
WRONG = date(2000, 1, 1)
LIMITS = (("working_days", 20), ("working_days", 7), ("calendar_days", 30), ("realtime", None))


class Undo(Exception):
    """Ends a transaction without keeping what it did."""


@contextmanager
def undone() -> Iterator[None]:
    from django.db import transaction

    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


# ---- what is measured ----------------------------------------------------------------------------------------------


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


# ---- one database --------------------------------------------------------------------------------------------------


def measure_here(items: int, rounds: int) -> None:
    import django

    django.setup()
    from django.db import connection

    fill(items)
    law = law_alone()
    scenes = {"nothing moves": 0, "a tenth moves": 10, "every date moves": 1}
    names = {"recompute": ours, "least": least}
    times: dict[tuple[str, str], list[float]] = {}
    law_times = []
    for _ in range(rounds):
        law_times.append(timed(law)[0])
        for scene, every in scenes.items():
            for name, way in names.items():
                with undone():
                    wrong = move(every, items)
                    seconds, moved = timed(way)
                    if moved != wrong:
                        raise SystemExit(f"{name}: {moved} dates moved, {wrong} were wrong")
                times.setdefault((scene, name), []).append(seconds)
    alone = statistics.median(law_times)
    for scene in scenes:
        recompute, floor = (statistics.median(times[scene, name]) for name in names)
        print(f"| {connection.vendor}, {scene} | {recompute:.2f} | {items / recompute:,.0f} "
              f"| {recompute * 1e6 / items:.0f} | {floor:.2f} | {recompute / floor:.1f} | {recompute / alone:.1f} |",
              flush=True)  # fmt: skip
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {connection.vendor}, law alone, rows in memory | {alone:.2f} | {items / alone:,.0f} "
          f"| {alone * 1e6 / items:.0f} | – | – | 1.0 |")  # fmt: skip
    print(f"note: {connection.vendor}: at most {most:,.0f} MB resident in the whole run.", file=sys.stderr)


def timed(way: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = way()
    return time.perf_counter() - begun, answer


# ---- report --------------------------------------------------------------------------------------------------------


def child(home: Path, url: str, items: int, rounds: int) -> tuple[str, str]:
    """The rows of one database and its note."""
    env: dict[str, Any] = {**environment(home), "DATABASE_URL": url}
    command = [sys.executable, "-m", "benchmarks.recompute", "--here", "--items", str(items), "--rounds", str(rounds)]
    migrate = [sys.executable, f"{sys.prefix}/bin/gongkai", "migrate"]
    subprocess.run(migrate, env=env, cwd=ROOT, check=True, capture_output=True)
    done = subprocess.run(command, env=env, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    notes = [line.removeprefix("note: ") for line in done.stderr.splitlines() if line.startswith("note: ")]
    return done.stdout.strip(), " ".join(notes)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="2,000 items, one round")
    options.add_argument("--items", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    items, rounds = chosen.items or (2_000 if chosen.quick else 200_000), chosen.rounds or (1 if chosen.quick else 3)
    if chosen.here:
        measure_here(items, rounds)
        return
    from tools.private_postgres import private_postgres
    from tools.system_packages import postgres_bin

    print(f"\n### Recompute due dates, {items:,} open items (median of {rounds})\n")
    print("| database, scene | s | items/s | s a million (extrapolated) | least, s | × least | × law alone |")
    print("| --- |" + " ---: |" * 6)
    notes = []
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as home:
        rows, note = child(Path(home), environment(Path(home))["DATABASE_URL"], items, rounds)
        print(rows, flush=True)
        notes.append(note)
    if postgres_bin() is None:
        notes.append("PostgreSQL is not installed and was not measured.")
    else:
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as home, private_postgres() as url:
            rows, note = child(Path(home), url, items, rounds)
            print(rows)
            notes.append(note)
    print("\n" + " ".join(notes))


if __name__ == "__main__":
    main()
