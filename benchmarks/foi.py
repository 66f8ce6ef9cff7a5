"""Requests: submitting under load, the board of an office with many open cases, table 3 of the annual report.

    python -m benchmarks.foi [submit|board|table3] [--quick] [--rate N] [--seconds N] [--cases N] [--report N]

submit   The action behind the portal's form (`foi.actions.receive`), at a steady rate from eight processes on
         PostgreSQL. Beside it, at the same rate on the same database: pgbench writes the same rows, with the same
         indexes and guards over them, in one transaction.
board    A page of 50, the counts of the board's groups, and who must act, of one organ; beside the same page of rows
         by one SQL statement.
table3   Tables 3 and 4 of one year and the year before, every identity checked, of a city's 40 organs; beside one
         statement that only groups the year's outcomes.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import open_requests
from benchmarks.imports import environment
from benchmarks.machine import ROOT

CLIENTS = 8
PARTS = ("submit", "board", "table3")


# ---- submitting ----------------------------------------------------------------------------------------------------


def submit_once(organ: Any, n: int) -> None:
    from django.utils import timezone

    from gongkai.foi.actions.receive import receive
    from gongkai.foi.actions.turning import APPLICANT
    from gongkai.foi.particulars import Particulars
    from gongkai.foi.wishes import Wish

    at, today = timezone.now(), timezone.localdate()
    receive(
        organ, Particulars("某人", phone=f"139{n % 10**8:08}", address="云溪市文渊路1号"),
        [Wish(f"第{n}号项目的批复", features="含附件")], column="natural", channel="online", arrived_on=today,
        confirmed_on=today, submission_key=secrets.token_urlsafe(24), actor=APPLICANT, at=at,
    )  # fmt: skip


def client(task: tuple[int, float, float, int]) -> list[tuple[float, float]]:
    """Submit at a steady rate; of each the seconds since it was due, waiting in line counted, and of the work alone."""
    number, rate, begin, many = task
    import django

    django.setup()
    from gongkai.agencies.models import Organ

    organs = list(Organ.objects.filter(parent__isnull=False).order_by("pk"))
    submit_once(organs[number], number)  # imports and plans are there in a server
    took = []
    for n in range(many):
        due = begin + n / rate
        time.sleep(max(0.0, due - time.time()))
        begun = time.time()
        submit_once(organs[(number + n * CLIENTS) % len(organs)], number * 10**6 + n)
        took.append((time.time() - due, time.time() - begun))
    return took


def under_load(rate: int, seconds: int) -> tuple[list[tuple[float, float]], float]:
    """(seconds of each submission since it was due and of its work, how many a second were done)."""
    begin = time.time() + 12  # eight Pythons start first
    many = rate * seconds // CLIENTS
    tasks = [(n, rate / CLIENTS, begin + n / rate, many) for n in range(CLIENTS)]
    with ProcessPoolExecutor(CLIENTS) as pool:
        took = [one for part in pool.map(client, tasks) for one in part]
    return took, len(took) / (time.time() - begin)


def statements_of_one() -> int:
    """How many SQL statements one submission takes, savepoints left out."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from gongkai.agencies.models import Organ

    for organ in Organ.objects.filter(parent__isnull=False):
        submit_once(organ, organ.pk)  # the first of the year also makes the organ's number sequence
    with CaptureQueriesContext(connection) as seen:
        submit_once(organ, 1)
    return sum(1 for query in seen if not re.match(r"SAVEPOINT|RELEASE|BEGIN|COMMIT", query["sql"]))


#: The rows one submission leaves, with the same indexes and guards over them, and nothing else.
SAME_ROWS = """
\\set r random(1, 9000000000000)
\\set o random(:first, :last)
BEGIN;
INSERT INTO foi_submission (key_digest, content_digest, master_id, at)
  VALUES ('bench' || :r, repeat('c', 66), 'm', now()) RETURNING id AS s \\gset
INSERT INTO foi_datakey (master_id, wrapped) VALUES ('m', repeat('w', 60)) RETURNING id AS k \\gset
INSERT INTO foi_applicant ("column", key_id, particulars, digest)
  VALUES ('natural', :k, decode(repeat('aa', 200), 'hex'), 'bench' || :r) RETURNING id AS a \\gset
INSERT INTO foi_datakey (master_id, wrapped) VALUES ('m', repeat('w', 60)) RETURNING id AS q \\gset
UPDATE foi_numbersequence SET last = last + 1 WHERE organ_id = :o AND kind = 'case';
INSERT INTO foi_foirequest (number, organ_id, applicant_id, submission_id, item, key_id, channel, arrived_on,
    description, form, delivery, code_hash, code_digest, sketch, state, provisional, clock_status, reply_number,
    created_at, touched_at)
  VALUES ('P-' || :r, :o, :a, :s, 1, :q, 'online', current_date, decode(repeat('aa', 300), 'hex'), 'electronic',
    'online', decode(repeat('aa', 92), 'hex'), 'bench' || :r, repeat('e', 256), 'registered', false, '', '', now(),
    now()) RETURNING id AS c \\gset
INSERT INTO foi_textband (request_id, band) SELECT :c, n || md5(:r || 'x' || n) FROM generate_series(0, 7) n;
INSERT INTO ledger_fact (kind, subject, organ_code, actor_code, post_code, at, digest, data)
  VALUES ('foi.received', 'P-' || :r, 'R001', 'applicant', '', now(), '', '{"verb": "receive"}');
INSERT INTO foi_casestep (request_id, seq, step, "on", channel, confirmed_on, recorded_at)
  VALUES (:c, 1, 'received', current_date, 'online', current_date, now()) RETURNING id AS t \\gset
UPDATE foi_foirequest SET state = 'received', received_on = current_date, due_on = current_date + 28,
  clock_status = 'running' WHERE id = :c;
INSERT INTO ledger_fact (kind, subject, organ_code, actor_code, post_code, at, digest, data)
  VALUES ('foi.receipt_confirmed', 'P-' || :r, 'R001', 'applicant', '', now(), '', '{"verb": "confirm_receipt"}');
INSERT INTO foi_issuedpaper (request_id, kind, serial, content, digest, step_id, at)
  VALUES (:c, 'receipt', 1, decode(repeat('aa', 900), 'hex'), md5(:r || 'a') || md5(:r || 'b'), :t, now());
COMMIT;
"""


