"""The only door to the public: releases, and what takes them down again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.disclosure.models.content import Version
from gongkai.disclosure.models.items import Item
from gongkai.review.models import Case

LIVE, REPLACED, WITHDRAWN = "live", "replaced", "withdrawn"


class ImportBatch(models.Model):
    """An existing site's history coming in. Without its row the database lets no imported release through."""

    source_name = models.CharField(max_length=200)
    source_digest = models.CharField(max_length=64)
    fresh = models.BooleanField()  # true: a fresh installation, where no approval is asked for
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by_second = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    released = models.PositiveIntegerField(default=0)
    unreleased = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fresh=True)
                | (
                    Q(approved_by__isnull=False)
                    & Q(approved_by_second__isnull=False)
                    & ~Q(approved_by=models.F("approved_by_second"))
                ),
                name="batch_two_administrators",
            )
        ]

    def __str__(self) -> str:
        return self.source_name


class Release(models.Model):
    """One version made public. `released_at` is the PubDate: set by the system, written by nobody.

    The columns after it repeat what lists filter and sort by, so that a list is one query over one index.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="release")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="releases")
    digest = models.CharField(max_length=64)
    basis = models.CharField(max_length=10)  # review | emergency | import
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    released_at = models.DateTimeField()
    # What the site says of when an imported text was first published elsewhere; never our PubDate.
    published_elsewhere_on = models.DateField(null=True, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    standing = models.CharField(max_length=10, default=LIVE)
    withdrawn_as = models.CharField(max_length=12, blank=True)
    # Listed: what browsing and search may show (live, or readable under a banner).
    listed = models.BooleanField(default=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="releases")
    heading = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    column_slug = models.CharField(max_length=60, blank=True)
    column_kind = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(standing__in=[LIVE, WITHDRAWN]), name="release_one_in_front"
            ),
            models.CheckConstraint(condition=Q(basis__in=["review", "emergency", "import"]), name="release_basis"),
            models.CheckConstraint(
                condition=Q(standing__in=[LIVE, REPLACED, WITHDRAWN]), name="release_standing_known"
            ),
        ]
        indexes = [
            models.Index(fields=["listed", "-released_at", "-id"], name="release_newest"),
            models.Index(fields=["listed", "heading", "-released_at", "-id"], name="release_heading"),
            models.Index(fields=["listed", "organ", "-released_at", "-id"], name="release_organ"),
            models.Index(fields=["listed", "theme", "-released_at", "-id"], name="release_theme"),
            models.Index(fields=["listed", "column_slug", "-released_at", "-id"], name="release_column"),
            models.Index(fields=["listed", "year", "-released_at", "-id"], name="release_year"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.standing}"


class Withdrawal(models.Model):
    """Why a release was taken down, and what replaced it."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=12)
    explanation = models.TextField(blank=True)
    basis = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    effective_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.reason
