"""The reply: working copy, frozen versions, the seal bound to one, and its delivery."""

from django.conf import settings
from django.db import models

from gongkai.foi.models.cases import CaseFile, FoiRequest
from gongkai.review.models import Case


class ReplyDraft(models.Model):
    """The working copy: answers of the decision tree, facts found, fields of the letter, text. All sealed."""

    request = models.OneToOneField(FoiRequest, on_delete=models.PROTECT, related_name="draft")
    content = models.BinaryField()  # sealed JSON of replying.Composition
    reply_code = models.CharField(max_length=4)
    ground = models.CharField(max_length=6, blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reply_code


class ReplyVersion(models.Model):
    """A reply as sent to sign-off. Never changed, never removed; `digest` is over the opened content and its salt."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    reply_code = models.CharField(max_length=4)
    ground = models.CharField(max_length=6, blank=True)
    # Codes of findings that need a reason; the reasons are in the content.
    explained = models.JSONField(default=list)
    # Codes of faults that no rewriting can mend, such as being late.
    faults = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="foi_reply_version_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number}"


class SealedCopy(models.Model):
    """The stamped letter, bound to the digest that was signed, by somebody other than its author."""

    version = models.OneToOneField(ReplyVersion, on_delete=models.PROTECT, related_name="sealed_copy")
    digest = models.CharField(max_length=64)
    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Delivery(models.Model):
    """How and when the signed reply reached the applicant, with proof (国办公开办函〔2016〕235号)."""

    request = models.OneToOneField(FoiRequest, on_delete=models.PROTECT, related_name="delivered")
    version = models.OneToOneField(ReplyVersion, on_delete=models.PROTECT, related_name="delivered")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=12)
    on = models.DateField()
    proof = models.BinaryField()  # sealed text: slip number, signature, message
    file = models.ForeignKey(CaseFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} {self.on}"
