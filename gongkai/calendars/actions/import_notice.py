"""Take a year's notice into the calendar; a late amendment of a year already here is the same act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from gongkai.calendars.models import CalendarDay, CalendarYear
from gongkai.calendars.queries import calendar_with, work_calendar
from gongkai.law.verdicts import Refusal, Refused
from gongkai.law.workdays import FIRST_YEAR, CalendarError, WorkCalendar, YearTable, table_digest
from gongkai.ledger.actions.record import Acting, record


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day whose work changes: from worked to leave or the reverse, with the name the notice gives."""

    on: date
    worked_before: bool
    worked_after: bool
    name: str

    @property
    def sentence(self) -> str:
        return f"{self.on}（{self.name}）由{_word(self.worked_before)}改为{_word(self.worked_after)}"


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What an import would change. `is_new` is a year without a notice so far, else it is an amendment."""

    table: YearTable
    organ_code: str
    is_new: bool
    before: WorkCalendar
    after: WorkCalendar
    changes: tuple[DayChange, ...]


def preview(table: YearTable, organ_code: str = "") -> NoticePreview:
    """What importing `table` would change; writes nothing. Raises `Refusal` for a table that cannot be a notice."""
    path = (organ_code,) if organ_code else ()
    try:
        _check(table, organ_code)
        before, after = work_calendar(path), calendar_with(table, organ_code, path)
    except CalendarError as error:
        raise Refusal(Refused(error.code, error.sentence)) from error
    is_new = table.year > before.last_official_year if not organ_code else not _known(table.year, organ_code)
    return NoticePreview(table, organ_code, is_new, before, after, _changes(table, before, after))


def import_notice(
    table: YearTable, *, organ_code: str = "", reason: str = "", actor: Acting, at: datetime
) -> NoticePreview:
    """Store the table in place of what stood for the year, and record it; due dates are not touched here.

    Importing what already stands changes nothing and is refused, so that the record has no empty acts.
    """
    with transaction.atomic():
        seen = preview(table, organ_code)
        digest = table_digest(table)
        row = CalendarYear.objects.select_for_update().filter(year=table.year, organ_code=organ_code).first()
        if row is not None and row.digest == digest:
            raise Refusal(Refused("same_notice", f"{table.year}年的这份安排已经导入，没有变化。"))
        former = row.digest if row is not None else ""
        _store(table, organ_code, digest, reason, at)
        record(
            "calendar.imported",
            subject=f"calendar:{table.year}",
            actor=actor,
            at=at,
            organ_code=organ_code,
            digest=digest,
            data={
                "year": table.year,
                "former": former,
                "changed_days": len(seen.changes),
                "calendar": seen.after.digest,
            },
        )
    return seen


def _store(table: YearTable, organ_code: str, digest: str, reason: str, at: datetime) -> None:
    row, _ = CalendarYear.objects.update_or_create(
        year=table.year,
        organ_code=organ_code,
        defaults={
            "status": table.status,
            "source": table.source[:500],
            "reason": reason[:300],
            "digest": digest,
            "imported_at": at,
        },
    )
    row.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar_year=row, on=mark.on, kind=mark.kind, name=mark.name) for mark in table.days
    )


def _check(table: YearTable, organ_code: str) -> None:
    if table.year < FIRST_YEAR:
        raise CalendarError("before_first_year", f"工作日历自{FIRST_YEAR}年起，不收{table.year}年的放假安排。")
    if organ_code:
        return  # a locality adds days; it does not repeat the national ones
    off = {mark.on for mark in table.days if mark.kind == "off"}
    # In every notice since 2007 these three days are leave: a file without one is a part, or another thing.
    for month, name in ((1, "元旦"), (5, "劳动节"), (10, "国庆节")):
        if date(table.year, month, 1) not in off:
            sentence = f"文件里没有{table.year}年{month}月1日（{name}）放假，不像全年的安排；请导入全年的通知。"
            raise CalendarError("not_a_whole_year", sentence)


def _known(year: int, organ_code: str) -> bool:
    return bool(CalendarYear.objects.filter(year=year, organ_code=organ_code).exists())


def _changes(table: YearTable, before: WorkCalendar, after: WorkCalendar) -> tuple[DayChange, ...]:
    changes = []
    day, last = max(date(table.year - 1, 12, 1), date(FIRST_YEAR, 1, 1)), date(table.year, 12, 31)
    while day <= last:
        was, will = before.is_workday(day), after.is_workday(day)
        if was != will:
            mark = after.mark_of(day) or before.mark_of(day)
            changes.append(DayChange(day, was, will, mark.name if mark else "周末" if not will else "平日"))
        day += timedelta(days=1)
    return tuple(changes)


def _word(worked: bool) -> str:
    return "上班" if worked else "放假"
