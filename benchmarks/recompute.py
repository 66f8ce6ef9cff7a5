"""Recomputing every open due date after a new holiday notice: requests and items, on SQLite and on PostgreSQL.

    python -m benchmarks.recompute [--quick] [--requests N] [--items N] [--rounds N] [--profile]

Requests (`foi.actions.recompute`): a million open ones with their dated steps. One transaction reads and locks them,
asks law for each, writes what moved and puts each change on the record. Beside it, in the same run: the same rows read
and thrown away, and law alone asked for every request of a sample without remembering an answer.
Items (`disclosure.actions.deadline`): the same for open items of proactive disclosure. Beside it: law alone on the same
dates, and the least that could do the work: columns read, the bulk calendar, one `executemany` of the moved rows.

Every run is rolled back, so that each finds the same rows; the time to commit is not in the figures. Each database is
measured in a process of its own; PostgreSQL is a private one, made for this and ended afterwards.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks import open_items, open_requests
from benchmarks.imports import environment
from benchmarks.machine import ROOT

SAMPLE = 100_000  # requests law alone is asked for
HEADS = {
    "requests": "| requests: database, scene | s | s a million | CPU s | requests/s | × rows read alone | × law alone "
    "| moved |",
    "items": "| database, scene | s | items/s | s a million (extrapolated) | least, s | × least | × law alone |",
}
SCENES = {"nothing moves": 0, "a tenth moves": 10, "every date moves": 1}


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


def timed(way: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = way()
    return time.perf_counter() - begun, answer


def processor_seconds() -> float:
    """Of this process and of the database process that serves it; what others take of the machine is not in it."""
    from django.db import connection

    used = time.process_time()
    if connection.vendor == "postgresql":
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        if stat.exists():
            user, system = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
            used += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return used


# ---- requests ------------------------------------------------------------------------------------------------------


def recompute_requests() -> int:
    from gongkai.agencies.actors import SYSTEM
    from gongkai.foi.actions.recompute import recompute

    return len(recompute(reason="测量", actor=SYSTEM, at=datetime.fromisoformat(open_requests.AT)))


def read_alone() -> int:
    """The rows a recomputation needs, read in two statements and thrown away."""
    from django.db import connection

    steps = ", ".join(f's."{name}"' for name in open_requests.STEP[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number, organ_id, due_on, provisional, waiting_until FROM foi_foirequest "
                       "WHERE state NOT IN ('closed') ORDER BY id")  # fmt: skip
        while cursor.fetchmany(10_000):
            pass
        cursor.execute(f"SELECT {steps} FROM foi_casestep s JOIN foi_foirequest r ON r.id = s.request_id "
                       "WHERE r.state NOT IN ('closed') ORDER BY s.request_id, s.seq, s.id")  # fmt: skip
        while cursor.fetchmany(10_000):
            pass
    return 0


def law_for_each(number: int) -> int:
    """Law asked for so many requests, every one anew; only the clock is timed by `timed`."""
    from gongkai.calendars.queries import work_calendar
    from gongkai.law.reply_clock import reply_clock

    calendar = work_calendar()
    for steps in law_for_each.steps[:number]:  # type: ignore[attr-defined]
        reply_clock(steps, calendar, open_requests.AS_OF)
    return 0


def import_next_year() -> None:
    """A notice for 2027 with the days people are used to; not the real one, which is not out on the day of the case."""
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.calendars.actions.import_notice import import_notice
    from gongkai.law.workdays import DayMark, YearTable, provisional_year

    days = {mark.on: mark for mark in provisional_year(2027).days}
    days |= {day: DayMark(day, "off", "元旦") for day in (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3))}
    days[date(2027, 1, 4)] = DayMark(date(2027, 1, 4), "off", "元旦")
    days[date(2027, 1, 9)] = DayMark(date(2027, 1, 9), "work", "元旦")
    table = YearTable(2027, "official", "测量用的安排", tuple(sorted(days.values())))
    import_notice(table, reason="测量", actor=SYSTEM, at=timezone.now())


def amend_this_year() -> None:
    """Two more days of leave just ahead, as on 27 January 2020: what is due after them moves."""
    from django.utils import timezone

    from gongkai.agencies.actors import SYSTEM
    from gongkai.calendars.actions.import_notice import import_notice
    from gongkai.calendars.queries import work_calendar
    from gongkai.law.workdays import DayMark, YearTable

    table = next(t for t in work_calendar().tables if t.year == open_requests.AS_OF.year)
    extra = [DayMark(open_requests.AS_OF.replace(day=day), "off", "临时放假") for day in (22, 23)]
    amended = YearTable(table.year, "official", "测量用的修改", tuple(sorted([*table.days, *extra])))
    import_notice(amended, reason="测量", actor=SYSTEM, at=timezone.now())


def measure_requests(number: int, *, profiled: bool) -> None:
    from django.db import connection

    from gongkai.law.reply_clock import ClockStep

    open_requests.fill(number)
    sample = min(SAMPLE, number)
    law_for_each.steps = [  # type: ignore[attr-defined]
        [ClockStep(**step) for step in steps] for steps, _ in open_requests.generated(sample)
    ]
    law = timed(lambda: law_for_each(sample))[0] / sample * number
    reading = timed(read_alone)[0]
    scenes: dict[str, Callable[[], None]] = {
        "nothing moves": lambda: None,
        "a notice for the next year": import_next_year,
        "two days of leave more this year": amend_this_year,
    }
    if profiled:
        with undone(), cProfile.Profile() as watch:
            import_next_year()
            recompute_requests()
        pstats.Stats(watch).strip_dirs().sort_stats("tottime").print_stats(25).sort_stats("cumulative").print_stats(40)
        return
    for scene, prepare in scenes.items():
        with undone():
            prepare()
            processor = processor_seconds()
            seconds, moved = timed(recompute_requests)
            processor = processor_seconds() - processor
        if (scene == "nothing moves") != (moved == 0):
            raise SystemExit(f"{scene}: {moved} moved")
        print(f"| {connection.vendor}, {scene} | {seconds:.1f} | {seconds * 1e6 / number:.0f} | {processor:.1f} "
              f"| {number / seconds:,.0f} | {seconds / reading:.1f} | {seconds / law:.1f} | {moved:,} |",
              flush=True)  # fmt: skip
    print(f"| {connection.vendor}, rows read alone | {reading:.1f} | {reading * 1e6 / number:.0f} | – "
          f"| {number / reading:,.0f} | 1.0 | {reading / law:.1f} | – |")  # fmt: skip
    print(f"| {connection.vendor}, law alone, every answer anew | {law:.1f} | {law * 1e6 / number:.0f} | – "
          f"| {number / law:,.0f} | {law / reading:.1f} | 1.0 | – |")  # fmt: skip


# ---- items ---------------------------------------------------------------------------------------------------------


def measure_items(items: int, rounds: int) -> None:
    from django.db import connection

    open_items.fill(items)
    law = open_items.law_alone()
    names = {"recompute": open_items.ours, "least": open_items.least}
    times: dict[tuple[str, str], list[float]] = {}
    law_times = []
    for _ in range(rounds):
        law_times.append(timed(law)[0])
        for scene, every in SCENES.items():
            for name, way in names.items():
                with undone():
                    wrong = open_items.move(every, items)
                    seconds, moved = timed(way)
                    if moved != wrong:
                        raise SystemExit(f"{name}: {moved} dates moved, {wrong} were wrong")
                times.setdefault((scene, name), []).append(seconds)
    alone = statistics.median(law_times)
    for scene in SCENES:
        recompute, floor = (statistics.median(times[scene, name]) for name in names)
        print(f"| {connection.vendor}, {scene} | {recompute:.2f} | {items / recompute:,.0f} "
              f"| {recompute * 1e6 / items:.0f} | {floor:.2f} | {recompute / floor:.1f} | {recompute / alone:.1f} |",
              flush=True)  # fmt: skip
    print(f"| {connection.vendor}, law alone, rows in memory | {alone:.2f} | {items / alone:,.0f} "
          f"| {alone * 1e6 / items:.0f} | – | – | 1.0 |")  # fmt: skip


# ---- report --------------------------------------------------------------------------------------------------------


def measure_here(what: str, number: int, rounds: int, *, profiled: bool) -> None:
    import django

    django.setup()
    from django.db import connection

    if what == "requests":
        measure_requests(number, profiled=profiled)
    else:
        measure_items(number, rounds)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"note: {connection.vendor}: at most {most:,.0f} MB resident in the whole run.", file=sys.stderr)


def child(url: str, home: str, arguments: list[str]) -> str:
    """Measure in a process and an empty database of its own; its rows go out as they come, its note is returned."""
    env: dict[str, Any] = {**environment(Path(home)), "FOI_DATA_KEYS": "m:" + "QUFB" * 10 + "QUE="}
    env["DATABASE_URL"] = url or env["DATABASE_URL"]
    migrate = [sys.executable, f"{sys.prefix}/bin/gongkai", "migrate"]
    subprocess.run(migrate, env=env, cwd=ROOT, check=True, capture_output=True)
    command = [sys.executable, "-m", "benchmarks.recompute", "--here", *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return " ".join(line.removeprefix("note: ") for line in done.stderr.splitlines() if line.startswith("note: "))


def on_databases(databases: list[str], what: str, arguments: list[str]) -> None:
    from tools.private_postgres import private_postgres
    from tools.system_packages import postgres_bin

    head = HEADS[what]
    print(f"{head}\n| --- |{' ---: |' * (head.count('|') - 2)}", flush=True)
    notes = []
    for database in databases:
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as home:
            if database == "sqlite":
                notes.append(child("", home, [what, *arguments]))
            elif postgres_bin() is None:
                notes.append("PostgreSQL is not installed and was not measured.")
            else:
                with private_postgres() as url:
                    notes.append(child(url, home, [what, *arguments]))
    print("\n" + " ".join(notes))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", nargs="?", choices=("requests", "items"), help="only this")
    options.add_argument("--quick", action="store_true", help="2,000 of each, one round")
    options.add_argument("--requests", type=int)
    options.add_argument("--items", type=int)
    options.add_argument("--rounds", type=int, help="of the items; requests are measured once")
    options.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    options.add_argument("--profile", action="store_true", help="where the time of the requests goes")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    sizes = {
        "requests": chosen.requests or (2_000 if chosen.quick else 1_000_000),
        "items": chosen.items or (2_000 if chosen.quick else 200_000),
    }
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    if chosen.here:
        measure_here(chosen.what, sizes[chosen.what], rounds, profiled=chosen.profile)
        return
    for what, number in sizes.items():
        if chosen.what in (None, what):
            print(f"\n### Recompute due dates, {number:,} open {what} (load {os.getloadavg()[0]:.1f} when begun)\n")
            more = ["--profile"] if chosen.profile and what == "requests" else []
            databases = [chosen.database] if chosen.database else ["sqlite", "postgresql"]
            on_databases(databases, what, [f"--{what}", str(number), "--rounds", str(rounds), *more])


if __name__ == "__main__":
    main()
