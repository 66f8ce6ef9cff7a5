"""Open a paper of the file for redaction: what must not go out is found, and the first copy is made."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.redacting import keep, open_case, paper_of, require_redacts, sealed_blob
from gongkai.foi.copying import plain_looked, remarks_on
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.copies import newest_of
from gongkai.foi.queries.sealed import file_bytes, file_name
from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.actions.redact import open_redaction
from gongkai.scanning.redacting import copy_with, look_at


def redact_file(number: str, file_id: int, *, actor: Actor, at: datetime) -> CaseFile:
    """The copy, as a paper of its own; the one that is there already where the paper was opened before.

    Slow: reading, looking and copying happen before anything is locked. `Unreadable` where the paper cannot be read
    whole, or no copy withstands the attack on it.
    """
    case = FoiRequest.objects.select_related("organ", "key", "applicant__key").get(number=number)
    require_redacts(case, actor)
    paper = _original(case, file_id)
    if (known := newest_of(paper)) is not None:
        return known
    data = file_bytes(paper)
    looked = look_at(data, file_name(paper))
    made = copy_with(looked.base, [], looked.secrets, looked.lines)
    with open_case(number, actor) as case:
        paper = _original(case, file_id)
        if (known := newest_of(paper)) is not None:
            return known
        redaction = open_redaction(plain_looked(looked), subject=case.subject, digest=paper.digest, at=at)
        base = paper.blob if looked.base.data == data else sealed_blob(case, looked.base.data, at)
        return keep(case, redaction, paper, base, made, remarks_on(looked, made), actor=actor, at=at)


def _original(case: FoiRequest, file_id: int) -> CaseFile:
    paper = paper_of(case, file_id)
    if paper.copy_id is not None:
        raise Refusal(Refused("copy_already", "这份材料已经是提供用副本，不用再制作。"))
    return paper
