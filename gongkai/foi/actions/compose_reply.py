"""Write the reply: answers of the decision tree, what was found, the letter."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.checking import checked
from gongkai.foi.actions.numbering import next_number
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.models import FoiRequest, ReplyDraft
from gongkai.foi.queries.replies import file_digests, law_facts, outcome_of, prefilled
from gongkai.foi.queries.sealed import sealed_json
from gongkai.foi.replying import FINDINGS, LETTER, SENT_BY, Composition
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def compose_reply(
    number: str, answers: Mapping[str, str], *, actor: Actor, at: datetime, findings: Mapping[str, Any] | None = None,
    letter: Mapping[str, Any] | None = None, text: str = "", files: Sequence[int] = (),
) -> ReplyDraft:  # fmt: skip
    """Keep the working copy. What follows from the file is filled in where nothing was written; nothing is judged yet
    beyond whether it can be read, save that an outcome without a letter is closed, not answered."""
    unknown = (set(findings or {}) - set(FINDINGS)) | (set(letter or {}) - set(LETTER))
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "拟写答复")
        require(may("compose_reply", case.state))
        made = Composition(
            dict(answers), dict(findings or {}), dict(letter or {}), text, tuple(files), {}, secrets.token_hex(16)
        )
        outcome = checked(lambda: outcome_of(made))
        if not outcome.row.is_letter:
            raise Refusal(Refused("no_letter", f"“{outcome.row.title}”不需要答复，请直接办结。", outcome.row.article))
        if not case.reply_number:
            case.reply_number = next_number(case.organ, "reply", at)
        made = checked(lambda: prefilled(case, made, number=case.reply_number, today=day_of(at)))
        checked(lambda: law_facts(case, made, sent_on=day_of(at), delivery=SENT_BY[case.delivery], sealed=True))
        checked(lambda: file_digests(case, made))
        ground = outcome.ground.code if outcome.ground else ""
        turn(
            case, "compose_reply", "foi.reply_composed", actor=actor, at=at,
            data={"reply": outcome.row.code, "ground": ground},
        )  # fmt: skip
        return _keep(case, made, outcome.row.code, ground, actor=actor, at=at)


def _keep(
    case: FoiRequest, made: Composition, reply_code: str, ground: str, *, actor: Actor, at: datetime
) -> ReplyDraft:
    former = ReplyDraft.objects.filter(request=case).first()
    draft, _ = ReplyDraft.objects.update_or_create(
        request=case,
        defaults={
            "content": sealed_json(case.key, made.as_dict(), "reply.content"),
            "reply_code": reply_code,
            "ground": ground,
            "revision": former.revision + 1 if former else 1,
            "saved_by_id": actor.person_id,
            "saved_at": at,
        },
    )
    return draft
