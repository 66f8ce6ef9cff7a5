"""Triggers of the new tables, and once more those of tables that 0004 rebuilt on SQLite."""

from django.db import migrations

from gongkai.foi.guards import FIRST_GUARDS, LATER_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("foi", "0004_papers_and_care"),
        ("review", "0002_guards"),
    ]

    operations = [InstallGuards([*FIRST_GUARDS, *LATER_GUARDS])]
