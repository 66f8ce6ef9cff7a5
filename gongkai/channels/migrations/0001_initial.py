"""Postings, attempts, choices and records by hand."""


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
            name='HandRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(max_length=40)),
                ('verb', models.CharField(max_length=8)),
                ('on', models.DateField()),
                ('words', models.CharField(max_length=300)),
                ('link', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_records', to='disclosure.item')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.release')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=24)),
                ('wanted', models.CharField(blank=True, max_length=64)),
                ('carried', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(max_length=12)),
                ('receipt', models.JSONField(default=dict)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('sentence', models.CharField(blank=True, max_length=300)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('position', models.BigIntegerField(default=0)),
                ('wanted_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('verb', models.CharField(blank=True, max_length=8)),
                ('handing', models.CharField(blank=True, max_length=64)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='disclosure.item')),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.release')),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=8)),
                ('carried', models.CharField(blank=True, max_length=64)),
                ('outcome', models.CharField(max_length=12)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('receipt', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='channels.posting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', models.JSONField()),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routes', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['channel', 'state', 'next_at'], name='posting_due'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.UniqueConstraint(fields=('item', 'channel'), name='posting_once'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ambiguous', 'confirmed', 'planned', 'recalled', 'rejected', 'sending', 'sent'])), name='posting_state'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), models.Q(('claim', ''), _negated=True), _connector='OR'), name='posting_sending_claimed'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['confirm', 'deliver', 'recall'])), name='attempt_verb'),
        ),
    ]
