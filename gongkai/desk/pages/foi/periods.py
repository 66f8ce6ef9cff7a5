"""Spans of time replies are looked at for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as lazy

#: Code, a number of months → (words, days back from today).
PERIODS: Final = {"12": (lazy("近12个月"), 365), "3": (lazy("近3个月"), 91), "1": (lazy("近1个月"), 30)}


def period_of(asked: Mapping[str, str]) -> str:
    return asked.get("period", "") if asked.get("period") in PERIODS else "12"


def since(period: str, today: date) -> date:
    """The first day of a period."""
    return today - timedelta(PERIODS[period][1])
