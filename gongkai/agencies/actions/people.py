"""Accounts, posts and grants."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import ActingGrant, Organ, Person, Post, Section
from gongkai.law.roles import may_appoint, role
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

KEEPERS = ("system", "security_admin")


def require_keeper(actor: Actor) -> None:
    """Only the security administrator keeps accounts, posts and grants."""
    if actor.role not in KEEPERS:
        raise Refusal(Refused("not_security_admin", "只有安全管理员可以管理账号、岗位和授权。请联系安全管理员。"))


def add_person(
    staff_number: str, name: str, *, password: str | None, actor: Actor, at: datetime, is_demo: bool = False
) -> Person:
    """Register a member of staff; without a password the account cannot log in yet."""
    require_keeper(actor)
    with transaction.atomic():
        if Person.objects.filter(staff_number=staff_number).exists():
            raise Refusal(Refused("staff_number_taken", f"工号 {staff_number} 已被使用，请核对。"))
        person = Person(staff_number=staff_number, name=name, is_demo=is_demo)
        person.set_password(password)
        person.save()
        record("person.added", subject=f"person:{staff_number}", actor=actor, at=at)
        return person


def set_password(person: Person, password: str, *, actor: Actor, at: datetime) -> None:
    """Give a new password; a person may set their own, the security administrator anybody's."""
    if actor.person_id != person.pk:
        require_keeper(actor)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record("person.password_set", subject=f"person:{person.staff_number}", actor=actor, at=at)


def disable(person: Person, *, actor: Actor, at: datetime) -> None:
    """Close the account. The person stays in the record of what was done."""
    require_keeper(actor)
    if actor.person_id == person.pk:
        raise Refusal(Refused("not_oneself", "不能停用自己的账号，请由另一位安全管理员办理。"))
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        record("person.disabled", subject=f"person:{person.staff_number}", actor=actor, at=at)


def appoint(
    person: Person, section: Section, role_code: str, *, starts_on: date, actor: Actor, at: datetime,
    ends_on: date | None = None,
) -> Post:  # fmt: skip
    """Give a post from a day on. Refuses what the separation of administrators forbids, and giving oneself a post."""
    require_keeper(actor)
    role(role_code)
    if actor.person_id == person.pk:
        raise Refusal(Refused("not_oneself", "不能给自己任岗，请由另一位安全管理员办理。"))
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(Refused("post_dates", "离岗日期早于任岗日期，请核对。"))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        overlapping = Post.objects.filter(person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        if ends_on is not None:
            overlapping = overlapping.filter(starts_on__lte=ends_on)
        require(may_appoint(role_code, {post.role for post in overlapping}))
        if overlapping.filter(section=section, role=role_code).exists():
            raise Refusal(Refused("post_held", f"{person.name}在{section.name}已任{role(role_code).title}，不必重复。"))
        post = Post.objects.create(person=person, section=section, role=role_code, starts_on=starts_on, ends_on=ends_on)
        record(
            "post.appointed", subject=f"person:{person.staff_number}", organ_code=section.organ.code, actor=actor,
            at=at, data={"section": section.code, "role": role_code, "starts_on": starts_on.isoformat()},
        )  # fmt: skip
        return post


def end_post(post: Post, *, ends_on: date, actor: Actor, at: datetime) -> None:
    """End a post on a day (the last day it is held)."""
    require_keeper(actor)
    with transaction.atomic():
        locked = Post.objects.select_for_update().select_related("person", "section__organ").get(pk=post.pk)
        if ends_on < locked.starts_on:
            raise Refusal(Refused("post_dates", "离岗日期早于任岗日期，请核对。"))
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        record(
            "post.ended", subject=f"person:{locked.person.staff_number}", organ_code=locked.section.organ.code,
            actor=actor, at=at,
            data={"section": locked.section.code, "role": locked.role, "ends_on": ends_on.isoformat()},
        )  # fmt: skip


def grant(
    organ: Organ, acting_organ: Organ, role_code: str, *, starts_on: date, ends_on: date, reason: str, actor: Actor,
    at: datetime,
) -> ActingGrant:  # fmt: skip
    """Let another organ's people exercise a role for this organ between two days. It must say why and until when."""
    require_keeper(actor)
    role(role_code)
    if ends_on < starts_on:
        raise Refusal(Refused("grant_dates", "授权的终止日期早于开始日期，请核对。"))
    if not reason.strip():
        raise Refusal(Refused("grant_reason", "请写明由其他机关代办的理由和依据。"))
    if organ.pk == acting_organ.pk:
        raise Refusal(Refused("grant_same_organ", "代办机关应当是另一个机关。"))
    with transaction.atomic():
        given = ActingGrant.objects.create(
            organ=organ, acting_organ=acting_organ, role=role_code, starts_on=starts_on, ends_on=ends_on,
            reason=reason,
        )  # fmt: skip
        record(
            "grant.given", subject=f"organ:{organ.code}", organ_code=organ.code, actor=actor, at=at,
            data={
                "acting": acting_organ.code, "role": role_code, "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat(),
            },
        )  # fmt: skip
        return given


def end_grant(given: ActingGrant, *, ends_on: date, actor: Actor, at: datetime) -> None:
    """End a grant early."""
    require_keeper(actor)
    with transaction.atomic():
        locked = ActingGrant.objects.select_for_update().select_related("organ").get(pk=given.pk)
        if not locked.starts_on <= ends_on <= locked.ends_on:
            raise Refusal(Refused("grant_dates", "终止日期应当在授权期内。"))
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        record("grant.ended", subject=f"organ:{locked.organ.code}", organ_code=locked.organ.code, actor=actor, at=at)
