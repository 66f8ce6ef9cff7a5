"""Triggers that hold where Python can be gone around."""

from django.db import migrations

from gongkai.channels.guards import GUARDS
from gongkai.ledger.guards import InstallGuards

# Tables there are by now; guards of later ones come with their own migrations.
THERE = {"channels_posting", "channels_attempt", "channels_route", "channels_handrecord"}


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [InstallGuards([guard for guard in GUARDS if guard.table in THERE])]
