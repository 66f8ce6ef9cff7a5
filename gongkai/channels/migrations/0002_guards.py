"""Triggers that hold where Python can be gone around."""

from django.db import migrations

from gongkai.channels.guards import GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [InstallGuards(GUARDS)]
