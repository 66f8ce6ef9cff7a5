"""How an answer explains itself: dated sentences, and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: on which day, what it did to the count (a permanent word), why, under which article.

    `on` is None where the line belongs to no day; `article` is in full words, empty for a rule of the system's own.
    """

    on: date | None
    effect: str
    article: str
    sentence: str


def day_in_words(day: date) -> str:
    """2026年10月29日

    依据：设计
    """
    return f"{day.year}年{day.month}月{day.day}日"


def full_date(day: date) -> str:
    """2026年10月29日（星期四）

    依据：设计
    """
    return f"{day_in_words(day)}（星期{_WEEKDAYS[day.weekday()]}）"


def short_date(day: date, *, beside: date | None = None) -> str:
    """10月29日; with the year when `beside` lies in another year.

    依据：设计
    """
    year = f"{day.year}年" if beside is not None and beside.year != day.year else ""
    return f"{year}{day.month}月{day.day}日"


def joined(words: Iterable[str]) -> str:
    """Words joined by 、, each once, in the order first seen.

    依据：设计
    """
    return "、".join(dict.fromkeys(words))
