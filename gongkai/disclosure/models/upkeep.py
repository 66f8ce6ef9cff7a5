"""What is set for a later instant, and what keeps released information right: looks, 清理."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.disclosure.models.items import Item
from gongkai.disclosure.models.releases import Release

WAITING, DONE, CANCELLED, MOVED = "waiting", "done", "cancelled", "moved"
SCHEDULE_STATES = {WAITING: "等待发布", DONE: "已发布", CANCELLED: "已取消", MOVED: "已改期"}


class Schedule(models.Model):
    """Not before this instant. Bound to the item, not to a text: what is reviewed by then is what goes out.

    One waits at most; those that ended stay. A release before `due_at` of a waiting one is impossible.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="schedules")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    reason = models.CharField(max_length=300, blank=True)  # why it was moved or cancelled
    release = models.OneToOneField(Release, null=True, blank=True, on_delete=models.PROTECT, related_name="schedule")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(state=WAITING), name="schedule_one_waiting"),
            models.CheckConstraint(condition=Q(state__in=sorted(SCHEDULE_STATES)), name="schedule_state"),
            models.CheckConstraint(
                condition=Q(state=WAITING) | Q(ended_at__isnull=False), name="schedule_ended_has_instant"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class Look(models.Model):
    """A person looked at a released text and found it still right, and why. Never changed, never removed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="looks")
    reason = models.CharField(max_length=500)
    next_on = models.DateField()  # as law/upkeep.py computed it from this day
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.release_id} {self.at:%Y-%m-%d}"


class Cleaning(models.Model):
    """清理: an organ goes through its normative documents; the decided result is published as an item of its own."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="cleanings")
    title = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    closes_on = models.DateField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The draft that carries the result lists through review; None until everything is decided.
    result = models.OneToOneField(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="result_of")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class CleaningLine(models.Model):
    """One document of a campaign and what was decided: 继续有效, 修改, 废止 or 失效 (law/cleaning.py).

    `effect`: "" until the result list is public, then done, or unsettled until a person has
    seen to it (settled), once for all.
    """

    cleaning = models.ForeignKey(Cleaning, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="cleaning_lines")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, blank=True)  # keep | amend | abolish | lapse
    reason = models.CharField(max_length=500, blank=True)
    # Kept beyond its term: the assessment was made, and the number and the last day under which it is issued anew.
    assessed = models.BooleanField(default=False)
    new_number = models.CharField(max_length=80, blank=True)
    new_valid_until = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_because = models.CharField(max_length=300, blank=True)  # not on the list the data gave
    dropped_because = models.CharField(max_length=300, blank=True)  # no longer on the list
    effect = models.CharField(max_length=10, blank=True)
    effect_told = models.CharField(max_length=300, blank=True)
    effect_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="", effect_at=None)
                | Q(effect__in=["done", "unsettled", "settled"], effect_at__isnull=False),
                name="cleaning_effect_known",
            ),
            models.UniqueConstraint(fields=["cleaning", "item"], name="cleaning_line_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["", "keep", "amend", "abolish", "lapse"]), name="cleaning_decision_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cleaning_id} {self.item_id} {self.decision}"
