"""A town with passwords and a catalogue that names channels, for the browser.

`python -m tests.journeys.channel_office` writes it into the database; with an index number it puts that item into the
handbook.
"""

from __future__ import annotations

import sys

PASSWORD = "a-long-test-password"
#: Who signs in, by staff number.
STAFF = {
    "drafter": "T001", "section_reviewer": "T003", "compliance_reviewer": "T004", "secrecy_reviewer": "T005",
    "leader": "T007", "system_admin": "T010",
}  # fmt: skip
CARRIERS = ["政府网站", "两微一端", "政务服务平台", "公示栏", "便民手册", "政府公报"]
HANDBOOK = "困难群众救助办事手册"


def build() -> None:
    from gongkai.agencies.actions.people import set_password
    from gongkai.agencies.actors import SYSTEM
    from gongkai.disclosure.models import Catalogue, CatalogueEntry
    from tests.conftest import AT, build_town

    town = build_town()
    for key, number in STAFF.items():
        person = town.people[key]
        assert person.staff_number == number, (key, person.staff_number)
        set_password(person, PASSWORD, actor=SYSTEM, at=AT)
    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, current=True, imported_at=AT)
    CatalogueEntry.objects.create(
        catalogue=catalogue, serial=1, level1="社会救助", content="临时救助对象名单", limit_text="20个工作日",
        limit_kind="working_days", limit_n=20, subject_text="青禾市民政局", channels=CARRIERS, audience="全社会",
        method="proactive", level="市级", heading="20-11",
    )  # fmt: skip


def bind(index_number: str) -> None:
    """Into a handbook that the public may have."""
    from django.utils import timezone

    from gongkai.agencies.models import Organ, Person
    from gongkai.agencies.queries import capacities
    from gongkai.channels.actions.handbooks import choose, open_handbook, publish

    now = timezone.localtime()
    person = Person.objects.get(staff_number=STAFF["compliance_reviewer"])
    [actor] = [a for a in capacities(person, now.date()) if a.role == "compliance_reviewer"]
    told = {"title": HANDBOOK, "subtitle": "", "contact": "", "paper": "A5", "chapters": "hand"}
    handbook = open_handbook(Organ.objects.get(code="QH-MZ"), told, actor=actor, at=now)
    choose(handbook.pk, [index_number], actor=actor, at=now, on=now.date(), chapter="名单")
    publish(handbook.pk, True, actor=actor, at=now, on=now.date())


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    django.setup()
    if sys.argv[1:]:
        bind(sys.argv[1])
    else:
        build()
