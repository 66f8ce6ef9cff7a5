"""Working days as the State Council's yearly notices make them: a calendar that is a value, answered from tables."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from gongkai.law.statutory import FIRST_PROVISIONAL_YEAR, LAST_PROVISIONAL_YEAR, statutory_holidays

FIRST_YEAR = 2007  # the first notice this system holds; the disclosure regulation itself came in 2008
_EPOCH = date(1970, 1, 1).toordinal()

Status = Literal["official", "provisional"]
Kind = Literal["off", "work"]
Days = npt.NDArray[np.datetime64]


class CalendarError(ValueError):
    """A date or a table the calendar cannot answer for; `code` is permanent, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True, order=True)
class DayMark:
    """One day a notice names: `off` is leave, `work` is a weekend day worked (调休)."""

    on: date
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year's notice. `days` may reach into the last weeks of the year before (元旦 does so in several notices)."""

    year: int
    status: Status
    source: str
    days: tuple[DayMark, ...]


def provisional_year(year: int) -> YearTable:
    """The table of a year without a notice: statutory leave and plain weekdays.

    依据：放假办法2
    """
    days = tuple(DayMark(on, "off", name) for on, name in statutory_holidays(year))
    return YearTable(year, "provisional", "《全国年节及纪念日放假办法》（国务院通知发布前的预估）", days)