def pgbench(program: Path, folder: Path, rate: int, seconds: int) -> list[float]:
    """Seconds of each transaction of the same rows at the same rate, waiting in line counted."""
    from django.conf import settings

    from gongkai.agencies.models import Organ

    ids = sorted(Organ.objects.filter(parent__isnull=False).values_list("pk", flat=True))
    (folder / "same.sql").write_text(SAME_ROWS, encoding="utf-8")
    database = settings.DATABASES["default"]
    command = [program, "-n", "-f", folder / "same.sql", "-D", f"first={ids[0]}", "-D", f"last={ids[-1]}",
               "-c", CLIENTS, "-j", 2, "-R", rate, "-T", seconds, "-l", "--log-prefix", folder / "log",
               "-h", database["HOST"], "-U", database["USER"], database["NAME"]]  # fmt: skip
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    lines = [line.split() for log in folder.glob("log*") for line in log.read_text(encoding="utf-8").splitlines()]
    return [int(line[2]) / 1e6 for line in lines]


def measure_submit(rate: int, seconds: int) -> None:
    from django.db import connections

    from tools.system_packages import postgres_bin

    open_requests.fill(1_000)
    statements = statements_of_one()
    connections.close_all()
    took, reached = under_load(rate, seconds)
    waited, worked = [one for one, _ in took], [one for _, one in took]
    print(f"| `receive`, the action | {reached:.1f} | {percentiles(waited)} | {statements} |", flush=True)
    print(f"| its work, waiting in line left out | {reached:.1f} | {percentiles(worked)} | {statements} |", flush=True)
    program = Path(postgres_bin() or "") / "pgbench"
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        if not program.exists():
            print("\npgbench is not installed; the same rows were not measured.")
            return
        same = pgbench(program, Path(folder), rate, seconds)
    print(f"| the same rows by pgbench | {len(same) / seconds:.1f} | {percentiles(same)} | 12 |")
    median, raw = statistics.median(worked), statistics.median(same)
    print(f"\nThe work of `receive` takes {median / raw:.1f} times as long as its rows alone (medians); {len(took):,} and "
          f"{len(same):,} submissions, {CLIENTS} clients each.")  # fmt: skip


def percentiles(seconds: list[float]) -> str:
    cut = statistics.quantiles(seconds, n=100)
    return f"{statistics.median(seconds) * 1000:.1f} | {cut[94] * 1000:.1f} | {max(seconds) * 1000:.1f}"


# ---- board and table 3 -----------------------------------------------------------------------------------------------


