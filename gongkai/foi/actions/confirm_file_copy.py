"""Confirm the copy of an attachment in the 保密审查 of a reply."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import locked, require_post
from gongkai.foi.models import CaseFile, ReplyVersion
from gongkai.foi.queries.replies import review_of
from gongkai.foi.queries.sealed import version_content
from gongkai.law.foi_moves import may
from gongkai.law.review import SECRECY_STEP
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.queries import standing
from gongkai.scanning.actions.redact import confirm_copy
from gongkai.scanning.models import CopyConfirmation


def confirm_file_copy(version_id: int, file_id: int, *, actor: Actor, at: datetime) -> CopyConfirmation:
    """The reviewer of the step held the copy beside the original and found it right; never whoever made or marked it."""
    with transaction.atomic():
        version = ReplyVersion.objects.select_related("request__key").get(pk=version_id)
        case = locked(version.request.number)
        require(may("confirm_copy", case.state))
        step = standing(review_of(version)).current
        if step is None or step.code != SECRECY_STEP:
            raise Refusal(Refused("not_secrecy_step", "副本在保密审查环节核对确认，现在不在这个环节。"))
        require_post(actor, case, (step.role,), "核对副本")
        paper = CaseFile.objects.filter(request=case, pk=file_id).first()
        if paper is None or paper.copy_id is None or file_id not in version_content(version).files:
            raise Refusal(Refused("file_gone", "这一版答复没有这个附件，请刷新页面。"))
        return confirm_copy(paper.copy_id, organ_code=case.organ.code, actor=actor, at=at)
