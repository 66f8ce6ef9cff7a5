"""What a scan found in one frozen text, and how a reviewer answered."""

from django.conf import settings
from django.db import models

ANSWERS = {
    "remove": "须删改，退回拟稿",
    "lawful": "依法应当公开，写明依据",
    "mistaken": "判断有误，不是此类信息",
}


class Scan(models.Model):
    """One scan of one digest with one version of the rules."""

    digest = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "rules_version"], name="scan_once")]

    def __str__(self) -> str:
        return self.digest[:12]


class ScanFinding(models.Model):
    """A place in the text. Only the masked form is kept here; the text itself stays in the version.

    place: "title", "summary", "body" or "attachment:<order>"; start and end count characters of that place's text.
    """

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    family = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # Further places of a finding that stands for several: [start, end] each.
    more = models.JSONField(default=list)
    shown = models.CharField(max_length=200)
    article = models.CharField(max_length=200)
    sentence = models.CharField(max_length=400)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scan", "number"], name="finding_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class FindingAnswer(models.Model):
    """A reviewer's answer to a finding; a later answer by the same step stands beside the earlier, newest counts."""

    finding = models.ForeignKey(ScanFinding, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.answer


class Redaction(models.Model):
    """One original and what is to be covered before a copy of it may leave.

    The bytes lie with whoever owns the file (an item, a request); `digest` tells them apart. `base_kind` is the form
    that is marked and copied: a text document is marked as the PDF made of it. `pages` holds width and height in
    points (pixels for a picture). `hidden` lists what a reader does not see and every copy leaves behind.
    """

    subject = models.CharField(max_length=80)
    digest = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    base_kind = models.CharField(max_length=10)
    pages = models.JSONField(default=list)
    hidden = models.JSONField(default=list)  # {"code", "title", "count", "where"}
    warnings = models.JSONField(default=list)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject"], name="redaction_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"


class RedactionMark(models.Model):
    """Something to cover, decided once, wherever it stands.

    places: {"page", "rect": [x0, y0, x1, y1]} as displayed, {"sheet", "cell"}, or {"start", "end"} of a plain text.
    `shown` is the masked form of what a rule found; the words themselves are not kept.
    """

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10)  # found | drawn | selected
    places = models.JSONField()
    code = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=60)
    shown = models.CharField(max_length=200, blank=True)
    article = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10)  # proposed | accepted | removed
    ground = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["redaction", "number"], name="mark_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "accepted", "removed"]), name="mark_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class FileCopy(models.Model):
    """A copy that was made and withstood the attack on it. Never changed: other marks make another copy.

    `marks` holds what was covered and what was left open, as it was then, without the words.
    """

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    marks = models.JSONField(default=list)
    drawn = models.JSONField(default=list)  # pages that became pictures
    lost = models.JSONField(default=list)  # what could be seen and is not in the copy
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["redaction", "number"], name="copy_number_once")]

    def __str__(self) -> str:
        return self.digest[:12]


class CopyConfirmation(models.Model):
    """A second person held the copy beside the original and found it right."""

    copy = models.OneToOneField(FileCopy, on_delete=models.PROTECT, related_name="confirmation")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.copy_id} {self.person_id}"
