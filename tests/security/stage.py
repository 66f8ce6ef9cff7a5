"""A town in which every field that a person can write holds a script, and the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from django.db import connection, transaction

from gongkai.disclosure.models import Catalogue, CatalogueEntry, Column, Item
from tests.conftest import AT, START, TODAY, Desk, Town
from tests.security.vectors import VECTORS


class Poison:
    """Deals out vectors, each field getting the next one that fits, so that all of them stand somewhere."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self.dealt: list[str] = []

    def __call__(self, longest: int) -> str:
        for _ in range(2):
            for vector in self._waiting:
                if len(vector) <= longest:
                    self._waiting.remove(vector)
                    self.dealt.append(vector)
                    return vector
            # PostgreSQL keeps no NUL in a text; there such a vector cannot stand anywhere.
            self._waiting += [v for v in VECTORS if connection.vendor == "sqlite" or "\x00" not in v]
        raise ValueError(f"no vector is as short as {longest}")


@dataclass
class Stage:
    """`public` and `desk` are addresses; `desk` by the key of the person who may see them."""

    public: list[str]
    desk: list[tuple[str, str]]
    poison: Poison
    items: list[Item]


def set_stage(desk: Desk, town: Town, *, items: int) -> Stage:
    poison = Poison()
    column = _directory(town, poison)
    made = [_item(desk, town, poison, n, column, items) for n in range(items)]
    working = _working(desk, town, poison, made[0])
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all

    seal_all(at=AT)
    follow_all(on=TODAY)
    public = [f"/items/{item.index_number}/{end}" for item in made for end in ("", "print/")]
    public += [
        "/", "/open/", "/open/latest/", "/open/agency/QH-MZ/", "/open/heading/20-11/", f"/open/column/{column.slug}/",
        "/open/catalogue/", "/guide/", "/institutions/", "/reports/", "/apply/", "/agencies/", "/sitemap/", "/feed/",
        "/sitemap.xml", "/search/?q=救助", "/search/?q=hit", "/search/?q=script&agency=QH-MZ&year=2026",
    ]  # fmt: skip
    return Stage(public, _desk_pages(town, made, working), poison, made)


def _directory(town: Town, poison: Poison) -> Column:
    """Names of organs, sections and people, columns and catalogue entries."""
    from gongkai.agencies.models import ActingGrant, Organ, Person, Section

    with transaction.atomic():
        Organ.objects.filter(pk=town.organ.pk).update(
            name=poison(120), short_name=poison(60), address=poison(200), hours=poison(120), phone=poison(60),
            fax=poison(60), email=poison(120), online=poison(200),
        )  # fmt: skip
        Organ.objects.filter(pk=town.other_organ.pk).update(name=poison(120), online="javascript:hit()")
        Section.objects.filter(pk=town.section.pk).update(name=poison(120), phone=poison(60))
        for person in Person.objects.order_by("pk"):
            Person.objects.filter(pk=person.pk).update(name=poison(60))
        ActingGrant.objects.create(
            organ=town.other_organ, acting_organ=town.organ, role="leader", starts_on=START, ends_on=date(2030, 1, 1),
            reason=poison(300),
        )  # fmt: skip
        column = Column.objects.create(
            slug="poisoned", name=poison(60), description=poison(300), keywords=poison(200), kind="指南"
        )
        catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
        for serial in range(1, 13):
            CatalogueEntry.objects.create(
                catalogue=catalogue, serial=serial, level1=poison(120), level2=poison(200), content=poison(500),
                basis=poison(500), limit_text=poison(200), limit_kind="free_text", subject_text=poison(200),
                channels=[poison(60)], audience=poison(120), method="proactive", level=poison(40), heading="20-11",
            )  # fmt: skip
    town.organ.refresh_from_db()
    town.section.refresh_from_db()
    return column


def body_of(poison: Poison, n: int, items: int) -> str:
    """Paragraphs of every n-th vector, as mark-up and as text."""
    mine = VECTORS[n::items]
    return "<p>救助</p>" + "".join(f"<p>{vector}</p><p>{escape(vector)}</p>" for vector in mine)


