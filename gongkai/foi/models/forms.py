"""The citizen's form before it is sent in: kept across a closed browser, uploads resumed."""

from django.db import models
from django.db.models import Q

from gongkai.files.models import Blob
from gongkai.foi.models.applicants import DataKey, Submission

#: Papers a citizen may attach to the form; codes of cases.FILE_KINDS.
DRAFT_FILE_KINDS = ("identity", "request")


class RequestDraft(models.Model):
    """A form being filled in. Found by the digest of a random token that only the browser holds.

    `submission_key` is fixed when the draft is made: however often it is sent in, it is one submission.
    """

    token_digest = models.CharField(max_length=80, unique=True)
    key = models.OneToOneField(DataKey, on_delete=models.PROTECT, related_name="request_draft")
    content = models.BinaryField()  # sealed JSON: what was filled in so far
    submission_key = models.BinaryField()  # sealed text
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submission = models.OneToOneField(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="request_draft"
    )

    class Meta:
        indexes = [models.Index(fields=["saved_at"], name="foi_draft_saved")]

    def __str__(self) -> str:
        return f"{self.pk}"


class DraftFile(models.Model):
    """A file of the form. While it comes in piece by piece `blob` is empty; `received` is where to go on."""

    draft = models.ForeignKey(RequestDraft, on_delete=models.CASCADE, related_name="files")
    upload_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    filename = models.BinaryField()  # sealed text
    size = models.PositiveIntegerField()  # bytes promised
    received = models.PositiveIntegerField(default=0)
    blob = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=80, blank=True)  # keyed digest of the open bytes
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "upload_id"], name="foi_upload_once"),
            models.CheckConstraint(condition=Q(kind__in=DRAFT_FILE_KINDS), name="foi_draft_file_kind"),
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="foi_upload_not_over"),
        ]

    def __str__(self) -> str:
        return self.kind


class UploadChunk(models.Model):
    """A piece of a file that is coming in; removed once the file is whole."""

    file = models.ForeignKey(DraftFile, on_delete=models.CASCADE, related_name="chunks")
    offset = models.PositiveIntegerField()
    data = models.BinaryField()  # sealed bytes

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["file", "offset"], name="foi_chunk_once")]

    def __str__(self) -> str:
        return f"{self.offset}"
