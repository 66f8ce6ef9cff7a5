"""The redaction desk: what was found in a file, what is covered, what stays behind, and whether its copy is up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.pages import redact_parts as parts
from gongkai.desk.pages.clocks import Calendars, clock_box
from gongkai.desk.who import Me
from gongkai.disclosure.models import Draft, DraftAttachment, Item
from gongkai.files.copies.making import Base
from gongkai.files.queries import read
from gongkai.law.negative_list import GROUNDS, ground
from gongkai.scanning.models import FileCopy, Redaction, RedactionMark
from gongkai.scanning.queries import Progress, progress
from gongkai.scanning.redacting import base_reading

#: Entries beside the document; more stand on further screens.
ENTRIES_AT_ONCE = 60
WITH_PAGES = frozenset({"pdf", "png", "jpeg", "gif"})


def redact_page(
    me: Me, item: Item, attached: DraftAttachment, *, at: int = 1, sheet: str = "", entries_from: int = 1,
    typed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything of the screen. `at`: page, row or line to begin with; `typed`: what was refused and why."""
    copy = attached.copy
    place = {"item": item, "attached": attached, "heading": _("处理附件：%(title)s") % {"title": attached.title},
             "clock": clock_box(Calendars().due(item, me.today)), "at": at, "sheet": sheet,
             "typed": typed or {}}  # fmt: skip
    if copy is None:
        return place | {"facts": [attached.kind.upper()], "none_yet": True}
    redaction = copy.redaction
    marks = list(redaction.marks.select_related("by").order_by("number"))
    now = progress(redaction, copy)
    shown, text = shown_of(attached, redaction, parts.of_rows(marks), at, sheet, _addresses(item, attached.order))
    begin = min(max(entries_from, 1), max(len(marks), 1)) - 1
    begin -= begin % ENTRIES_AT_ONCE
    return place | {
        "facts": facts(redaction),
        "shown": shown,
        "entries": [
            entry(item, attached.order, mark, text=text, typed=typed, at=at, sheet=sheet)
            for mark in marks[begin : begin + ENTRIES_AT_ONCE]
        ],
        "more_entries": [
            {"first": first + 1, "last": min(first + ENTRIES_AT_ONCE, len(marks)), "current": first == begin}
            for first in range(0, len(marks), ENTRIES_AT_ONCE)
        ]
        if len(marks) > ENTRIES_AT_ONCE
        else [],
        "tally": tally(now),
        "found": sum(mark.origin == "found" for mark in marks),
        "to_choose": sum(mark.state == "proposed" and not mark.ground for mark in marks),
        "hidden": redaction.hidden,
        "warnings": redaction.warnings,
        "grounds": GROUNDS,
        "copy": copy_facts(copy, now),
        "rule": {
            "lead": _("能区分处理的，把可以公开的部分公开。"),
            "text": _("遮盖的内容在副本里不再存在，原件留在内部，不对外提供。"),
            "articles": _("《政府信息公开条例》第三十七条，《中华人民共和国个人信息保护法》第二十五条"),
        },
        "jumps": [
            {"id": "document", "title": _("原件")},
            {"id": "marks", "title": _("标记 %(n)d") % {"n": len(marks)}},
            {"id": "hidden", "title": _("隐藏内容 %(n)d") % {"n": now.hidden}},
            {"id": "copy", "title": _("副本")},
        ],
    }


def shown_of(
    attached: Any, redaction: Redaction, marks: Sequence[parts.Marked], at: int, sheet: str,
    addresses: tuple[Callable[[int], str], Callable[[int], str] | None],
) -> tuple[dict[str, Any], str]:  # fmt: skip
    """What is marked on, as pages, cells or lines; and the text where lines are counted in it."""
    page_url, lines_url = addresses
    if redaction.base_kind in WITH_PAGES:
        lines_of = lines_url if redaction.base_kind == "pdf" else None
        return parts.pages(redaction.pages, marks, at, page_url, lines_of), ""
    reading = base_reading(Base(read(attached.base), redaction.base_kind))
    if redaction.base_kind == "xlsx":
        return parts.sheet(reading, marks, sheet, at), ""
    return parts.text_lines(reading.text, marks, at), reading.text


def _addresses(item: Item, order: int) -> tuple[Callable[[int], str], Callable[[int], str]]:
    return (
        lambda page: reverse("desk:file_page", args=[item.code, order, "original", page]),
        lambda page: reverse("desk:file_lines", args=[item.code, order, page]),
    )


