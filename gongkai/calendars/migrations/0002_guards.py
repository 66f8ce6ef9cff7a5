from django.db import migrations

from gongkai.calendars.guards import GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [InstallGuards(GUARDS)]
