"""The queue of notices: which step of which request, by which way; neither address nor name nor text."""

from django.db import models
from django.db.models import Q

from gongkai.foi.models import FoiRequest
from gongkai.notices.states import STATES, WAYS


class OutgoingNotice(models.Model):
    """One notice to one applicant. Address and text are made from the sealed particulars when it is sent.

    `position` is that of the fact it announces, so that a fact read twice is announced once by each way. `claim` is the
    random mark of the process that is sending it; `problem` a code of `states.PROBLEMS`, never a server's own words,
    which may repeat the address.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=14)
    way = models.CharField(max_length=4)
    position = models.BigIntegerField()
    state = models.CharField(max_length=10, default="queued")
    problem = models.CharField(max_length=12, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["position", "way"], name="notices_fact_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="notices_state"),
            models.CheckConstraint(condition=Q(way__in=sorted(WAYS)), name="notices_way"),
            models.CheckConstraint(
                condition=Q(state="queued", next_at__isnull=False) | ~Q(state="queued"), name="notices_queued_when"
            ),
        ]
        indexes = [models.Index(fields=["way", "state", "next_at"], name="notices_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.way} {self.state}"

    @property
    def reference(self) -> str:
        """The same at every attempt, so that the other side can tell a repetition."""
        return f"notice-{self.position}-{self.way}"
