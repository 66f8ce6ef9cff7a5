"""The clock a worker acts by: never ahead of a step that has not stood, never long behind one that has."""

import random
from datetime import timedelta

from gongkai.ledger.steady import HOLD, SteadyClock
from tests.conftest import AT

LOOK = 2.0


def run(clock, offsets, *, start=0.0):
    """One look every two seconds; offsets: how wrong the wall is at each. Believed minus true, in seconds."""
    found = []
    for n, offset in enumerate(offsets):
        seconds = start + n * LOOK
        believed = clock.now(AT + timedelta(seconds=seconds + offset), 1000 + seconds)
        found.append(None if believed is None else (believed - AT).total_seconds() - seconds)
    return found


def test_the_first_time_of_day_is_believed_after_it_has_stood():
    found = run(SteadyClock(), [0.0] * 20)
    assert found[:15] == [None] * 15  # 28 seconds
    assert found[15:] == [0.0] * 5


def test_a_machine_that_starts_eight_hours_ahead_is_not_believed():
    found = run(SteadyClock(), [28800.0] * 10 + [0.0] * 30)
    assert [f for f in found if f is not None] == [0.0] * 15


def test_a_step_forward_and_back_changes_nothing():
    clock = SteadyClock()
    run(clock, [0.0] * 16)
    assert run(clock, [0.0, *[3600.0] * 14, *[0.0] * 5], start=40) == [0.0] * 20


def test_a_step_forward_that_stands_is_believed_after_the_hold():
    clock = SteadyClock()
    run(clock, [0.0] * 16)
    found = run(clock, [0.0, *[3600.0] * 20], start=40)
    assert found == [0.0] * 16 + [3600.0] * 5
    assert timedelta(seconds=15 * LOOK) == HOLD


def test_a_step_back_is_believed_at_once():
    clock = SteadyClock()
    run(clock, [0.0] * 16)
    assert run(clock, [0.0, -60.0, -60.0], start=40) == [0.0, -60.0, -60.0]


def test_a_clock_that_is_put_right_slowly_is_followed():
    clock = SteadyClock()
    run(clock, [0.0] * 16)
    assert round(run(clock, [n * 0.01 for n in range(50)], start=40)[-1], 6) == 0.49


def test_no_wrong_time_that_stands_less_than_the_hold_brings_it_ahead():
    """Spells of up to 28 seconds each, every other one right, so that none stands longer than it lasts."""
    for seed in range(500):
        rng = random.Random(seed)
        offsets = []
        for _ in range(rng.randrange(12)):
            offsets += [rng.choice((5.0, 60.0, 3600.0, -5.0, -3600.0))] * rng.randint(1, 14) + [0.0]
        found = run(SteadyClock(), [0.0] * 16 + offsets + [0.0] * 16)
        assert all(f is None or f <= 0.0 for f in found), seed
        assert found[-1] == 0.0, seed
