"""Over all items a person sees: what has to be settled at the channels, and how each channel does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.actors import Actor
from gongkai.channels.actions.settle import ROLES
from gongkai.channels.adapters import CHANNELS, channel_of
from gongkai.channels.by_hand import hand_alarms
from gongkai.channels.contract import Channel
from gongkai.channels.handbooks.queries import outdated
from gongkai.channels.models import Attempt, HandRecord, Posting
from gongkai.channels.queries import alarms, counted, to_settle
from gongkai.channels.states import (
    AMBIGUOUS,
    CONFIRMED,
    PLANNED,
    RECALL,
    RECALLED,
    REJECTED,
    SENDING,
    SENT,
    STATES,
    VERBS,
)
from gongkai.channels.transfers.listing import late_receivers
from gongkai.desk.who import Me
from gongkai.disclosure.queries.desk import visible_organs
from gongkai.law.roles import WORKING

#: Rows of a list; what is more comes up when these are settled.
MOST = 100
#: Days of the drawn bars.
DAYS = 14
BAR, HEIGHT = 14, 44  # a bar with its gap, and the tallest, in the units of the drawing


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One posting that waits for a person, or stands where it should not."""

    posting: Posting
    channel: str
    tried: Attempt | None
    sent: str
    ended: str
    answers: tuple[str, ...]
    may: bool


def waiting_for(me: Me) -> dict[str, int]:
    """Counts for the to-do list: {settle, late, hands, prints, receivers}; only of the organs the person works for.

    prints: batches of printed handbooks that are out of date; receivers: archives and libraries that got nothing for long.
    """
    settle, late = _mine(me, to_settle()), _mine(me, alarms(at=me.at))
    organs = visible_organs(me.held)
    papers = me.has(*WORKING, "supervisor")
    return {
        "settle": settle.count(), "late": late.count(), "hands": len(_hands(me)),
        "prints": len(outdated(organs, on=me.today)) if papers else 0,
        "receivers": len(late_receivers(organs, on=me.today)) if papers else 0,
    }  # fmt: skip


def settle_page(me: Me) -> dict[str, Any]:
    """Three lists: what stands where it should not, what is unclear or refused, what people have to take back."""
    late = list(_mine(me, alarms(at=me.at))[: MOST + 1])
    waiting = [row for row in _mine(me, to_settle())[: MOST + 1] if row.pk not in {found.pk for found in late}]
    hands = _hands(me)
    tried = _last_tries([*late, *waiting])
    return {
        "late": [_unsettled(row, tried.get(row.pk), me) for row in late[:MOST]],
        "unclear": [_unsettled(row, tried.get(row.pk), me) for row in waiting[:MOST]],
        "hands": [{"record": row, "may": _may(me, row.item.organ_id)} for row in hands[:MOST]],
        "more": len(late) > MOST or len(waiting) > MOST or len(hands) > MOST,
        "nothing": not (late or waiting or hands),
    }


def _mine(me: Me, rows: QuerySet[Posting]) -> QuerySet[Posting]:
    organs = visible_organs(me.held)
    return rows if organs is None else rows.filter(item__organ_id__in=organs)


def _hands(me: Me) -> list[HandRecord]:
    return hand_alarms(visible_organs(me.held), on=me.today)


def _may(me: Me, organ_id: int) -> bool:
    return any(_acts(actor) and actor.organ_id == organ_id for actor in me.held)


def _acts(actor: Actor) -> bool:
    return actor.role in ROLES


def _last_tries(rows: list[Posting]) -> dict[int, Attempt]:
    newest = Attempt.objects.filter(posting__in=rows).values("posting").annotate(newest=Max("pk")).values("newest")
    return {row.posting_id: row for row in Attempt.objects.filter(pk__in=newest)}


