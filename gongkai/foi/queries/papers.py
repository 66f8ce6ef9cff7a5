"""The documents of a case: those issued, and one as it would read if it were issued now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from gongkai.foi.documents import KINDS, Document, compose, document_of, procedure
from gongkai.foi.models import FoiRequest, IssuedPaper, RecordCorrection, ReplyVersion
from gongkai.foi.queries.clock import steps_of
from gongkai.foi.queries.copies import withheld_list, withheld_words
from gongkai.foi.queries.replies import delivery_of, organ_kind
from gongkai.foi.queries.sealed import file_name, json_of, particulars, text_of, version_content, wish
from gongkai.foi.replying import Composition

PLACE = "paper.content"


def papers_of(case: FoiRequest) -> QuerySet[IssuedPaper]:
    """Everything issued, in its order."""
    return case.papers.select_related("by", "step", "consultation").order_by("serial")


def papers_for_applicant(case: FoiRequest) -> list[IssuedPaper]:
    """What the applicant may open; the letters to others and the agency's own proofs are not among it."""
    return [paper for paper in papers_of(case) if KINDS[paper.kind].to_applicant]


def paper_document(paper: IssuedPaper) -> Document:
    """The document as issued. `Unsealable` once the case was erased."""
    return document_of(json_of(paper.request.key, paper.content, PLACE)["document"])


def draft_document(
    case: FoiRequest, kind: str, *, dated: date, body: str = "", extra: Mapping[str, Any] | None = None
) -> Document:
    """How a document of this kind would read; what is not known yet stands as 【…】."""
    return compose(kind, fields_for(case, dated) | dict(extra or {}), body)


def fields_for(case: FoiRequest, dated: date) -> dict[str, Any]:
    """What every document of the case is made from."""
    return {
        "agency": case.organ.name,
        "organ_address": case.organ.address,
        "organ_phone": case.organ.phone,
        "addressee": particulars(case.applicant).name,
        "case_number": case.number,
        "request": wish(case).text,
        "received_on": case.received_on,
        "channel": case.channel,
        "dated": dated,
    }


def correction_fields(asked: RecordCorrection) -> dict[str, Any]:
    """What the answer to a correction says beside the case itself; for one not decided yet the decision is missing."""
    key = asked.request.key
    return {
        "what": text_of(key, asked.what, "correction.what"),
        "asked_on": asked.asked_on,
        "decision": asked.decision,
        "reason": text_of(key, asked.reason, "correction.reason"),
        "other_organ": asked.other_organ,
    }


def reply_fields(case: FoiRequest, made: Composition, ground: str = "", *, dated: date | None = None) -> dict[str, Any]:
    """What the letter of a reply is made from; `dated` goes before the day written in the composition."""
    letter = {k: v for k, v in made.letter.items() if v not in ("", None)}
    written = letter.pop("dated", None)
    day = dated or (date.fromisoformat(written) if written else case.arrived_on)
    if ground and not letter.get("withheld"):
        letter["withheld"] = withheld_words(case, made.files)
    return fields_for(case, day) | letter | _of_steps(case) | {
        "withheld_list": withheld_list(case, made.files),
        "ground": ground,
        "ground_basis": str(made.findings.get("basis") or ""),
        "organ": organ_kind(case, made),
        "review_body": str(made.findings.get("review_body") or ""),
        "delivery": delivery_of(case),
        "files": tuple(names_of(case, made.files)),
    }  # fmt: skip


def composed_reply(case: FoiRequest, made: Composition, reply_code: str, ground: str = "") -> Document:
    """The letter as a composition gives it; `made.text` replaces the paragraphs of the template."""
    return compose(f"reply_{reply_code}", reply_fields(case, made, ground), made.text)


def reply_document(version: ReplyVersion) -> Document:
    """The letter of a frozen version, its paragraphs as frozen; once signed it bears the day of its signing."""
    case, made = version.request, version_content(version)
    newest = not case.replies.filter(number__gt=version.number).exists()
    fields = reply_fields(case, made, version.ground, dated=case.signed_on if newest else None)
    return compose(f"reply_{version.reply_code}", fields, made.text)


def names_of(case: FoiRequest, file_ids: Iterable[int]) -> list[str]:
    """Open names of papers of the case, in the order asked for."""
    kept = {paper.pk: paper for paper in case.files.select_related("request__key")}
    return [file_name(kept[pk]) for pk in file_ids if pk in kept]


def _of_steps(case: FoiRequest) -> dict[str, Any]:
    steps = steps_of(case)
    clarified = [step.on for step in steps if step.step == "clarification_received"]
    return {"clarified_on": clarified[-1] if clarified else None, "procedure": procedure(steps)}
