"""The item: what is tracked through drafts, reviews, releases and withdrawals."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ, Section
from gongkai.disclosure.models.catalogue import CatalogueEntry, Column
from gongkai.law import moves


class Item(models.Model):
    """One piece of government information. Its texts are in drafts and versions, its public life in releases.

    `work` and `public` change only through actions, by the table in law/moves.py. `due_on` is a cache of what
    law/proactive.py computes from `formed_on`; a command rebuilds and compares it.
    """

    code = models.CharField(max_length=20, unique=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="items")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    entry = models.ForeignKey(CatalogueEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    column = models.ForeignKey(Column, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    heading = models.CharField(max_length=10, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="created_items"
    )
    created_at = models.DateTimeField()
    work = models.CharField(max_length=20, default=moves.DRAFTING)
    public = models.CharField(max_length=20, default=moves.HIDDEN)
    # For lists: the title of the text being worked on, else of the released one.
    working_title = models.CharField(max_length=300)
    index_number = models.CharField(max_length=60, unique=True, null=True, blank=True)
    # The day the text being worked on was formed or changed (条例26), and the last day to publish it.
    formed_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    next_assessment_on = models.DateField(null=True, blank=True)
    # When somebody has to look at the released text again (law/upkeep.py); a cache, like due_on.
    next_look_on = models.DateField(null=True, blank=True, db_index=True)
    external_id = models.CharField(max_length=120, blank=True, db_index=True)
    import_batch = models.ForeignKey(
        "disclosure.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        indexes = [
            models.Index(fields=["work", "organ", "due_on"]),
            models.Index(fields=["public", "organ"]),
            models.Index(fields=["entry", "public"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(work__in=sorted(moves.WORK)), name="item_work_known"),
            models.CheckConstraint(condition=Q(public__in=sorted(moves.PUBLIC)), name="item_public_known"),
            models.CheckConstraint(
                condition=~Q(public=moves.LIVE) | Q(index_number__isnull=False), name="item_live_has_index_number"
            ),
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="item_external_id_once"),
        ]

    def __str__(self) -> str:
        return self.working_title


class IndexSequence(models.Model):
    """The last serial given out for one organ part and year; locked while a number is taken, never set back."""

    org_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_code", "year"], name="index_sequence_once")]

    def __str__(self) -> str:
        return f"{self.org_code}/{self.year}"


class Assessment(models.Model):
    """条例18: what was found when something not disclosed was looked at again, and why."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    still_withheld = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.item_id} {self.at}"


class CorrectionRequest(models.Model):
    """Somebody named on a public page asks to correct or delete (个保法45–47). Contact data is kept apart from facts."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="correction_requests")
    kind = models.CharField(max_length=10)  # correct | delete
    contact = models.CharField(max_length=200)
    words = models.TextField(max_length=2000)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"
