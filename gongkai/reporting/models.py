"""Inspections as they came out, and links as they answered."""

from django.conf import settings
from django.db import models


class Inspection(models.Model):
    """All indicators at one instant. results: {code: {"verdict", "value", "threshold", "by", "places", "more"}}."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8)
    results = models.JSONField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.verdict}"


class LinkCheck(models.Model):
    """One address that public pages point to, as it answered last. `fails` counts failures in a row."""

    url = models.CharField(max_length=600, unique=True)
    inside = models.BooleanField()
    checked_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, default="waiting")  # waiting | alive | dead | refused
    told = models.CharField(max_length=120, blank=True)
    fails = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="linkcheck_due")]

    def __str__(self) -> str:
        return self.url


class LinkPlace(models.Model):
    """Which release points to an address, and from where in it (body, attachment)."""

    check_of = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="places")
    item = models.ForeignKey("disclosure.Item", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_of", "item"], name="linkplace_once")]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.check_of_id}"


class Finding(models.Model):
    """Something wrong with a released item that no indicator counts: found by a function, gone when it is not found again.

    kind: a row of `reporting/findings.py`. `told` is the sentence, `data` what the page needs to lead to the mending.
    """

    kind = models.CharField(max_length=30)
    item = models.ForeignKey("disclosure.Item", on_delete=models.PROTECT, related_name="findings")
    key = models.CharField(max_length=120, blank=True)  # tells two findings of one kind at one item apart
    told = models.CharField(max_length=300)
    data = models.JSONField(default=dict)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "item", "key"], condition=models.Q(ended_at__isnull=True), name="finding_open_once"
            )
        ]
        indexes = [models.Index(fields=["ended_at", "kind"], name="finding_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"
