"""Decide that everything still undecided in a paper is covered."""

from __future__ import annotations

from datetime import datetime

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.redacting import open_case, paper_of, redaction_of
from gongkai.scanning.actions.redact import accept_mark


def accept_file_marks(number: str, file_id: int, *, otherwise: str, actor: Actor, at: datetime) -> int:
    """Each on the ground its rule speaks for, on `otherwise` where a rule speaks for none; returns how many."""
    with open_case(number, actor) as case:
        redaction = redaction_of(paper_of(case, file_id))
        waiting = list(redaction.marks.filter(state="proposed").order_by("number"))
        for mark in waiting:
            accept_mark(
                redaction.pk, mark.number, ground=mark.ground or otherwise, organ_code=case.organ.code, actor=actor, at=at
            )  # fmt: skip
        return len(waiting)
