"""What the acts on a file's copy have in common: who may, whose copy, what may be written, and how it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.attachments import public_name
from gongkai.files.actions.store import store
from gongkai.files.models import Blob
from gongkai.foi import vault
from gongkai.foi.actions.add_file import SEALED_TYPE
from gongkai.foi.actions.compose_reply import GOES_OUT
from gongkai.foi.actions.turning import OFFICER, locked, require_post, turn
from gongkai.foi.copying import Remarks, plain_made
from gongkai.foi.models import CaseFile, FoiRequest, ReplyDraft
from gongkai.foi.queries.leaks import told_of
from gongkai.foi.queries.replies import draft_composition
from gongkai.foi.queries.sealed import data_key, file_name, particulars, sealed_json, sealed_text, text_of
from gongkai.law.foi_moves import may
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.scanning.actions.redact import keep_copy
from gongkai.scanning.models import Redaction
from gongkai.scanning.redacting import Made
from gongkai.scanning.rules import carries_secrecy_mark, scan

DOING = "处理随答复提供的文件"
NO_COPY = Refused("no_copy", "这份材料还没有提供用副本，请先制作副本。")


@contextmanager
def open_case(number: str, actor: Actor) -> Iterator[FoiRequest]:
    """One transaction on a case whose papers this person may redact now."""
    with transaction.atomic():
        case = locked(number)
        require_redacts(case, actor)
        yield case


def require_redacts(case: FoiRequest, actor: Actor) -> None:
    require_post(actor, case, OFFICER, DOING)
    require(may("redact_file", case.state))


def paper_of(case: FoiRequest, file_id: int) -> CaseFile:
    """A paper of the case that may go out. Refused for others: the applicant's own, proofs, stamped letters."""
    rows = CaseFile.objects.select_related("blob", "base", "request__key", "copy__redaction", "original__blob")
    paper = rows.filter(request=case, pk=file_id).first()
    if paper is None:
        raise Refusal(Refused("file_gone", "案卷里没有这份材料，请刷新页面。"))
    if paper.kind not in GOES_OUT:
        raise Refusal(Refused("not_to_go_out", "身份证明、申请书、盖章件等材料不能随答复提供。"))
    return paper


def redaction_of(paper: CaseFile) -> Redaction:
    """The redaction of a copy that was made in this very case."""
    if paper.copy is None or paper.original is None or paper.base is None:
        raise Refusal(NO_COPY)
    return paper.copy.redaction


def keyed_digest(data: bytes) -> str:
    return vault.keyed("file", hashlib.sha256(data).hexdigest())


def sealed_blob(case: FoiRequest, data: bytes, at: datetime) -> Blob:
    return store(vault.seal(data_key(case.key), data, "file.bytes"), media_type=SEALED_TYPE, at=at)


def keep(
    case: FoiRequest, redaction: Redaction, original: CaseFile, base: Blob, made: Made, remarks: Remarks, *,
    actor: Actor, at: datetime,
) -> CaseFile:  # fmt: skip
    """Put a copy into the file, sealed, as a paper of its own: what was sent to sign-off before stays as it was."""
    digest = keyed_digest(made.data)
    copy = keep_copy(redaction, plain_made(made), digest=digest, organ_code=case.organ.code, actor=actor, at=at)
    turn(
        case, "redact_file", "foi.file_added", actor=actor, at=at, data={"kind": "reply", "size": len(made.data)}
    )  # fmt: skip
    name = public_name(file_name(original), made, digest, inline=False)
    return CaseFile.objects.create(
        request=case, kind="reply", blob=sealed_blob(case, made.data, at), size=len(made.data), digest=digest,
        filename=sealed_text(case.key, name, "file.filename"), media_type=made.kind.media_type, original=original,
        base=base, copy=copy, remarks=sealed_json(case.key, remarks.as_dict(), "file.remarks"), added_at=at,
    )  # fmt: skip


def follow(case: FoiRequest, new: CaseFile, *, actor: Actor, at: datetime) -> None:
    """Where the reply being written had a former copy attached, it now has this one."""
    draft = ReplyDraft.objects.select_for_update().filter(request=case).first()
    if draft is None:
        return
    made = draft_composition(case)
    assert new.copy is not None
    former = set(CaseFile.objects.filter(copy__redaction=new.copy.redaction_id).values_list("pk", flat=True))
    files = tuple(dict.fromkeys(new.pk if pk in former else pk for pk in made.files))
    if files == made.files:
        return
    draft.content = sealed_json(case.key, replace(made, files=files).as_dict(), "reply.content")
    draft.revision, draft.saved_by_id, draft.saved_at = draft.revision + 1, actor.person_id, at
    draft.save(update_fields=["content", "revision", "saved_by", "saved_at"])


def require_plain_words(case: FoiRequest, reason: str) -> None:
    """A reason is kept unsealed and outlives the erasing of a case: nobody may be recognised by it."""
    if mark := carries_secrecy_mark(reason):
        raise Refusal(Refused("secrecy_mark", "理由里有密级标志，没有保存。请按保密规定处理。", mark.article))
    found = told_of(particulars(case.applicant), reason)
    parties = (text_of(case.key, asked.party, "consultation.party") for asked in case.consultations.all())
    found += ["第三方的名称" for name in parties if name and name in reason]
    found += [finding.title for finding in scan(reason) if finding.severity == "block"]
    if found:
        raise Refusal(
            Refused(
                "reason_personal",
                f"理由里写有{'、'.join(dict.fromkeys(found))}，没有保存。理由会长期保留，请不写具体的人，"
                "例如写“是申请人本人的信息”。",
                "《个人信息保护法》第六条",
            )
        )
