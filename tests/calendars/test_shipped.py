"""The shipped notices against independent sources, day by day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from gongkai.calendars.shipped import shipped_calendar, shipped_tables

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "holidays"


def test_a_table_for_each_year_with_its_source() -> None:
    assert [table.year for table in shipped_tables()] == list(range(2007, 2027))
    assert all(table.status == "official" and table.source for table in shipped_tables())


def test_worked_days_are_weekend_days() -> None:
    worked = [mark.on for table in shipped_tables() for mark in table.days if mark.kind == "work"]
    assert {day.weekday() for day in worked} == {5, 6}


def test_every_day_2007_to_2024_equals_a_second_source() -> None:
    source = SHARED / "chinesecalendar.json"
    if not source.exists():
        pytest.skip("the shared holiday data is not beside this checkout")
    other = json.loads(source.read_text(encoding="utf-8"))
    off, worked = set(other["off_days"]), set(other["makeup_workdays"])
    calendar = shipped_calendar()
    day, last, differing = date(2007, 1, 1), date(2024, 12, 31), []
    while day <= last:
        text = day.isoformat()
        if calendar.is_workday(day) != (text in worked or (day.weekday() < 5 and text not in off)):
            differing.append(text)
        day += timedelta(days=1)
    assert differing == []
