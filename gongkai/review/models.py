"""The plan of steps, the case opened for one digest, its frozen steps, and the opinions given."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.law.review import VERDICTS


class PlanStep(models.Model):
    """A step of the review plan. Rows without organ are the default; an organ's own rows replace it whole."""

    organ = models.ForeignKey(Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="review_plan")
    subject_kind = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=10, default="organ")  # section | organ
    quorum = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["organ", "subject_kind", "order"], name="plan_order_once"),
            models.UniqueConstraint(
                fields=["subject_kind", "order"], condition=Q(organ__isnull=True), name="plan_default_order_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Case(models.Model):
    """The review of one frozen text. `digest` is what every opinion is about."""

    subject_kind = models.CharField(max_length=40)
    subject_key = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="review_cases")
    section = models.ForeignKey("agencies.Section", null=True, on_delete=models.PROTECT, related_name="review_cases")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authored_cases")
    state = models.CharField(max_length=20, default="open")  # open | approved | returned | refused | recalled
    round = models.PositiveSmallIntegerField(default=1)
    current_order = models.PositiveSmallIntegerField(default=0)
    emergency_at = models.DateTimeField(null=True, blank=True)
    emergency_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_key"], name="case_once")]
        indexes = [models.Index(fields=["state", "organ", "current_order"])]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_key}"


class CaseStep(models.Model):
    """A step as it was when the case began; later changes of the plan do not reach it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=10)
    quorum = models.PositiveSmallIntegerField()
    since_round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["case", "order"], name="case_step_once")]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """What one person said at one step about one digest. Never changed, never removed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions")
    post_code = models.CharField(max_length=120)
    verdict = models.CharField(max_length=10)
    return_to = models.PositiveSmallIntegerField(null=True, blank=True)  # step order; 0 = back to drafting
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=sorted(VERDICTS)), name="opinion_verdict_known"),
            # One person speaks once in a round of a case, so never at two steps of it.
            models.UniqueConstraint(fields=["case", "round", "person"], name="opinion_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.verdict}"
