"""Freeze the reply and open its sign-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Person
from gongkai.foi.actions.checking import checked, require_sound
from gongkai.foi.actions.turning import OFFICER, day_of, locked, require_post, turn
from gongkai.foi.documents import left_out, missing
from gongkai.foi.models import FoiRequest, ReplyDraft, ReplyVersion
from gongkai.foi.queries.papers import composed_reply, reply_fields
from gongkai.foi.queries.replies import delivery_of, draft_composition, file_digests, outcome_of
from gongkai.foi.queries.sealed import sealed_json
from gongkai.foi.replying import Composition, reply_digest, subject_kind
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.actions.open import open_case


def submit_reply(
    number: str, *, based_on: int, actor: Actor, at: datetime, explanations: Mapping[str, str] | None = None
) -> ReplyVersion:
    """Freeze revision `based_on`. `explanations` answers, by code, the findings that need a reason.

    What is printed as seal follows sign-off and is bound to this digest (`bind_seal`), so it is taken as there.
    """
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "送审答复")
        require(may("submit_reply", case.state))
        draft = ReplyDraft.objects.select_for_update().filter(request=case).first()
        if draft is None:
            raise Refusal(Refused("no_draft", "还没有拟写答复。"))
        if draft.revision != based_on:
            raise Refusal(Refused("draft_moved_on", "答复稿刚被修改过，没有送审。请看最新文字后再送审。"))
        made = replace(draft_composition(case), explanations=dict(explanations or {}))
        checked(lambda: outcome_of(made))
        made = _worded(case, made, draft)
        faults = require_sound(case, made, on=day_of(at), delivery=delivery_of(case), explanations=made.explanations)
        version = _freeze(case, draft, made, [f.code for f in faults], actor=actor, at=at)
        turn(
            case, "submit_reply", "foi.reply_submitted", actor=actor, at=at, digest=version.digest,
            data={"version": version.number, "reply": version.reply_code, "faults": version.faults},
        )  # fmt: skip
        open_case(
            subject_kind(version.reply_code, len(made.files)), version.pk, subject=case.subject, digest=version.digest,
            organ=case.organ, section=case.section, author=Person.objects.get(pk=actor.person_id), actor=actor, at=at,
        )  # fmt: skip
        return version


def _worded(case: FoiRequest, made: Composition, draft: ReplyDraft) -> Composition:
    """With the paragraphs as they read now: what is signed is words, and no later template or step changes them.

    Refused while a part is missing, and where the officer's own wording lost what the letter has to say.
    """
    letter = composed_reply(case, made, draft.reply_code, draft.ground)
    if still := missing(letter):
        raise Refusal(Refused("document_incomplete", f"答复书还缺：{'、'.join(still)}。请补全后再送审。"))
    if lost := left_out(letter, reply_fields(case, made, draft.ground)):
        raise Refusal(
            Refused(
                "wording_incomplete", f"答复书的文字里没有写：{'、'.join(lost)}。请补上，或者恢复按判断生成的文字。"
            )
        )
    return replace(made, text=letter.text)


def _freeze(
    case: FoiRequest, draft: ReplyDraft, made: Composition, faults: list[str], *, actor: Actor, at: datetime
) -> ReplyVersion:
    number = (case.replies.aggregate(m=Max("number"))["m"] or 0) + 1
    digests = checked(lambda: file_digests(case, made))
    return ReplyVersion.objects.create(
        request=case, number=number, digest=reply_digest(case.number, number, made, digests),
        content=sealed_json(case.key, made.as_dict(), "reply.content"), reply_code=draft.reply_code,
        ground=draft.ground, explained=sorted(made.explanations), faults=faults, author_id=actor.person_id,
        frozen_at=at,
    )  # fmt: skip
