"""What those who oversee agencies see of requests: numbers, states and dates; complaints; ratings. Never who or what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.foi.models import Complaint, FoiRequest, Rating
from gongkai.foi.models.care import GRADES
from gongkai.foi.queries.desk import cases_visible_to
from gongkai.foi.queries.sealed import text_of

SUPERVISOR = "supervisor"
GOOD = 3  # 基本满意 and above


def supervises(actors: Sequence[Actor]) -> bool:
    return any(actor.role == SUPERVISOR for actor in actors)


def counted_for(actors: Sequence[Actor]) -> QuerySet[FoiRequest]:
    """Requests whose numbers, states and dates these capacities may see: a supervisor all, others what they handle."""
    return FoiRequest.objects.all() if supervises(actors) else cases_visible_to(actors)


def complaints_for(actors: Sequence[Actor]) -> QuerySet[Complaint]:
    """For a supervisor, open ones first by the day they were made, then the newest answered; for others none."""
    rows = Complaint.objects.select_related("request__organ", "request__key", "to_organ", "answered_by")
    if not supervises(actors):
        return rows.none()
    return rows.order_by(F("answered_at").desc(nulls_first=True), "made_at")


def complaint_text(complaint: Complaint) -> str:
    """What was complained of. `Unsealable` once the request was erased."""
    return text_of(complaint.request.key, complaint.text, "complaint.text")


def complaint_answer(complaint: Complaint) -> str:
    return text_of(complaint.request.key, complaint.answer, "complaint.answer")


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many gave each grade (5 to 1), how many in all, and the share of 基本满意 and above, 0 to 1; None without any."""

    grades: dict[int, int]
    total: int
    good: float | None


def ratings(rows: QuerySet[FoiRequest]) -> Ratings:
    """Over the requests given. One query."""
    counted = Rating.objects.filter(request__in=rows.order_by().values("pk")).order_by().values_list("grade")
    grades = dict.fromkeys(sorted(GRADES, reverse=True), 0) | dict(counted.annotate(n=Count("pk")))
    total = sum(grades.values())
    return Ratings(grades, total, sum(n for g, n in grades.items() if g >= GOOD) / total if total else None)
