"""Write down what came on paper, by fax or by word of mouth, with its scans (条例29、31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.foi.actions.add_files import add_files
from gongkai.foi.actions.receive import Receipt, receive
from gongkai.foi.particulars import Particulars
from gongkai.foi.wishes import Wish

Scans = Sequence[tuple[bytes, str]]


def register_by_staff(
    organ: Organ, applicant: Particulars, wishes: Sequence[Wish], *, column: str, channel: str, arrived_on: date,
    confirmed_on: date | None, submission_key: str, actor: Actor, at: datetime, requests: Scans = (),
    identities: Scans = (),
) -> Receipt:  # fmt: skip
    """Everything or nothing; the scans go into the file of every case. Sent again it is the same receipt."""
    with transaction.atomic():
        receipt = receive(
            organ, applicant, wishes, column=column, channel=channel, arrived_on=arrived_on,
            confirmed_on=confirmed_on, submission_key=submission_key, actor=actor, at=at,
        )  # fmt: skip
        if not receipt.again:
            for one in receipt.registered:
                add_files(one.case.number, requests, kind="request", actor=actor, at=at)
                add_files(one.case.number, identities, kind="identity", actor=actor, at=at)
        return receipt
