"""Triggers on what is set for later and on looks at released texts."""

from django.db import migrations

from gongkai.disclosure.guards import UPKEEP_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0005_upkeep"),
    ]

    operations = [InstallGuards(UPKEEP_GUARDS)]
