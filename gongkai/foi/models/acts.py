"""Acts along the way: consultations, extensions, fees, searches."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.foi.models.cases import CaseStep, FoiRequest

CONSULTED = {"third_party": "第三方", "agency": "其他机关"}
POSITIONS = {"agreed": "同意公开", "objected": "不同意公开", "undelivered": "无法送达"}
DECISIONS = {"approved": "同意", "refused": "不同意"}


class Consultation(models.Model):
    """One party asked (条例32、34、11). `label` stands for the party in steps and facts; the name is sealed.

    `reasonable` is the agency's finding on an objection (条例32); None: not examined.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="consultations")
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=20)
    basis = models.CharField(max_length=4, blank=True)  # 34 | 11 for agencies
    party = models.BinaryField()  # sealed name
    party_digest = models.CharField(max_length=80, blank=True)
    letter = models.BinaryField()  # sealed text: what is asked
    asked = models.OneToOneField(CaseStep, on_delete=models.PROTECT, related_name="asks")
    answered = models.OneToOneField(CaseStep, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    position = models.CharField(max_length=12, blank=True)
    answer = models.BinaryField(default=bytes)  # sealed text
    reasonable = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "label"], name="foi_party_label_once"),
            models.CheckConstraint(condition=Q(kind__in=sorted(CONSULTED)), name="foi_consulted_kind"),
        ]

    def __str__(self) -> str:
        return self.label


class Proposal(models.Model):
    """Somebody proposes, somebody else decides, once."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="%(class)ss")
    reason = models.BinaryField()  # sealed text
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=8, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.BinaryField(default=bytes)  # sealed text
    step = models.OneToOneField(CaseStep, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Extension(Proposal):
    """延长答复期限 (条例33.2)."""

    working_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(decision=""), name="foi_extension_one_proposal"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="foi_extension_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.working_days}"


class Fee(Proposal):
    """信息处理费 (条例42; 国办函〔2020〕109号). `yuan` is what law computed, never what somebody typed."""

    method = models.CharField(max_length=6)
    already = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField()
    yuan = models.PositiveIntegerField()
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(decision=""), name="foi_fee_one_proposal"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="foi_fee_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.yuan}"


class SearchRecord(models.Model):
    """What was searched (条例36(4)): where, how, by whom, when, with what result. The last one counts."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="searches")
    content = models.BinaryField()  # sealed JSON: places, terms, result
    found = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.on}"
