"""Near-identical requests answered together; each keeps its own clock, letter and delivery."""

from django.conf import settings
from django.db import models

from gongkai.agencies.models import Organ
from gongkai.foi.models.cases import FoiRequest


class Batch(models.Model):
    """`lead` is the request whose reply is written; the others take its answers, findings and text."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="foi_batches")
    lead = models.OneToOneField(FoiRequest, on_delete=models.PROTECT, related_name="leads_batch")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.lead.number


class BatchMember(models.Model):
    """A request in a batch, the leading one too. A request is in one batch at most."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="members")
    request = models.OneToOneField(FoiRequest, on_delete=models.PROTECT, related_name="batch_member")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id}"
