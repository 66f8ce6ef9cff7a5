"""How much the same applicant asks of this organ: the figures behind 明显超过合理范围 (条例35、42)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.step import Sight
from gongkai.foi.queries.same import received_days
from gongkai.law.fees import already_in_month


def same_month_facts(sight: Sight) -> list[tuple[str, str]]:
    """Which piece of the month this is, and how many in the year; no name is opened for it."""
    on = sight.case.received_on or sight.today
    month = already_in_month(received_days(sight.case, before=True), on) + 1
    year = sum(1 for day in received_days(sight.case) if day.year == on.year) + 1
    return [
        (_("同一申请人"), _("%(month)s，这是第 %(n)d 件；全年 %(year)d 件") % {
            "month": _("%(y)d年%(m)d月") % {"y": on.year, "m": on.month}, "n": month, "year": year,
        })
    ]  # fmt: skip
