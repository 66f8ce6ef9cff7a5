"""Mark places of a paper that no rule found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.redacting import open_case, paper_of, redaction_of, require_plain_words
from gongkai.foi.copying import aliased
from gongkai.foi.queries.copies import remarks
from gongkai.scanning.actions.redact import add_mark
from gongkai.scanning.models import RedactionMark


def mark_file(
    number: str, file_id: int, places: Sequence[Mapping[str, Any]], *, origin: str, ground: str, reason: str,
    actor: Actor, at: datetime,
) -> RedactionMark:  # fmt: skip
    """`file_id`: any copy of the paper. `places` as in scanning.models.RedactionMark, sheets by their name."""
    with open_case(number, actor) as case:
        paper = paper_of(case, file_id)
        redaction = redaction_of(paper)
        require_plain_words(case, reason)
        return add_mark(
            redaction.pk, aliased(places, remarks(paper).sheets), origin=origin, ground=ground, reason=reason,
            organ_code=case.organ.code, actor=actor, at=at,
        )  # fmt: skip
