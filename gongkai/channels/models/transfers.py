"""条例25: what was handed over to archives, libraries and service halls, list by list."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.disclosure.models import Item, Release
from gongkai.files.models import Blob

RECEIVERS = {"archive": "国家档案馆", "library": "公共图书馆", "hall": "政务服务场所"}
RELEASED, TAKEN_BACK = "released", "taken_back"
LINE_KINDS = {RELEASED: "移交", TAKEN_BACK: "撤回通知"}


class Receiver(models.Model):
    """Who is given the lists of an organ, with those of the organs below it where `with_below`.

    `starts_on`: what was released before that day was handed over before this register was kept.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="receivers")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    with_below = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["organ", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=sorted(RECEIVERS)), name="receiver_kind"),
            models.UniqueConstraint(fields=["organ", "name"], name="receiver_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """A list as it was made; `digest` covers its lines. One waits for its handing over at most, a wrong one is given up."""

    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="transfers")
    number = models.PositiveIntegerField()
    until = models.DateField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_up_at = models.DateTimeField(null=True, blank=True)
    given_up_reason = models.CharField(max_length=300, blank=True)
    handed_over_on = models.DateField(null=True, blank=True)
    receipt_number = models.CharField(max_length=60, blank=True)
    scan = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["receiver", "number"], name="transfer_once"),
            models.UniqueConstraint(
                fields=["receiver"],
                condition=Q(given_up_at__isnull=True, handed_over_on__isnull=True),
                name="transfer_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(given_up_at__isnull=True) | Q(handed_over_on__isnull=True), name="transfer_one_end"
            ),
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True) | ~Q(receipt_number="") | Q(scan__isnull=False),
                name="transfer_with_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver_id} 第 {self.number} 号"


class TransferLine(models.Model):
    """One line of a list, in the words it was made with. Never changed, never removed."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    index_number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    doc_number = models.CharField(max_length=80, blank=True)
    formed_on = models.DateField(null=True, blank=True)
    released_on = models.DateField()
    extent = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "order"], name="transfer_line_once"),
            models.CheckConstraint(condition=Q(kind__in=sorted(LINE_KINDS)), name="transfer_line_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.order}"
