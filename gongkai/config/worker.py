"""The worker: every capability's tick, in one explicit list. Safe to run in any number of processes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections

from gongkai.channels import tasks as channels
from gongkai.disclosure import tasks as disclosure
from gongkai.files import tasks as files
from gongkai.foi import tasks as foi
from gongkai.ledger import tasks as ledger
from gongkai.notices import tasks as notices
from gongkai.reporting import tasks as reporting
from gongkai.search import tasks as search

logger = logging.getLogger("gongkai.worker")


@dataclass(frozen=True)
class Tick:
    """`run` is called every `seconds`; it must be safe to run twice and in several processes at once."""

    name: str
    seconds: float
    run: Callable[[], object]


TICKS: tuple[Tick, ...] = (
    Tick("ledger.seal", 0.5, ledger.tick),
    Tick("ledger.sweep", 600, lambda: ledger.tick(sweep=True)),
    Tick("search.follow", 0.5, search.tick),
    Tick("disclosure.calendar", 60, disclosure.tick),
    Tick("disclosure.cite", 2, disclosure.cite),
    Tick("disclosure.carry_out", 5, disclosure.carry_out),
    Tick("foi.drafts", 600, foi.tick),
    Tick("files.sweep", 6 * 3600, files.tick),
    Tick("notices.send", 2, notices.tick),
    Tick("notices.forget", 600, notices.forget),
    Tick("channels.carry", 2, channels.tick),
    Tick("reporting.inspect", 300, reporting.tick),
    Tick("reporting.links", 60, reporting.links),
    Tick("reporting.upkeep", 300, reporting.upkeep),
)

# What may not wait for the others, some of which take minutes: these have a thread of their own.
PUNCTUAL: tuple[Tick, ...] = (
    Tick("ledger.alive", 10, ledger.alive),
    Tick("disclosure.release", 2, disclosure.release),
)


def run_forever(stop: threading.Event, *, while_true: Callable[[], bool] = lambda: True) -> None:
    """Run every tick when it is due until told to stop. A tick that fails is logged and comes again."""
    punctual = threading.Thread(target=_run_until, args=(PUNCTUAL, stop, lambda: True), name="punctual", daemon=True)
    punctual.start()
    try:
        _run_until(TICKS, stop, while_true)
    finally:
        stop.set()
        punctual.join(timeout=30)


def _run_until(ticks: Sequence[Tick], stop: threading.Event, while_true: Callable[[], bool]) -> None:
    due = dict.fromkeys(ticks, 0.0)
    while not stop.is_set() and while_true():
        for tick in ticks:
            if time.monotonic() >= due[tick]:
                _run(tick)
                due[tick] = time.monotonic() + tick.seconds
        stop.wait(0.25)


def run_once() -> None:
    """Every tick once, in order; errors are raised. For commands and tests."""
    for tick in (*PUNCTUAL, *TICKS):
        tick.run()


def _run(tick: Tick) -> None:
    try:
        close_old_connections()
        tick.run()
    except Exception:
        logger.exception("tick %s failed and will be tried again", tick.name)
