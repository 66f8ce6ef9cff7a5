"""Tell two people that they have the same draft open."""

from datetime import datetime, timedelta

from gongkai.agencies.models import Person
from gongkai.disclosure.models import Draft, DraftPresence

FRESH = timedelta(seconds=60)


def note_presence(draft: Draft, person: Person, *, at: datetime) -> list[str]:
    """Note that the person has the draft open; returns the names of others seen within a minute.

    No fact is recorded: looking at a draft of one's own section is no act.
    """
    DraftPresence.objects.update_or_create(draft=draft, person=person, defaults={"seen_at": at})
    others = DraftPresence.objects.filter(draft=draft, seen_at__gte=at - FRESH).exclude(person=person)
    return list(others.select_related("person").values_list("person__name", flat=True))
