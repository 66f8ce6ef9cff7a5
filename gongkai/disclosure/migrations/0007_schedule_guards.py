"""Triggers on instants of release: nothing goes out before the one that waits."""

from django.db import migrations

from gongkai.disclosure.guards import SCHEDULE_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0006_upkeep_guards"),
    ]

    operations = [InstallGuards(SCHEDULE_GUARDS)]
