"""Files of the form, whole or piece by piece, so that an upload that was cut goes on where it stopped.

Pieces are sealed and stay in the database until the form is sent in: an upload that is given up leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from gongkai.agencies.actors import Actor
from gongkai.files.archive import open_directory
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import FileKind, sniff
from gongkai.foi import vault
from gongkai.foi.actions.drafts import NoDraft, open_draft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.models import DraftFile, RequestDraft, UploadChunk
from gongkai.foi.models.forms import DRAFT_FILE_KINDS
from gongkai.foi.queries.drafts import (
    NAME_PLACE,
    chunk_place,
    configured,
    draft_by_token,
    open_bytes,
)
from gongkai.foi.queries.sealed import data_key, sealed_text, text_of

MEGABYTE = 1024 * 1024
IDENTITY_KINDS = ("png", "jpeg", "gif", "pdf")
#: What the name of a file alone rules out, so that nothing has to be sent first.
_BY_NAME = frozenset(
    {"unsafe-name", "macros", "old-format", "presentation", "archive", "active-page", "program", "unknown"}
)
#: The public test file of the anti-virus industry: harmless, and to be refused by everybody.
_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class WrongOffset(Exception):
    """A piece that does not follow on what is here; `received` is where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(f"continue at {received}")
        self.received = received


def start_upload(
    token: str, filename: str, size: int, *, kind: str, client_id: str, actor: Actor, at: datetime
) -> DraftFile:
    """Begin a file, or find it again: the same `client_id` (made by the browser from the file) is the same upload.

    `size` in bytes. Refused before a byte is sent where name or size alone say so. Raises `NoDraft`, `Unreadable`.
    """
    if actor is not APPLICANT:
        raise ValueError("the form belongs to the applicant")
    if kind not in DRAFT_FILE_KINDS:
        raise ValueError(f"unknown kind of paper {kind}")
    _check_size(size)
    _check_name(filename)
    with transaction.atomic():
        draft = open_draft(token, at=at)
        upload_id = vault.keyed("upload", f"{draft.pk}/{kind}/{client_id}").partition(":")[2][:40]
        known = DraftFile.objects.filter(draft=draft, upload_id=upload_id).first()
        if known is not None and known.size == size:
            return known
        if known is not None:
            known.delete()
        _check_room(draft, size)
        return DraftFile.objects.create(
            draft=draft, upload_id=upload_id, kind=kind, filename=sealed_text(draft.key, filename, NAME_PLACE),
            size=size, added_at=at,
        )  # fmt: skip


def add_chunk(token: str, upload_id: str, offset: int, data: bytes, *, actor: Actor, at: datetime) -> DraftFile:
    """Take the next piece. Raises `WrongOffset` when it is not the next one: it came twice, or one is missing."""
    with transaction.atomic():
        draft = open_draft(token, at=at)
        paper = _paper(draft, upload_id)
        if offset != paper.received:
            raise WrongOffset(paper.received)
        if not data or len(data) > configured("LARGEST_CHUNK") or offset + len(data) > paper.size:
            raise Unreadable("bad-piece", "传来的内容与文件大小不符，没有收下。请重新选择文件再传一次。")
        sealed = vault.seal(data_key(draft.key), data, chunk_place(paper, offset))
        UploadChunk.objects.create(file=paper, offset=offset, data=sealed)
        paper.received = offset + len(data)
        paper.save(update_fields=["received"])
        return paper


def finish_upload(token: str, upload_id: str, *, actor: Actor, at: datetime) -> DraftFile:
    """Look at the whole file: kept with what it is, or removed with the reason (`Unreadable`). Safe to repeat."""
    draft = draft_by_token(token, at=at)
    if draft is None:
        raise NoDraft
    paper = _paper(draft, upload_id)
    if paper.digest:
        return paper
    if paper.received != paper.size:
        raise WrongOffset(paper.received)
    # Looked at outside the transaction: pieces never change, and nobody else has to wait for it.
    data = open_bytes(draft, paper)
    try:
        known = judged(data, text_of(draft.key, paper.filename, NAME_PLACE), paper.kind)
    except Unreadable:
        remove_upload(token, upload_id, actor=actor, at=at)
        raise
    with transaction.atomic():
        draft = open_draft(token, at=at)
        paper = _paper(draft, upload_id)
        paper.media_type = known.media_type
        paper.digest = vault.keyed("file", hashlib.sha256(data).hexdigest())
        paper.save(update_fields=["media_type", "digest"])
        return paper


