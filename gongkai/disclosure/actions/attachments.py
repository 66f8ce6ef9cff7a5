"""Put files on a draft and take them off. What goes on is a copy; the original stays behind, where nobody outside comes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Draft, DraftAttachment, Item
from gongkai.files.actions.store import store
from gongkai.files.models import Blob
from gongkai.files.sniff import KINDS
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.scanning.actions.redact import keep_copy, open_redaction
from gongkai.scanning.redacting import Looked, Made, copy_with, look_at

MOST_FILES = 50


def add_attachment(
    item_id: int, data: bytes, *, filename: str, actor: Actor, at: datetime, title: str = "", inline: bool = False
) -> DraftAttachment:
    """Read a file, find what must not go out, make the copy that may, and put it at the end of the draft's list.

    All of the text, hidden parts too, and the name are looked at for secrecy marks before a byte is stored.
    `Unreadable` where the file cannot be read whole, or no copy withstands the attack on it.
    """
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    looked = look_at(data, filename)
    refuse_secrecy_marks(
        {"文件名": filename, "附件名称": title, "附件内容": looked.whole}, subject=f"item:{code}", actor=actor, at=at
    )
    made = copy_with(looked.base, [], looked.secrets, looked.lines)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "拟稿")
        require(moves.may("edit", work=item.work, public=item.public))
        draft = Draft.objects.select_for_update().get(item=item)
        if draft.attachments.filter(inline=inline).count() >= MOST_FILES:
            raise Refusal(Refused("too_many_files", f"一条信息最多 {MOST_FILES} 个文件，请合并后再上传。"))
        original = hashlib.sha256(data).hexdigest()
        if inline and (same := draft.attachments.filter(inline=True, original_id=original).first()) is not None:
            return same
        last = draft.attachments.aggregate(m=Max("order"))["m"] or 0
        attached = DraftAttachment(
            draft=draft, order=last + 1, title=(title or PurePosixPath(filename).stem)[:200], inline=inline,
            original=store(data, media_type=looked.kind.media_type, at=at), base=kept_base(looked, at),
        )  # fmt: skip
        redaction = open_redaction(looked, subject=subject_of(item), digest=original, at=at)
        blob = store(made.data, media_type=made.kind.media_type, at=at)
        attached.copy = keep_copy(
            redaction, made, digest=blob.digest, organ_code=item.organ.code, actor=actor, at=at
        )  # fmt: skip
        put_on(attached, blob, made, filename)
        attached.save(force_insert=True)
        record(
            "item.attachment_added", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=blob.digest, data={"order": attached.order, "kind": attached.kind},
        )  # fmt: skip
        return attached


def kept_base(looked: Looked, at: datetime) -> Blob:
    """The form that is marked, kept so that marks always lie on the same page."""
    return store(looked.base.data, media_type=KINDS[looked.base.kind].media_type, at=at)


def put_on(attached: DraftAttachment, blob: Blob, made: Made, filename: str) -> None:
    """The attachment becomes this copy: bytes, name, kind, text and size."""
    attached.blob, attached.kind, attached.text, attached.size_note = blob, made.kind.name, made.text, made.note
    attached.filename = public_name(filename, made, blob.digest, inline=attached.inline)


def public_name(filename: str, made: Made, digest: str, *, inline: bool) -> str:
    """The name the public sees, with the ending of the copy; two pictures of a text may bear one name, so theirs is the digest."""
    if inline:
        return f"{digest[:16]}{made.kind.suffixes[0]}"
    name = PurePosixPath(filename)
    ending = name.suffix if name.suffix.lower() in made.kind.suffixes else made.kind.suffixes[0]
    return f"{name.stem[: 200 - len(ending)]}{ending}"


def remove_attachment(item_id: int, order: int, *, actor: Actor, at: datetime) -> None:
    """Take a file off the draft. Versions that were frozen with it keep it."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "拟稿")
        require(moves.may("edit", work=item.work, public=item.public))
        attached = DraftAttachment.objects.filter(draft__item=item, order=order).first()
        if attached is None:
            raise Refusal(Refused("file_gone", "这个附件已经移除，请刷新页面。"))
        digest = attached.blob_id
        attached.delete()
        record(
            "item.attachment_removed", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=digest, data={"order": order},
        )  # fmt: skip
