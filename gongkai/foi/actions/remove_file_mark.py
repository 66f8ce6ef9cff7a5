"""Decide that a place of a paper stays open, with the reason."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.redacting import open_case, paper_of, redaction_of, require_plain_words
from gongkai.scanning.actions.redact import remove_mark


def remove_file_mark(number: str, file_id: int, mark: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """`file_id`: any copy of the paper; `mark`: number of the mark. Data of people may be left open to who is entitled to
    them; sign-off then asks for the reason once more (`attachment_personal`)."""
    with open_case(number, actor) as case:
        redaction = redaction_of(paper_of(case, file_id))
        require_plain_words(case, reason)
        remove_mark(redaction.pk, mark, reason=reason, organ_code=case.organ.code, actor=actor, at=at, to_one=True)
