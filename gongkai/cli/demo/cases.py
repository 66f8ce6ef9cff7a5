"""The requests of the demo: who asked for what, when, and along which way; content/cases.toml made into stories."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import count, cycle

from gongkai.cli.demo.cases_ways import CaseStory
from gongkai.cli.demo.content_files import Table
from gongkai.cli.demo.office import Event, Offices
from gongkai.law.workdays import WorkCalendar

#: Ways whose first case is printed with its code, so that tracking can be tried.
SHOWN = ("partial_with_copy", "just_answered", "awaiting_clarification", "consulting", "denied_third_party")


@dataclass(frozen=True, slots=True)
class Cases:
    """All stories."""

    stories: tuple[CaseStory, ...]

    def events(self) -> list[Event]:
        return [event for story in self.stories for event in story.events()]

    def to_try(self) -> Iterator[tuple[str, str, str, str]]:
        """(organ, number, query code, second fact) of the last case of each way shown; call after its events."""
        for way in SHOWN:
            story = [story for story in self.stories if story.way["key"] == way][-1]
            yield story.organ.label, story.number, story.code, story.phone[-4:]


def read_cases(today: date, calendar: WorkCalendar) -> Cases:
    """Every case of content/cases.toml, its days counted back from today."""
    folder = files("gongkai.cli.demo") / "content"
    told = tomllib.loads((folder / "cases.toml").read_text(encoding="utf-8"))
    people, offices = _people(told["people"]), Offices(today)
    matters, similar, serial = cycle(told["matter"]), told["similar"][0], count(1)
    stories = []
    for way in told["way"]:
        alike: list[CaseStory] = []
        for ago in _days(way):
            column, name, phone = next(people)
            matter = similar if way.get("similar") else next(matters)
            story = CaseStory(
                next(serial), way, matter, column, name, phone, told["letter"], told["finding"], today, calendar,
                arrived=calendar.subtract(today, ago) if ago else today, alike=alike, offices=offices,
            )  # fmt: skip
            alike.append(story)
            stories.append(story)
    return Cases(tuple(stories))


def _people(groups: list[Table]) -> Iterator[tuple[str, str, str]]:
    """(column, name, telephone) without end: five natural persons to every two organisations, each with their own."""
    phones = count(1)
    natural = [(g["column"], name) for g in groups if g["column"] == "natural" for name in g["names"]]
    others = [(g["column"], name) for g in groups if g["column"] != "natural" for name in g["names"]]
    known = {who: f"1390000{next(phones):04}" for who in natural + others}
    first, second = cycle(natural), cycle(others)
    while True:
        for source in (first, second, first, first, second, first, first):
            who = next(source)
            yield *who, known[who]


def _days(way: Table) -> Iterator[int]:
    """How many working days before today each case of a way arrived."""
    if "open" in way:
        agos = cycle(way["open"])
        yield from (next(agos) for _ in range(way["count"]))
    else:
        least, most = way["ended"]
        yield from (most - (most - least) * n // max(way["count"] - 1, 1) for n in range(way["count"]))
