"""Put a paper into the file, sealed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.files.actions.store import store
from gongkai.files.sniff import sniff
from gongkai.foi import vault
from gongkai.foi.actions.turning import locked, require_post, turn
from gongkai.foi.models import CaseFile
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.queries.sealed import data_key, sealed_text
from gongkai.scanning.models import FileCopy

ROLES = ("foi_officer", "foi_head", "drafter", "section_reviewer", "compliance_reviewer")
SEALED_TYPE = "application/octet-stream"


def add_file(
    number: str, data: bytes, filename: str, *, kind: str, actor: Actor, at: datetime, copy: FileCopy | None = None
) -> CaseFile:
    """What the file is follows from its content; what cannot be checked (locked, damaged, programs) is refused.

    `copy`: these bytes are that checked copy, made in another request of the same batch.
    """
    if kind not in FILE_KINDS:
        raise ValueError(f"unknown kind of paper {kind}")
    known = sniff(data, filename)
    plain = hashlib.sha256(data).hexdigest()
    if copy is not None and copy.digest not in vault.keyed_any("file", plain):
        raise ValueError("these are not the bytes of that copy")
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, ROLES, "存入材料", applicant=True)
        # A filed case takes nothing any more, save what shows that one of its records is wrong (条例41).
        verb = "add_evidence" if kind == "correction" else "add_file"
        turn(case, verb, "foi.file_added", actor=actor, at=at, data={"kind": kind, "size": len(data)})
        blob = store(vault.seal(data_key(case.key), data, "file.bytes"), media_type=SEALED_TYPE, at=at)
        return CaseFile.objects.create(
            request=case, kind=kind, blob=blob, filename=sealed_text(case.key, filename, "file.filename"),
            media_type=known.media_type, size=len(data), copy=copy, added_at=at,
            digest=copy.digest if copy is not None else vault.keyed("file", plain),
        )  # fmt: skip