def seen(way: Callable[[], Any], rounds: int) -> tuple[float, int]:
    """(median milliseconds, SQL statements) of a way of looking."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    way()  # templates, plans and the calendar are there already in a server
    with CaptureQueriesContext(connection) as queries:
        way()
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        way()
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000, len(queries)


def sql(text: str, *values: Any) -> Callable[[], Any]:
    from django.db import connection

    def run() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()

    return run


def measure_board(cases: int, rounds: int) -> None:
    from gongkai.agencies.models import Organ
    from gongkai.calendars.queries import work_calendar
    from gongkai.foi.models import FoiRequest
    from gongkai.foi.queries import board

    open_requests.fill(cases, organs=1)
    organ, today = Organ.objects.get(code="R000"), open_requests.AS_OF
    FoiRequest.objects.filter(clock_status__startswith="awaiting").update(state="awaiting_clarification")
    mine = FoiRequest.objects.filter(organ=organ)
    raw = sql("SELECT * FROM foi_foirequest WHERE organ_id = %s ORDER BY due_on LIMIT 50", organ.pk)
    floor = seen(raw, rounds)[0]
    ways: dict[str, Callable[[], Any]] = {
        "first page of 50": lambda: board.board([organ.pk], today=today),
        "last page of 50": lambda: board.board([organ.pk], today=today, offset=cases - 50),
        "counts of the groups": lambda: board.counts(mine, board.horizon(work_calendar(), today)),
        "who must act within 5 days": lambda: board.must_act([organ.pk], today=today, within=5),
    }
    for name, way in ways.items():
        took, queries = seen(way, rounds if "who" not in name else 1)
        print(f"| {name} | {took:.1f} | {queries} | {took / floor:.1f} |", flush=True)
    print(f"| 50 rows by one SQL statement | {floor:.1f} | 1 | 1.0 |")


def measure_report(cases: int) -> None:
    from gongkai.agencies.models import Organ
    from gongkai.foi.models.outcomes import LEAVES
    from gongkai.foi.queries.statistics import statistics as tables

    open_requests.fill(cases, days=700)
    rows = sql("SELECT id, received_on FROM foi_foirequest ORDER BY id")()
    day = date.fromisoformat if isinstance(rows[0][1], str) else (lambda value: value)
    done = ((n, day(on) + timedelta(days=25)) for n, on in rows if n % 10)
    open_requests.load("foi_outcome", ("request_id", "reply_code", "ground", "report_row", "column", "decided_on"), (
        (n, "R2", "", LEAVES[n % len(LEAVES)], "natural", on) for n, on in done if on <= open_requests.AS_OF
    ))  # fmt: skip
    sql_run("ANALYZE foi_outcome")
    root, year = Organ.objects.get(code="R"), open_requests.AS_OF.year
    found = tables(root, year)
    if found.failures:
        raise SystemExit(str(found.failures[:3]))
    took, queries = seen(lambda: tables(root, year), 3)
    raw = sql('SELECT report_row, "column", COUNT(*) FROM foi_outcome WHERE decided_on BETWEEN %s AND %s '
              "GROUP BY report_row, 2", date(year, 1, 1), date(year, 12, 31))  # fmt: skip
    floor = seen(raw, 3)[0]
    numbers = found.report.requests
    print(f"| tables 3 and 4, two years, identities checked | {took:,.0f} | {queries} | {took / floor:.1f} |")
    print(f"| one year's outcomes grouped by one statement | {floor:,.0f} | 1 | 1.0 |")
    print(f"\nOf {year}: {numbers['new_received'][6]:,} received, {numbers['carried_over'][6]:,} carried over, "
          f"{numbers['total_processed'][6]:,} with an outcome.")  # fmt: skip


def sql_run(text: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text)


# ---- report ----------------------------------------------------------------------------------------------------------

HEADS = {
    "submit": "| submitting at {rate}/s for {seconds} s | done/s | p50 ms | p95 ms | slowest ms | SQL |",
    "board": "| board of {cases:,} open cases | ms | SQL | × one statement |",
    "table3": "| annual report over {report:,} cases | ms | SQL | × one statement |",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("part", nargs="?", choices=PARTS)
    options.add_argument("--quick", action="store_true", help="2 s at 10/s, 500 and 2,000 cases")
    options.add_argument("--rate", type=int)
    options.add_argument("--seconds", type=int)
    options.add_argument("--cases", type=int, help="on the board")
    options.add_argument("--report", type=int, help="cases of the annual report")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    sizes = {
        "rate": chosen.rate or (16 if chosen.quick else 50),
        "seconds": chosen.seconds or (2 if chosen.quick else 60),
        "cases": chosen.cases or (500 if chosen.quick else 20_000),
        "report": chosen.report or (2_000 if chosen.quick else 1_000_000),
    }
    if chosen.here:
        here(chosen.part, sizes, quick=chosen.quick)
        return
    from tools.private_postgres import private_postgres
    from tools.system_packages import postgres_bin

    if postgres_bin() is None:
        print("PostgreSQL is not installed; nothing was measured.")
        return
    print(f"\n### Requests on PostgreSQL (load {os.getloadavg()[0]:.1f} when begun)")
    for part in [chosen.part] if chosen.part else PARTS:
        head = HEADS[part].format(**sizes)
        print(f"\n{head}\n| --- |{' ---: |' * (head.count('|') - 2)}", flush=True)
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as home, private_postgres() as url:
            env = {**environment(Path(home)), "FOI_DATA_KEYS": "m:" + "QUFB" * 10 + "QUE=", "DATABASE_URL": url}
            migrate = [sys.executable, f"{sys.prefix}/bin/gongkai", "migrate"]
            subprocess.run(migrate, env=env, cwd=ROOT, check=True, capture_output=True)
            told = [f"--{name}={value}" for name, value in sizes.items()] + (["--quick"] if chosen.quick else [])
            command = [sys.executable, "-m", "benchmarks.foi", "--here", part, *told]
            done = subprocess.run(command, env=env, cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True)
            if done.returncode:
                raise SystemExit(done.stderr)


def here(part: str, sizes: dict[str, int], *, quick: bool) -> None:
    import django

    django.setup()
    match part:
        case "submit":
            measure_submit(sizes["rate"], sizes["seconds"])
        case "board":
            measure_board(sizes["cases"], 3 if quick else 15)
        case "table3":
            measure_report(sizes["report"])
        case other:
            raise ValueError(other)


if __name__ == "__main__":
    main()
