"""Put missing triggers back, and say on the record that they had been missing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.ledger.actions.record import Acting, record
from gongkai.ledger.guards import Guard, restore


def restore_guards(guards: Sequence[Guard], *, actor: Acting, at: datetime) -> list[str]:
    """Names of the triggers that were missing or disabled and are in force again; nothing is recorded for none."""
    with transaction.atomic():
        restored = restore(guards)
        if restored:
            record("guards.restored", subject="ledger", actor=actor, at=at, data={"guards": restored})
        return restored
