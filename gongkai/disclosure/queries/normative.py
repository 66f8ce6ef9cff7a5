"""Which released items of an organ are its normative documents (规范性文件)."""

from __future__ import annotations

from django.db.models import Q

from gongkai.agencies.models import Organ
from gongkai.disclosure.models import Cleaning, Release
from gongkai.law.cleaning import NORMATIVE_HEADINGS, NORMATIVE_KINDS, is_normative
from gongkai.law.validity import NormativeDocument


def normative_documents(organ: Organ) -> list[Release]:
    """Live releases of the organ that count as normative documents by law/cleaning.py, by day of formation.

    The result lists of campaigns are none, whatever they are called.
    """
    rows = Release.objects.filter(organ=organ, standing="live").exclude(version__doc_number="")
    rows = rows.filter(Q(heading__in=NORMATIVE_HEADINGS) | Q(column_kind__in=NORMATIVE_KINDS))
    rows = rows.exclude(item__in=Cleaning.objects.filter(result__isnull=False).values("result"))
    rows = rows.select_related("item__section", "version").defer("version__body", "version__body_text")
    return [row for row in rows.order_by("version__formed_on", "pk") if counts(row)]


def counts(release: Release) -> bool:
    """Is this released text a normative document?"""
    version = release.version
    return is_normative(
        title=version.title, doc_number=version.doc_number, heading=release.heading, column_kind=release.column_kind,
        effective_from=version.effective_from, valid_until=version.valid_until, interprets=version.interprets,
    )  # fmt: skip


def facts_of(release: Release) -> NormativeDocument:
    """The dated facts that law/validity.py asks for."""
    version = release.version
    return NormativeDocument(version.effective_from, version.valid_until, version.is_trial)
