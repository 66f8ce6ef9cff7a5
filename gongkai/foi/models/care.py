"""What comes after the reply: rating, complaint, correction of records."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.foi.models.cases import CaseFile, FoiRequest

GRADES = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
#: What becomes of a correction (条例41): corrected; not true; handed on; told where to ask.
CORRECTION_DECISIONS = {
    "corrected": "属实，予以更正",
    "unfounded": "审核不属实，不予更正",
    "transferred": "转送有权更正的机关",
    "told": "告知向有权更正的机关提出",
}


class Rating(models.Model):
    """How satisfied the applicant is with the handling. Once."""

    request = models.OneToOneField(FoiRequest, on_delete=models.PROTECT, related_name="rating")
    grade = models.PositiveSmallIntegerField()
    text = models.BinaryField(default=bytes)  # sealed text
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(grade__in=sorted(GRADES)), name="foi_rating_grade")]

    def __str__(self) -> str:
        return GRADES[self.grade]


class Complaint(models.Model):
    """To the office that supervises the agency (条例47). `to_organ` is fixed when it is made; one open at a time."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="complaints")
    to_organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="foi_complaints")
    text = models.BinaryField()  # sealed text
    made_at = models.DateTimeField()
    answer = models.BinaryField(default=bytes)  # sealed text
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at__isnull=True), name="foi_one_open_complaint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class RecordCorrection(models.Model):
    """The applicant shows that what the agency recorded about them is wrong (条例41)."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="corrections")
    asked_on = models.DateField()
    what = models.BinaryField()  # sealed text
    evidence = models.ForeignKey(CaseFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=12, blank=True)
    reason = models.BinaryField(default=bytes)  # sealed text
    other_organ = models.CharField(max_length=120, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | Q(decision__in=sorted(CORRECTION_DECISIONS)), name="foi_correction_decision"
            ),
            models.UniqueConstraint(fields=["request"], condition=Q(decision=""), name="foi_one_open_correction"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_on}"