def _unsettled(posting: Posting, tried: Attempt | None, me: Me) -> Unsettled:
    match posting.state:
        case "ambiguous":
            answers: tuple[str, ...] = ("there", "not_there")
        case "rejected":
            answers = ("retry", "not_there")
        case _:
            answers = ()
    ended = posting.sentence or _("系统正在反复办理，还没有办成。")
    sent = VERBS[tried.verb] if tried is not None else VERBS[RECALL] if posting.wanted == "" else _("还没有办理")
    return Unsettled(
        posting, channel_of(posting.channel).title, tried, sent, ended, answers, _may(me, posting.item.organ_id)
    )


def overview_page(me: Me) -> dict[str, Any]:
    """Every channel: whether it is in use and what is missing, how many stand how, the last success, failures by day."""
    organs = None if me.has("system_admin") else visible_organs(me.held)
    totals = counted(organs)
    mine = Attempt.objects.all() if organs is None else Attempt.objects.filter(posting__item__organ_id__in=organs)
    good = dict(
        mine.filter(outcome__in=[CONFIRMED, RECALLED])
        .values_list("posting__channel")
        .annotate(newest=Max("at"))
        .order_by()
    )
    since = timezone.localtime(me.at).date() - timedelta(days=DAYS - 1)
    days = _by_day(mine, since)
    return {
        "rows": [_channel(channel, totals, good.get(channel.code), days, since) for channel in CHANNELS],
        "whole": organs is None,
        "days": DAYS,
    }


def _by_day(rows: QuerySet[Attempt], since: date) -> dict[tuple[str, date], tuple[int, int]]:
    """(channel, day) → (how many attempts succeeded, how many failed)."""
    begun = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    failed = Q(outcome__in=[REJECTED, AMBIGUOUS, "not_sent"])
    counts = (
        rows.filter(at__gte=begun)
        .annotate(day=TruncDate("at"))
        .values_list("posting__channel", "day")
        .annotate(good=Count("pk", filter=~failed), bad=Count("pk", filter=failed))
        .order_by()
    )
    return {(code, day): (good, bad) for code, day, good, bad in counts}


def _channel(
    channel: Channel, totals: dict[tuple[str, str], int], newest: datetime | None,
    days: dict[tuple[str, date], tuple[int, int]], since: date,
) -> dict[str, Any]:  # fmt: skip
    def count(*states: str) -> int:
        return sum(totals.get((channel.code, state), 0) for state in states)

    missing = channel.missing()
    table = [(day, *days.get((channel.code, day), (0, 0))) for day in (since + timedelta(days=n) for n in range(DAYS))]
    return {
        "code": channel.code,
        "title": channel.title,
        "in_use": not missing,
        "missing": missing,
        "counts": [
            (STATES[CONFIRMED], count(CONFIRMED), False),
            (_("正在办理"), count(PLANNED, SENDING, SENT), False),
            (STATES[AMBIGUOUS], count(AMBIGUOUS), True),
            (STATES[REJECTED], count(REJECTED), True),
            (STATES[RECALLED], count(RECALLED), False),
        ],
        "newest": newest,
        "table": table,
        "failures": sum(bad for _day, _good, bad in table),
        "bars": bars(table),
        "settle_url": reverse("desk:channels_to_settle"),
    }


def bars(table: list[tuple[date, int, int]]) -> dict[str, Any] | None:
    """One bar a day: what succeeded, and on top of it what failed. None where nothing was tried."""
    most = max((good + bad for _day, good, bad in table), default=0)
    if not most:
        return None

    def tall(value: int) -> float:
        return round(HEIGHT * value / most, 1)

    return {
        "width": BAR * len(table),
        "height": HEIGHT,
        "bar": BAR - 4,
        "bars": [
            {"x": n * BAR, "good": tall(good), "good_y": HEIGHT - tall(good), "bad": tall(bad),
             "bad_y": round(HEIGHT - tall(good) - tall(bad), 1)}
            for n, (_day, good, bad) in enumerate(table)
        ],
    }  # fmt: skip
