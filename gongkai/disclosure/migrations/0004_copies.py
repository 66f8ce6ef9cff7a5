"""Attachments go out as copies; the original and the form that is marked stay behind."""

import django.db.models.deletion
from django.db import migrations, models


from gongkai.disclosure.guards import SECOND_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0003_assessment'),
        ('files', '0001_initial'),
        ('scanning', '0003_redactions'),
    ]

    operations = [
        migrations.AddField(
            model_name='draftattachment',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob'),
        ),
        migrations.AddField(
            model_name='draftattachment',
            name='copy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scanning.filecopy'),
        ),
        migrations.AddField(
            model_name='draftattachment',
            name='original',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob'),
        ),
        migrations.AddField(
            model_name='versionattachment',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob'),
        ),
        migrations.AddField(
            model_name='versionattachment',
            name='copy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scanning.filecopy'),
        ),
        migrations.AddField(
            model_name='versionattachment',
            name='original',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob'),
        ),
        InstallGuards(SECOND_GUARDS),
    ]
