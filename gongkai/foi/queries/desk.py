"""Which requests a member of staff may see; everything else answers as if it were not there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.foi.models import FoiRequest, SectionTask

#: See every request of their organ.
OF_THE_ORGAN = ("foi_officer", "foi_head", "compliance_reviewer", "secrecy_reviewer", "leader")
#: See what their section leads or has a task in.
OF_THE_SECTION = ("drafter", "section_reviewer")


def cases_visible_to(actors: Sequence[Actor]) -> QuerySet[FoiRequest]:
    """Whole organs for those who handle or sign, single requests for sections; nobody else sees any."""
    organs = {a.organ_id for a in actors if a.role in OF_THE_ORGAN and a.organ_id is not None}
    sections = {a.section_id for a in actors if a.role in OF_THE_SECTION and a.section_id is not None}
    of_section = Q(section_id__in=sections) | Q(
        pk__in=SectionTask.objects.filter(section__in=sections).values("request")
    )
    return FoiRequest.objects.filter(Q(organ_id__in=organs) | of_section)


def case_for(number: str, actors: Sequence[Actor]) -> FoiRequest:
    """One of them, ready to be read. Raises FoiRequest.DoesNotExist for what is not theirs to see."""
    rows = cases_visible_to(actors).select_related("organ", "section", "key", "applicant__key")
    return rows.get(number=number)


def tasks_for(actors: Sequence[Actor]) -> QuerySet[SectionTask]:
    """Open tasks of the sections these people work in, by internal date."""
    sections = {a.section_id for a in actors if a.role in OF_THE_SECTION and a.section_id is not None}
    rows = SectionTask.objects.filter(section_id__in=sections, finished_at=None)
    return rows.select_related("request__organ", "request__key", "section").order_by("due_on", "pk")
