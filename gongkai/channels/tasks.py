"""What the worker calls. A slow channel must not hold up the worker or another channel: each has a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import defaultdict
from datetime import date

from django.db import connection
from django.utils import timezone

from gongkai.channels.actions.by_date import follow_day
from gongkai.channels.actions.carry import carry_next, look, plan_stale, sweep
from gongkai.channels.actions.follow import follow
from gongkai.channels.actions.renewals import renewals
from gongkai.channels.adapters import channels_in_use
from gongkai.channels.contract import Channel, InRounds, NotSent

logger = logging.getLogger("gongkai.channels")

ROUND = 200  # postings of one channel in a row
ROUND_SECONDS = 20.0  # after which the next round is another tick's

_running: dict[str, threading.Lock] = defaultdict(threading.Lock)
_days: list[date] = []  # the day this process has looked at; repeating it is harmless


def tick() -> int:
    """Write down what the ledger says, then see that every channel's thread is at work; returns how many facts were read."""
    now = timezone.now()
    read = follow(at=now, on=timezone.localdate(now))
    if timezone.localdate(now) not in _days:
        follow_day(at=now, on=timezone.localdate(now))
        _days[:] = [timezone.localdate(now)]
    plan_stale(at=now)
    for channel in channels_in_use():
        # Not in the channel's thread, which may be waiting for a slow channel: a person has to know within a minute.
        sweep(channel, at=now)
        if _running[channel.code].acquire(blocking=False):
            threading.Thread(target=_round, args=(channel,), name=f"channel-{channel.code}").start()
    return read


def _round(channel: Channel) -> None:
    try:
        carry_round(channel)
    except Exception:
        logger.exception("channel %s failed and will be tried again", channel.code)
    finally:
        connection.close()
        _running[channel.code].release()


def carry_round(channel: Channel) -> int:
    """Do what is due at one channel; returns how many postings were in hand."""
    now = timezone.now()
    look(channel, at=now, on=timezone.localdate(now))
    begun, done = time.monotonic(), 0
    while done < ROUND and time.monotonic() - begun < ROUND_SECONDS:
        now = timezone.now()
        if carry_next(channel, at=now, on=timezone.localdate(now)) is None:
            break
        done += 1
    _end_round(channel)
    return done


def _end_round(channel: Channel) -> None:
    """What a channel does once for all that was carried; it is due again with the next round when it could not be done."""
    if isinstance(channel, InRounds):
        with contextlib.suppress(NotSent), renewals(channel.code) as renewed:
            channel.round_ended(on=timezone.localdate(), renewed=renewed)
