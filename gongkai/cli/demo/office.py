"""Set up the invented city: organs, sections, people, posts, grants, columns and the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from gongkai.agencies.actions.organs import add_organ, add_section
from gongkai.agencies.actions.people import add_person, appoint, grant
from gongkai.agencies.actors import SYSTEM, Actor
from gongkai.agencies.models import Organ, Person, Section
from gongkai.agencies.queries import capacity, holders, organ_by_code, section_by_code
from gongkai.cli.demo.content_files import Content, Table
from gongkai.cli.demo.hours import point
from gongkai.disclosure.actions.columns import add_column
from gongkai.disclosure.actions.import_catalogue import import_catalogue
from gongkai.disclosure.catalogue_sheet import SheetRow
from gongkai.ledger.canonical import digest

Event = tuple[float, Callable[[datetime], object]]

ORGAN_COLUMNS = ("short_name", "kind", "address", "hours", "phone", "fax", "email", "online")


def office_events(content: Content, start: date, today: date, password: str) -> Iterator[Event]:
    """What happens before there is anything to publish: on the first day, and posts and grants on their own days."""
    first = point(start, 0.0)
    yield first, partial(_organs, content.organs)
    yield first, partial(_columns, content.columns)
    yield first, partial(_catalogue, content.entries, start.year)
    new_year = date(today.year, 1, 5)
    if start.year < today.year and new_year < today:
        yield point(new_year, 0.1), partial(_catalogue, content.entries, today.year)
    for person in content.people:
        joined = min(_day(post, today) for post in person["posts"])
        yield point(joined, 0.01), partial(_person, person, password)
        for post in person["posts"]:
            day = _day(post, today)
            yield point(day, 0.02), partial(_appoint, person, post, day)
    for given in content.grants:
        day = _day(given, today)
        yield point(day, 0.03), partial(_grant, given, day, today)


def _day(row: Table, today: date) -> date:
    return today + timedelta(days=row["from_days"])


def _organs(organs: list[Table], at: datetime) -> None:
    made: dict[str, Organ] = {}
    for row in organs:
        told: dict[str, Any] = {name: row[name] for name in ORGAN_COLUMNS}
        parent = made[row["parent"]] if row["parent"] else None
        organ = add_organ(
            row["code"], row["name"], parent=parent, org_code=row["org_code9"], order=row["position"], actor=SYSTEM,
            at=at, **told,
        )  # fmt: skip
        made[row["code"]] = organ
        for section in row["sections"]:
            add_section(organ, section["code"], section["name"], phone=section["phone"], actor=SYSTEM, at=at)


def _columns(columns: list[Table], at: datetime) -> None:
    for row in columns:
        add_column(
            row["slug"], row["name"], description=row["description"], keywords=",".join(row["keywords"]),
            kind=row["kind"], heading=row["heading"], order=row["position"], actor=SYSTEM, at=at,
        )  # fmt: skip


def _catalogue(entries: list[Table], year: int, at: datetime) -> None:
    names = dict(Organ.objects.values_list("code", "name"))
    rows = [
        SheetRow(
            line=0, serial=str(e["serial"]), level1=e["level1"], level2=e["level2"], content=e["content"],
            basis=e["basis"], limit=e["limit"], subject=names[e["organ"]], channels="、".join(e["channels"]),
            audience=e["audience"], method=e["method"], level=e["level"], heading=e["heading"], column=e["column"],
        )
        for e in entries
    ]  # fmt: skip
    import_catalogue(rows, year=year, source_digest=digest(entries), actor=SYSTEM, at=at)


def _person(row: Table, password: str, at: datetime) -> None:
    """Only who is there to be tried out has a password; the others are colleagues in the record."""
    trial = row.get("demo_login", False)
    add_person(
        row["staff_number"], row["name"], password=password if trial else None, is_demo=trial, actor=SYSTEM, at=at
    )


def _appoint(row: Table, post: Table, day: date, at: datetime) -> None:
    person = Person.objects.get(staff_number=row["staff_number"])
    appoint(person, section_by_code(post["section"]), post["role"], starts_on=day, actor=SYSTEM, at=at)


def _grant(row: Table, day: date, today: date, at: datetime) -> None:
    organ, acting = organ_by_code(row["organ"]), organ_by_code(row["acting_organ"])
    for role in row["roles"]:
        grant(
            organ, acting, role, starts_on=day, ends_on=today + timedelta(days=row["to_days"]),
            reason=f"{row['reason']}依据：{row['basis']}。", actor=SYSTEM, at=at,
        )  # fmt: skip


def acting(
    role: str, organ: Organ, on: date, *, section: Section | None = None, without: Collection[int | None] = ()
) -> Actor:
    """The first person who may exercise the role that day and has not spoken yet; raises where there is none."""
    section_id = section.pk if section else None
    for person in holders(role=role, organ_id=organ.pk, on=on, section_id=section_id):
        found = None
        if person.pk not in without:
            found = capacity(person, role=role, organ_id=organ.pk, on=on, section_id=section_id)
        if found is not None:
            return found
    raise LookupError(f"demo: nobody for {role} at {organ.code}/{section.code if section else ''} on {on}")


class Offices:
    """Organs, sections and holders of posts, looked up once: people stay where they are for the demo's whole past."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.organ = cache(organ_by_code)
        self.section = cache(section_by_code)
        self.actor = cache(self._actor)

    def _actor(self, role: str, organ: str, section: str) -> Actor:
        where = self.section(section) if section else None
        return acting(role, self.organ(organ), self._today, section=where)
