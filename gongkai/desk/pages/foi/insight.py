"""The leaders' view: cases per stage, days left, which step costs the time, days to reply; every number leads to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from gongkai.agencies.models import Organ
from gongkai.desk.pages.foi import rows as lines
from gongkai.desk.pages.foi.board import TITLES
from gongkai.desk.pages.foi.periods import PERIODS, period_of, since
from gongkai.desk.who import Me
from gongkai.foi.models import FoiRequest
from gongkai.foi.models.care import GRADES
from gongkai.foi.queries.board import Calendars, Horizon, by_due, counts, group_of, horizon, in_group, page, stages_of
from gongkai.foi.queries.insight import (
    MOST,
    TARGET_WORKING_DAYS,
    Took,
    counts_by_organ,
    pace,
    replied_between,
    stage_costs,
    took,
)
from gongkai.foi.queries.oversight import counted_for, ratings, supervises
from gongkai.foi.queries.same import asked_by_many
from gongkai.foi.queries.signing import readings
from gongkai.law.articles import cite
from gongkai.law.foi_moves import CLOSED, STATES
from gongkai.law.reply_clock.state import REPLY_WORKING_DAYS
from gongkai.web.wording import thousands

BANDS: Final = ("late", "today", "soon", "ten", "more", "applicant", "unconfirmed")
PRESSING: Final = ("late", "today")
WORST: Final = 10
#: [I] days back for matters many people ask for
WANTED_DAYS: Final = 90


def insight_page(me: Me, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything on one page, for one organ where `organ` names one."""
    period, calendars = period_of(asked), Calendars()
    h = horizon(calendars.of(next((a.organ_id for a in me.held if a.organ_id is not None), None)), me.today)
    everything = counted_for(me.held)
    chosen = Organ.objects.filter(code=asked.get("organ", "")).first()
    rows = everything.filter(organ=chosen) if chosen else everything
    kept = {"organ": chosen.code} if chosen else {}
    replies = took(replied_between(rows, since(period, me.today), me.today), me.today, calendars)
    counted = counts(rows, h)
    return {
        "organ": chosen,
        "organs": _organs(everything),
        "period": period,
        "periods": [
            {"code": code, "title": title, "current": code == period, "url": f"?{urlencode(kept | {'period': code})}"}
            for code, (title, _days) in PERIODS.items()
        ],
        "counted": counted,
        "urls": {code: _board(kept | {"due": code}) for code in BANDS} | {"open": _board(kept)},
        "pace": _pace(replies, kept, period),
        "stages": _bars([(STATES[c], n, _board(kept | {"state": c}), False) for c, n in stages_of(rows).items() if c != CLOSED]),
        "bands": _bars([(TITLES[c], counted[c], _board(kept | {"due": c}), c in PRESSING) for c in BANDS]),
        "costs": _costs(replies),
        "worst": worst(me, rows, h, calendars),
        "agencies": agencies(me, everything, h, replies if not chosen else None, period, calendars),
        "ratings": ratings_table(rows),
        "wanted": wanted(me),
        "article": cite("条例33"),
    }  # fmt: skip


def _board(asked: Mapping[str, str]) -> str:
    return f"{reverse('desk:cases')}?{urlencode(asked)}" if asked else reverse("desk:cases")


def _organs(rows: QuerySet[FoiRequest]) -> list[Organ]:
    return list(Organ.objects.filter(pk__in=rows.order_by().values("organ")))


def _bars(found: Sequence[tuple[Any, int, str, bool]]) -> list[dict[str, Any]]:
    """Rows with a bar as long as their part of the longest."""
    most = max((n for _title, n, _url, _pressing in found), default=0)
    return [
        {"title": title, "n": n, "url": url if n else "", "pressing": pressing and n > 0, "width": _width(n, most)}
        for title, n, url, pressing in found
    ]


def _width(n: float, most: float) -> int:
    return round(100 * n / most) if most else 0


