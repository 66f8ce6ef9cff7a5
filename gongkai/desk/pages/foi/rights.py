"""Who may do what with a request, as the screens ask it; the actions ask again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ObjectDoesNotExist

from gongkai.agencies.actors import Actor
from gongkai.desk.who import Me
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.desk import OF_THE_ORGAN, OF_THE_SECTION, case_for

#: See counts, days and what is late.
OVERSEERS: Final = ("leader", "foi_head", "compliance_reviewer", "supervisor")
HANDLERS: Final = (*OF_THE_ORGAN, *OF_THE_SECTION)
SUPERVISOR: Final = "supervisor"


def able(me: Me, roles: Sequence[str], case: FoiRequest) -> Actor | None:
    """The capacity in which this person may exercise one of the roles for the request, or None.

    A post in a section counts where the section leads the request or has a task in it.
    """
    sections: set[int | None] | None = None
    for role in roles:
        for actor in me.held:
            if actor.role != role or actor.organ_id != case.organ_id:
                continue
            if role not in OF_THE_SECTION:
                return actor
            if sections is None:
                sections = {case.section_id, *case.tasks.values_list("section", flat=True)}
            if actor.section_id in sections:
                return actor
    return None


def acting(me: Me, roles: Sequence[str], case: FoiRequest) -> Actor:
    """As `able`; without such a capacity the first one held, and the action refuses in its own words."""
    return able(me, roles, case) or me.held[0]


def handled(me: Me, number: str, roles: Sequence[str] = HANDLERS, *, whole: bool = False) -> tuple[FoiRequest, Actor]:
    """The request and the capacity to handle it in; as if it were not there for whoever has none of the roles.

    `whole`: what was sealed is needed, so an erased request is not there either.
    """
    case = case_for(number, me.held)
    actor = able(me, roles, case)
    if actor is None or (whole and case.erased_at is not None):
        raise ObjectDoesNotExist(number)
    return case, actor
