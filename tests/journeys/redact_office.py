"""A town with passwords, for the browser: `python -m tests.journeys.redact_office` writes it into the database."""

from __future__ import annotations

PASSWORD = "a-long-test-password"
#: Who signs in, by staff number.
STAFF = {"drafter": "T001", "section_reviewer": "T003", "compliance_reviewer": "T004", "secrecy_reviewer": "T005"}


def build() -> None:
    from gongkai.agencies.actions.people import set_password
    from gongkai.agencies.actors import SYSTEM
    from tests.conftest import AT, build_town

    town = build_town()
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
