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
