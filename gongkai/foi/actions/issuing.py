"""Write a document of a case into its file, word for word, in the transaction of the verb that owes it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.foi.documents import Document, as_dict, missing
from gongkai.foi.models import CaseStep, Consultation, FoiRequest, IssuedPaper
from gongkai.foi.queries.papers import PLACE, draft_document
from gongkai.foi.queries.sealed import sealed_json
from gongkai.law.verdicts import Refusal, Refused
from gongkai.ledger.canonical import digest


def issue(
    case: FoiRequest, kind: str, *, actor: Actor, at: datetime, body: str = "", extra: Mapping[str, Any] | None = None,
    step: CaseStep | None = None, consultation: Consultation | None = None,
) -> IssuedPaper:  # fmt: skip
    """From the template of its kind; `body` is the officer's own wording of the paragraphs."""
    made = draft_document(case, kind, dated=timezone.localtime(at).date(), body=body, extra=extra)
    return issue_document(case, made, actor=actor, at=at, step=step, consultation=consultation)


def issue_document(
    case: FoiRequest, made: Document, *, actor: Actor, at: datetime, step: CaseStep | None = None,
    consultation: Consultation | None = None,
) -> IssuedPaper:  # fmt: skip
    """Refused while something in the document is still open."""
    if still := missing(made):
        raise Refusal(Refused("document_incomplete", f"“{made.title}”还缺：{'、'.join(still)}。请补全后再办理。"))
    content = {"document": as_dict(made), "salt": secrets.token_hex(16)}
    serial = (case.papers.aggregate(m=Max("serial"))["m"] or 0) + 1
    return IssuedPaper.objects.create(
        request=case, kind=made.kind, serial=serial, content=sealed_json(case.key, content, PLACE),
        digest=digest(content), step=step, consultation=consultation, by_id=actor.person_id, at=at,
    )  # fmt: skip
