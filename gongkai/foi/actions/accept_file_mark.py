"""Decide that a place of a paper is covered, and on which ground."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.redacting import open_case, paper_of, redaction_of
from gongkai.scanning.actions.redact import accept_mark


def accept_file_mark(number: str, file_id: int, mark: int, *, ground: str, actor: Actor, at: datetime) -> None:
    """`file_id`: any copy of the paper; `mark`: number of the mark."""
    with open_case(number, actor) as case:
        redaction = redaction_of(paper_of(case, file_id))
        accept_mark(redaction.pk, mark, ground=ground, organ_code=case.organ.code, actor=actor, at=at)
