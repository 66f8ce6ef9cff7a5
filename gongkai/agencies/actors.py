"""Who acts, from which post, for which organ: the value every action takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity.

    `organ_id` is the organ the act is for; it differs from the post's own organ only through a grant
    (`grant_id` is set then). `role` is a code of law/roles.py.
    """

    person_id: int | None
    staff_number: str
    name: str
    role: str
    organ_id: int | None
    organ_code: str
    section_id: int | None
    post_code: str
    grant_id: int | None = None


# What the machine does by itself, on the strength of rules alone.
SYSTEM = Actor(None, "system", "系统", "system", None, "", None, "")
