"""The applicant answers a clarification with words and files, all at once or not at all (条例30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.take_clarification import take_clarification
from gongkai.foi.models import FoiRequest
from gongkai.foi.wishes import Wish


def answer_clarification(
    number: str, *, on: date, wish: Wish | None, text: str, files: Sequence[tuple[bytes, str]], actor: Actor,
    at: datetime,
) -> FoiRequest:  # fmt: skip
    """`files`: (bytes, name as sent). A file that cannot be taken keeps the whole answer from being taken."""
    with transaction.atomic():
        case = take_clarification(number, on=on, wish=wish, text=text, actor=actor, at=at)
        for data, filename in files:
            add_file(number, data, filename, kind="clarification", actor=actor, at=at)
        return case
