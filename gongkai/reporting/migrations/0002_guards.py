"""Triggers that hold where Python can be gone around."""

from django.db import migrations

from gongkai.ledger.guards import InstallGuards
from gongkai.reporting.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
    ]

    operations = [InstallGuards(GUARDS)]
