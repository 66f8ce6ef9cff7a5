"""Facts, the positions a single sealer gives them, the readers' cursors, and signs of life of the workers."""

from django.db import models


class Fact(models.Model):
    """One thing somebody did. Written in the transaction of the act itself, never changed, never removed.

    Holds codes, references and digests only. A person's data, a reason's wording and a document's text
    live in domain rows, so that erasing them there leaves this record whole.
    """

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    organ_code = models.CharField(max_length=40, blank=True)
    actor_code = models.CharField(max_length=40)
    post_code = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"]),
            models.Index(fields=["kind", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Seal(models.Model):
    """The position of a committed fact and its link in the chain.

    `leaf` is the digest of the fact's canonical form, `link` the digest of the former link and this leaf (both
    SHA-256, hex). Given after commit by one sealer, so a fact whose transaction commits late still gets a position
    behind all that readers have passed.
    """

    position = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="seal")
    leaf = models.CharField(max_length=64)
    link = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.position)


class Cursor(models.Model):
    """How far a reader has followed the ledger."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"


class Heartbeat(models.Model):
    """The last sign of life of one worker process; what it looks after is late when no sign is new."""

    worker = models.CharField(max_length=120, primary_key=True)  # machine and process
    began_at = models.DateTimeField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.worker} {self.at}"
