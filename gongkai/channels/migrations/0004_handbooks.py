"""Handbooks with their editions and printed copies; transfer lists to archives, libraries and service halls (条例25)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongkai.channels.guards import PAPER_GUARDS
from gongkai.ledger.guards import InstallGuards


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("channels", "0003_hand_records"),
        ("disclosure", "0004_copies"),
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60)),
                ("subtitle", models.CharField(blank=True, max_length=100)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("paper", models.CharField(default="A5", max_length=4)),
                ("chapters", models.CharField(default="hand", max_length=10)),
                ("published", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handbooks", to="agencies.organ"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_from", models.CharField(max_length=64)),
                ("pages", models.PositiveIntegerField()),
                (
                    "blob",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                    ),
                ),
                (
                    "handbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="channels.handbook"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="HandbookItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                ("chapter", models.CharField(blank=True, max_length=40)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chosen", to="channels.handbook"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.item"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="PrintRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("copies", models.PositiveIntegerField()),
                ("place", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="channels.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PrintEnding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=300)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="channels.printrun"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Receiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("with_below", models.BooleanField(default=False)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receivers", to="agencies.organ"
                    ),
                ),
            ],
            options={
                "ordering": ["organ", "kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("until", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                ("given_up_reason", models.CharField(blank=True, max_length=300)),
                ("handed_over_on", models.DateField(blank=True, null=True)),
                ("receipt_number", models.CharField(blank=True, max_length=60)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="channels.receiver"
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.blob",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("index_number", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("doc_number", models.CharField(blank=True, max_length=80)),
                ("formed_on", models.DateField(blank=True, null=True)),
                ("released_on", models.DateField()),
                ("extent", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.item"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.release"
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="channels.transfer"
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="EditionPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=64)),
                ("order", models.PositiveIntegerField()),
                ("chapter", models.CharField(blank=True, max_length=60)),
                ("page", models.PositiveIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="channels.edition"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.item"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.release"
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [models.UniqueConstraint(fields=("edition", "item"), name="edition_place_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="handbook",
            constraint=models.CheckConstraint(condition=models.Q(("paper__in", ["A4", "A5"])), name="handbook_paper"),
        ),
        migrations.AddConstraint(
            model_name="handbook",
            constraint=models.CheckConstraint(
                condition=models.Q(("chapters__in", ["column", "hand", "heading"])), name="handbook_chapters"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("handbook", "number"), name="edition_once"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("blob__isnull", False), ("pages", 0), _connector="OR"),
                name="edition_empty_without_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="handbookitem",
            constraint=models.UniqueConstraint(fields=("handbook", "item"), name="handbook_item_once"),
        ),
        migrations.AddConstraint(
            model_name="printrun",
            constraint=models.CheckConstraint(condition=models.Q(("copies__gt", 0)), name="print_run_some"),
        ),
        migrations.AddConstraint(
            model_name="printending",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["amended", "destroyed", "replaced"])), name="print_ending_verb"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["archive", "hall", "library"])), name="receiver_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiver",
            constraint=models.UniqueConstraint(fields=("organ", "name"), name="receiver_once"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("receiver", "number"), name="transfer_once"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("given_up_at__isnull", True), ("handed_over_on__isnull", True)),
                fields=("receiver",),
                name="transfer_one_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_up_at__isnull", True), ("handed_over_on__isnull", True), _connector="OR"),
                name="transfer_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handed_over_on__isnull", True),
                    models.Q(("receipt_number", ""), _negated=True),
                    ("scan__isnull", False),
                    _connector="OR",
                ),
                name="transfer_with_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(fields=("transfer", "order"), name="transfer_line_once"),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["released", "taken_back"])), name="transfer_line_kind"
            ),
        ),
        InstallGuards(PAPER_GUARDS),
    ]
