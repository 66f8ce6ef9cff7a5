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
from gongkai.foi.queries.composing import as_written
from gongkai.foi.queries.replies import file_digests, law_facts, prefilled
from gongkai.foi.queries.sealed import sealed_json
from gongkai.foi.replying import FINDINGS, LETTER, SENT_BY, Composition
from gongkai.law.foi_moves import may
from gongkai.law.reply_tree import Outcome, walk
from gongkai.law.verdicts import Refusal, Refused, require

#: Kinds of papers that may go out with a reply: what was found, what was made for it; never the applicant's own.
GOES_OUT = ("record", "reply", "other")


def compose_reply(
    number: str, answers: Mapping[str, str], *, actor: Actor, at: datetime, findings: Mapping[str, Any] | None = None,
    letter: Mapping[str, Any] | None = None, text: str = "", files: Sequence[int] = (),
    explanations: Mapping[str, str] | None = None, based_on: int | None = None,
) -> ReplyDraft:  # fmt: skip
    """Keep the working copy. What follows from the file is filled in where nothing was written; nothing is judged yet
    beyond whether it can be read, save that an outcome without a letter is closed, not answered.

    While a question of the tree is open nothing is filled in and no number is taken; `reply_code` is empty then.
    `explanations`: the reasons written so far for findings that need one; sign-off takes its own.
    `based_on`: the revision the writer had before them, 0 for none; another one is refused, so that nobody writes
    over what a colleague saved in between. None does not ask.
    """
    unknown = (set(findings or {}) - set(FINDINGS)) | (set(letter or {}) - set(LETTER))
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, OFFICER, "拟写答复")
        require(may("compose_reply", case.state))
        _require_newest(case, based_on)
        made = Composition(
            dict(answers), dict(findings or {}), dict(letter or {}), text, tuple(files), dict(explanations or {}),
            secrets.token_hex(16),
        )  # fmt: skip
        outcome = checked(lambda: walk(made.answers)).outcome
        if outcome is not None:
            made = _whole(case, made, outcome, at)
        checked(lambda: file_digests(case, made))
        if case.files.filter(pk__in=made.files).exclude(kind__in=GOES_OUT).exists():
            raise Refusal(Refused("not_to_go_out", "身份证明、申请书、盖章件等材料不能随答复提供，请重新选择附件。"))
        reply_code = outcome.row.code if outcome else ""
        ground = outcome.ground.code if outcome and outcome.ground else ""
        turn(
            case, "compose_reply", "foi.reply_composed", actor=actor, at=at,
            data={"reply": reply_code, "ground": ground},
        )  # fmt: skip
        return _keep(case, made, reply_code, ground, actor=actor, at=at)


def _require_newest(case: FoiRequest, based_on: int | None) -> None:
    if based_on is None:
        return
    newest = ReplyDraft.objects.filter(request=case).values_list("revision", flat=True).first() or 0
    if newest != based_on:
        raise Refusal(Refused("draft_moved_on", "答复稿刚被别人修改过，您的内容还没有保存。请对照后再保存。"))


def _whole(case: FoiRequest, made: Composition, outcome: Outcome, at: datetime) -> Composition:
    """The letter of a finished tree, with its number and everything the file gives; refused where law cannot read it."""
    if not outcome.row.is_letter:
        raise Refusal(Refused("no_letter", f"“{outcome.row.title}”不需要答复，请直接办结。", outcome.row.article))
    if not case.reply_number:
        case.reply_number = next_number(case.organ, "reply", at)
    made = as_written(checked(lambda: prefilled(case, made, number=case.reply_number, today=day_of(at))))
    checked(lambda: law_facts(case, made, sent_on=day_of(at), delivery=SENT_BY[case.delivery], sealed=True))
    return made


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
