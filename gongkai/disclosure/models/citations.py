"""Which documents a text names, and by what names the documents of this house are named."""

from django.db import models

from gongkai.disclosure.models.content import Version
from gongkai.disclosure.models.items import Item


class CitableName(models.Model):
    """How other texts name an item: number and title of the text in front, as the keys of chinese/cited.py.

    `tail` is the number without its organ code, by which it is looked up.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="citable")
    number = models.CharField(max_length=100, blank=True)
    tail = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tail"], name="citable_tail"),
            models.Index(fields=["title"], name="citable_title"),
        ]

    def __str__(self) -> str:
        return self.number or self.title


class Citation(models.Model):
    """A document that a frozen text names, once for each name; `times` counts how often. Follows the ledger and may be
    made anew at any time.

    `written`, `number` are as the text has them; `tail`, `title` are keys. `ends`: every place says that the document
    is abolished or has lapsed, so that naming it is right. `target`: the item of this house it is, if it is one.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="citations")
    order = models.PositiveIntegerField()
    written = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=100, blank=True)
    tail = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=20)  # title | body | attachment:<order>
    excerpt = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    ends = models.BooleanField(default=False)
    target = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="cited_in")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="citation_order_once")]
        indexes = [
            models.Index(fields=["tail"], name="citation_tail"),
            models.Index(fields=["title"], name="citation_title"),
        ]

    def __str__(self) -> str:
        return self.written or self.number
