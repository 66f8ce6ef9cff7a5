"""Turn facts about requests into queued notices. Safe to run twice, late, or in several processes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from gongkai.foi.models import FoiRequest
from gongkai.ledger.actions.cursor import advance
from gongkai.ledger.models import Fact, Seal
from gongkai.ledger.queries import unread
from gongkai.notices.kinds import BY_FACT, still_true
from gongkai.notices.models import OutgoingNotice
from gongkai.notices.states import NEWS_DAYS, QUEUED
from gongkai.notices.ways import ways_on

READER = "notices"
BATCH = 500
_SUBJECT = "foi:"


def follow(*, at: datetime, limit: int = BATCH) -> int:
    """Read the next facts behind the own cursor; returns how many were read.

    For a way that is not set up nothing is queued, and nothing is made up for later: who sets up mail today does not
    want to announce the last year.
    """
    seals = unread(READER, limit=limit)
    if not seals:
        return 0
    told = [seal for seal in seals if seal.fact.kind in BY_FACT and _is_news(seal.fact, at)]
    with transaction.atomic():
        OutgoingNotice.objects.bulk_create(_notices(told, at), ignore_conflicts=True)
        advance(READER, seals[-1].position)
    return len(seals)


def follow_all(*, at: datetime) -> int:
    """Follow until every sealed fact was read; returns how many were."""
    total = 0
    while read := follow(at=at, limit=2000):
        total += read
    return total


def _notices(seals: list[Seal], at: datetime) -> list[OutgoingNotice]:
    ways = ways_on()
    if not ways or not seals:
        return []
    numbers = {seal.fact.subject.removeprefix(_SUBJECT) for seal in seals}
    cases = {case.number: case for case in FoiRequest.objects.filter(number__in=numbers)}
    return [
        OutgoingNotice(request=case, kind=kind.code, way=way, position=seal.position, state=QUEUED, queued_at=at, next_at=at)
        for seal in seals
        for case in [cases[seal.fact.subject.removeprefix(_SUBJECT)]]
        for kind in [BY_FACT[seal.fact.kind]]
        if still_true(kind, case)
        for way in ways
    ]  # fmt: skip


def _is_news(fact: Fact, at: datetime) -> bool:
    """Did it happen lately, by the day written down and by the day it was written down?"""
    days = [date.fromisoformat(step["on"]) for step in fact.data.get("steps", ())]
    if "arrived_on" in fact.data:
        days.append(date.fromisoformat(fact.data["arrived_on"]))
    since = timezone.localtime(at).date() - timedelta(days=NEWS_DAYS)
    return max(days, default=since) >= since and timezone.localtime(fact.at).date() >= since
