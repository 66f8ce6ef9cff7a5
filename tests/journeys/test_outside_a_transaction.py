"""Real processes on a real database of their own: what pytest's rolled-back transaction cannot show."""

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

HEAD = """
import django; django.setup()
from django.db import transaction
from tests.conftest import AT, TODAY, Desk, Town, build_town
from gongkai.agencies.models import Organ, Person, Section
from gongkai.disclosure.models import Item, Release, Version
from gongkai.review.models import Opinion
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from gongkai.ledger.queries import verify
from gongkai.ledger.actions.seal import seal_all

KEYS = ["drafter", "drafter2", "section_reviewer", "compliance_reviewer", "secrecy_reviewer", "secrecy_reviewer2",
        "leader", "emergency_officer", "supervisor", "system_admin", "security_admin", "audit_admin",
        "other_drafter", "other_secrecy"]

def town():
    people = {key: Person.objects.get(staff_number=f"T{n:03d}") for n, key in enumerate(KEYS, start=1)}
    return Town(Organ.objects.get(code="QH-MZ"), Section.objects.get(code="QH-MZ-JZ"),
                Organ.objects.get(code="QH-JY"), Section.objects.get(code="QH-JY-BG"), people)

def item_of(title):
    return Item.objects.get(working_title=title)
"""


class Home:
    """An installation of its own in a temporary folder, on the kind of database the run is for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test",
            "GONGKAI_HOME": str(folder),
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith("postgres"):
            name = f"journey_{uuid.uuid4().hex[:12]}"
            self._admin(url, f'CREATE DATABASE "{name}"')
            self.environment["DATABASE_URL"] = url.rsplit("/", 1)[0] + f"/{name}"
        self.run("from django.core.management import call_command; call_command('migrate', verbosity=0); build_town()")

    def _admin(self, url: str, sql: str) -> None:
        code = f"import dj_database_url, psycopg; d = dj_database_url.parse({url!r});" + (
            f"c = psycopg.connect(host=d['HOST'], user=d['USER'], dbname=d['NAME'], autocommit=True);c.execute({sql!r})"
        )
        subprocess.run([sys.executable, "-c", code], check=True)

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


@pytest.mark.parametrize("rounds", [3])
def test_reviewers_clicking_at_once_give_one_opinion(home, rounds):
    """Two processes, same person and step, at the same instant: one opinion, one clear refusal, every time."""
    for n in range(rounds):
        title = f"公示{n}"
        home.run(f"d = Desk(town()); d.submit(d.draft(title={title!r}))")
        click = f"""
            import time
            d = Desk(town()); v = item_of({title!r}).versions.get()
            time.sleep(max(0, {{at}} - time.time()))
            try:
                d.opine(v, 1, "section_reviewer"); print("given")
            except Refusal as r:
                print(r.code)
        """
        moment = time.time() + 3
        both = [home.start(click.replace("{{at}}", str(moment)).replace("{at}", str(moment))) for _ in range(2)]
        said = sorted(process.communicate(timeout=60)[0].split()[-1] for process in both)
        assert said == ["already_given", "given"]
    assert home.run("print(Opinion.objects.count())") == str(rounds)


def test_a_release_killed_at_any_moment_is_wholly_out_or_not_at_all(home):
    """SIGKILL the process that gives the last opinion at random moments; then look whether anything is half-done."""
    kills = 40 if os.environ.get("GONGKAI_FULL") else 5
    home.run(
        f"""
        d = Desk(town())
        for n in range({kills}):
            v = d.submit(d.draft(title=f"第{{n}}件"))
            d.opine(v, 1, "section_reviewer"); d.opine(v, 2, "compliance_reviewer")
        """
    )
    for n in range(kills):
        process = home.start(
            f"""
            d = Desk(town()); v = item_of("第{n}件").versions.get()
            print("go", flush=True)
            d.opine(v, 3, "secrecy_reviewer")
            """
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.002 * n if n % 2 else 0.0007 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    report = home.run(
        f"""
        released = 0
        for n in range({kills}):
            item = item_of(f"第{{n}}件"); version = item.versions.get()
            opinions = Opinion.objects.filter(case__subject_key=version.pk).count()
            live = Release.objects.filter(item=item, standing="live").count()
            facts = Fact.objects.filter(subject=f"item:{{item.code}}", kind="item.released").count()
            whole = (item.public, item.work, opinions, live, facts, item.index_number is not None)
            assert whole in {{("live", "none", 3, 1, 1, True), ("hidden", "in_review", 2, 0, 0, False)}}, whole
            released += live
        numbers = sorted(Item.objects.exclude(index_number=None).values_list("index_number", flat=True))
        assert numbers == [f"900000002/2026-{{i:05d}}" for i in range(1, len(numbers) + 1)], numbers
        seal_all(at=AT)
        assert list(verify()) == []
        print("whole", released)
        """
    )
    assert report.startswith("whole")
    # What was killed before it was done can be done again.
    home.run(
        f"""
        d = Desk(town())
        for n in range({kills}):
            item = item_of(f"第{{n}}件")
            if item.public == "hidden":
                d.opine(item.versions.get(), 3, "secrecy_reviewer")
        assert Release.objects.filter(standing="live").count() == {kills}
        """
    )


def test_index_numbers_taken_at_once_are_gap_free(home):
    """Processes that release at the same time share one sequence without doubles or holes."""
    home.run(
        """
        d = Desk(town())
        for n in range(20):
            v = d.submit(d.draft(title=f"第{n}件")); d.opine(v, 1, "section_reviewer"); d.opine(v, 2, "compliance_reviewer")
        """
    )
    release = """
        d = Desk(town())
        for n in range({start}, 20, 4):
            d.opine(item_of(f"第{n}件").versions.get(), 3, "secrecy_reviewer")
    """
    workers = [home.start(release.replace("{start}", str(k))) for k in range(4)]
    for process in workers:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    numbers = home.run("print(*sorted(Item.objects.values_list('index_number', flat=True)), sep=',')").split(",")
    assert numbers == [f"900000002/2026-{i:05d}" for i in range(1, 21)]


def test_a_fact_without_its_act_is_refused(home):
    said = home.run(
        """
        from gongkai.agencies.actors import SYSTEM
        from gongkai.ledger.actions.record import record
        try:
            record("organ.changed", subject="organ:x", actor=SYSTEM, at=AT); print("written")
        except RuntimeError:
            print("refused", Fact.objects.filter(subject="organ:x").count())
        """
    )
    assert said == "refused 0"
