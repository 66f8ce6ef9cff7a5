"""A record by hand may have a scan, and may correct an earlier one."""

import django.db.models.deletion
from django.db import migrations, models

from gongkai.channels.guards import GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_guards"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="handrecord",
            name="scan",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.blob"
            ),
        ),
        migrations.AddField(
            model_name="handrecord",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="channels.handrecord",
            ),
        ),
        migrations.AddConstraint(
            model_name="handrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["deliver", "recall"])), name="hand_record_verb"
            ),
        ),
        # On SQLite the table was rebuilt, and a rebuilt table has lost its triggers.
        InstallGuards([guard for guard in GUARDS if guard.table == "channels_handrecord"]),
    ]