def _pace(replies: Sequence[Took], kept: Mapping[str, str], period: str) -> dict[str, Any]:
    found = pace(replies)
    return {
        "replies": found.replies,
        "url": _board({**kept, "replied": period}),
        "mean": f"{found.mean:.1f}" if found.mean is not None else "",
        "allowed": REPLY_WORKING_DAYS,
        "target": TARGET_WORKING_DAYS,
        "width": min(100, _width(found.mean or 0, REPLY_WORKING_DAYS)),
        "target_at": _width(TARGET_WORKING_DAYS, REPLY_WORKING_DAYS),
        "in_time": found.in_time,
        "late": found.replies - found.in_time,
        "within_target": found.within_target,
        "capped": found.replies >= MOST,
        "most": thousands(MOST),
    }


def _costs(replies: Sequence[Took]) -> list[dict[str, Any]]:
    found = stage_costs(replies)
    most = max((stage.median for stage in found), default=0.0)
    return [
        {
            "title": stage.title,
            "cases": stage.cases,
            "median": f"{stage.median:g}",
            "longest": stage.longest,
            "width": _width(stage.median, most),
            "most": stage.median == most and most > 0,
        }
        for stage in found
    ]


def worst(me: Me, rows: QuerySet[FoiRequest], h: Horizon, calendars: Calendars) -> list[dict[str, Any]]:
    """Late first, then at risk, at most ten."""
    pressing = in_group("late", h) | in_group("today", h) | in_group("soon", h)
    found = page(
        by_due(rows.filter(pressing)).select_related("applicant__key"), today=me.today, limit=WORST, calendars=calendars
    )
    reading = readings(row.case for row in found)
    open_text = not supervises(me.held)
    return [lines.shown(row, me, group_of(row.case, h), reading.get(row.case.pk), open_text=open_text) for row in found]


def agencies(
    me: Me, rows: QuerySet[FoiRequest], h: Horizon, replies: Sequence[Took] | None, period: str, calendars: Calendars
) -> list[dict[str, Any]]:
    """One row for each organ, the latest first; empty where there is only one."""
    counted = counts_by_organ(rows, h)
    if replies is None:
        replies = took(replied_between(rows, since(period, me.today), me.today), me.today, calendars)
    ids = {*counted, *(reply.organ_id for reply in replies)}
    if len(ids) < 2:
        return []
    organs = Organ.objects.in_bulk(ids)
    made = []
    for pk, organ in organs.items():
        own = counted.get(pk, {})
        found = pace([reply for reply in replies if reply.organ_id == pk])
        made.append(
            {
                "name": organ.label,
                "url": f"?{urlencode({'organ': organ.code, 'period': period})}",
                "cells": [
                    {"n": own.get(code, 0), "url": _board({"organ": organ.code} | more), "pressing": code in PRESSING}
                    for code, more in (
                        ("late", {"due": "late"}), ("today", {"due": "today"}), ("soon", {"due": "soon"}), ("open", {})
                    )
                ],
                "replies": found.replies,
                "replies_url": _board({"organ": organ.code, "replied": period}),
                "mean": f"{found.mean:.1f}" if found.mean is not None else "—",
            }
        )  # fmt: skip
    return sorted(made, key=lambda row: tuple(-cell["n"] for cell in row["cells"]))


def ratings_table(rows: QuerySet[FoiRequest]) -> dict[str, Any]:
    found = ratings(rows)
    most = max(found.grades.values(), default=0)
    return {
        "rows": [{"title": GRADES[g], "n": n, "width": _width(n, most)} for g, n in found.grades.items()],
        "total": found.total,
        "good": f"{found.good:.0%}" if found.good is not None else "",
    }


def wanted(me: Me) -> list[dict[str, Any]]:
    """Matters several people ask for (条例44), for those who may publish them; a supervisor sees no request."""
    if supervises(me.held):
        return []
    ids = {
        a.organ_id
        for a in me.held
        if a.organ_id is not None and a.role in ("leader", "foi_head", "compliance_reviewer")
    }
    found = asked_by_many(sorted(ids), since=me.today - timedelta(WANTED_DAYS))[:WORST]
    return [
        {
            "people": row.applicants,
            "cases": len(row.numbers),
            "number": row.numbers[0],
            "url": reverse("desk:case", args=[row.numbers[0]]),
        }
        for row in found
    ]
