"""Freeze the draft into a version, scan it, and open its review."""

import re
from datetime import date, datetime
from html import unescape
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Person
from gongkai.disclosure.actions.ending import waiting_of
from gongkai.disclosure.actions.moving import locked, move, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.freezing import FIELDS, content_of, copied, files_of, version_digest
from gongkai.disclosure.models import Draft, Item, Release, Version, VersionAttachment, VersionLink
from gongkai.files.html import to_text
from gongkai.law.negative_list import check_refusal
from gongkai.law.scheduling import after_last_day
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record
from gongkai.review.actions.open import open_case
from gongkai.scanning.actions.examine import examine
from gongkai.scanning.queries import decided

SUBJECT_KIND = "disclosure.version"
_HREF = re.compile(r'<a href="([^"]*)"')


def submit(item_id: int, *, based_on: int, actor: Actor, at: datetime, today: date) -> Version:
    """Freeze revision `based_on` of the draft. From here on the text cannot change; an edit makes a new version."""
    draft = Draft.objects.select_related("item").get(item_id=item_id)
    attachments = list(draft.attachments.select_related("blob").order_by("order"))
    text = to_text(draft.body)
    refuse_secrecy_marks(
        {"正文": text, "标题": draft.title} | {f"附件“{a.filename}”": a.text for a in attachments if a.text},
        subject=f"item:{draft.item.code}", actor=actor, at=at,
    )  # fmt: skip
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "送审")
        draft = Draft.objects.select_for_update().get(item=item)
        if draft.revision != based_on:
            raise Refusal(Refused("draft_moved_on", "草稿刚被别人修改过，没有送审。请看最新文字后再送审。"))
        _complete(item, draft, text, today)
        _copies_decided(draft)
        _in_time(item)
        move(item, "submit")
        version = freeze(item, draft, text, author_id=actor.person_id, at=at)
        examine(version.digest, places_of(version), at=at)
        open_case(
            SUBJECT_KIND, version.pk, subject=subject_of(item), digest=version.digest, organ=item.organ,
            section=item.section, author=Person.objects.get(pk=actor.person_id), actor=actor, at=at,
        )  # fmt: skip
        item.save(update_fields=["work", "public"])
        record(
            "item.submitted", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            digest=version.digest, data={"version": version.number},
        )  # fmt: skip
        return version


def freeze(item: Item, draft: Draft, text: str, *, author_id: int | None, at: datetime) -> Version:
    """Copy the draft into the next version with its files and links; runs in the caller's transaction."""
    number = (item.versions.aggregate(m=Max("number"))["m"] or 0) + 1
    # Inline images that the body no longer shows are left behind: what is not seen is not released.
    attachments = [
        a
        for a in draft.attachments.select_related("blob", "copy").order_by("order")
        if not a.inline or f"asset:{a.blob_id}" in draft.body
    ]
    files = files_of(attachments)
    version = Version.objects.create(
        item=item, number=number, digest=version_digest(item.code, number, content_of(draft), files), body_text=text,
        files=files, author_id=author_id, frozen_at=at, **{name: getattr(draft, name) for name in FIELDS},
    )  # fmt: skip
    VersionAttachment.objects.bulk_create(
        VersionAttachment(version=version, **copied(a))
        for a in attachments
    )  # fmt: skip
    VersionLink.objects.bulk_create(VersionLink(version=version, target=t) for t in dict.fromkeys(version.interprets))
    return version


def places_of(version: Version) -> dict[str, str]:
    """The texts a scan reads, by place."""
    places = {"title": version.title, "summary": version.summary, "body": version.body_text}
    places["header"] = "\n".join(filter(None, (version.doc_number, version.issuer, version.source, version.keywords)))
    # What a link points to is not seen in the text and still goes out with the page.
    places["links"] = "\n".join(unquote(unescape(target)) for target in _HREF.findall(version.body))
    for attached in version.attachments.all():
        places[f"filename:{attached.order}"] = f"{attached.filename}\n{attached.title}"
        if attached.text:
            places[f"attachment:{attached.order}"] = attached.text
    return {place: text for place, text in places.items() if text}


def _copies_decided(draft: Draft) -> None:
    """Every file is a copy, made with marks that are all decided."""
    for attached in draft.attachments.select_related("copy__redaction").order_by("order"):
        if attached.inline and f"asset:{attached.blob_id}" not in draft.body:
            continue
        if attached.copy is None:
            raise Refusal(
                Refused("no_copy", f"附件“{attached.title}”还没有可以公开的副本。请打开它的“处理”，生成副本后再送审。")
            )
        verdict = decided(attached.copy.redaction, attached.copy)
        if isinstance(verdict, Refused):
            raise Refusal(
                Refused(verdict.code, f"附件“{attached.title}”：{verdict.sentence}", "《个人信息保护法》第二十五条")
            )


def _in_time(item: Item) -> None:
    """An instant past the last day of 条例26 has its reason, also where the day was known only after it was set."""
    schedule = waiting_of(item)
    if schedule is None or schedule.reason:
        return
    if after_last_day(timezone.localtime(schedule.due_at).date(), item.due_on):
        raise Refusal(
            Refused(
                "after_last_day",
                "定时发布的时间晚于公开期限的最后一日，没有送审。请改期并写明理由，或者取消定时。",
                "《政府信息公开条例》第二十六条",
            )
        )


def _complete(item: Item, draft: Draft, text: str, today: date) -> None:
    """What must be there before a review is worth anybody's time."""
    if not text.strip() and not draft.attachments.filter(inline=False).exists():
        raise Refusal(Refused("body_missing", "正文和附件都是空的，请先写入正文或者上传附件。"))
    if draft.formed_on is None:
        raise Refusal(
            Refused("formed_on_missing", "请填写成文日期，公开期限从这一天起算。", "《政府信息公开条例》第二十六条")
        )
    if draft.formed_on > today or (draft.changed_on and draft.changed_on > today):
        raise Refusal(Refused("date_in_future", "成文或者变更日期不能晚于今天，请核对。"))
    if not item.heading:
        raise Refusal(Refused("heading_missing", "请选择公开类别或者公开事项。", "《政府信息公开条例》第二十条"))
    if draft.openness != "proactive":
        if not draft.ground:
            raise Refusal(
                Refused("ground_missing", "不主动公开应当选择法定情形并说明理由。", "《政府信息公开条例》第十三条")
            )
        require(
            check_refusal(
                draft.ground,
                draft.ground_reason,
                basis=draft.ground_reason,
                no_rule_requires=True if draft.no_rule_requires else None,
            )
        )
    if draft.names_persons and not draft.impact_assessment.strip():
        raise Refusal(
            Refused(
                "assessment_missing",
                "这份信息写有个人，发布前请先记录个人信息保护影响评估。",
                "《中华人民共和国个人信息保护法》第五十五条",
            )
        )
    if item.public == "live" and draft.changed_on is None:
        newest = Release.objects.filter(item=item, standing="live").select_related("version").first()
        if newest is not None and newest.version.formed_on == draft.formed_on:
            raise Refusal(
                Refused(
                    "changed_on_missing",
                    "这是对已发布信息的修订，请填写信息变更的日期，公开期限从变更之日起算。",
                    "《政府信息公开条例》第二十六条",
                )
            )
