"""Measure every indicator and keep the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.law.inspection import INDICATORS, Judgement, judge, site_verdict
from gongkai.ledger.actions.record import record
from gongkai.reporting.indicators import MEASURES
from gongkai.reporting.measured import MOST_PLACES, Measured
from gongkai.reporting.models import Inspection


def inspect(*, actor: Actor, at: datetime) -> Inspection:
    """All indicators as of `at`. Reading takes seconds on a large site; the row and its fact are written together."""
    on = timezone.localtime(at).date()
    measured = {indicator.code: MEASURES[indicator.code](at, on) for indicator in INDICATORS}
    judgements = {
        code: judge(code, found.value, threshold=settings.INSPECTION_THRESHOLDS.get(code))
        for code, found in measured.items()
    }
    with transaction.atomic():
        made = Inspection.objects.create(
            at=at, by_id=actor.person_id, verdict=site_verdict(judgements),
            results={code: _told(judgements[code], found) for code, found in measured.items()},
        )  # fmt: skip
        record(
            "site.inspected", subject="site", organ_code=actor.organ_code, actor=actor, at=at,
            data={"verdict": made.verdict, "failed": [c for c, j in judgements.items() if j.verdict == "fail"]},
        )  # fmt: skip
        return made


def _told(judgement: Judgement, found: Measured) -> dict[str, Any]:
    return {
        "verdict": judgement.verdict,
        "value": judgement.value,
        "threshold": judgement.threshold,
        "by": judgement.by,
        "told": found.told,
        "places": [place.as_dict() for place in found.places[:MOST_PLACES]],
        "more": max(len(found.places) - MOST_PLACES, 0),
    }
