"""Random publishing, editing, scheduling, withdrawing and dying against three places in all their moods; the places end as the model.

200 operations by default, 5,000 with GONGKAI_FULL=1, any number with GONGKAI_OPERATIONS.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.channels.world import MOST_ITEMS, World

OPERATIONS = int(os.environ.get("GONGKAI_OPERATIONS") or (5000 if os.environ.get("GONGKAI_FULL") == "1" else 200))
PER_WORLD = 100  # operations in one town, so that a failure is short to read


@pytest.fixture
def world(request, desk, town, platform, wechat, weibo):
    return World(town, desk, platform, wechat, weibo, random.Random(request.getfixturevalue("seed")))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(max(1, OPERATIONS // PER_WORLD)))
def test_every_place_ends_as_the_model(world, seed):
    operations = {
        world.publish: 6, world.edit: 12, world.schedule: 6, world.reschedule: 3, world.unschedule: 2,
        lambda: world.take_down("error"): 12, lambda: world.take_down("abolished"): 5,
        world.trouble: 16, lambda: world.pass_time(world.rng.choice((1, 5, 20, 45, 90))): 16, world.die: 14,
        world.call_back: 8, world.settle_one: 8, world.wechat.settle_all: 4,
    }  # fmt: skip
    world.publish()
    for _ in range(min(OPERATIONS, PER_WORLD)):
        [operation] = world.rng.choices(list(operations), list(operations.values()))
        if operation == world.publish and len(world.model) >= MOST_ITEMS:
            operation = world.edit
        operation()
    world.end()
    assert world.counts["scheduled"] > 0
    assert world.counts["killed"] > 0
    assert world.counts["verbs"] > 0
