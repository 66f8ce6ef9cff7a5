"""The publication clock of an item, computed by law from dated facts."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_path
from gongkai.calendars.queries import work_calendar
from gongkai.disclosure.models import CatalogueEntry
from gongkai.law.proactive import DueDate, Immediate, Limit, WorkingDays, disclosure_due, limit_of
from gongkai.law.workdays import WorkCalendar


class Dated(Protocol):
    """What the clock needs to know of an item."""

    formed_on: date | None
    entry: CatalogueEntry | None


def limit_for(entry: CatalogueEntry | None) -> Limit:
    """The entry's own limit; without an entry the twenty working days of 条例26."""
    if entry is None:
        return WorkingDays()
    match entry.limit_kind:
        case "realtime":
            return Immediate(entry.limit_text)
        case "working_days" | "calendar_days" | "month_end" as unit:
            return limit_of(unit, entry.limit_n)
        case "free_text":
            return limit_of("free_text", None, entry.limit_text)
        case other:
            raise ValueError(f"unknown limit kind {other}")


def calendar_for(organ: Organ | None) -> WorkCalendar:
    """The work calendar with the local holidays of the organ's subtree."""
    return work_calendar(organ_path(organ) if organ is not None else ())


def clock(item: Dated, calendar: WorkCalendar, as_of: date) -> DueDate | None:
    """The clock as seen on a day; None while the day of formation is not known."""
    if item.formed_on is None:
        return None
    return disclosure_due(item.formed_on, limit_for(item.entry), calendar, as_of)