def _item(desk: Desk, town: Town, poison: Poison, n: int, column: Column, items: int) -> Item:
    from gongkai.files.refusal import Unreadable

    fields = {
        "summary": poison(600), "keywords": poison(200), "doc_number": poison(80), "issuer": poison(200),
        "source": poison(120), "impact_assessment": poison(500), "names_persons": True, "column": column,
        "ground_reason": poison(500),
    }  # fmt: skip
    try:
        item = desk.draft(title=poison(300), body=body_of(poison, n, items), **fields)
    except Unreadable:
        # The second opinion on the cleaned text refused it whole: nothing of it is stored.
        item = desk.draft(title=poison(300), body="<p>救助</p>", **fields)
    # What no name may hold is left out: a file called so is refused at the door (tests/security/test_hostile_arguments).
    name = "".join(c for c in poison(100) if c.isprintable() and c not in '/\\:*?"<>|').strip(" .") + "附件.txt"
    desk.attach(item, f"说明 {poison(500)}".encode(), name, title=poison(200))
    item = Item.objects.get(pk=item.pk)
    release = desk.release(item)
    item.refresh_from_db()
    if n % 5 == 4:
        from gongkai.disclosure.actions.withdraw import withdraw

        withdraw(
            item.pk, ("error", "abolished", "expired")[n // 5 % 3], explanation=poison(500), basis=poison(200),
            actor=town.actor("leader"), at=AT, today=TODAY,
        )  # fmt: skip
    assert release.version.body
    return item


def _working(desk: Desk, town: Town, poison: Poison, live: Item) -> dict[str, object]:
    """A returned draft with two versions, one in review with findings, a correction asked and answered."""
    from gongkai.disclosure.actions.corrections import answer_correction, ask_correction
    from gongkai.disclosure.actions.emergency import declare_emergency
    from gongkai.disclosure.actions.save_draft import save_draft

    drafter = town.actor("drafter")
    returned = desk.draft(title=poison(300), body=f"<p>{escape(poison(500))}</p>", summary=poison(600))
    first = desk.submit(returned)
    desk.opine(first, 1, "section_reviewer", "return", reason=poison(500), return_to=0)
    returned.refresh_from_db()
    returned.draft.refresh_from_db()
    changes = {
        "title": poison(300),
        "body": f"<p>{escape(poison(500))}</p>",
        "keywords": poison(200),
        "source": poison(120),
    }
    save_draft(returned.pk, changes, based_on=returned.draft.revision, actor=drafter, at=AT, today=TODAY)
    returned = Item.objects.get(pk=returned.pk)
    second = desk.submit(returned)
    desk.opine(second, 1, "section_reviewer", "return", reason=poison(500), return_to=0)
    body = f"<p>联系电话13912345678，患有乙肝的王某某{escape(poison(300))}</p><p>{poison(300)}</p>"
    reviewed = desk.draft(title=f"王某某13912345678{poison(200)}", body=body, summary=f"电话13912345678{poison(300)}")
    version = desk.submit(reviewed)
    desk.opine(version, 1, "section_reviewer", reason=poison(500))
    declare_emergency(
        version.pk, reason=poison(500), read_digest=version.digest, actor=town.actor("emergency_officer"), at=AT
    )
    asked = ask_correction(live, "delete", contact=poison(200), words=poison(1000), at=AT)
    other = ask_correction(live, "correct", contact=poison(200), words=poison(1000), at=AT)
    answer_correction(other.pk, poison(1000), actor=town.actor("leader"), at=AT)
    return {
        "returned": Item.objects.get(pk=returned.pk),
        "reviewed": Item.objects.get(pk=reviewed.pk),
        "asked": asked,
        "answered": other,
    }


def _desk_pages(town: Town, made: list[Item], working: dict[str, object]) -> list[tuple[str, str]]:
    returned, reviewed = working["returned"], working["reviewed"]
    pages = [("drafter", f"/desk/items/{item.code}/") for item in made]
    pages += [("drafter", f"/desk/items/{item.code}/versions/1/") for item in made]
    pages += [
        ("drafter", "/desk/"), ("drafter", "/desk/items/"), ("drafter", "/desk/new/"), ("drafter", "/desk/coverage/"),
        ("drafter", "/desk/catalogue/"), ("drafter", "/desk/me/"), ("drafter", "/desk/corrections/"),
        ("drafter", f"/desk/items/{returned.code}/edit/"), ("drafter", f"/desk/items/{returned.code}/preview/"),
        ("drafter", f"/desk/items/{returned.code}/submit/"), ("drafter", f"/desk/items/{returned.code}/"),
        ("drafter", f"/desk/items/{returned.code}/compare/?from=1&to=2"),
        ("drafter", f"/desk/items/{returned.code}/interprets/?q=hit"),
        ("secrecy_reviewer", f"/desk/items/{reviewed.code}/review/"), ("secrecy_reviewer", "/desk/"),
        ("compliance_reviewer", f"/desk/items/{reviewed.code}/review/"),
        ("emergency_officer", f"/desk/items/{reviewed.code}/emergency/"),
        ("leader", f"/desk/items/{made[0].code}/withdraw/?q=hit"), ("leader", "/desk/?agencies=all"),
        ("leader", f"/desk/corrections/{working['asked'].pk}/"), ("leader", f"/desk/corrections/{working['answered'].pk}/"),
        ("supervisor", "/desk/"), ("supervisor", "/desk/items/"), ("system_admin", "/desk/organs/"),
        ("system_admin", "/desk/organs/QH-MZ/"), ("system_admin", "/desk/plans/"), ("system_admin", "/desk/plans/QH-MZ/"),
        ("system_admin", "/desk/columns/"), ("system_admin", "/desk/columns/poisoned/"), ("security_admin", "/desk/accounts/"),
        ("security_admin", "/desk/accounts/T001/"), ("security_admin", "/desk/grants/"), ("audit_admin", "/desk/ledger/"),
    ]  # fmt: skip
    return pages