def remove_upload(token: str, upload_id: str, *, actor: Actor, at: datetime) -> None:
    """Erase a file of the form, also one that is still coming in. Nothing happens when it is gone already."""
    with transaction.atomic():
        DraftFile.objects.filter(draft=open_draft(token, at=at), upload_id=upload_id).delete()


def attach(token: str, data: bytes, filename: str, *, kind: str, actor: Actor, at: datetime) -> DraftFile:
    """A whole file at once, as a form without script sends it. Raises `Unreadable`; then nothing is kept."""
    _check_size(len(data))
    judged(data, filename, kind)
    client_id = hashlib.sha256(filename.encode() + b"/" + data).hexdigest()
    paper = start_upload(token, filename, len(data), kind=kind, client_id=client_id, actor=actor, at=at)
    step = configured("LARGEST_CHUNK")
    for offset in range(paper.received, len(data), step):
        add_chunk(token, paper.upload_id, offset, data[offset : offset + step], actor=actor, at=at)
    return finish_upload(token, paper.upload_id, actor=actor, at=at)


def judged(data: bytes, filename: str, kind: str) -> FileKind:
    """What the file is by its content; `Unreadable` for what cannot be checked or must not come in."""
    known = sniff(data, filename, limit=configured("LARGEST_FILE"))
    if _EICAR in data or (known.name in ("docx", "xlsx", "ofd") and _eicar_inside(data)):
        raise Unreadable("infected", "文件里有病毒特征，没有收下。请先用杀毒软件检查，清除后重新生成再传。")
    if kind == "identity" and known.name not in IDENTITY_KINDS:
        raise Unreadable("not-an-image", "身份证明请传照片、扫描件（.jpg、.png）或者 PDF。")
    return known


def _eicar_inside(data: bytes) -> bool:
    directory = open_directory(data)
    embedded = [name for name in directory.names if not name.lower().endswith((".xml", ".rels", "/"))]
    return any(_EICAR in directory.read(name, configured("LARGEST_FILE")) for name in embedded)


def _check_size(size: int) -> None:
    if size <= 0:
        raise Unreadable("empty", "文件是空的（0 字节）。请在本机打开确认内容后重新选择。")
    if size > configured("LARGEST_FILE"):
        largest = configured("LARGEST_FILE") // MEGABYTE
        raise Unreadable("too-large", f"文件超过 {largest} MB，请拆分、压缩图片或者改为 PDF。")


def _check_name(filename: str) -> None:
    try:
        sniff(b"?", filename)
    except Unreadable as refused:
        if refused.refused.code in _BY_NAME:
            raise


def _check_room(draft: RequestDraft, size: int) -> None:
    if draft.files.count() >= configured("MOST_FILES"):
        most = configured("MOST_FILES")
        raise Unreadable("too-many-files", f"一份申请最多传 {most} 个文件，请删去不需要的，或者合成一个 PDF。")
    held = draft.files.aggregate(n=Sum("size"))["n"] or 0
    if held + size > configured("MOST_BYTES"):
        most = configured("MOST_BYTES") // MEGABYTE
        raise Unreadable("too-much", f"一份申请的文件合计不超过 {most} MB，请删去不需要的，或者压缩图片后再传。")


def _paper(draft: RequestDraft, upload_id: str) -> DraftFile:
    paper = DraftFile.objects.filter(draft=draft, upload_id=upload_id).first()
    if paper is None:
        raise Unreadable("no-upload", "没有找到这个文件，可能已经删去。请重新选择文件再传一次。")
    return paper
