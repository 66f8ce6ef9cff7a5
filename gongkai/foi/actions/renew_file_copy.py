"""Make the copy of a paper anew, with its marks as they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.files.copies.making import Base
from gongkai.foi.actions.redacting import follow, keep, open_case, paper_of, redaction_of, require_redacts
from gongkai.foi.copying import named
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.copies import newest_of, remarks
from gongkai.foi.queries.sealed import base_bytes, file_bytes, file_name
from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.queries import places_to_cover
from gongkai.scanning.redacting import copy_with, hidden_words


def renew_file_copy(number: str, file_id: int, *, actor: Actor, at: datetime) -> CaseFile:
    """The new copy, a paper of its own; a reply being written that had the former one attached now has this one.

    Slow: the copy is made before anything is locked; marks that were changed meanwhile refuse it.
    """
    case = FoiRequest.objects.select_related("organ", "key", "applicant__key").get(number=number)
    require_redacts(case, actor)
    paper = paper_of(case, file_id)
    redaction, told = redaction_of(paper), remarks(paper)
    assert paper.original is not None
    newest = newest_of(paper.original)
    places = places_to_cover(redaction)
    original = CaseFile.objects.select_related("blob", "request__key").get(pk=paper.original_id)
    secrets = hidden_words(file_bytes(original), file_name(original))
    made = copy_with(Base(base_bytes(paper), redaction.base_kind), named(places, told.sheets), secrets)
    with open_case(number, actor) as case:
        now = newest_of(paper.original)
        if now != newest or places_to_cover(redaction) != places:
            raise Refusal(Refused("marks_moved_on", "生成副本时标记又有改动，没有保存。请重新生成。"))
        assert paper.base is not None
        kept = keep(
            case, redaction, original, paper.base, made, replace(told, lost=made.lost), actor=actor, at=at
        )  # fmt: skip
        follow(case, kept, actor=actor, at=at)
        return kept
