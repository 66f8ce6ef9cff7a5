"""What holds for every case: order of the file, what is ignored, which way each step can move the due day."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.reply_clock import Clock, ClockStep, parse_steps, picture, reply_clock
from gongkai.law.workdays import WorkCalendar
from tests.law.clock_cases import cases

CALENDAR = shipped_calendar()
COUNT = 20_000 if os.environ.get("GONGKAI_FULL") == "1" else 1_500


def prepared(seed: int) -> list[tuple[tuple[ClockStep, ...], date]]:
    return [(parse_steps(case["steps"]), date.fromisoformat(case["as_of"])) for case in cases(seed, COUNT)]


def answer(clock: Clock) -> tuple[object, ...]:
    codes = tuple(violation.code for violation in clock.violations)
    return clock.due_on, clock.provisional, clock.status, clock.remaining, codes


def test_the_order_of_the_file_does_not_matter_between_days() -> None:
    rng = Random(31)
    for steps, as_of in prepared(31):
        by_day: dict[date, list[ClockStep]] = {}
        for step in steps:
            by_day.setdefault(step.on, []).append(step)
        groups = list(by_day.values())
        rng.shuffle(groups)
        shuffled = [step for group in groups for step in group]
        assert answer(reply_clock(shuffled, CALENDAR, as_of)) == answer(reply_clock(steps, CALENDAR, as_of))


def test_computing_again_from_what_was_known_gives_the_same() -> None:
    """A cached answer and a recomputation agree: later facts and a calendar built anew change nothing."""
    again = WorkCalendar(CALENDAR.tables)
    for steps, as_of in prepared(32):
        known = [step for step in steps if step.on <= as_of]
        assert reply_clock(known, again, as_of) == reply_clock(steps, CALENDAR, as_of)


def test_the_picture_counts_what_the_clock_counts() -> None:
    for steps, as_of in prepared(33):
        clock = reply_clock(steps, CALENDAR, as_of)
        if clock.due_on is None or clock.delayed:
            assert picture(clock) == ()
            continue
        days = picture(clock)
        assert (days[-1].on, days[-1].kind, days[-1].number) == (clock.due_on, "due", clock.length)
        if clock.remaining is not None and as_of <= clock.due_on:
            assert clock.remaining == sum(day.number is not None and day.on > as_of for day in days)


def test_every_line_of_every_explanation_has_its_words_and_article() -> None:
    for steps, as_of in prepared(34):
        clock = reply_clock(steps, CALENDAR, as_of)
        for line in clock.explain:
            assert line.on is not None
            assert line.effect.replace("_", "").isalpha()
            assert line.article.startswith(("《", "国办"))
            assert len(line.sentence) >= 6
        assert clock.explain[-1].sentence == clock.sentence
        assert "None" not in "".join(line.sentence for line in clock.explain)


PLAIN = ("received", "third_party_asked", "third_party_answered", "agency_asked", "agency_answered", "extended")


@pytest.mark.parametrize("kind", ["letter", "extension", "later receipt", "later answer"])
def test_each_step_moves_the_due_day_one_way_only(kind: str) -> None:
    rng = Random(35)
    tried = 0
    for steps, as_of in prepared(35):
        base = tuple(step for step in steps if step.step in PLAIN)
        changed = _changed(kind, base, rng)
        if changed is None:
            continue
        seen = as_of + timedelta(days=1)  # a receipt moved by a day is still known
        before, after = reply_clock(base, CALENDAR, seen), reply_clock(changed, CALENDAR, seen)
        if len(after.violations) > len(before.violations):
            continue  # the step was refused
        assert before.due_on is not None
        assert after.due_on is not None
        assert before.due_on <= after.due_on, (kind, base, changed)
        tried += 1
    assert tried > COUNT // 20


def _changed(kind: str, steps: tuple[ClockStep, ...], rng: Random) -> tuple[ClockStep, ...] | None:
    receipt = next(step for step in steps if step.step == "received")
    start = receipt.confirmed_on if receipt.channel in ("online", "fax", "ordinary_mail") else receipt.on
    assert start is not None
    day = start + timedelta(days=rng.randint(0, 20))
    match kind:
        case "letter":
            return (*steps, ClockStep("third_party_asked", day, party="另一家"))
        case "extension":
            return (*steps, ClockStep("extended", day, working_days=rng.randint(1, 20), approved_by="张主任"))
        case "later receipt":
            if len(steps) > 1:
                return None
            return (ClockStep("received", start + timedelta(days=1), channel="in_person"),)
        case "later answer":
            answers = [step for step in steps if step.step.endswith("_answered")]
            if not answers:
                return None
            moved = replace(answers[0], on=answers[0].on + timedelta(days=1))
            return tuple(moved if step is answers[0] else step for step in steps)
        case _:
            raise ValueError(kind)
