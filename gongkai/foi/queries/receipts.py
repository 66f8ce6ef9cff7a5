"""The receipt of a submission, for whoever still holds its key: case, query code, document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.foi import vault
from gongkai.foi.documents import Document
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import clock_of
from gongkai.foi.queries.papers import draft_document, paper_document


@dataclass(frozen=True, slots=True)
class Receipted:
    """One case of the submission; the code is derived from the key and stored nowhere."""

    case: FoiRequest
    code: str


def receipted(submission_key: str) -> list[Receipted]:
    """The cases of a submission in their order; empty for a key that was never used."""
    rows = FoiRequest.objects.filter(submission__key_digest__in=vault.keyed_any("submission", submission_key))
    rows = rows.select_related("organ", "key", "applicant__key", "submission").order_by("item")
    return [
        Receipted(case, vault.code_for(submission_key, case.item, vault.master(case.submission.master_id)))
        for case in rows
    ]


def receipt_document(case: FoiRequest, *, today: date) -> Document:
    """登记回执: as issued, or as it reads today while the day of receipt is not confirmed."""
    issued = case.papers.select_related("request__key").filter(kind="receipt").order_by("serial").last()
    if issued is not None:
        return paper_document(issued)
    clock = clock_of(case, today)
    extra = {
        "arrived_on": case.arrived_on,
        "due_on": clock.due_on if clock else None,
        "clock_sentence": clock.sentence if clock else "",
    }
    return draft_document(case, "receipt", dated=today, extra=extra)
