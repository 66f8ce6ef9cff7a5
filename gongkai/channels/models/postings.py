"""One row for each item at each channel: what should be there, and what is. Every attempt is kept beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.channels.states import STATES, VERBS
from gongkai.disclosure.models import Item, Release
from gongkai.files.models import Blob


class Posting(models.Model):
    """An item at a channel. The two halves are compared, never assumed equal.

    wanted:  the state (`contract.PublicItem.state`) that should be there, "" for nothing; `release` it belongs to
    carried: the state that was last handed over, "" for nothing there; `receipt` finds it again

    An older version cannot overwrite a newer one: what is sent is always what is wanted at that moment.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="postings")
    channel = models.CharField(max_length=24)
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    wanted = models.CharField(max_length=64, blank=True)
    carried = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12)
    receipt = models.JSONField(default=dict)
    problem = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    position = models.BigIntegerField(default=0)  # of the fact that last changed what is wanted
    wanted_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    verb = models.CharField(max_length=8, blank=True)  # of the claim
    handing = models.CharField(max_length=64, blank=True)  # the state the claim hands over
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "channel"], name="posting_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="posting_state"),
            models.CheckConstraint(condition=~Q(state="sending") | ~Q(claim=""), name="posting_sending_claimed"),
        ]
        indexes = [models.Index(fields=["channel", "state", "next_at"], name="posting_due")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.channel} {self.state}"

    @property
    def is_settled(self) -> bool:
        """Is there what should be there?"""
        return self.wanted == self.carried and self.state in ("confirmed", "recalled")


class Attempt(models.Model):
    """One try at a channel and how it ended. Never changed, never removed."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="tries")
    verb = models.CharField(max_length=8)
    carried = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12)  # a state, or not_sent
    problem = models.CharField(max_length=40, blank=True)
    receipt = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(verb__in=sorted(VERBS)), name="attempt_verb")]

    def __str__(self) -> str:
        return f"{self.verb} {self.outcome}"


class Route(models.Model):
    """Channels chosen for one item instead of what its catalogue entry says; the newest row counts."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="routes")
    channels = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return "、".join(self.channels)


class HandRecord(models.Model):
    """Carried by hand (公报, 发布会, 广播, 入户 …): what, where, when, with a link or a scan. Corrections are new rows."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="hand_records")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=40)
    verb = models.CharField(max_length=8)  # deliver | recall
    on = models.DateField()
    words = models.CharField(max_length=300)
    link = models.CharField(max_length=500, blank=True)
    scan = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(verb__in=["deliver", "recall"]), name="hand_record_verb")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.on}"
