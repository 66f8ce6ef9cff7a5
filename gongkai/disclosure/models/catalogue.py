"""Columns of the site and the catalogue of what must be public."""

from django.db import models

from gongkai.agencies.models import Organ


class Column(models.Model):
    """栏目: where visitors find items; its fields feed the web meta tags and later the freshness indicators."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300)
    keywords = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # 动态 通知 政策 解读 公示 数据 指南 制度 年报
    heading = models.CharField(max_length=10, blank=True)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name


class Catalogue(models.Model):
    """公开事项目录 of an organ for a year. A new year is a new catalogue; entries of old years stay as they were."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="catalogues")
    year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    source_digest = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "revision"], name="catalogue_revision_once"),
            models.UniqueConstraint(fields=["organ"], condition=models.Q(current=True), name="catalogue_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.year}"


class CatalogueEntry(models.Model):
    """One row of 基层政务公开标准目录 (国办发〔2019〕54号): what, on what ground, by when, by whom, where, to whom."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="entries")
    serial = models.PositiveIntegerField()
    level1 = models.CharField(max_length=120)
    level2 = models.CharField(max_length=200, blank=True)
    content = models.TextField()
    basis = models.TextField(blank=True)
    limit_text = models.CharField(max_length=200)
    limit_kind = models.CharField(max_length=20)  # working_days | calendar_days | realtime | month_end | free_text
    limit_n = models.PositiveSmallIntegerField(null=True, blank=True)
    subject_text = models.CharField(max_length=200)
    channels = models.JSONField(default=list)
    audience = models.CharField(max_length=120)
    method = models.CharField(max_length=20)  # proactive | on_request
    level = models.CharField(max_length=40)
    heading = models.CharField(max_length=10)
    column = models.ForeignKey(Column, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        ordering = ["serial"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "serial"], name="entry_serial_once")]

    def __str__(self) -> str:
        return self.level2 or self.level1

    @property
    def label(self) -> str:
        return f"{self.level1}／{self.level2}" if self.level2 else self.level1