def table_digest(table: YearTable) -> str:
    """SHA-256 of a table's content: year, status, source and each day.

    依据：设计
    """
    lines = [f"{table.year} {table.status} {table.source}", *(f"{m.on} {m.kind} {m.name}" for m in sorted(table.days))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class WorkCalendar:
    """Working days from `FIRST_YEAR` on. Immutable; equal content gives an equal `digest`.

    Years must be consecutive from 2007. Years after the last table are filled in as provisional up to 2050.
    A later year's notice wins where it names a day of the year before.
    Every question about a day before 2007 or after the last year raises `CalendarError`.
    """

    __slots__ = ("_before", "_first", "_marks", "_provisional", "_start", "_v_before", "_v_days", "_workdays",
                 "digest", "last_official_year", "last_year", "local", "tables")  # fmt: skip

    def __init__(self, tables: Iterable[YearTable], *, local: Iterable[DayMark] = ()) -> None:
        by_year = _complete(tables)
        self.tables: tuple[YearTable, ...] = tuple(by_year.values())
        self.last_year = max(by_year)
        self._provisional = frozenset(t.year for t in self.tables if t.status == "provisional")
        self.last_official_year = max((y for y in by_year if y not in self._provisional), default=FIRST_YEAR - 1)
        self.local: tuple[DayMark, ...] = tuple(local)
        marks = _overlay(self.tables, self.local)
        self._marks: tuple[DayMark, ...] = tuple(marks[day] for day in sorted(marks))
        self._first = date(FIRST_YEAR, 1, 1)
        self._start = self._first.toordinal()
        self._lay_out(marks)
        self.digest = self._digest()

    def _lay_out(self, marks: dict[date, DayMark]) -> None:
        """Prefix sums by day and the working days in order: every later answer is one or two look-ups."""
        length = date(self.last_year, 12, 31).toordinal() - self._start + 1
        worked = (np.arange(length) + self._first.weekday()) % 7 < 5
        for mark in marks.values():
            position = mark.on.toordinal() - self._start
            if 0 <= position < length:  # a first notice may name days of the year before the calendar
                worked[position] = mark.kind == "work"
        self._v_before: npt.NDArray[np.int64] = np.cumsum(worked) - 1  # index of the last working day up to that day
        ordinals = np.flatnonzero(worked)
        self._v_days: Days = (ordinals + (self._start - _EPOCH)).astype("datetime64[D]")
        self._before: list[int] = self._v_before.tolist()
        self._workdays: list[date] = [date.fromordinal(n) for n in (ordinals + self._start).tolist()]
        self._v_before.setflags(write=False)
        self._v_days.setflags(write=False)

    def _digest(self) -> str:
        text = [f"{t.year}={t.status}" for t in self.tables]
        text += [f"{m.on}:{m.kind}:{m.name}" for m in self._marks]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkCalendar) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"WorkCalendar({FIRST_YEAR}–{self.last_year}, official to {self.last_official_year}, {self.digest[:12]})"

    # One date ---------------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked, 调休 weekends included.

        依据：条例26；条例33
        """
        position = self._position(day)
        return self._before[position] != (self._before[position - 1] if position else -1)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`; `day` itself never counts. `n` is at least 1.

        依据：民法典201；条例33
        """
        position = day.toordinal() - self._start
        if position < 0 or n < 1:
            raise self._bad(day, n)
        try:
            return self._workdays[self._before[position] + n]
        except IndexError:
            raise self._beyond() from None

    def subtract(self, day: date, n: int) -> date:
        """The n-th working day before `day`; `day` itself never counts. `n` is at least 1.

        依据：设计
        """
        if n < 1:
            raise self._bad(day, n)
        index = self._before[self._position(day)] - self.is_workday(day) - n + 1
        if index < 0:
            raise self._too_early(day)
        return self._workdays[index]

    def count(self, after: date, until: date) -> int:
        """Working days in (after, until]; negative when `until` lies before `after`.

        依据：民法典201
        """
        return self._before[self._position(until)] - self._before[self._position(after)]

    def roll_forward(self, day: date) -> date:
        """`day` if it is worked, else the next working day: a calendar period may not end on leave.

        依据：民法典203
        """
        return day if self.is_workday(day) else self.add(day, 1)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether an answer that read the days from `first` to `last` rests on a year without a notice.

        依据：设计
        """
        return any(year in self._provisional for year in range(first.year, last.year + 1))

    def marks(self, after: date, until: date) -> tuple[DayMark, ...]:
        """The days named by a notice in (after, until], in order: for explanations.

        依据：设计
        """
        low = bisect_right(self._marks, after, key=_mark_day)
        return self._marks[low : bisect_right(self._marks, until, key=_mark_day)]

    def mark_of(self, day: date) -> DayMark | None:
        """What a notice says about `day`, None where it says nothing.

        依据：设计
        """
        at = bisect_left(self._marks, day, key=_mark_day)
        return self._marks[at] if at < len(self._marks) and self._marks[at].on == day else None

    # Many dates: arrays of datetime64[D] of any shape -------------------------------------------------------------

    def is_workday_many(self, days: Days) -> npt.NDArray[np.bool_]:
        """`is_workday` of each.

        依据：条例26；条例33
        """
        positions = self._positions(days)
        previous = np.where(positions > 0, self._v_before[positions - 1], -1)
        return np.not_equal(self._v_before[positions], previous)

    def add_many(self, days: Days, n: int | npt.NDArray[np.int64]) -> Days:
        """`add` of each; `n` one number or one for each day.

        依据：民法典201；条例33
        """
        if np.any(np.less(n, 1)):
            raise CalendarError("days_not_positive", "工作日数应为1以上的整数。")
        wanted = self._v_before[self._positions(days)]
        wanted += n
        try:
            return self._v_days[wanted]
        except IndexError:
            raise self._beyond() from None

    def count_many(self, after: Days, until: Days) -> npt.NDArray[np.int64]:
        """`count` of each pair.

        依据：民法典201
        """
        return self._v_before[self._positions(until)] - self._v_before[self._positions(after)]

    def roll_forward_many(self, days: Days) -> Days:
        """`roll_forward` of each.

        依据：民法典203
        """
        return np.where(self.is_workday_many(days), days, self.add_many(days, 1))

    # Derived calendars --------------------------------------------------------------------------------------------

    def with_year(self, table: YearTable) -> WorkCalendar:
        """The same calendar with one year's table put in or replaced (a notice, or its late amendment).

        依据：设计
        """
        kept = (t for t in self.tables if t.year != table.year)
        return WorkCalendar((*kept, table), local=self.local)

    def with_local_holidays(self, days: Iterable[DayMark]) -> WorkCalendar:
        """The same calendar with days set by a locality (民族自治地方的习惯节日).

        依据：放假办法4
        """
        return WorkCalendar(self.tables, local=(*self.local, *days))

    # Refusals -----------------------------------------------------------------------------------------------------

    def _position(self, day: date) -> int:
        position = day.toordinal() - self._start
        if position < 0:
            raise self._too_early(day)
        if position >= len(self._before):
            raise self._beyond()
        return position

    def _positions(self, days: Days) -> npt.NDArray[np.int64]:
        positions = days.astype("datetime64[D]", copy=False).view(np.int64) - (self._start - _EPOCH)
        if positions.size and positions.min() < 0:
            raise self._too_early(days.min().astype(object))
        if positions.size and positions.max() >= len(self._before):
            raise self._beyond()
        return positions

    def _bad(self, day: date, n: int) -> CalendarError:
        if n < 1:
            return CalendarError("days_not_positive", f"工作日数应为1以上的整数，现为{n}。")
        return self._too_early(day)

    @staticmethod
    def _too_early(day: date) -> CalendarError:
        return CalendarError(
            "before_first_year", f"{day.year}年早于工作日历的起始年{FIRST_YEAR}年，无法计算；请核对日期。"
        )

    def _beyond(self) -> CalendarError:
        return CalendarError(
            "after_last_year",
            f"日期超出工作日历的末年{self.last_year}年，无法计算；请核对日期，或先导入以后年度的放假通知。",
        )


def _mark_day(mark: DayMark) -> date:
    return mark.on


def _complete(tables: Iterable[YearTable]) -> dict[int, YearTable]:
    """Tables by year, checked and without gaps, provisional years added to the end."""
    by_year: dict[int, YearTable] = {}
    for table in tables:
        if table.year in by_year:
            raise CalendarError("year_twice", f"{table.year}年的放假安排出现两次，请只保留一份。")
        by_year[table.year] = _checked(table)
    last = max(by_year, default=FIRST_YEAR - 1)
    missing = [year for year in range(FIRST_YEAR, last + 1) if year not in by_year]
    for year in missing:
        if year < FIRST_PROVISIONAL_YEAR:  # its notice is out, so a gap is a mistake and not a missing notice
            raise CalendarError("year_missing", f"缺少{year}年的放假安排，请补齐后再计算。")
        by_year[year] = provisional_year(year)
    for year in range(last + 1, LAST_PROVISIONAL_YEAR + 1):
        by_year[year] = provisional_year(year)
    return dict(sorted(by_year.items()))


def _checked(table: YearTable) -> YearTable:
    if table.year < FIRST_YEAR:
        raise CalendarError("before_first_year", f"工作日历自{FIRST_YEAR}年起，不收{table.year}年的放假安排。")
    if table.status not in ("official", "provisional"):
        raise CalendarError("bad_status", f"{table.year}年的状态应为 official 或 provisional。")
    seen: set[date] = set()
    for mark in table.days:
        if not date(table.year - 1, 12, 1) <= mark.on <= date(table.year, 12, 31):
            raise CalendarError("day_of_other_year", f"{mark.on}不在{table.year}年（及上年12月）之内，请核对。")
        if mark.kind not in ("off", "work"):
            raise CalendarError("bad_kind", f"{mark.on}的类别应为 off（放假）或 work（上班）。")
        if mark.on in seen:
            raise CalendarError("day_twice", f"{mark.on}在{table.year}年的安排中出现两次，请只保留一条。")
        seen.add(mark.on)
    return table


def _overlay(tables: tuple[YearTable, ...], local: tuple[DayMark, ...]) -> dict[date, DayMark]:
    """One mark a day: the later year's notice wins, local days win over all."""
    marks: dict[date, DayMark] = {}
    for table in tables:
        for mark in table.days:
            marks[mark.on] = mark
    for mark in local:
        marks[mark.on] = mark
    return marks
