"""The papers of a request: documents that were issued, and files that were put in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages.foi.matter import covered
from gongkai.foi.documents import KINDS
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.queries.papers import papers_of
from gongkai.foi.queries.sealed import file_name, particulars

#: Made of the applicant's data: opened by those who handle the request, and each look is a fact.
PERSONAL: Final = ("identity", "request", "clarification", "correction", "proof", "sealed", "dossier")


def paper_rows(case: FoiRequest) -> list[dict[str, Any]]:
    """Issued documents in their order."""
    return [
        {
            "serial": paper.serial,
            "title": KINDS[paper.kind].title,
            "to": paper.consultation.label if paper.consultation else "",
            "at": paper.at,
            "by": paper.by.name if paper.by else _("申请人"),
            "open": reverse("desk:case_paper", args=[case.number, paper.serial]),
            "docx": reverse("desk:case_paper_file", args=[case.number, paper.serial, "docx"]),
            "pdf": reverse("desk:case_paper_file", args=[case.number, paper.serial, "pdf"]),
        }
        for paper in papers_of(case)
    ]


def file_rows(case: FoiRequest, *, handles: bool) -> list[dict[str, Any]]:
    """Files as the page lists them; a name may tell who asked, so it is covered like any other text."""
    told = particulars(case.applicant)
    rows = []
    for file in case.files.select_related("request__key", "copy").order_by("pk"):
        personal = file.kind in PERSONAL
        rows.append(
            {
                "kind": _("提供用副本，第 %(n)d 份") % {"n": file.copy.number} if file.copy else FILE_KINDS[file.kind],
                "name": shown_name(file) if personal else covered(file_name(file), told),
                "size": file.size,
                "at": file.added_at,
                "personal": personal,
                "url": reverse("desk:case_file", args=[case.number, file.pk]) if handles or not personal else "",
            }
        )
    return rows


def shown_name(file: CaseFile) -> str:
    """A paper with personal data goes by its kind alone."""
    return f"{FILE_KINDS[file.kind]}{PurePath(file_name(file)).suffix.lower()}"
