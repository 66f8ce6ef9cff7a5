"""A reply hands out files only as their checked copies."""

import django.db.models.deletion
from django.db import migrations, models

from gongkai.foi.guards import COPY_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("foi", "0006_plain_plan"),
        ("scanning", "0003_redactions"),
    ]

    operations = [
        migrations.AddField(
            model_name="casefile",
            name="base",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.blob"
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="copy",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="case_files",
                to="scanning.filecopy",
            ),
        ),  # fmt: skip
        migrations.AddField(
            model_name="casefile",
            name="original",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="copies_made",
                to="foi.casefile",
            ),
        ),  # fmt: skip
        migrations.AddField(
            model_name="casefile",
            name="remarks",
            field=models.BinaryField(default=bytes),
        ),
        InstallGuards(COPY_GUARDS),
    ]
