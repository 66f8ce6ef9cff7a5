"""Notices that were imported, and the batches of due dates that moved because of one."""

from django.db import models


class CalendarYear(models.Model):
    """One year's arrangement. It stands before the shipped table of the same year.

    `organ_code` is empty for the State Council's notice; else the organ whose subtree has these local days
    (民族自治地方). The code is plain text: this layer does not read the organs' table.
    """

    year = models.PositiveSmallIntegerField()
    organ_code = models.CharField(max_length=40, blank=True, default="")
    status = models.CharField(max_length=12, default="official")  # official | provisional
    source = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["organ_code", "year"]
        constraints = [
            models.UniqueConstraint(fields=["year", "organ_code"], name="calendar_year_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["official", "provisional"]), name="calendar_year_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.organ_code}".strip()


class CalendarDay(models.Model):
    """One day the notice names; it may lie in the last weeks of the year before."""

    calendar_year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=4)  # off | work
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar_year", "on"], name="calendar_day_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["off", "work"]), name="calendar_day_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class DeadlineBatch(models.Model):
    """The due dates of one capability that moved with one change of calendar; its digest stands in the ledger."""

    capability = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.capability} {self.digest[:12]}"


class DeadlineChange(models.Model):
    """One due date that moved: whose, from when, to when (empty where there is or was none)."""

    batch = models.ForeignKey(DeadlineBatch, on_delete=models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=100)
    old = models.DateField(null=True)
    new = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.old} → {self.new}"
