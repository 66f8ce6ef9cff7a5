"""Triggers that hold where Python can be gone around."""

from django.db import migrations

from gongkai.disclosure.guards import FIRST_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0001_initial"),
        ("review", "0002_guards"),
        ("scanning", "0002_guards"),
    ]

    operations = [InstallGuards(FIRST_GUARDS)]
