"""The queue of notices: which step of which request, which mail of which subscription, by which way; and who subscribed.

No address, name or text stands in a plain column.
"""

from django.db import models
from django.db.models import Q

from gongkai.foi.models import DataKey, FoiRequest
from gongkai.notices.states import STATES, WAYS
from gongkai.notices.subscribing import ASKED, CONFIRMED, ENDED, STANDINGS


class Subscription(models.Model):
    """A mail address that is told what becomes public. Nothing but one question goes to it until its owner confirmed.

    `sealed` holds address and token (SM4-GCM under `key`), `address_digest` is keyed and equal for the same address,
    `token_digest` that of the random token in the links of its mails. All that is personal is gone once it has ended.
    `choices`: filter → values as on the lists of the portal; none for everything. Told up to `position` of the ledger.

    No fact is recorded of a subscription: the ledger keeps for ever, and this is somebody's own business.
    """

    state = models.CharField(max_length=10, default=ASKED)
    choices = models.JSONField(default=dict)
    key = models.OneToOneField(DataKey, null=True, on_delete=models.PROTECT, related_name="subscription")
    sealed = models.BinaryField()
    address_digest = models.CharField(max_length=80, blank=True, db_index=True)
    token_digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=10, blank=True)
    position = models.BigIntegerField(default=0)
    planned_on = models.DateField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(STANDINGS)), name="subscription_state"),
            models.CheckConstraint(
                condition=~Q(state=CONFIRMED) | Q(confirmed_at__isnull=False), name="subscription_confirmed_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=ENDED) | Q(key__isnull=True, address_digest="", ended_at__isnull=False),
                name="subscription_ended_is_erased",
            ),
            models.UniqueConstraint(
                fields=["address_digest"], condition=Q(state=CONFIRMED), name="subscription_one_an_address"
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_on"], name="subscription_due")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class OutgoingNotice(models.Model):
    """One notice to one applicant or one subscriber. Address and text are made from what is sealed when it is sent.

    `position` is that of the fact it announces, so that a fact read twice is announced once by each way; of a digest
    it is the last one it covers, behind `since`. What has a `rank` goes out after what has a lower one. `claim` is the
    random mark of the process that is sending it; `problem` a code of `states.PROBLEMS`, never a server's own words,
    which may repeat the address.
    """

    request = models.ForeignKey(FoiRequest, null=True, on_delete=models.PROTECT, related_name="notices")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=14)
    way = models.CharField(max_length=4)
    position = models.BigIntegerField()
    since = models.BigIntegerField(default=0)
    rank = models.PositiveSmallIntegerField(default=0)
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
            models.UniqueConstraint(
                fields=["position", "way"], condition=Q(request__isnull=False), name="notices_fact_once"
            ),
            models.UniqueConstraint(
                fields=["subscription", "kind", "position"],
                condition=Q(subscription__isnull=False),
                name="notices_mailing_once",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=Q(request__isnull=False, subscription__isnull=True)
                | Q(request__isnull=True, subscription__isnull=False),
                name="notices_about_one",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="notices_state"),
            models.CheckConstraint(condition=Q(way__in=sorted(WAYS)), name="notices_way"),
            models.CheckConstraint(
                condition=Q(state="queued", next_at__isnull=False) | ~Q(state="queued"), name="notices_queued_when"
            ),
        ]
        indexes = [models.Index(fields=["way", "state", "rank", "next_at"], name="notices_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.way} {self.state}"

    @property
    def reference(self) -> str:
        """The same at every attempt, so that the other side can tell a repetition."""
        if self.subscription_id is not None:
            return f"mailing-{self.subscription_id}-{self.kind}-{self.position}"
        return f"notice-{self.position}-{self.way}"
