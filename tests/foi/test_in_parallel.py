"""Real processes on a real database of their own: the same post at once, numbers at once, a kill in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest
from django.conf import settings

from tests.foi.conftest import KEY_A

FULL = os.environ.get("GONGKAI_FULL") == "1"
HEAD = """
import sys, time
import django; django.setup()
from tests.foi.conftest import Counter, build_office, POSTS
from gongkai.agencies.models import Organ, Person, Section
from gongkai.foi.models import *
from gongkai.ledger.models import Fact
from tests.conftest import Town

KEYS = ["drafter", "drafter2", "section_reviewer", "compliance_reviewer", "secrecy_reviewer", "secrecy_reviewer2",
        "leader", "emergency_officer", "supervisor", "system_admin", "security_admin", "audit_admin",
        "other_drafter", "other_secrecy"]

def counter():
    people = {key: Person.objects.get(staff_number=f"T{n:03d}") for n, key in enumerate(KEYS, start=1)}
    people |= {key: Person.objects.get(staff_number=f"F{n:03d}") for n, key in enumerate(POSTS, start=1)}
    return Counter(Town(Organ.objects.get(code="QH-MZ"), Section.objects.get(code="QH-MZ-JZ"),
                        Organ.objects.get(code="QH-JY"), Section.objects.get(code="QH-JY-BG"), people))
"""


class Home:
    """An installation of its own in a temporary folder, on the kind of database the run is for."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "GONGKAI_HOME": str(folder), "FOI_DATA_KEYS": KEY_A}
        paths = [str(settings.BASE_DIR), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self.environment["PYTHONPATH"] = os.pathsep.join(paths)
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith("postgres"):
            name = f"foi_{uuid.uuid4().hex[:12]}"
            code = f"import dj_database_url, psycopg; d = dj_database_url.parse({url!r});" + (
                "psycopg.connect(host=d['HOST'], user=d['USER'], dbname=d['NAME'], autocommit=True)"
                f".execute('CREATE DATABASE {name}')"
            )
            subprocess.run([sys.executable, "-c", code], check=True)
            self.environment["DATABASE_URL"] = url.rsplit("/", 1)[0] + f"/{name}"
        self.run(
            "from django.core.management import call_command; call_command('migrate', verbosity=0); build_office()"
        )

    def start(self, code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", HEAD + textwrap.dedent(code)],
            env=self.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, code: str) -> str:
        process = self.start(code)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out.strip()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def together(home: Home, processes: int, code: str) -> list[str]:
    """Start processes that wait for one moment, and what each printed."""
    begin = f"time.sleep(max(0, {time.time() + 2 + processes * 0.8} - time.time()))"
    running = [home.start(f"c = counter(); me = {n}; {begin}\n" + textwrap.dedent(code)) for n in range(processes)]
    said = []
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        said.append(out.strip())
    return said


def test_the_same_post_from_many_processes_is_one_case_each_round(home):
    processes, rounds = (10, 200) if FULL else (4, 20)
    said = together(
        home, processes,
        f"""
        for n in range({rounds}):
            receipt = c.receive("甲文件", "乙文件", submission_key=f"round-{{n:030d}}")
            print(n, *(r.case.number + "/" + r.code for r in receipt.registered))
        """,
    )  # fmt: skip
    assert len(set(said)) == 1  # every process got the same receipts, codes and all
    numbers = home.run("print(*FoiRequest.objects.order_by('number').values_list('number', flat=True))").split()
    assert numbers == [f"QH-MZ-2026-{n:05d}" for n in range(1, 2 * rounds + 1)]
    kept = (
        "print(Submission.objects.count(), Applicant.objects.count(), Fact.objects.filter(kind='foi.received').count())"
    )
    assert home.run(kept) == f"{rounds} {rounds} {2 * rounds}"


def test_numbers_taken_at_once_are_gap_free(home):
    processes, each = (8, 1250) if FULL else (4, 15)
    together(
        home, processes,
        f"""
        from gongkai.law.verdicts import Refusal
        for n in range({each}):
            c.receive("甲文件", submission_key=f"{{me}}-{{n:030d}}")
            if n % 5 == 0:  # a refusal in between gives its number back
                try:
                    c.receive("乙文件", submission_key=f"x{{me}}-{{n:030d}}", arrived_on=c.day.replace(year=2030))
                except Refusal:
                    pass
        """,
    )  # fmt: skip
    numbers = home.run("print(*FoiRequest.objects.order_by('number').values_list('number', flat=True))").split()
    assert numbers == [f"QH-MZ-2026-{n:05d}" for n in range(1, processes * each + 1)]


def test_a_delivery_killed_at_any_moment_is_whole_or_not_there(home):
    kills = 30 if FULL else 6
    home.run(
        f"""
        c = counter()
        for n in range({kills}):
            case = c.case(); c.sign(case); c.seal(case)
        """
    )
    for n in range(1, kills + 1):
        process = home.start(
            f"""
            c = counter(); case = FoiRequest.objects.get(number="QH-MZ-2026-{n:05d}")
            print("go", flush=True); c.deliver(case)
            """
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.004 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    report = home.run(
        """
        for case in FoiRequest.objects.order_by("pk"):
            whole = (case.state, Delivery.objects.filter(request=case).count(), case.outcomes.count(),
                     case.steps.filter(step="replied").count(),
                     Fact.objects.filter(subject=case.subject, kind="foi.delivered").count())
            assert whole in {("replied", 1, 1, 1, 1), ("signed", 0, 0, 0, 0)}, whole
        c = counter()
        for case in FoiRequest.objects.filter(state="signed"):
            c.deliver(case)
        print(Outcome.objects.count())
        """
    )
    assert report == str(kills)
