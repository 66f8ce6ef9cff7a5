"""When an item of 主动公开 is due, said as a person would count it; and when an undisclosed item is looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gongkai.law.articles import cite
from gongkai.law.explain import Step, full_date, joined, short_date
from gongkai.law.periods import add_months, calendar_period_end, month_end
from gongkai.law.workdays import WorkCalendar

DISCLOSURE_WORKING_DAYS = 20  # 条例26
REASSESS_MONTHS = 12  # 条例18 says 定期; the interval is a default [I]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Within n working days of 形成或者变更: 20 unless a law or regulation sets another number."""

    n: int = DISCLOSURE_WORKING_DAYS


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Within n calendar days (as 预算法14 does); the end rolls over leave."""

    n: int


@dataclass(frozen=True, slots=True)
class Immediate:
    """实时、及时: the day itself. `word` is the word of the catalogue."""

    word: str = "及时"


@dataclass(frozen=True, slots=True)
class ByMonthEnd:
    """X月底前: by the end of a fixed month, the first such end on or after the day of formation. Not rolled."""

    month: int


@dataclass(frozen=True, slots=True)
class FreeText:
    """A limit no program can count ("项目开工前"): a person has to watch it."""

    text: str


Limit = WorkingDays | CalendarDays | Immediate | ByMonthEnd | FreeText
Unit = Literal["工作日", "天"]
LimitUnit = Literal["working_days", "calendar_days", "immediate", "month_end", "free_text"]


def limit_of(unit: LimitUnit, n: int | None = None, text: str = "") -> Limit:
    """A limit from the three columns it is stored in; `n` is days, or the month (1–12) for month_end.

    Raises ValueError with a sentence for an unknown unit or a number that does not fit.

    依据：条例26；54号
    """
    match unit:
        case "working_days":
            return WorkingDays(_number(n, 1, 9999, "工作日数"))
        case "calendar_days":
            return CalendarDays(_number(n, 1, 9999, "天数"))
        case "immediate":
            return Immediate(text or "及时")
        case "month_end":
            return ByMonthEnd(_number(n, 1, 12, "月份"))
        case "free_text":
            if not text.strip():
                raise ValueError("公开时限写的是文字说明，但说明是空的，请补上。")
            return FreeText(text)
        case _:
            raise ValueError(f"不认识的公开时限单位“{unit}”。")


def _number(n: int | None, low: int, high: int, name: str) -> int:
    if n is None or not low <= n <= high:
        raise ValueError(f"公开时限的{name}应在{low}至{high}之间，请改正。")
    return n


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date with its explanation.

    `due_on` is None where only a person can tell. `remaining` counts in `unit` from the day after `as_of` to the due
    day, 0 when past, None without a date. `late` is `as_of` after the due day; `overdue_by` counts in `unit` too, so
    it may be 0 on a weekend right after the due day.
    """

    due_on: date | None
    provisional: bool
    remaining: int | None
    late: bool
    overdue_by: int
    explain: tuple[Step, ...]
    sentence: str
    article: str
    unit: Unit = "工作日"

    @property
    def reading(self) -> str:
        """The explanation as one line: 成文9月18日；当日不计；…；第20个工作日为10月22日"""
        return "；".join(step.sentence for step in self.explain)


def disclosure_due(formed_on: date, limit: Limit, calendar: WorkCalendar, as_of: date) -> DueDate:
    """By which day information formed (or changed) on `formed_on` has to be public, as seen on `as_of`.

    `as_of` is today for what is not public yet, the day of release for what is.
    Raises `CalendarError` for dates the calendar does not know.

    依据：条例26；民法典201；民法典203
    """
    match limit:
        case WorkingDays(n):
            due, steps, article = _by_working_days(formed_on, n, calendar)
        case CalendarDays(n):
            due, steps, article = _by_calendar_days(formed_on, n, calendar)
        case Immediate(word):
            due, article = formed_on, cite("条例26")
            steps = [Step(formed_on, "same_day", article, f"成文{short_date(formed_on)}；时限为“{word}”，按当日公开计")]
        case ByMonthEnd(month):
            due, steps, article = _by_month_end(formed_on, month)
        case FreeText(text):
            return _watched_by_a_person(formed_on, text)
        case _:
            raise TypeError(f"unknown limit {limit!r}")
    unit: Unit = "工作日" if isinstance(limit, WorkingDays) else "天"
    counted = isinstance(limit, WorkingDays | CalendarDays)  # the others are fixed dates and read no calendar
    return _seen_on(as_of, formed_on, due, tuple(steps), article, calendar, unit, counted)


