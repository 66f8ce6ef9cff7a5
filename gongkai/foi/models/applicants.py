"""Who asked: data keys, applicants, submissions, and the number sequences."""

from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.foi.particulars import COLUMNS


class DataKey(models.Model):
    """A small SM4 key, wrapped by a master key. Destroying it (`wrapped` empty) erases all that was sealed with it."""

    master_id = models.CharField(max_length=12)
    wrapped = models.CharField(max_length=120, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["master_id"])]

    def __str__(self) -> str:
        return f"{self.master_id} {self.pk}"


class Applicant(models.Model):
    """Who made one submission, as told then. Nothing personal stands in a plain column.

    `digest` is keyed and equal for the same identity, so that all requests of one applicant are found; "" once erased.
    """

    column = models.CharField(max_length=14)
    key = models.OneToOneField(DataKey, on_delete=models.PROTECT, related_name="applicant")
    particulars = models.BinaryField()  # sealed JSON of particulars.Particulars
    digest = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["digest"])]
        constraints = [models.CheckConstraint(condition=Q(column__in=sorted(COLUMNS)), name="foi_applicant_column")]

    def __str__(self) -> str:
        return COLUMNS[self.column]


class Submission(models.Model):
    """One form sent in, which may hold several items. Sent again with the same key it is the same submission."""

    key_digest = models.CharField(max_length=80, unique=True)
    content_digest = models.CharField(max_length=80)
    master_id = models.CharField(max_length=12)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_digest[:20]


class NumberSequence(models.Model):
    """The last serial given out by an organ in a year, for cases (`case`) or reply letters (`reply`)."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "kind", "year"], name="foi_sequence_once")]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.kind} {self.year}"
