"""What the worker calls: follow the ledger, plan the digests of the day, send what is due. A slow mail server must not hold up the worker, so
sending has a thread of its own, one in each process."""

from __future__ import annotations

import logging
import threading
import time

from django.db import connection
from django.utils import timezone

from gongkai.notices.actions.end_subscription import forget as forget_subscriptions
from gongkai.notices.actions.follow import follow
from gongkai.notices.actions.plan_digests import plan_digests
from gongkai.notices.actions.send import send_next, sweep
from gongkai.notices.outcomes import NotSent
from gongkai.notices.queries import subscriptions_open
from gongkai.notices.ways import sender, ways_on

logger = logging.getLogger("gongkai.notices")

ROUND = 50  # notices of one way in a row
ROUND_SECONDS = 20.0  # after which the next round is another tick's

_running = threading.Lock()


def tick() -> int:
    """Queue what the ledger says, then see that a sending thread is at work; returns how many facts were read."""
    read = follow(at=timezone.now())
    plan_digests(at=timezone.now())
    if ways_on() and _running.acquire(blocking=False):
        threading.Thread(target=_round, name="notices").start()
    return read


def forget() -> int:
    """Erase subscriptions nobody confirmed, and what ended long ago; returns how many were erased."""
    return forget_subscriptions(at=timezone.now()) if subscriptions_open() else 0


def _round() -> None:
    try:
        send_round()
    except Exception as error:
        # The name alone: the text of an error may hold what must not be in a log.
        logger.error("sending notices failed and will be tried again: %s", type(error).__name__)
    finally:
        connection.close()
        _running.release()


def send_round() -> int:
    """Send what is due on every way; stops a way at the first sign that its server is down. Returns how many were
    tried."""
    sweep(at=timezone.now())
    tried = 0
    for way in ways_on():
        hand, begun = sender(way), time.monotonic()
        try:
            for _ in range(ROUND):
                if time.monotonic() - begun > ROUND_SECONDS or send_next(way, hand, at=timezone.now()) is None:
                    break
                tried += 1
        except NotSent as down:
            tried += 1
            logger.warning("notices by %s: %s", way, down.problem)
        finally:
            hand.close()
    return tried
