"""Triggers of the queue of notices."""

from django.db import migrations

from gongkai.ledger.guards import InstallGuards
from gongkai.notices.guards import FIRST_GUARDS


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [InstallGuards(FIRST_GUARDS)]
