"""Named reads over organs, people, posts and grants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import ActingGrant, Organ, Person, Post, Section
from gongkai.law.roles import ROLES, WORKING
from gongkai.ledger.models import Fact


def organ_tree() -> list[tuple[int, Organ]]:
    """Active organs with their depth, parents before children, siblings in order."""
    children: dict[int | None, list[Organ]] = {}
    for organ in Organ.objects.filter(active=True):
        children.setdefault(organ.parent_id, []).append(organ)
    rows: list[tuple[int, Organ]] = []

    def walk(parent: int | None, depth: int) -> None:
        for organ in children.get(parent, []):
            rows.append((depth, organ))
            walk(organ.pk, depth + 1)

    walk(None, 0)
    return rows


def subtree(organ: Organ) -> list[int]:
    """Primary keys of the organ and all below it."""
    parents = dict(Organ.objects.values_list("pk", "parent_id"))
    found = {organ.pk}
    while True:
        more = {pk for pk, parent in parents.items() if parent in found} - found
        if not more:
            return sorted(found)
        found |= more


def organ_path(organ: Organ) -> tuple[str, ...]:
    """Codes from the root down to the organ; local holidays belong to a subtree and are found by this path."""
    codes: list[str] = []
    current: Organ | None = organ
    while current is not None:
        codes.append(current.code)
        current = current.parent
    return tuple(reversed(codes))


def posts_held(person: Person, on: date) -> QuerySet[Post]:
    """Posts that are running on that day."""
    return (
        Post.objects.filter(person=person, starts_on__lte=on)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .filter(section__active=True, section__organ__active=True)
        .select_related("section__organ", "person")
        .order_by("section__organ__order", "role")
    )


def capacities(person: Person, on: date) -> list[Actor]:
    """Every capacity the person can act in on that day: own posts first, then grants from other organs."""
    if not person.is_active:
        return []
    posts = list(posts_held(person, on))
    own = [_actor(post) for post in posts]
    grants = ActingGrant.objects.filter(
        acting_organ__in={post.section.organ_id for post in posts}, starts_on__lte=on, ends_on__gte=on
    ).select_related("organ")
    lent = [
        Actor(
            person.pk, person.staff_number, person.name, grant.role, grant.organ_id, grant.organ.code, None,
            f"{grant.role}@{post.section.code}>{grant.organ.code}", grant.pk,
        )
        for grant in grants
        for post in posts
        if post.section.organ_id == grant.acting_organ_id and post.role == grant.role
    ]  # fmt: skip
    return own + lent


def capacity(person: Person, *, role: str, organ_id: int, on: date, section_id: int | None = None) -> Actor | None:
    """The capacity in which the person may exercise `role` for an organ, or None.

    With `section_id` the post must be in that section; a grant counts for the whole organ.
    """
    return pick(capacities(person, on), role=role, organ_id=organ_id, section_id=section_id)


def pick(held: Iterable[Actor], *, role: str, organ_id: int, section_id: int | None = None) -> Actor | None:
    """Same as `capacity`, over capacities that are already loaded."""
    for actor in held:
        if actor.role != role or actor.organ_id != organ_id:
            continue
        if section_id is None or actor.section_id == section_id or actor.grant_id is not None:
            return actor
    return None


def holders(*, role: str, organ_id: int, on: date, section_id: int | None = None) -> list[Person]:
    """People who could exercise the role for the organ on that day, by own post or by grant."""
    posts = (
        Post.objects.filter(role=role, starts_on__lte=on, person__is_active=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("person")
        .order_by("pk")  # a database may give rows in any order, and a sentence names these people
    )
    own = posts.filter(section__organ_id=organ_id)
    if section_id is not None:
        own = own.filter(section_id=section_id)
    acting = ActingGrant.objects.filter(organ_id=organ_id, role=role, starts_on__lte=on, ends_on__gte=on)
    lent = posts.filter(section__organ__in=acting.values("acting_organ"))
    people = {post.person.pk: post.person for post in [*own, *lent]}
    return list(people.values())


@dataclass(frozen=True, slots=True)
class Staffed:
    """Keys of sections and organs with people at work, and of organs whose drafting another organ has taken over."""

    sections: frozenset[int]
    organs: frozenset[int]
    acted_for: frozenset[int]


def staffed(on: date) -> Staffed:
    """Where somebody who works on items holds a post on that day, with an account that is open."""
    posts = Post.objects.filter(role__in=WORKING, starts_on__lte=on, person__is_active=True)
    posts = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).filter(section__active=True)
    pairs = set(posts.values_list("section_id", "section__organ_id"))
    drafting = set(posts.filter(role="drafter").values_list("section__organ_id", flat=True))
    grants = ActingGrant.objects.filter(role="drafter", starts_on__lte=on, ends_on__gte=on, acting_organ__in=drafting)
    return Staffed(
        frozenset(section for section, _ in pairs), frozenset(organ for _, organ in pairs),
        frozenset(grants.values_list("organ_id", flat=True)),
    )  # fmt: skip


#: Directory columns that the public writes to or calls.
CONTACTS = ("phone", "fax", "email", "address")


def contacts_in_force() -> dict[str, frozenset[str]]:
    """What the directory says now, by column, of every organ and section."""
    now = {name: set(Organ.objects.exclude(**{name: ""}).values_list(name, flat=True)) for name in CONTACTS}
    now["phone"] |= set(Section.objects.exclude(phone="").values_list("phone", flat=True))
    return {name: frozenset(values) for name, values in now.items()}


def former_contacts() -> dict[str, dict[str, str]]:
    """What the directory said before and says no more: column → old value → code of the organ it was of."""
    now = contacts_in_force()
    found: dict[str, dict[str, str]] = {name: {} for name in CONTACTS}
    for subject, data in Fact.objects.filter(kind="organ.changed").order_by("id").values_list("subject", "data"):
        for name, value in data.get("before", {}).items():
            if name in found and value and value not in now[name]:
                found[name][value] = subject.removeprefix("organ:")
    return found


def organ_by_code(code: str) -> Organ:
    return Organ.objects.get(code=code)


def section_by_code(code: str) -> Section:
    return Section.objects.select_related("organ").get(code=code)


def _actor(post: Post) -> Actor:
    return Actor(
        post.person_id,
        post.person.staff_number,
        post.person.name,
        post.role,
        post.section.organ_id,
        post.section.organ.code,
        post.section_id,
        f"{post.role}@{post.section.code}",
    )


def demo_logins(password: str) -> list[tuple[str, str, str, str]]:
    """One person per role who still has the demo password: role title, staff number, name, place. Empty elsewhere."""
    found = []
    for row in ROLES:
        posts = Post.objects.filter(role=row.code, ends_on__isnull=True, person__is_active=True, person__is_demo=True)
        post = posts.select_related("person", "section__organ").order_by("pk").first()
        if post is not None and post.person.check_password(password):
            place = f"{post.section.organ.label}{post.section.name}"
            found.append((row.title, post.person.staff_number, post.person.name, place))
    return found
