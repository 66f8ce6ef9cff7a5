"""The statutory clock of an item, in the words of the screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.clock import calendar_for, clock
from gongkai.law.proactive import DueDate
from gongkai.law.workdays import WorkCalendar
from gongkai.web.wording import calendar_days_left, thousands, working_days_in_column


class Calendars:
    """The calendar of each organ, looked up once for a screen."""

    def __init__(self) -> None:
        self._known: dict[int, WorkCalendar] = {}

    def of(self, item: Item) -> WorkCalendar:
        if item.organ_id not in self._known:
            self._known[item.organ_id] = calendar_for(item.organ)
        return self._known[item.organ_id]

    def due(self, item: Item, today: date) -> DueDate | None:
        """The clock as the law computes it today."""
        return clock(item, self.of(item), today)

    def soon(self, today: date, items: Iterable[Item]) -> date:
        """The third working day from today, by the calendar of the first item (the national one without items)."""
        first = next(iter(items), None)
        return (self.of(first) if first is not None else calendar_for(None)).add(today, 3)


def clock_box(due: DueDate | None, *, url: str = "", url_text: str = "") -> dict[str, Any]:
    """The value `clock` of web/components/clock.html; without a date of formation it says how to start it."""
    link = {"url": url, "url_text": url_text}
    if due is None:
        return link | {
            "state": "waiting",
            "lead": _("期限未起算"),
            "number": "",
            "unit": "",
            "sentence": _(
                "公开期限自信息形成或者变更之日起 20 个工作日，法律、法规另有规定的除外。填写成文日期后算出到期日。"
            ),
            "article": _("《政府信息公开条例》第二十六条"),
        }
    said = {"sentence": f"{due.sentence}{due.reading}。", "article": due.article}
    unit = _("个工作日") if due.unit == "工作日" else _("天")
    if due.due_on is None:
        return link | said | {"state": "waiting", "lead": _("人工盯办"), "number": "", "unit": ""}
    if due.late:
        number = thousands(due.overdue_by) if due.overdue_by else ""
        return link | said | {"state": "pressing", "lead": _("逾期"), "number": number, "unit": unit if number else ""}
    if due.remaining:
        return link | said | {"state": "running", "lead": _("还有"), "number": thousands(due.remaining), "unit": unit}
    return link | said | {"state": "pressing", "lead": _("今天到期"), "number": "", "unit": ""}


def left(due: DueDate) -> str:
    """What remains, under the column head 剩余工作日."""
    if due.due_on is None:
        return _("人工盯办")
    if due.late and not due.overdue_by:
        return _("已逾期")
    days = -due.overdue_by if due.late else due.remaining or 0
    if due.unit == "工作日":
        return working_days_in_column(days)
    if days > 0:
        return calendar_days_left(days)
    return _("今天到期") if days == 0 else _("逾期 %(n)s 天") % {"n": thousands(-days)}


def due_note(due_on: date, calendar: WorkCalendar, *, provisional: bool) -> str:
    """周六，调休上班; 预估 for a date past the last official year; empty where the weekday says enough."""
    if provisional:
        return _("预估")
    if due_on.weekday() >= 5 and calendar.is_workday(due_on):
        return _("周%(day)s，调休上班") % {"day": "一二三四五六日"[due_on.weekday()]}
    return ""
