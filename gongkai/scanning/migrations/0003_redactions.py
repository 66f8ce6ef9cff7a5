"""What is covered in a file, the copies made, and their confirmation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from gongkai.scanning.guards import GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):

    dependencies = [
        ('scanning', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FileCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('marks', models.JSONField(default=list)),
                ('drawn', models.JSONField(default=list)),
                ('lost', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='CopyConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('copy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='scanning.filecopy')),
            ],
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('base_kind', models.CharField(max_length=10)),
                ('pages', models.JSONField(default=list)),
                ('hidden', models.JSONField(default=list)),
                ('warnings', models.JSONField(default=list)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject'], name='redaction_subject')],
            },
        ),
        migrations.AddField(
            model_name='filecopy',
            name='redaction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='scanning.redaction'),
        ),
        migrations.CreateModel(
            name='RedactionMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('origin', models.CharField(max_length=10)),
                ('places', models.JSONField()),
                ('code', models.CharField(blank=True, max_length=60)),
                ('severity', models.CharField(blank=True, max_length=10)),
                ('title', models.CharField(max_length=60)),
                ('shown', models.CharField(blank=True, max_length=200)),
                ('article', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(max_length=10)),
                ('ground', models.CharField(blank=True, max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('redaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='scanning.redaction')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddConstraint(
            model_name='filecopy',
            constraint=models.UniqueConstraint(fields=('redaction', 'number'), name='copy_number_once'),
        ),
        migrations.AddConstraint(
            model_name='redactionmark',
            constraint=models.UniqueConstraint(fields=('redaction', 'number'), name='mark_number_once'),
        ),
        migrations.AddConstraint(
            model_name='redactionmark',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'accepted', 'removed'])), name='mark_state_known'),
        ),
        InstallGuards(GUARDS),
    ]
