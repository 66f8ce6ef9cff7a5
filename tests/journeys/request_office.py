"""An office with passwords, for the browser: `python -m tests.journeys.request_office` writes it into the database."""

from __future__ import annotations

PASSWORD = "a-long-test-password"
#: Who signs in, by staff number.
STAFF = {
    "foi_officer": "F001", "foi_officer2": "F002", "foi_head": "F003", "section_reviewer": "T003",
    "compliance_reviewer": "T004", "secrecy_reviewer": "T005", "leader": "T007", "supervisor": "T009",
}  # fmt: skip


def build() -> None:
    from gongkai.agencies.actions.people import set_password
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT
    from tests.foi.conftest import build_office

    town = build_office()
    for key, number in STAFF.items():
        person = town.people[key]
        assert person.staff_number == number, (key, person.staff_number)
        set_password(person, PASSWORD, actor=SYSTEM, at=AT)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    django.setup()
    build()
