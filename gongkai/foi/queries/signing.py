"""Replies in sign-off: at which step they stand, and which of them wait for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from gongkai.agencies.actors import Actor
from gongkai.foi.models import FoiRequest, ReplyVersion
from gongkai.foi.replying import PLAIN_KIND, SUBJECT_KIND
from gongkai.law.foi_moves import IN_REVIEW
from gongkai.review.models import CaseStep, Opinion

KINDS = (SUBJECT_KIND, PLAIN_KIND)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply in sign-off: its version, the step it stands at and the role that reads there."""

    version: int
    step: str
    role: str


def readings(cases: Iterable[FoiRequest]) -> dict[int, Reading]:
    """Request → where its reply stands, for those in sign-off. Two queries, none when there are none."""
    ids = [case.pk for case in cases if case.state == IN_REVIEW]
    if not ids:
        return {}
    newest: dict[int, int] = {}
    for pk, request_id in ReplyVersion.objects.filter(request__in=ids).order_by("number").values_list("pk", "request"):
        newest[request_id] = pk
    steps = CaseStep.objects.filter(
        case__subject_kind__in=KINDS, case__subject_key__in=newest.values(), order=F("case__current_order")
    )
    at = {key: (title, role) for key, title, role in steps.values_list("case__subject_key", "title", "role")}
    return {request: Reading(pk, *at[pk]) for request, pk in newest.items() if pk in at}


def to_read(held: Sequence[Actor], person_id: int | None) -> dict[int, Reading]:
    """Request → reading, for the replies that wait for this person: theirs is the step, they did not write it and
    may still speak. Four queries."""
    steps = CaseStep.objects.filter(
        case__state="open", case__subject_kind__in=KINDS, order=F("case__current_order"),
        role__in={a.role for a in held}, case__organ__in={a.organ_id for a in held},
    ).exclude(case__author=person_id)  # fmt: skip
    waiting = {
        step.case.subject_key: step for step in steps.select_related("case") if any(_reads(a, step) for a in held)
    }
    if not waiting:
        return {}
    own = Opinion.objects.filter(case__in=[s.case_id for s in waiting.values()], person=person_id)
    # At another step ever, or at this one in this round (law/review.py).
    spoken = set(own.exclude(step__order=F("case__current_order")).values_list("case", flat=True))
    spoken |= set(own.filter(round=F("case__round")).values_list("case", flat=True))
    versions = dict(ReplyVersion.objects.filter(pk__in=waiting).values_list("pk", "request"))
    return {
        versions[key]: Reading(key, step.title, step.role)
        for key, step in waiting.items()
        if step.case_id not in spoken
    }


def _reads(actor: Actor, step: CaseStep) -> bool:
    if actor.role != step.role or actor.organ_id != step.case.organ_id:
        return False
    own = actor.grant_id is not None or actor.section_id == step.case.section_id
    return own if step.scope == "section" else True
