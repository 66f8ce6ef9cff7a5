"""Put files on a draft and take them off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Draft, DraftAttachment, Item
from gongkai.files.actions.store import store
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

MOST_FILES = 50


def add_attachment(
    item_id: int, data: bytes, *, filename: str, kind: str, media_type: str, text: str, actor: Actor, at: datetime,
    title: str = "", size_note: str = "", inline: bool = False,
) -> DraftAttachment:  # fmt: skip
    """Store a file whose content the face has sniffed and read (`text`), and put it at the end of the draft's list.

    The text and the name are looked at for secrecy marks before a byte is stored.
    """
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks(
        {"文件名": filename, "附件名称": title, "附件内容": text}, subject=f"item:{code}", actor=actor, at=at
    )
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "拟稿")
        require(moves.may("edit", work=item.work, public=item.public))
        draft = Draft.objects.select_for_update().get(item=item)
        if draft.attachments.filter(inline=inline).count() >= MOST_FILES:
            raise Refusal(Refused("too_many_files", f"一条信息最多 {MOST_FILES} 个文件，请合并后再上传。"))
        if inline:
            same = draft.attachments.filter(inline=True, filename=filename).first()
            if same is not None:
                return same
        blob = store(data, media_type=media_type, at=at)
        last = draft.attachments.aggregate(m=Max("order"))["m"] or 0
        attached = DraftAttachment.objects.create(
            draft=draft, blob=blob, order=last + 1, filename=filename[:200],
            title=(title or filename.rsplit(".", 1)[0])[:200], kind=kind, size_note=size_note, text=text,
            inline=inline,
        )  # fmt: skip
        record(
            "item.attachment_added", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=blob.digest, data={"order": attached.order, "kind": kind},
        )  # fmt: skip
        return attached


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
