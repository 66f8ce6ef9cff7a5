"""What became of a request: its one line of the annual report, and the remedies taken against it."""

from django.db import models
from django.db.models import Q

from gongkai.foi.models.cases import FoiRequest
from gongkai.foi.particulars import COLUMNS
from gongkai.law.report_form import LITIGATION_ROWS, READABLE_ROWS

REMEDY_RESULTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}
LEAVES = sorted(code for code, row in READABLE_ROWS.items() if row.is_leaf and code != "other_all")


class Outcome(models.Model):
    """The one line of table 3, with the applicant's column, counted on `decided_on`.

    A request given up that is taken up again keeps its line as void; at most one line of a request stands.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="outcomes")
    reply_code = models.CharField(max_length=4)
    ground = models.CharField(max_length=6, blank=True)
    report_row = models.CharField(max_length=20)
    column = models.CharField(max_length=14)
    decided_on = models.DateField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(voided_at__isnull=True), name="foi_one_standing_outcome"
            ),
            models.CheckConstraint(condition=Q(report_row__in=LEAVES), name="foi_outcome_row"),
            models.CheckConstraint(condition=Q(column__in=sorted(COLUMNS)), name="foi_outcome_column"),
        ]
        indexes = [models.Index(fields=["decided_on"], name="foi_decided")]

    def __str__(self) -> str:
        return f"{self.report_row} {self.column}"


class Remedy(models.Model):
    """Review or litigation. `kind` is a row of table 4; `result` empty while pending."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=14)
    body = models.CharField(max_length=120)  # the review organ or court
    docket = models.BinaryField()  # sealed: its case number
    filed_on = models.DateField()
    result = models.CharField(max_length=10, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    redo_by = models.DateField(null=True, blank=True)  # the day until which a new reply was ordered
    note = models.BinaryField(default=bytes)  # sealed text

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=sorted(LITIGATION_ROWS)), name="foi_remedy_kind"),
            models.CheckConstraint(
                condition=Q(result="", concluded_on__isnull=True)
                | Q(result__in=sorted(REMEDY_RESULTS), concluded_on__gte=models.F("filed_on")),
                name="foi_remedy_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.result}"
