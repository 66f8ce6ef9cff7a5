"""Move a reader forward."""

from django.db import transaction

from gongkai.ledger.models import Cursor


def advance(name: str, position: int) -> None:
    """Set the reader's position; it never goes back (a second run of an old batch changes nothing)."""
    with transaction.atomic():
        cursor, _ = Cursor.objects.select_for_update().get_or_create(name=name)
        if position > cursor.position:
            cursor.position = position
            cursor.save(update_fields=["position"])
