"""Count a failed look-up of a case by code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.foi import vault
from gongkai.foi.models import LookupAttempt
from gongkai.foi.queries.attempts import WINDOW, code_place, network_place


def note_failed_lookup(code: str, address: str, *, at: datetime) -> None:
    """Under the code and under the client's network, as keyed digests. What is older than the window is removed.

    No fact goes to the ledger: a wrong code belongs to no case, and who typed it is nobody's business.
    """
    with transaction.atomic():
        LookupAttempt.objects.filter(failed_at__lte=at - WINDOW).delete()
        LookupAttempt.objects.bulk_create(
            LookupAttempt(place=vault.keyed(*place), failed_at=at)
            for place in (code_place(code), network_place(address))
        )
