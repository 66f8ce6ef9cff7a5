"""The calendar in force: shipped notices, imported notices over them, local days of an organ's subtree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import QuerySet

from gongkai.calendars.models import CalendarDay, CalendarYear
from gongkai.calendars.shipped import shipped_calendar, shipped_tables
from gongkai.law.workdays import DayMark, Status, WorkCalendar, YearTable

_Key = tuple[tuple[str, int, str], ...]  # organ code, year, digest of the table: content, so no cache goes stale


def work_calendar(organ_path: Iterable[str] = ()) -> WorkCalendar:
    """The calendar for an organ with the given codes from the root down (none: the national calendar).

    Costs one small query; the calendar itself is built once for each content.
    """
    path = ("", *organ_path)
    rows = CalendarYear.objects.filter(organ_code__in=path).values_list("organ_code", "year", "digest")
    # from the root down, so that the nearest organ's local day wins
    key = tuple(sorted(rows, key=lambda row: (path.index(row[0]), row[1])))
    return _built(key) if key else shipped_calendar()


def organs_with_own_days() -> frozenset[str]:
    """Codes of organs with holidays of their own subtree; the path of an organ without any of them counts for nothing."""
    return frozenset(CalendarYear.objects.exclude(organ_code="").values_list("organ_code", flat=True))


@lru_cache(maxsize=64)
def _built(key: _Key) -> WorkCalendar:
    tables = {table.year: table for table in shipped_tables()}
    local: list[DayMark] = []
    for organ_code, year, _ in key:
        table = stored_table(year, organ_code)
        if organ_code:
            local.extend(table.days)
        else:
            tables[year] = table
    return WorkCalendar(tables.values(), local=local)


def stored_table(year: int, organ_code: str = "") -> YearTable:
    """The imported arrangement of a year. Raises CalendarYear.DoesNotExist when none was imported."""
    row = CalendarYear.objects.get(year=year, organ_code=organ_code)
    status: Status = "provisional" if row.status == "provisional" else "official"
    return YearTable(row.year, status, row.source, tuple(_marks(CalendarDay.objects.filter(calendar_year=row))))


def calendar_with(table: YearTable, organ_code: str = "", organ_path: Iterable[str] = ()) -> WorkCalendar:
    """The calendar as it would be with `table` imported for `organ_code`: what a preview computes with."""
    path = tuple(organ_path)
    if not organ_code:
        return _with_national(work_calendar(path), table)
    if organ_code not in path:
        return work_calendar(path)
    local: list[DayMark] = []
    for code in path:
        if code == organ_code:
            local += [*_local_days(code, apart_from=table.year), *table.days]
        else:
            local += _local_days(code)
    return WorkCalendar(work_calendar().tables, local=local)


def _with_national(current: WorkCalendar, table: YearTable) -> WorkCalendar:
    tables = [known for known in current.tables if known.year != table.year]
    return WorkCalendar((*tables, table), local=current.local)


def _local_days(organ_code: str, apart_from: int | None = None) -> list[DayMark]:
    rows = CalendarDay.objects.filter(calendar_year__organ_code=organ_code).exclude(calendar_year__year=apart_from)
    return _marks(rows)


def _marks(rows: QuerySet[CalendarDay]) -> list[DayMark]:
    return [
        DayMark(day.on, "work" if day.kind == "work" else "off", day.name)
        for day in rows.order_by("calendar_year__year", "on")
    ]
