"""How dates, days, numbers and file sizes read on every screen.

Pure functions: the day compared with is always an argument. Instants must be aware and are shown in the
current time zone; dates are taken as they are.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

WEEKDAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
KILOBYTE: Final = 1024


def _local(value: date | datetime) -> date | datetime:
    """The value on the wall clock of the place; a naive instant has no place and is refused."""
    if isinstance(value, datetime):
        if timezone.is_naive(value):
            raise ValueError("an instant without a time zone cannot be shown")
        return timezone.localtime(value)
    if isinstance(value, date):
        return value
    raise TypeError(f"neither a date nor an instant: {value!r}")


def _local_instant(value: datetime) -> datetime:
    local = _local(value)
    if not isinstance(local, datetime):
        raise TypeError("a date carries no time of day")
    return local


def full_date(value: date | datetime) -> str:
    """2026年10月29日"""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日"


def date_with_weekday(value: date | datetime) -> str:
    """2026年10月29日（星期四）"""
    day = _local(value)
    return f"{full_date(value)}（星期{WEEKDAYS[day.weekday()]}）"


def short_date(value: date | datetime) -> str:
    """10月29日, for lists that are about now."""
    day = _local(value)
    return f"{day.month}月{day.day}日"


def short_weekday(value: date | datetime) -> str:
    """周四"""
    return f"周{WEEKDAYS[_local(value).weekday()]}"


def time_of_day(value: datetime) -> str:
    """14:22, and 9:15 without a leading zero."""
    local = _local_instant(value)
    return f"{local.hour}:{local.minute:02}"


def short_instant(value: datetime) -> str:
    """10月29日 14:22"""
    return f"{short_date(value)} {time_of_day(value)}"


def full_instant(value: datetime) -> str:
    """2026年10月29日 14:22"""
    return f"{full_date(value)} {time_of_day(value)}"


def meta_instant(value: datetime) -> str:
    """2026-10-29 14:22, the 24-hour form of the web meta tag PubDate."""
    return _local_instant(value).strftime("%Y-%m-%d %H:%M")


def working_days_left(days: int) -> str:
    """还有 12 个工作日 / 今天到期 / 逾期 2 个工作日; `days` is negative when the last day has passed."""
    if days > 0:
        return _("还有 %(days)s 个工作日") % {"days": thousands(days)}
    if days == 0:
        return _("今天到期")
    return _("逾期 %(days)s 个工作日") % {"days": thousands(-days)}


def working_days_in_column(days: int) -> str:
    """剩 3 日 / 今天到期 / 逾期 2 日, under the column head 剩余工作日."""
    if days > 0:
        return _("剩 %(days)s 日") % {"days": thousands(days)}
    if days == 0:
        return _("今天到期")
    return _("逾期 %(days)s 日") % {"days": thousands(-days)}


def paused_working_days(days: int) -> str:
    """暂停，余 16 个工作日"""
    return _("暂停，余 %(days)s 个工作日") % {"days": thousands(_not_negative(days))}


def paused_in_column(days: int) -> str:
    """暂停，余 16 日"""
    return _("暂停，余 %(days)s 日") % {"days": thousands(_not_negative(days))}


def calendar_days_left(days: int) -> str:
    """还有 17 天 / 今天截止 / 已截止 3 天, for clocks that count calendar days."""
    if days > 0:
        return _("还有 %(days)s 天") % {"days": thousands(days)}
    if days == 0:
        return _("今天截止")
    return _("已截止 %(days)s 天") % {"days": thousands(-days)}


def last_day(value: date) -> str:
    """最迟10月29日 (never “10月29日前”, which leaves the day itself open)."""
    return _("最迟%(day)s") % {"day": short_date(value)}


def thousands(number: int) -> str:
    """1,284"""
    return f"{number:,}"


def file_size(size: int) -> str:
    """512 字节 / 38 KB / 1.2 MB; `size` in bytes, 1 KB = 1024 bytes."""
    _not_negative(size)
    if size < KILOBYTE:
        return _("%(size)s 字节") % {"size": size}
    if size < KILOBYTE * 1000:
        return f"{round(size / KILOBYTE)} KB"
    if size < KILOBYTE**2 * 1000:
        return f"{_one_decimal(size / KILOBYTE**2)} MB"
    return f"{_one_decimal(size / KILOBYTE**3)} GB"


def _one_decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _not_negative(number: int) -> int:
    if number < 0:
        raise ValueError(f"cannot be negative: {number}")
    return number
