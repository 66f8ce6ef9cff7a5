"""A real worker, really killed at the instant: nothing early, nothing twice, out once a worker lives again."""

from __future__ import annotations

import signal
import time

import pytest

from tests.journeys.test_outside_a_transaction import Home

SET = """
from datetime import timedelta
from django.utils import timezone
from gongkai.disclosure.actions.schedule import schedule_release
t = town(); d = Desk(t)
item = d.draft()
due = timezone.now() + timedelta(seconds={seconds})
schedule_release(item.pk, due, reason="试验。", actor=t.actor("drafter"), at=timezone.now())
item = Item.objects.get(pk=item.pk)
version = d.submit(item)
for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
    d.opine(version, step, who)
print(due.timestamp())
"""

# The worker as it is, with a hold of one second; `die` lets it be killed in the middle of the release.
WORK = """
import sys, threading
from datetime import timedelta
from gongkai.config import worker
from gongkai.disclosure.actions import release as releasing
from gongkai.ledger import steady
steady.HOLD = timedelta(seconds=1)
worker.PUNCTUAL = tuple(worker.Tick(t.name, 0.2, t.run) for t in worker.PUNCTUAL)
real = releasing.record
def record(*args, **named):
    made = real(*args, **named)
    if {die} and args[0] == "item.released":
        print("inside", flush=True)
        threading.Event().wait(60)
    return made
releasing.record = record
print("up", flush=True)
worker.run_forever(threading.Event())
"""

SEEN = """
from gongkai.disclosure.models import Schedule
made = list(Release.objects.all())
print(len(made), made[0].released_at.timestamp() if made else 0, Schedule.objects.get().state,
      Fact.objects.filter(kind="item.released").count(), Item.objects.get().public)
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def seen(home):
    many, at, state, facts, public = home.run(SEEN).split()
    return int(many), float(at), state, int(facts), public


def until_out(home, process):
    for _ in range(40):
        if (found := seen(home))[0]:
            return found
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.5)
    raise AssertionError("没有发布")


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def test_killed_in_the_middle_of_the_release_and_started_again(home):
    due = float(home.run(SET.format(seconds=8)))
    process = home.start(WORK.format(die=True))
    while (line := process.stdout.readline().strip()) != "inside":
        assert line == "up", process.communicate()[1]
    assert time.time() >= due
    kill(process)
    assert seen(home) == (0, 0.0, "waiting", 0, "hidden")

    process = home.start(WORK.format(die=False))
    many, at, state, facts, public = until_out(home, process)
    kill(process)
    assert (many, state, facts, public) == (1, "done", 1, "live")
    assert at >= due


def test_dead_at_the_instant_and_two_started_afterwards(home):
    due = float(home.run(SET.format(seconds=6)))
    process = home.start(WORK.format(die=False))
    assert process.stdout.readline().strip() == "up"
    time.sleep(max(0, due - time.time() - 1.5))
    kill(process)
    before = time.time()
    assert seen(home)[:3] == (0, 0.0, "waiting")
    time.sleep(max(0, due - time.time()))

    both = [home.start(WORK.format(die=False)) for _ in range(2)]
    many, at, state, facts, _public = until_out(home, both[0])
    time.sleep(1)
    assert seen(home)[:1] == (1,)
    for process in both:
        kill(process)
    assert (many, state, facts) == (1, "done", 1)
    assert due <= at
    assert before <= at
