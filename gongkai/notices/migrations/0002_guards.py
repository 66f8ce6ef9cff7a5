"""Triggers of the queue of notices."""

from django.db import migrations

from gongkai.ledger.guards import InstallGuards
from gongkai.notices.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [InstallGuards(GUARDS)]
