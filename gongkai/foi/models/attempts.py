"""Failed look-ups of cases by code, so that guessing is slowed down."""

from django.db import models


class LookupAttempt(models.Model):
    """One failure. `place` is a keyed digest of the client's network or of the code; neither stands here in clear."""

    place = models.CharField(max_length=80)
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "failed_at"], name="foi_attempt")]

    def __str__(self) -> str:
        return f"{self.failed_at:%Y-%m-%d}"
