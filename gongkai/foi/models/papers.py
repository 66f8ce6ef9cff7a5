"""Documents that went out, or stand in the file, as they were issued."""

from django.conf import settings
from django.db import models

from gongkai.foi.models.acts import Consultation
from gongkai.foi.models.cases import CaseStep, FoiRequest


class IssuedPaper(models.Model):
    """One document of a case, word for word. Only added; `digest` is over its opened content and salt.

    `step` is the dated step it tells of, `consultation` the party it goes to.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=24)
    serial = models.PositiveSmallIntegerField()
    content = models.BinaryField()  # sealed JSON of documents.Document
    digest = models.CharField(max_length=64)  # over the opened content, salted
    step = models.ForeignKey(CaseStep, null=True, blank=True, on_delete=models.PROTECT, related_name="papers")
    consultation = models.ForeignKey(
        Consultation, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "serial"], name="foi_paper_once")]

    def __str__(self) -> str:
        return self.kind
