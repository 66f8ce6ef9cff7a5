"""Decide what is covered in an attachment of a draft, and make its copy anew; confirm it in the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.disclosure.actions.attachments import kept_base, put_on
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import Draft, DraftAttachment, Item, Version
from gongkai.files.actions.store import store
from gongkai.files.copies.making import Base
from gongkai.files.queries import read
from gongkai.files.sniff import KINDS
from gongkai.law import moves
from gongkai.law.review import SECRECY_STEP
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.review.queries import case_of, standing
from gongkai.scanning.actions import redact
from gongkai.scanning.models import CopyConfirmation, FileCopy
from gongkai.scanning.queries import places_to_cover
from gongkai.scanning.redacting import copy_with, hidden_words, look_at

GONE = Refused("file_gone", "这个附件已经移除，请刷新页面。")


def mark_attachment(
    item_id: int, order: int, places: Sequence[Mapping[str, Any]], *, origin: str, ground: str, reason: str,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Mark places that no rule found."""
    with _open(item_id, order, actor) as (item, attached):
        redact.add_mark(
            _copy(attached).redaction_id, places, origin=origin, ground=ground, reason=reason,
            organ_code=item.organ.code, actor=actor, at=at,
        )  # fmt: skip


def accept_attachment_mark(
    item_id: int, order: int, number: int, *, ground: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """Cover what a rule found, on this ground."""
    with _open(item_id, order, actor) as (item, attached):
        redact.accept_mark(
            _copy(attached).redaction_id, number, ground=ground, organ_code=item.organ.code, actor=actor, at=at
        )  # fmt: skip


def accept_all_marks(item_id: int, order: int, *, otherwise: str, actor: Actor, at: datetime) -> int:
    """Cover everything that is still undecided, each on the ground it was found under, `otherwise` where that is open."""
    with _open(item_id, order, actor) as (item, attached):
        redaction = _copy(attached).redaction
        waiting = list(redaction.marks.filter(state="proposed").values_list("number", "ground"))
        for number, ground in waiting:
            redact.accept_mark(
                redaction.pk, number, ground=ground or otherwise, organ_code=item.organ.code, actor=actor, at=at
            )  # fmt: skip
        return len(waiting)


def remove_attachment_mark(
    item_id: int, order: int, number: int, *, reason: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """Leave open what a rule found or a person marked, with the reason."""
    code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks({"理由": reason}, subject=f"item:{code}", actor=actor, at=at)
    with _open(item_id, order, actor) as (item, attached):
        redact.remove_mark(
            _copy(attached).redaction_id, number, reason=reason, organ_code=item.organ.code, actor=actor, at=at
        )  # fmt: skip


def renew_copy(item_id: int, order: int, *, actor: Actor, at: datetime) -> FileCopy:
    """Make the copy with the marks as they stand. Slow (sandbox, attack); the marks are compared again before it is kept."""
    attached = _attachment(item_id, order)
    if attached.copy is None:
        return _first_copy(item_id, order, actor=actor, at=at)
    assert attached.original is not None and attached.base is not None
    places = places_to_cover(attached.copy.redaction)
    secrets = hidden_words(read(attached.original), _original_name(attached))
    made = copy_with(Base(read(attached.base), attached.copy.redaction.base_kind), places, secrets)
    with _open(item_id, order, actor) as (item, now):
        redaction = _copy(now).redaction
        if now.copy_id != attached.copy_id or places_to_cover(redaction) != places:
            raise Refusal(Refused("marks_moved_on", "生成副本时标记又有改动，没有保存。请重新生成。"))
        blob = store(made.data, media_type=made.kind.media_type, at=at)
        now.copy = redact.keep_copy(
            redaction, made, digest=blob.digest, organ_code=item.organ.code, actor=actor, at=at
        )  # fmt: skip
        _put(item, now, blob.digest, lambda: put_on(now, blob, made, now.filename))
        return now.copy


def _first_copy(item_id: int, order: int, *, actor: Actor, at: datetime) -> FileCopy:
    """For a file that came from an import, when its item is revised."""
    attached = _attachment(item_id, order)
    data = read(attached.blob)
    looked = look_at(data, attached.filename)
    made = copy_with(looked.base, [], looked.secrets, looked.lines)
    with _open(item_id, order, actor) as (item, now):
        if now.copy_id is not None:
            return _copy(now)
        now.original, now.base = now.blob, kept_base(looked, at)
        redaction = redact.open_redaction(looked, subject=subject_of(item), digest=now.blob_id, at=at)
        blob = store(made.data, media_type=made.kind.media_type, at=at)
        now.copy = redact.keep_copy(
            redaction, made, digest=blob.digest, organ_code=item.organ.code, actor=actor, at=at
        )  # fmt: skip
        _put(item, now, blob.digest, lambda: put_on(now, blob, made, now.filename))
        return now.copy


def _put(item: Item, attached: DraftAttachment, digest: str, change: Any) -> None:
    """An image of the body is named there by its digest: the text follows the copy."""
    before = attached.blob_id
    change()
    attached.save()
    if attached.inline and before != digest:
        draft = Draft.objects.select_for_update().get(item=item)
        draft.body = draft.body.replace(f"asset:{before}", f"asset:{digest}")
        draft.revision += 1
        draft.save(update_fields=["body", "revision"])


def confirm_attachment(version_id: int, order: int, *, actor: Actor, at: datetime) -> CopyConfirmation:
    """The confidentiality reviewer held the copy beside the original and found it right."""
    with transaction.atomic():
        version = Version.objects.select_related("item__organ").get(pk=version_id)
        step = standing(case_of("disclosure.version", version.pk)).current
        if step is None or step.code != SECRECY_STEP or actor.role != step.role:
            raise Refusal(Refused("not_secrecy_step", "副本由保密审查环节的人核对确认，现在不在这个环节。"))
        attached = version.attachments.filter(order=order).select_related("copy").first()
        if attached is None or attached.copy is None:
            raise Refusal(GONE)
        return redact.confirm_copy(attached.copy.pk, organ_code=version.item.organ.code, actor=actor, at=at)


@contextmanager
def _open(item_id: int, order: int, actor: Actor) -> Iterator[tuple[Item, DraftAttachment]]:
    """One transaction on a draft that this person may change now."""
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "拟稿")
        require(moves.may("edit", work=item.work, public=item.public))
        yield item, _attachment(item_id, order)


def _attachment(item_id: int, order: int) -> DraftAttachment:
    rows = DraftAttachment.objects.select_related("blob", "original", "base", "copy__redaction")
    attached = rows.filter(draft__item_id=item_id, order=order).first()
    if attached is None:
        raise Refusal(GONE)
    return attached


def _copy(attached: DraftAttachment) -> FileCopy:
    if attached.copy is None:
        raise Refusal(Refused("no_copy", "这个附件还没有副本，请先生成副本。"))
    return attached.copy


def _original_name(attached: DraftAttachment) -> str:
    """A name that says the kind of the original; its own name is not kept anywhere but in the copy's."""
    assert attached.copy is not None
    return f"original{KINDS[attached.copy.redaction.kind].suffixes[0]}"
