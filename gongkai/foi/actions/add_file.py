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

ROLES = ("foi_officer", "foi_head", "drafter", "section_reviewer", "compliance_reviewer")
SEALED_TYPE = "application/octet-stream"


def add_file(number: str, data: bytes, filename: str, *, kind: str, actor: Actor, at: datetime) -> CaseFile:
    """What the file is follows from its content; what cannot be checked (locked, damaged, programs) is refused."""
    if kind not in FILE_KINDS:
        raise ValueError(f"unknown kind of paper {kind}")
    known = sniff(data, filename)
    with transaction.atomic():
        case = locked(number)
        require_post(actor, case, ROLES, "存入材料", applicant=True)
        # A filed case takes nothing any more, save what shows that one of its records is wrong (条例41).
        verb = "add_evidence" if kind == "correction" else "add_file"
        turn(case, verb, "foi.file_added", actor=actor, at=at, data={"kind": kind, "size": len(data)})
        blob = store(vault.seal(data_key(case.key), data, "file.bytes"), media_type=SEALED_TYPE, at=at)
        return CaseFile.objects.create(
            request=case, kind=kind, blob=blob, filename=sealed_text(case.key, filename, "file.filename"),
            media_type=known.media_type, size=len(data), digest=vault.keyed("file", hashlib.sha256(data).hexdigest()), added_at=at,
        )  # fmt: skip