def facts(redaction: Redaction) -> list[str]:
    """Kind, and the form that is marked where it is another."""
    told = [redaction.kind.upper()]
    if redaction.pages and redaction.base_kind == "pdf":
        told.append(_("%(n)d 页") % {"n": len(redaction.pages)})
    if redaction.base_kind != redaction.kind:
        told.append(_("按 %(kind)s 处理和公开") % {"kind": redaction.base_kind.upper()})
    return told


def tally(now: Progress) -> dict[str, Any]:
    """Counts as the head of the list tells them."""
    return {"all": now.waiting + now.covered + now.left_open, "waiting": now.waiting, "covered": now.covered,
            "left_open": now.left_open, "stale": now.stale, "hidden": now.hidden}  # fmt: skip


def copy_facts(copy: FileCopy, now: Progress) -> dict[str, Any]:
    """The newest copy, and why another may not or need not be made."""
    if now.waiting:
        why = _("还有 %(n)d 处没有决定遮盖还是不遮盖。请逐处处理后再生成副本。") % {"n": now.waiting}
    elif not now.stale:
        why = _("副本已是最新，标记没有再改动。")
    else:
        why = ""
    return {
        "number": copy.number, "at": copy.made_at, "size": copy.size, "kind": copy.kind.upper(), "lost": copy.lost,
        "drawn": copy.drawn, "why": why, "fresh": not now.stale, "waiting": now.waiting,
    }  # fmt: skip


def entry(
    item: Item, order: int, mark: RedactionMark, *, text: str = "", typed: Mapping[str, Any] | None = None, at: int = 1,
    sheet: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The value of desk/redact/_mark.html."""
    kept = typed if typed and typed.get("number") == mark.number else {}
    query, fragment = parts.spot_of(mark.places, text)
    chosen = kept.get("ground") or mark.ground
    return {
        "number": mark.number, "title": mark.title, "shown": mark.shown if mark.shown != mark.title else "",
        "look": parts.look(mark.state, mark.severity), "state": mark.state, "blocked": mark.severity == "block",
        "place": parts.where_words(mark.places, text), "article": mark.article, "origin": mark.origin,
        "ground": ground(mark.ground) if mark.ground else None, "reason": mark.reason,
        "by": mark.by.name if mark.by else "", "decided_at": mark.at, "at": at, "sheet": sheet,
        "spot": f"{reverse('desk:redact', args=[item.code, order])}?{query}#{fragment}", "fragment": fragment,
        "grounds": [{"code": g.code, "title": g.title, "chosen": g.code == chosen} for g in GROUNDS],
        "typed": kept.get("reason", "") or ("" if mark.origin == "found" else _("标错了，不需要遮盖。")),
        "error": kept.get("error", ""), "url": reverse("desk:decide_mark", args=[item.code, order, mark.number]),
    }  # fmt: skip


def file_states(item: Item, draft: Draft) -> list[dict[str, Any]]:
    """How far each file of a draft has come, in three queries. Images of the body only where something is to be done."""
    rows = draft.attachments.select_related("blob", "copy__redaction").prefetch_related("copy__redaction__marks")
    made = []
    for row in rows.order_by("order"):
        now = progress(row.copy.redaction, row.copy) if row.copy else None
        ready = now is not None and now.ready
        if row.inline and (ready or f"asset:{row.blob_id}" not in draft.body):
            continue
        made.append(
            {
                "order": row.order, "title": row.title, "filename": row.filename, "kind": row.kind.upper(),
                "size": row.blob.size, "note": row.size_note, "inline": row.inline,
                "url": reverse("desk:file", args=[item.code, row.order]),
                "redact_url": reverse("desk:redact", args=[item.code, row.order]),
                "number": row.copy.number if row.copy else 0, "covered": now.covered if now else 0,
                "hidden": now.hidden if now else 0, "waiting": now.waiting if now else 0,
                "state": _state(now), "ready": ready,
            }
        )  # fmt: skip
    return made


def _state(now: Progress | None) -> str:
    if now is None:
        return _("还没有副本")
    if now.waiting:
        return _("%(n)d 处待处理") % {"n": now.waiting}
    if now.stale:
        return _("副本待重新生成")
    return _("已处理")
