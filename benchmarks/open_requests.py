"""Rows of requests for disclosure, a million in a minute: written straight into the tables, not through actions.

Every request stands under one applicant a thousand and carries the same sealed words; its dated steps, and the copies
of its clock, are its own and right: law is asked for each different row of steps. The office's mix is an own choice:
six of ten have their receipt alone, the others wait for the applicant, were clarified, consult, are extended.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

AS_OF = date(2026, 12, 20)
AT = f"{AS_OF} 02:00:00+00:00"
OPEN_DAYS = 60  # most were received so many days ago at most; one of eight is late
STEP = ("request_id", "seq", "step", "on", "channel", "confirmed_on", "reply_by", "received_on", "party", "basis",
        "working_days", "approved_by", "recorded_at")  # fmt: skip
#: kind of way, out of a hundred
MIX = {"receipt": 60, "awaiting": 10, "clarified": 8, "consulting": 10, "consulted": 4, "extended": 6, "paying": 2}


def load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table as fast as the database takes them."""
    from django.db import connection, transaction

    names = ", ".join(f'"{name}"' for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if "id" in columns:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}")
        else:
            marks = ", ".join("%s" for _ in columns)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def steps_for(draw: random.Random, kind: str, days: int = OPEN_DAYS) -> list[dict[str, Any]]:
    """The dated steps of one open request as law takes them."""
    back = draw.randrange(days) if draw.randrange(8) else draw.randrange(days, days + 340)
    day = AS_OF - timedelta(days=back)

    def later(least: int, most: int) -> date:
        return min(day + timedelta(days=draw.randrange(least, most)), AS_OF)

    online = draw.randrange(2)
    channel = {"channel": "online", "confirmed_on": day} if online else {"channel": "in_person"}
    steps: list[dict[str, Any]] = [{"step": "received", "on": day} | channel]
    if kind in ("awaiting", "clarified"):
        asked = later(1, 7)
        steps.append({"step": "clarification_asked", "on": asked, "reply_by": asked + timedelta(days=15)})
        if kind == "clarified":
            steps.append({"step": "clarification_received", "on": min(asked + timedelta(days=9), AS_OF)})
    elif kind in ("consulting", "consulted"):
        asked = later(1, 12)
        steps.append({"step": "third_party_asked", "on": asked, "party": "第三方1"})
        if kind == "consulted":
            answered = min(asked + timedelta(days=draw.randrange(1, 15)), AS_OF)
            steps.append({"step": "third_party_answered", "on": answered, "party": "第三方1"})
    elif kind == "extended":
        steps.append({"step": "extended", "on": later(5, 20), "working_days": 20, "approved_by": "机构负责人"})
    elif kind == "paying":
        steps.append({"step": "fee_notified", "on": later(2, 15)})
    elif kind != "receipt":
        raise ValueError(kind)
    return steps


def generated(number: int, days: int = OPEN_DAYS, seed: int = 8) -> Iterator[tuple[list[dict[str, Any]], Any]]:
    """(steps, clock) of so many open requests; the same on every machine."""
    from gongkai.calendars.shipped import shipped_calendar
    from gongkai.law.reply_clock import ClockStep, reply_clock

    calendar = shipped_calendar()

    @lru_cache(maxsize=1 << 17)
    def clock(key: tuple[tuple[tuple[str, Any], ...], ...]) -> Any:
        found = reply_clock([ClockStep(**dict(step)) for step in key], calendar, AS_OF)
        return found.due_on, found.provisional, found.status, found.waiting_until, found.received_on

    draw, kinds = random.Random(seed), [kind for kind, share in MIX.items() for _ in range(share)]
    for _ in range(number):
        steps = steps_for(draw, draw.choice(kinds), days)
        yield steps, clock(tuple(tuple(step.items()) for step in steps))


def fill(number: int, organs: int = 40, days: int = OPEN_DAYS) -> None:
    """So many open requests to so many organs below one government, in an empty database."""
    from gongkai.agencies.models import Organ
    from gongkai.foi import vault

    root = Organ.objects.create(code="R", name="云溪市人民政府", kind="government", org_code="R")
    made = [
        Organ(code=f"R{n:03}", name=f"云溪市第{n}局", kind="department", org_code=f"R{n:08}", parent=root)
        for n in range(organs)
    ]
    organ_ids = [organ.pk for organ in Organ.objects.bulk_create(made)]
    master_id, wrapped = vault.new_wrapped()
    people = number // 1000 + 1
    load("foi_datakey", ("id", "master_id", "wrapped"),
         ((n, master_id, wrapped) for n in range(1, number + people + 1)))  # fmt: skip
    load("foi_applicant", ("id", "column", "key_id", "particulars", "digest"),
         ((n, "natural", number + n, b"x" * 200, f"bench:{n}") for n in range(1, people + 1)))  # fmt: skip
    load("foi_submission", ("id", "key_digest", "content_digest", "master_id", "at"),
         ((n, f"bench:{n}", "bench", master_id, AT) for n in range(1, people + 1)))  # fmt: skip
    columns = ("id", "number", "organ_id", "applicant_id", "submission_id", "item", "key_id", "channel", "arrived_on",
               "received_on", "description", "form", "delivery", "code_hash", "code_digest", "sketch", "state",
               "due_on", "provisional", "clock_status", "waiting_until", "reply_number", "created_at",
               "touched_at")  # fmt: skip
    load("foi_foirequest", columns, (
        (n, f"R-2026-{n:07}", organ_ids[n % organs], n // 1000 + 1, n // 1000 + 1, n % 1000, n, steps[0]["channel"],
         steps[0]["on"], received, b"x" * 300, "electronic", "online", b"x" * 92, f"bench:{n:064}", f"{n:0256}",
         "received", due_on, provisional, status, waiting, "", AT, AT)
        for n, (steps, (due_on, provisional, status, waiting, received)) in enumerate(generated(number, days), start=1)
    ))  # fmt: skip
    load("foi_casestep", STEP, (
        (n, seq, *(step.get(name) for name in STEP[2:-1]), AT)
        for n, (steps, _) in enumerate(generated(number, days), start=1)
        for seq, step in enumerate(steps, start=1)
    ))  # fmt: skip
    settle()


def settle() -> None:
    """Statistics as a database in use has them.

    Rounds are rolled back: an automatic ANALYZE of the rows that came and went would make the planner take the table of
    changes for an empty one, which it never is again after the first notice.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE calendars_deadlinechange SET (autovacuum_enabled = off)")
        for table in ("foi_foirequest", "foi_casestep"):
            cursor.execute(f"ANALYZE {table}")
