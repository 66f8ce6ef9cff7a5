"""A worker says that it is alive."""

from datetime import datetime, timedelta

from gongkai.ledger.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=7)


def beat(worker: str, *, at: datetime) -> None:
    """Write the sign of this process; processes that have been silent for a week are forgotten."""
    _, new = Heartbeat.objects.update_or_create(
        worker=worker, defaults={"at": at}, create_defaults={"at": at, "began_at": at}
    )
    if new:
        Heartbeat.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()
