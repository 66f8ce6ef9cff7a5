"""What happened in a request: dated effects with their articles, and who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import clock_of
from gongkai.law.foi_moves import STATES
from gongkai.ledger.kinds import sentence
from gongkai.ledger.queries import timeline


@dataclass(frozen=True, slots=True)
class Event:
    """`source`: "law" for an effect on the clock, "ledger" for an act. `state` is the state after an act, in words."""

    on: date
    source: str
    sentence: str
    article: str = ""
    at: datetime | None = None
    actor_code: str = ""
    state: str = ""


def case_timeline(case: FoiRequest, *, as_of: date, acts: bool = True) -> list[Event]:
    """In order of day; of one day the effects on the clock first. `acts` False is what the applicant sees."""
    clock = clock_of(case, as_of)
    events = [Event(s.on or as_of, "law", s.sentence, s.article) for s in (clock.notes if clock else ())]
    if acts:
        for fact in timeline(case.subject).order_by("id"):
            state = STATES.get(fact.data.get("state", ""), "")
            day = timezone.localtime(fact.at).date()
            events.append(Event(day, "ledger", sentence(fact.kind), "", fact.at, fact.actor_code, state))
    return sorted(events, key=lambda e: (e.on, e.source != "law"))
