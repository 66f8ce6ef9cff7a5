"""Who is at the screen, in which capacities, and at what instant: the first thing every view knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Person
from gongkai.agencies.queries import capacities, pick
from gongkai.disclosure.models import Item
from gongkai.foi.models import FoiRequest


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

    def able(self, roles: Sequence[str], item: Item | FoiRequest) -> Actor | None:
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

#: When this person last did something, in seconds; kept in the session.
SEEN = "seen"
#: Pages that ask by themselves: they are no sign that somebody is there.
_BY_THEMSELVES = frozenset({"presence"})


def _idle_too_long(request: HttpRequest, at: datetime) -> bool:
    """Has nobody touched this session for longer than allowed? Notes that somebody does now.

    A form that is sent in late is still taken: what somebody typed for half an hour is not thrown away.
    """
    now, seen = int(at.timestamp()), request.session.get(SEEN)
    if request.method == "GET" and seen is not None and now - seen > settings.DESK_IDLE_SECONDS:
        return True
    match = request.resolver_match
    by_hand = match is None or match.url_name not in _BY_THEMSELVES
    # Once a minute is enough: each note writes the session.
    if by_hand and (seen is None or now - seen >= 60):
        request.session[SEEN] = now
    return False


def staff(view: View) -> View:
    """Signed in; `view(request, me, …)`. What is not theirs to see answers exactly like what does not exist."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.localtime()
        if _idle_too_long(request, at):
            logout(request)
            messages.info(request, _("长时间没有操作，已自动退出。请重新登录，已保存的内容都在。"))
            return redirect_to_login(request.get_full_path())
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
