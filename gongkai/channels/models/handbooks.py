"""便民手册: the chosen set, each edition that was made of it, and the copies that were printed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.disclosure.models import Item, Release
from gongkai.files.models import Blob

PAPERS = {"A5": "A5（口袋手册）", "A4": "A4"}
CHAPTERS = {"hand": "自己写章名", "heading": "按公开类别分章", "column": "按栏目分章"}

REPLACED, DESTROYED, AMENDED = "replaced", "destroyed", "amended"
ENDINGS = {
    REPLACED: "已换成新版",
    DESTROYED: "已收回销毁",
    AMENDED: "已附更正页，继续使用",
}


class Handbook(models.Model):
    """A set of released items for the hand. Everything in it but its title stands in releases.

    `claim` is held while an edition is being made: making takes longer than a transaction may.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="handbooks")
    title = models.CharField(max_length=60)
    subtitle = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    paper = models.CharField(max_length=4, default="A5")
    chapters = models.CharField(max_length=10, default="hand")
    published = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)  # rises with every change of the set or the imprint
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)  # why the last making failed

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(paper__in=sorted(PAPERS)), name="handbook_paper"),
            models.CheckConstraint(condition=Q(chapters__in=sorted(CHAPTERS)), name="handbook_chapters"),
        ]

    def __str__(self) -> str:
        return self.title


class HandbookItem(models.Model):
    """An item somebody chose, at its place. `chapter` counts where the chapters are written by hand."""

    handbook = models.ForeignKey(Handbook, on_delete=models.PROTECT, related_name="chosen")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    chapter = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["handbook", "item"], name="handbook_item_once")]

    def __str__(self) -> str:
        return f"{self.handbook_id} {self.item_id}"


class Edition(models.Model):
    """What was made of the set at an instant. `made_from` stands for everything on its pages; no file when it is empty."""

    handbook = models.ForeignKey(Handbook, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_from = models.CharField(max_length=64)
    blob = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["handbook", "number"], name="edition_once"),
            models.CheckConstraint(condition=Q(blob__isnull=False) | Q(pages=0), name="edition_empty_without_file"),
        ]

    def __str__(self) -> str:
        return f"{self.handbook_id} 第 {self.number} 版"


class EditionPlace(models.Model):
    """Which release of which item stands in an edition, and on which page it begins."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="places")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=64)  # as `Posting.carried`
    order = models.PositiveIntegerField()
    chapter = models.CharField(max_length=60, blank=True)
    page = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["edition", "item"], name="edition_place_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.item_id} {self.page}"


class PrintRun(models.Model):
    """Copies of an edition on paper: how many, where they were handed out, by whom. Stays as it was written."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="runs")
    copies = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(copies__gt=0), name="print_run_some")]

    def __str__(self) -> str:
        return f"{self.place} {self.copies}"


class PrintEnding(models.Model):
    """What was done about printed copies that are out of date. `amended` holds for what had changed until then."""

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="endings")
    verb = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(verb__in=sorted(ENDINGS)), name="print_ending_verb")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.verb}"
