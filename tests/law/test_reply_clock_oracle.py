"""The reply clock against the day-by-day oracle: generated cases, and deliberate faults that must be seen.

GONGKAI_FULL=1 runs the whole 100,000 cases.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.reply_clock import parse_date, parse_steps, reply_clock
from gongkai.law.workdays import WorkCalendar
from tests.law.clock_cases import cases
from tests.law.oracle_clock import oracle

CASES = 100_000 if os.environ.get("GONGKAI_FULL") == "1" else 5_000


def answer(case: dict[str, Any], calendar: WorkCalendar | None = None) -> dict[str, Any]:
    """The clock's answer in the oracle's shape."""
    as_of = parse_date(case["as_of"], "as_of")
    found = reply_clock(parse_steps(case["steps"]), calendar or shipped_calendar(), as_of).as_json()
    return {**found["reply"], "violations": [violation["code"] for violation in found["violations"]]}


def test_generated_cases_agree_with_the_oracle() -> None:
    seen: Counter[str] = Counter()
    for case in cases(seed=20190515, count=CASES):
        expected = oracle(case)
        assert answer(case) == expected, case
        seen[expected["status"]] += 1
        seen.update(expected["violations"])
        seen.update({"provisional": expected["provisional"]})
    # the cases are worth something only if every status and every violation occurs often
    assert set(seen) == {
        "running", "suspended", "awaiting_clarification", "awaiting_payment", "met", "late", "abandoned", "withdrawn",
        "clarification_twice", "clarification_late", "fee_notice_late", "extension_unapproved", "extension_too_long",
        "extension_twice", "extension_after_delay", "extension_no_due", "extension_late", "delay_no_due", "delay_late",
        "delay_not_later", "courier", "provisional",
    }  # fmt: skip
    assert min(seen.values()) >= CASES // 1000
