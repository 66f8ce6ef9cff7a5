"""Save what somebody typed, without ever writing over what somebody else typed meanwhile."""

from datetime import date, datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.db import transaction

from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.disclosure.actions.deadline import refresh_due
from gongkai.disclosure.actions.moving import locked, require_post, subject_of
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.freezing import FIELDS
from gongkai.disclosure.models import CatalogueEntry, Column, Draft, Item
from gongkai.disclosure.models.content import OPENNESS
from gongkai.files.html import clean, to_text
from gongkai.law import moves
from gongkai.law.verdicts import Refusal, Refused, require
from gongkai.ledger.actions.record import record

BODY_LIMIT = 1_000_000
# What the writer calls the columns that hold text.
_PLACES = {
    "doc_number": "发文字号", "issuer": "发文机关", "source": "信息来源", "theme": "主题分类", "keywords": "主题词",
    "summary": "内容概述", "ground_reason": "理由和依据", "impact_assessment": "个人信息保护影响评估",
    "interprets": "解读的文件",
}  # fmt: skip
_DATES = ("formed_on", "changed_on", "effective_from", "valid_until")
# Columns of the item itself that are settled while drafting.
_ITEM_FIELDS = frozenset({"entry", "column", "heading"})


def save_draft(
    item_id: int, changes: dict[str, Any], *, based_on: int, actor: Actor, at: datetime, today: date
) -> Draft:
    """Apply changed columns to the draft that had revision `based_on`; returns the draft with its new revision.

    A save based on an older revision is refused with code "draft_moved_on" and nothing is lost: the face shows both
    texts. Body HTML is cleaned here, whichever door it came by. Images keep only `asset:<digest>` addresses.
    """
    unknown = set(changes) - set(FIELDS) - _ITEM_FIELDS
    if unknown:
        raise ValueError(f"not columns of a draft: {sorted(unknown)}")
    checked = _checked(changes, today)
    item_code = Item.objects.values_list("code", flat=True).get(pk=item_id)
    refuse_secrecy_marks(_texts(checked), subject=f"item:{item_code}", actor=actor, at=at)
    with transaction.atomic():
        item = locked(item_id)
        require_post(actor, item, ("drafter",), "拟稿")
        require(moves.may("edit", work=item.work, public=item.public))
        draft = Draft.objects.select_for_update().get(item=item)
        if draft.revision != based_on:
            raise Refusal(
                Refused(
                    "draft_moved_on",
                    "这份草稿刚被别人保存过，您的改动没有写入，也没有丢失：下面并排列出两份文字，请合并后再保存。",
                )
            )
        for name in _ITEM_FIELDS & set(checked):
            setattr(item, name, checked.pop(name))
        for name, value in checked.items():
            setattr(draft, name, value)
        draft.revision += 1
        draft.saved_at = at
        draft.saved_by_id = actor.person_id
        draft.save()
        item.working_title = draft.title
        refresh_due(item, draft.changed_on or draft.formed_on)
        item.save(
            update_fields=["working_title", "entry", "column", "heading", "formed_on", "due_on", "due_provisional"]
        )
        # One fact per save would drown the record in keystrokes; the first save after a pause tells enough.
        record(
            "item.draft_saved", subject=subject_of(item), organ_code=item.organ.code, actor=actor, at=at,
            data={"revision": draft.revision, "columns": sorted(changes)},
        )  # fmt: skip
        return draft


def _texts(checked: dict[str, Any]) -> dict[str, str]:
    """Every text about to be stored, by place: the body as it is read, where a mark may run over several tags, and as
    it is written, where the addresses of links stand; the columns of the header block each on one line, because the
    level alone on a line is a mark in a document and the answer to a question (密级和保密期限) in a form.
    """
    body = checked.get("body", "")
    texts = {"标题": checked.get("title", ""), "正文": to_text(body), "正文里的链接": unquote(unescape(body))}
    for name in _PLACES.keys() & checked.keys():
        texts[_PLACES[name]] = f"{_PLACES[name]}：" + " ".join(str(checked[name]).split())
    return texts


def _checked(changes: dict[str, Any], today: date) -> dict[str, Any]:
    checked = dict(changes)
    if "title" in checked:
        checked["title"] = str(checked["title"]).strip()
        if not checked["title"]:
            raise Refusal(Refused("title_missing", "请填写标题。"))
        if len(checked["title"]) > 300:
            raise Refusal(Refused("title_long", f"标题最长 300 字，现在 {len(checked['title'])} 字，请精简。"))
    if "body" in checked:
        if len(checked["body"]) > BODY_LIMIT:
            raise Refusal(
                Refused(
                    "body_long",
                    f"正文最长 {BODY_LIMIT:,} 字符，现在 {len(checked['body']):,} 字符。请把名单、表格等改为附件上传。",
                )
            )
        checked["body"] = clean(checked["body"], image_sources=("asset:",))
    for name in _DATES:
        value = checked.get(name)
        if value is not None and not isinstance(value, date):
            raise ValueError(f"{name} is not a date")
    for name, label in (("formed_on", "成文日期"), ("changed_on", "变更日期")):
        value = checked.get(name)
        if value is not None and value > today:
            raise Refusal(
                Refused(
                    "date_in_future", f"{label}不能晚于今天（{today.year}年{today.month}月{today.day}日），请核对。"
                )
            )
    start, end = checked.get("effective_from"), checked.get("valid_until")
    if start and end and end < start:
        raise Refusal(Refused("validity_reversed", "有效期截止日早于生效日期，请核对。"))
    if "openness" in checked and checked["openness"] not in OPENNESS:
        raise ValueError(f"unknown openness {checked['openness']}")
    if "co_organs" in checked:
        codes = list(checked["co_organs"])
        known = set(Organ.objects.filter(code__in=codes).values_list("code", flat=True))
        if missing := [code for code in codes if code not in known]:
            raise Refusal(Refused("organ_unknown", f"没有代码为 {missing[0]} 的机关，请从名单中选择。"))
    if "entry" in checked and not (checked["entry"] is None or isinstance(checked["entry"], CatalogueEntry)):
        raise ValueError("entry is not a catalogue entry")
    if "column" in checked and not (checked["column"] is None or isinstance(checked["column"], Column)):
        raise ValueError("column is not a column")
    return checked