def _by_working_days(formed_on: date, n: int, calendar: WorkCalendar) -> tuple[date, list[Step], str]:
    due = calendar.add(formed_on, n)  # 条例26: 自形成或者变更之日起 n 个工作日内
    article = cite("条例26")
    steps = [
        Step(formed_on, "start", article, f"成文{short_date(formed_on)}"),
        Step(formed_on, "not_counted", cite("民法典201"), "当日不计"),
        *passed_over(formed_on, due, calendar),
        Step(due, "due", article, f"第{n}个工作日为{short_date(due, beside=formed_on)}"),
    ]
    return due, steps, article


def passed_over(after: date, until: date, calendar: WorkCalendar) -> list[Step]:
    """The worked weekends and the holidays in (after, until] by name, at most two lines.

    依据：条例26
    """
    marks = calendar.marks(after, until)
    worked = [mark.on for mark in marks if mark.kind == "work"]
    off = [mark for mark in marks if mark.kind == "off"]
    steps = []
    if worked:
        days = joined(short_date(day, beside=after) for day in worked)
        steps.append(Step(worked[0], "worked_weekend", "", f"{days}调休上班计入"))
    if off:
        steps.append(Step(off[0].on, "holiday", "", f"{holiday_names(mark.name for mark in off)}假期不计"))
    return steps


def holiday_names(names: Iterable[str]) -> str:
    """国庆节 → 国庆; several joined by 、, each once.

    依据：设计
    """
    parts = [part for name in names for part in name.split("、")]
    return joined(part.removesuffix("节") if part in _SHORT else part for part in parts)


_SHORT = frozenset({"国庆节", "中秋节", "端午节", "清明节"})  # 春节 and 劳动节 keep their 节


def _by_calendar_days(formed_on: date, n: int, calendar: WorkCalendar) -> tuple[date, list[Step], str]:
    last = formed_on + timedelta(days=n)
    due = calendar_period_end(formed_on, n, calendar)  # 民法典203: 末日是休假日的顺延
    article = cite("条例26；民法典203") if due != last else cite("条例26")
    end = f"第{n}天为{short_date(last, beside=formed_on)}"
    steps = [
        Step(formed_on, "start", cite("条例26"), f"成文{short_date(formed_on)}"),
        Step(formed_on, "not_counted", cite("民法典201"), "当日不计"),
        Step(last, "due" if due == last else "end", cite("条例26"), end),
    ]
    if due != last:
        rolled = f"末日逢休假日，顺延至{short_date(due, beside=formed_on)}"
        steps.append(Step(due, "due", cite("民法典203"), rolled))
    return due, steps, article


def _by_month_end(formed_on: date, month: int) -> tuple[date, list[Step], str]:
    due = month_end(formed_on.year, month)
    if due < formed_on:
        due = month_end(formed_on.year + 1, month)
    article = cite("条例26")
    said = f"时限为{month}月底前，即{short_date(due, beside=formed_on)}，为固定日期，不顺延"
    steps = [Step(formed_on, "start", article, f"成文{short_date(formed_on)}"), Step(due, "due", article, said)]
    return due, steps, article


def _watched_by_a_person(formed_on: date, text: str) -> DueDate:
    article = cite("条例26")
    said = f"时限为“{text}”，不能推算日期，需由经办人盯办"
    steps = (Step(formed_on, "start", article, f"成文{short_date(formed_on)}"), Step(None, "watch", article, said))
    return DueDate(None, False, None, False, 0, steps, f"公开时限为“{text}”，请人工盯办。", article)


def _seen_on(
    as_of: date,
    formed_on: date,
    due: date,
    steps: tuple[Step, ...],
    article: str,
    calendar: WorkCalendar,
    unit: Unit,
    counted: bool,
) -> DueDate:
    span = calendar.count(as_of, due) if unit == "工作日" else (due - as_of).days
    late = as_of > due
    remaining, overdue = (0, -span) if late else (span, 0)
    provisional = counted and calendar.is_provisional(formed_on, due)
    if provisional:
        said = f"{calendar.last_official_year + 1}年以后的放假安排尚未公布，日期为预估"
        steps = (*steps, Step(due, "provisional", "", said))
    sentence = _sentence(due, late, remaining, overdue, unit, provisional)
    return DueDate(due, provisional, remaining, late, overdue, steps, sentence, article, unit)


def _sentence(due: date, late: bool, remaining: int, overdue: int, unit: Unit, provisional: bool) -> str:
    words = f"最迟{full_date(due)}公开" + ("（预估）" if provisional else "")
    measure = "个工作日" if unit == "工作日" else "天"
    if late:
        return f"{words}，逾期 {overdue} {measure}。" if overdue else f"{words}，已逾期。"
    return f"{words}，还有 {remaining} {measure}。" if remaining else f"{words}，今天到期。"


def reassess_on(decided_on: date, months: int = REASSESS_MONTHS) -> date:
    """The day by which an item kept from the public is assessed again: the same day `months` later.

    依据：条例18；民法典202
    """
    return add_months(decided_on, months)
