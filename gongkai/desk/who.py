"""Who is at the screen, in which capacities, and at what instant: the first thing every view knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Person
from gongkai.agencies.queries import capacities, pick
from gongkai.disclosure.models import Item


@dataclass(frozen=True)
class Me:
    """The person at the screen with every capacity held today."""

    person: Person
    held: tuple[Actor, ...]
    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()

    def has(self, *roles: str) -> bool:
        return any(actor.role in roles for actor in self.held)

    def in_role(self, role: str) -> Actor:
        """The capacity for a role that is not bound to an organ; 403 for whoever does not hold it."""
        for actor in self.held:
            if actor.role == role:
                return actor
        raise PermissionDenied(role)

    def able(self, roles: Sequence[str], item: Item) -> Actor | None:
        """The capacity in which this person may exercise one of the roles for the item, or None."""
        for role in roles:
            section = item.section_id if role == "drafter" else None
            if (actor := pick(self.held, role=role, organ_id=item.organ_id, section_id=section)) is not None:
                return actor
        return None

    def acting(self, roles: Sequence[str], item: Item) -> Actor:
        """As `able`; without such a capacity the first one held, and the action refuses in its own words."""
        return self.able(roles, item) or self.held[0]

    def oneself(self) -> Actor:
        """The person without any post, for what everybody may do with their own account."""
        person = self.person
        return Actor(person.pk, person.staff_number, person.name, "", None, "", None, "")


View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """Signed in; `view(request, me, …)`. What is not theirs to see answers exactly like what does not exist."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.localtime()
        person = cast(Person, request.user)
        me = Me(person, tuple(capacities(person, at.date())), at)
        try:
            response = view(request, me, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


def holding(role: str) -> Callable[[View], View]:
    """Only for people in a role that stands outside the organs (the administrators); 403 for all others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, me: Me, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, me, me.in_role(role), *args, **kwargs)

        return staff(wrapped)

    return decorate
