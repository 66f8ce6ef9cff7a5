"""The words of an item: a draft that changes and versions that never do."""

from django.conf import settings
from django.db import models

from gongkai.disclosure.models.items import Item
from gongkai.files.models import Blob
from gongkai.scanning.models import FileCopy

OPENNESS = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}


class Content(models.Model):
    """Header block and body, the same for drafts and versions. `body` is clean HTML; images are `asset:<digest>`."""

    title = models.CharField(max_length=300)
    doc_number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    # 联合发文: codes of the other organs; the item's own organ leads (条例10.3).
    co_organs = models.JSONField(default=list, blank=True)
    formed_on = models.DateField(null=True, blank=True)
    # For a revision: the day the information changed; the clock of 条例26 runs from it.
    changed_on = models.DateField(null=True, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    keywords = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=600, blank=True)
    source = models.CharField(max_length=120, blank=True)
    openness = models.CharField(max_length=12, default="proactive")
    ground = models.CharField(max_length=10, blank=True)
    ground_reason = models.TextField(blank=True)
    no_rule_requires = models.BooleanField(default=False)
    effective_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    is_trial = models.BooleanField(default=False)
    names_persons = models.BooleanField(default=False)
    impact_assessment = models.TextField(blank=True)
    # Index numbers of documents this one interprets; both pages show the link.
    interprets = models.JSONField(default=list, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        abstract = True


class AttachedFile(models.Model):
    """A file beside a text: `text` is what search and scan read from it, `inline` marks images inside the body.

    `blob` is the copy that goes out, name and kind are the copy's. `original` is what was handed in and `base` the
    form of it that is marked; neither has any public address. Imported files have no copy until they are revised.
    """

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    original = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    copy = models.ForeignKey(FileCopy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    filename = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    size_note = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    inline = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["order"]

    def __str__(self) -> str:
        return self.filename


class Draft(Content):
    """The text somebody is working on. `revision` rises with every save; a save names the one it was based on."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="draft")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title


class DraftPresence(models.Model):
    """Who has the draft open right now; rows older than a minute say nothing."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.person_id}"


class DraftAttachment(AttachedFile):
    """A file on a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="attachments")

    class Meta(AttachedFile.Meta):
        constraints = [models.UniqueConstraint(fields=["draft", "order"], name="draft_attachment_order_once")]


class Version(Content):
    """A frozen text. Never changed, never removed; `digest` covers every word, date and attached byte."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    body_text = models.TextField(blank=True)
    # The list the item page shows, frozen with the text: order, filename, title, kind, size, size_note, digest.
    files = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="versions")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.number} 版）"


class VersionAttachment(AttachedFile):
    """A file frozen with a version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attachments")

    class Meta(AttachedFile.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="version_attachment_order_once")]


class VersionLink(models.Model):
    """A document this version interprets, by index number: the other end of the two-way link."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="links")
    target = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "target"], name="version_link_once")]

    def __str__(self) -> str:
        return f"{self.version_id} → {self.target}"
