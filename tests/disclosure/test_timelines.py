"""Random timelines of one scheduled item each: never a byte early, everything within sixty seconds, an alarm between.

30 timelines by default, 2,000 with GONGKAI_FULL=1, any number with GONGKAI_TIMELINES.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from tests.disclosure.timeline import Timeline

TIMELINES = int(os.environ.get("GONGKAI_TIMELINES") or (2000 if os.environ.get("GONGKAI_FULL") == "1" else 30))
PER_TOWN = 20


@pytest.mark.parametrize("block", range(max(1, TIMELINES // PER_TOWN)))
def test_nothing_early_and_nothing_late(desk, town, block):
    counts: Counter[str] = Counter()
    for n in range(PER_TOWN):
        timeline = Timeline(desk, town, random.Random(block * PER_TOWN + n), title=f"第{n}件")
        timeline.run()
        counts += timeline.counts
    # The net has no hole: the things that go wrong did happen.
    assert counts["released by a worker"] > PER_TOWN // 5
    for what in ("move", "edit", "killed", "clock forward", "clock back", "alarm unreviewed", "alarm no_worker"):
        assert counts[what] > 0, (what, counts)
