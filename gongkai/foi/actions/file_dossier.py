"""Make the 卷宗 of an ended request (条例45): one click, one ordered PDF, ready for the ten days of a defence."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.files.actions.store import store
from gongkai.foi import vault
from gongkai.foi.actions.add_file import SEALED_TYPE
from gongkai.foi.actions.turning import HEAD, OFFICER, locked, require_post, turn
from gongkai.foi.dossier import dossier_of
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.sealed import data_key, sealed_text
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require


def file_dossier(number: str, *, actor: Actor, at: datetime) -> CaseFile:
    """Bind the case as it stands and keep it sealed among its papers; returns the PDF's row, a ZIP may stand beside.

    It is bound before anything is locked, because that takes seconds; whatever happens in the case meanwhile is
    noticed and refuses it. May be done again, after a remedy for example: every dossier stays.
    """
    case = FoiRequest.objects.select_related("organ", "section", "key", "applicant__key").get(number=number)
    _require(case, actor)
    made = dossier_of(case, filed_by=actor.name, at=at)
    with transaction.atomic():
        now = locked(number)
        _require(now, actor)
        if now.touched_at != case.touched_at:
            raise Refusal(Refused("case_moved_on", "形成案卷时这件申请有了新的办理，没有归入。请再办理一次。"))
        digest = _digest(made.pdf)
        turn(
            now, "file_dossier", "foi.dossier_filed", actor=actor, at=at, digest=digest.partition(":")[2],
            data={"pages": made.pages, "papers": len(made.parts)},
        )  # fmt: skip
        filed = _keep(now, made.pdf, f"案卷-{number}.pdf", "application/pdf", digest, at)
        if made.originals:
            _keep(now, made.originals, f"案卷-{number}-原件.zip", "application/zip", _digest(made.originals), at)
        return filed


def _require(case: FoiRequest, actor: Actor) -> None:
    require_post(actor, case, (*OFFICER, *HEAD), "形成案卷")
    require(may("file_dossier", case.state))
    if case.erased_at is not None:
        raise Refusal(Refused("erased", "这件申请的个人信息已经清除，不能再形成案卷。"))


def _digest(data: bytes) -> str:
    return vault.keyed("file", hashlib.sha256(data).hexdigest())


def _keep(case: FoiRequest, data: bytes, name: str, media_type: str, digest: str, at: datetime) -> CaseFile:
    """Sealed like every paper; made here, so nothing has to be sniffed."""
    blob = store(vault.seal(data_key(case.key), data, "file.bytes"), media_type=SEALED_TYPE, at=at)
    return CaseFile.objects.create(
        request=case, kind="dossier", blob=blob, filename=sealed_text(case.key, name, "file.filename"),
        media_type=media_type, size=len(data), digest=digest, added_at=at,
    )  # fmt: skip
