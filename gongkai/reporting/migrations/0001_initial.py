"""Inspections and links."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('disclosure', '0003_assessment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verdict', models.CharField(max_length=8)),
                ('results', models.JSONField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=600, unique=True)),
                ('inside', models.BooleanField()),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(default='waiting', max_length=12)),
                ('told', models.CharField(blank=True, max_length=120)),
                ('fails', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='linkcheck_due')],
            },
        ),
        migrations.CreateModel(
            name='LinkPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='reporting.linkcheck')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('check_of', 'item'), name='linkplace_once')],
            },
        ),
    ]
