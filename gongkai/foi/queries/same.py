"""The same applicant, and near-same requests, found without opening anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from gongkai.foi.models import FoiRequest, TextBand
from gongkai.foi.sketch import ALIKE, likeness


def same_applicant(case: FoiRequest) -> QuerySet[FoiRequest]:
    """Other requests of the same identity to the same organ, newest first; none once the applicant is erased."""
    if not case.applicant.digest:
        return FoiRequest.objects.none()
    return (
        FoiRequest.objects.filter(organ_id=case.organ_id, applicant__digest=case.applicant.digest)
        .exclude(pk=case.pk)
        .order_by("-pk")
    )


def received_days(case: FoiRequest, *, before: bool = False) -> list[date]:
    """Days on which the same applicant's other requests were received; `before`: only those registered earlier."""
    rows = same_applicant(case).filter(received_on__isnull=False)
    if before:
        rows = rows.filter(pk__lt=case.pk)
    return list(rows.values_list("received_on", flat=True))


@dataclass(frozen=True, slots=True)
class Near:
    """A near-same request; `alike` 0 to 1, `same_applicant` whether the same identity asked."""

    case: FoiRequest
    alike: float
    same_applicant: bool


def near_same(case: FoiRequest, *, limit: int = 20) -> list[Near]:
    """Requests to the same organ whose description is nearly the same, most alike first. Two queries."""
    if not case.sketch:
        return []
    shared = TextBand.objects.filter(band__in=TextBand.objects.filter(request=case).values("band"))
    found = (
        FoiRequest.objects.filter(organ_id=case.organ_id, pk__in=shared.values("request"))
        .exclude(pk=case.pk)
        .select_related("applicant")
    )
    own = case.applicant.digest
    near = [Near(c, likeness(case.sketch, c.sketch), bool(own) and c.applicant.digest == own) for c in found]
    return sorted((n for n in near if n.alike >= ALIKE), key=lambda n: (-n.alike, -n.case.pk))[:limit]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A matter many people ask for (条例44): the numbers of its requests, and how many different applicants."""

    numbers: tuple[str, ...]
    applicants: int


def asked_by_many(organ_ids: list[int], *, since: date, applicants: int = 3) -> list[Wanted]:
    """Groups of identical sketches asked for by at least so many applicants since a day, largest first. One query."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = FoiRequest.objects.filter(organ_id__in=organ_ids, arrived_on__gte=since).exclude(sketch="")
    for sketch, number, digest in rows.order_by("pk").values_list("sketch", "number", "applicant__digest"):
        groups[sketch].append((number, digest))
    found = [Wanted(tuple(n for n, _ in g), len({d for _, d in g})) for g in groups.values()]
    return sorted((w for w in found if w.applicants >= applicants), key=lambda w: -w.applicants)
