"""Put several papers of one kind into the file, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.models import CaseFile


def add_files(
    number: str, files: Sequence[tuple[bytes, str]], *, kind: str, actor: Actor, at: datetime
) -> list[CaseFile]:
    """`files`: (bytes, name). One that cannot be taken leaves all out."""
    with transaction.atomic():
        return [add_file(number, data, name, kind=kind, actor=actor, at=at) for data, name in files]
