"""Named reads over plans, cases and opinions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from gongkai.agencies.models import Organ
from gongkai.law.review import Given, Step, current_step
from gongkai.review.models import Case, CaseStep, Opinion, PlanStep


def plan_for(subject_kind: str, organ: Organ) -> list[PlanStep]:
    """The organ's own plan if it has one, else the default plan."""
    rows = PlanStep.objects.filter(subject_kind=subject_kind)
    own = list(rows.filter(organ=organ).order_by("order"))
    return own or list(rows.filter(organ__isnull=True).order_by("order"))


@dataclass(frozen=True)
class Standing:
    """A case as the rules see it: frozen steps and the opinions so far."""

    case: Case
    rows: list[CaseStep]
    given: list[Opinion]

    @property
    def steps(self) -> list[Step]:
        return [Step(r.order, r.code, r.title, r.role, r.quorum, r.since_round) for r in self.rows]

    @property
    def opinions(self) -> list[Given]:
        order = {r.pk: r.order for r in self.rows}
        return [Given(order[o.step_id], str(o.person_id), o.verdict, o.digest, o.round) for o in self.given]

    @property
    def author(self) -> str:
        return str(self.case.author_id)

    @property
    def current(self) -> Step | None:
        return current_step(self.steps, self.opinions, self.case.digest)

    def row(self, order: int) -> CaseStep:
        return next(r for r in self.rows if r.order == order)


def standing(case: Case) -> Standing:
    return Standing(
        case,
        list(case.steps.order_by("order")),
        list(case.opinions.select_related("person", "step").order_by("id")),
    )


def case_of(subject_kind: str, subject_key: int) -> Case:
    return Case.objects.select_related("organ", "section", "author").get(
        subject_kind=subject_kind, subject_key=subject_key
    )


def open_cases() -> QuerySet[Case]:
    return Case.objects.filter(state="open")
