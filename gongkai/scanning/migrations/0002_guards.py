"""Triggers that hold where Python can be gone around."""

from django.db import migrations

from gongkai.scanning.guards import FIRST_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("scanning", "0001_initial"),
    ]

    operations = [InstallGuards(FIRST_GUARDS)]
