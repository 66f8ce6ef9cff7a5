"""One item with an instant, an office that changes its mind, two workers that die, a clock that is set wrong: a minute
hand moves on, and after every look of the workers everything that must hold is checked.

All times are seconds from AT by the true clock. What the machine's clock shows beside it is wrong in spells: forward for
up to 24 seconds (longer than that no machine can tell it from a clock that is put right), back for as long as two minutes.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from gongkai.disclosure.actions.emergency import declare_emergency, release_in_emergency
from gongkai.disclosure.actions.recall import recall
from gongkai.disclosure.actions.release_due import release_due
from gongkai.disclosure.actions.schedule import cancel_schedule, move_schedule, release_now, schedule_release
from gongkai.disclosure.models import Item, Release, Schedule
from gongkai.disclosure.queries.schedules import alarming
from gongkai.law.verdicts import Refusal
from gongkai.ledger.actions.beat import beat
from gongkai.ledger.models import Heartbeat
from gongkai.ledger.steady import SteadyClock
from tests.conftest import AT

STEP = 4.0  # seconds between two looks, twice what the worker takes
LAST = 420.0  # an office changes its mind for seven minutes
WITHIN = 60.0
STEPS = ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer"))


@dataclass
class Worker:
    """A process with a clock of its own; `seconds` began when the machine did."""

    name: str
    clock: SteadyClock = field(default_factory=SteadyClock)
    beat_at: float = -1e9


@dataclass
class Timeline:
    desk: object
    town: object
    rng: random.Random
    title: str
    now: float = 0.0
    wrong: float = 0.0  # how far the machine's clock is off
    wrong_until: float = 0.0
    right_since: float = 0.0
    workers: list[Worker] = field(default_factory=list)
    alive_since: float | None = None
    dead_since: float | None = 0.0
    instant: float | None = None
    approved: float | None = None
    version: object = None
    given: int = 0
    emergency: bool = False
    out: float | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        Heartbeat.objects.all().delete()
        self.item = self.desk.draft(title=self.title)

    # -- the machine -----------------------------------------------------------------------------

    @property
    def wall(self):
        return AT + timedelta(seconds=self.now + self.wrong)

    def go_on(self, until: float) -> None:
        """Look after look until then."""
        while self.now < until:
            self.now += STEP
            if self.wrong and self.now >= self.wrong_until:
                self.wrong, self.right_since = 0.0, self.now
            self.look()
            self.check()

    def look(self) -> None:
        self.rng.shuffle(self.workers)
        for worker in self.workers:
            self.counts["looks"] += 1
            believed = worker.clock.now(self.wall, 5000 + self.now)
            if believed is None:
                continue
            if self.now - worker.beat_at >= 10:
                beat(worker.name, at=believed)
                worker.beat_at = self.now
            if release_due(at=believed):
                self.counts["released by a worker"] += 1

    def start(self) -> None:
        if len(self.workers) < 2:
            self.workers.append(Worker(f"host:{self.rng.randrange(10**9)}"))
            if len(self.workers) == 1:
                self.alive_since, self.dead_since = self.now, None

    def kill(self) -> None:
        if self.workers:
            self.workers.pop(self.rng.randrange(len(self.workers)))
            self.counts["killed"] += 1
            if self.workers:
                # The other one may have begun just now.
                self.alive_since = self.now
            else:
                self.alive_since, self.dead_since = None, self.now

    def set_clock_wrong(self) -> None:
        if self.wrong or self.now - self.right_since < 3 * STEP:
            return
        forward = self.rng.random() < 0.6
        self.wrong = self.rng.uniform(5, 7200) if forward else -self.rng.uniform(5, 3600)
        self.wrong_until = self.now + self.rng.uniform(2, 24 if forward else 120)
        self.counts["clock forward" if forward else "clock back"] += 1

    # -- the office ------------------------------------------------------------------------------

    def act(self, what: str) -> None:
        try:
            getattr(self, what)()
        except Refusal as refusal:
            self.counts[f"refused {refusal.code}"] += 1
        else:
            self.counts[what] += 1

    def _who(self, *keys: str):
        return self.town.actor(self.rng.choice(keys))

    def _soon(self) -> float:
        return self.now + self.rng.uniform(5, 240)

    def set(self) -> None:
        instant = self._soon()
        schedule_release(self.item.pk, _at(instant), actor=self._who("drafter", "leader"), at=self.wall)
        self.instant = instant

    def move(self) -> None:
        instant = self._soon()
        move_schedule(self.item.pk, _at(instant), reason="改期。", actor=self._who("drafter", "leader"), at=self.wall)
        self.instant = instant

    def cancel(self) -> None:
        cancel_schedule(self.item.pk, reason="取消。", actor=self._who("drafter", "leader"), at=self.wall)
        self.instant = None
        if self.approved is not None:
            self._back()

    def edit(self) -> None:
        recall(self.item.pk, actor=self.town.actor("drafter"), at=self.wall)
        self._back()

    def at_once(self) -> None:
        release_now(self.item.pk, reason="提前。", actor=self._who("drafter", "leader"), at=self.wall)
        self.out, self.instant = self.now, None

    def in_emergency(self) -> None:
        if self.version is None or self.given >= 2 or self.approved is not None:
            return
        told = {"read_digest": self.version.digest, "actor": self.town.actor("emergency_officer"), "at": self.wall}
        declare_emergency(self.version.pk, reason="山洪。", **told)
        self.desk.opine(self.version, *STEPS[2], at=self.wall)
        release_in_emergency(self.version.pk, **told)
        self.out, self.instant, self.emergency = self.now, None, True

    def opine(self) -> None:
        """The next opinion; the text is frozen first where it is still a draft."""
        if self.approved is not None or self.emergency:
            return
        if self.version is None:
            self.version = self.desk.submit(Item.objects.get(pk=self.item.pk))
            return
        release = self.desk.opine(self.version, *STEPS[self.given], at=self.wall)
        self.given += 1
        if self.given == len(STEPS):
            self.approved = self.now
        if release is not None:
            assert self.instant is None, "an opinion released what waits for an instant"
            self.out = self.now

    def _back(self) -> None:
        self.version, self.given, self.approved = None, 0, None

    # -- what must hold --------------------------------------------------------------------------

    def check(self) -> None:
        releases = list(Release.objects.filter(item=self.item))
        assert len(releases) <= 1, self.story()
        if releases and self.out is None:
            assert self.instant is not None, self.story()
            assert self.now >= self.instant, ("early", self.story())
            assert releases[0].released_at >= _at(self.instant), self.story()
            assert Schedule.objects.get(item=self.item, state="done").due_at == _at(self.instant)
            self.out, self.instant = self.now, None
        all_there = None not in (self.approved, self.instant, self.alive_since) and not self.wrong
        if self.out is None and all_there:
            ready = max(self.instant, self.approved, self.alive_since, self.right_since)
            assert self.now <= ready + WITHIN, ("late", self.story())
        if not self.wrong and self.instant is not None and self.out is None:
            self._check_alarms()

    def _check_alarms(self) -> None:
        """Every alarm that must stand does; and nothing stands where all has been well for a minute."""
        found = {a.code for row in alarming(at=self.wall) if row.item.pk == self.item.pk for a in row.alarms}
        self.counts.update(f"alarm {code}" for code in found)
        if self.approved is None and self.now >= self.instant:
            assert "unreviewed" in found, self.story()
        if self.approved is not None and self.now > max(self.instant, self.approved) + WITHIN:
            assert "late" in found, self.story()
        if self.dead_since is not None and self.now - max(self.dead_since, 0) >= WITHIN:
            assert "no_worker" in found, self.story()
        calm = self.alive_since is not None and self.now - max(self.alive_since, self.right_since) > WITHIN
        if calm and self.now < self.instant:
            assert found == set(), (found, self.story())

    def story(self) -> str:
        return (
            f"{self.title} now={self.now} instant={self.instant} approved={self.approved} out={self.out} "
            f"alive since={self.alive_since} right since={self.right_since} {dict(self.counts)}"
        )

    # -- from beginning to end -------------------------------------------------------------------

    def run(self) -> None:
        weights = {
            "opine": 30, "set": 8, "move": 8, "cancel": 3, "edit": 4, "at_once": 1, "in_emergency": 0.3, "start": 6,
            "kill": 5, "set_clock_wrong": 8, "rest": 10,
        }  # fmt: skip
        if self.rng.random() < 0.9:
            self.act("set")
        for _ in range(self.rng.randrange(3)):
            self.start()
        while self.now < LAST:
            [what] = self.rng.choices(list(weights), list(weights.values()))
            self.act(what)
            self.go_on(self.now + self.rng.choice((0, STEP, 3 * STEP, 8 * STEP)))
        self.end()

    def rest(self) -> None:
        """Nothing happens."""

    def end(self) -> None:
        """All is well at last: somebody finishes the review, and a minute after everything is there it is out."""
        self.wrong_until = self.now
        self.go_on(self.now + STEP)
        self.start()
        for _ in range(4):
            if self.out is None:
                self.opine()
        if self.out is None:
            self.go_on(max(self.instant, self.approved, self.alive_since, self.right_since) + WITHIN)
        assert self.out is not None, self.story()
        self.go_on(self.now + 2 * STEP)
        assert Release.objects.filter(item=self.item).count() == 1


def _at(seconds: float):
    return AT + timedelta(seconds=seconds)
