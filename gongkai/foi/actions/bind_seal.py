"""Bind the stamped letter to the digest that was signed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.foi.actions.turning import locked, require_post, turn
from gongkai.foi.models import CaseFile, SealedCopy
from gongkai.foi.queries.replies import newest
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require

ROLES = ("foi_officer", "foi_head", "compliance_reviewer", "leader")


def bind_seal(number: str, file_id: int, *, actor: Actor, at: datetime) -> SealedCopy:
    """By a second person, never the author: they vouch that the scan is the letter that was signed."""
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, ROLES, "登记盖章件")
        require(may("bind_seal", case.state))
        version = newest(case)
        if version is None:
            raise RuntimeError("a signed request has a reply")
        paper = CaseFile.objects.get(pk=file_id, request=case)
        if paper.kind != "sealed":
            raise Refusal(Refused("not_a_sealed_copy", "请选择类别为盖章件的材料。"))
        if version.author_id == actor.person_id:
            raise Refusal(Refused("own_reply", "盖章件由拟稿人以外的人核对后登记。"))
        if SealedCopy.objects.filter(version=version).exists():
            raise Refusal(Refused("sealed_already", "盖章件已经登记。"))
        turn(
            case, "bind_seal", "foi.seal_bound", actor=actor, at=at, digest=version.digest,
            data={"version": version.number},
        )  # fmt: skip
        return SealedCopy.objects.create(
            version=version, digest=version.digest, file=paper, by_id=actor.person_id, at=at
        )
