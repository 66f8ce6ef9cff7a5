"""Findings of the scan beside the text and inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.disclosure.actions.submit import places_of
from gongkai.disclosure.models import Version
from gongkai.files.html import mark
from gongkai.scanning.models import ANSWERS
from gongkai.scanning.queries import Answered
from gongkai.scanning.rules import mask, scan

# Numbers of persons are masked in the list; words are shown as they stand.
_MASKED = frozenset({"identity", "finance", "contact"})
_LONGEST = 40
_LONG_NUMBER = re.compile(r"[0-9０-９]{11,}[0-9０-９XxＸ]?")
CONSEQUENCES = {
    "remove": lazy("这一版不能通过，退回拟稿删改后重新送审。"),
    "lawful": lazy("保留原文；写明哪一条法律、法规、规章要求或者允许公开。"),
    "mistaken": lazy("保留原文；写明为什么不是此类信息。"),
}
STATES = {"block": "flag--block", "open": "", "answered": "flag--answered"}


def state_of(row: Answered) -> str:
    """block, open or answered, as the entry and its mark in the text show it; a mere note needs no answer."""
    if row.finding.severity == "block":
        return "block"
    return "open" if row.open else "answered"


def place_words(place: str, text: str, start: int, names: Mapping[int, str]) -> str:
    """标题 / 第 3 段 / 附件“名单.xlsx”第 2 行; `names` are the files by order."""
    kind, _colon, order = place.partition(":")
    line = text.count("\n", 0, start) + 1
    match kind:
        case "title":
            return _("标题")
        case "summary":
            return _("内容概述")
        case "header":
            return _("文号、机关、来源或者主题词")
        case "body":
            return _("第 %(n)d 段") % {"n": line}
        case "links":
            return _("正文的第 %(n)d 个链接") % {"n": line}
        case "filename":
            return _("文件名或者附件标题")
        case "attachment":
            return _("附件“%(name)s”第 %(n)d 行") % {"name": names[int(order)], "n": line}
        case other:
            raise ValueError(f"unknown place {other}")


def spot(place: str, number: int) -> str:
    """The element of the review page where a finding stands: its mark in the body, otherwise the part that holds it."""
    kind, _colon, order = place.partition(":")
    match kind:
        case "body":
            return f"mark-{number}"
        case "title" | "links" | "header":
            return "text"
        case "summary":
            return "summary"
        case "filename" | "attachment":
            return f"attachment-{order}"
        case other:
            raise ValueError(f"unknown place {other}")


def entries(
    version: Version, rows: Sequence[Answered], code: str, *, redo: int = 0, typed: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Values of web/components/finding.html. `redo` opens an answered finding again; `typed` is what was refused:
    {number, answer, reason, error}."""
    texts = places_of(version)
    names = {a.order: a.filename for a in version.attachments.all()}
    made = []
    for row in rows:
        finding = row.finding
        text = texts[finding.place]
        state = state_of(row)
        if finding.number == redo and state == "answered" and row.answer is not None:
            state = "open"
        kept = typed if typed and typed["number"] == finding.number else None
        given = row.answer
        made.append(
            {
                "number": finding.number,
                "title": finding.title,
                "place": place_words(finding.place, text, finding.start, names),
                "spot": spot(finding.place, finding.number),
                "quote": quote(finding.family, finding.shown, text[finding.start : finding.end]),
                "note": _("另有 %(n)d 处") % {"n": len(finding.more)} if finding.more else "",
                "rule": f"{finding.sentence}{finding.article}",
                "state": state,
                "severity": finding.severity,
                "stop": _("请退回拟稿，删去或者遮挡后重新送审。"),
                "answer": {
                    "choice": ANSWERS[given.answer],
                    "reason": f"{given.reason}（{given.person.name}）",
                    "url": f"{reverse('desk:review', args=[code])}?redo={finding.number}#finding-{finding.number}",
                }
                if given
                else None,
                "choices": [
                    {
                        "value": value,
                        "label": label,
                        "consequence": CONSEQUENCES[value],
                        "checked": value == (kept["answer"] if kept else given.answer if given else ""),
                    }
                    for value, label in ANSWERS.items()
                ],
                "reason": kept["reason"] if kept else given.reason if given else "",
                "error": kept["error"] if kept else "",
                "url": reverse("desk:answer", args=[code, finding.number]),
            }
        )
    return made


def quote(family: str, masked: str, raw: str) -> str:
    """The words found; of a person's number only the masked form."""
    words = masked if family in _MASKED and masked else hidden_numbers(raw)
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def hidden_numbers(text: str) -> str:
    """Words around a finding may hold somebody's number too; it is masked as a finding of its own would be."""
    numbers = [finding for finding in scan(text) if finding.family in _MASKED]
    return _LONG_NUMBER.sub(lambda found: f"{found.group()[:4]}********{found.group()[-4:]}", mask(text, numbers))


def marked_body(html: str, rows: Iterable[Answered]) -> SafeString:
    """The frozen body with every finding where it stands, numbered; the numbers lead to the entries."""
    spans = []
    for row in rows:
        if row.finding.place != "body":
            continue
        look = f"flag {STATES[state_of(row)]}".strip()
        spans.append((row.finding.start, row.finding.end, {"class": look, "id": f"mark-{row.finding.number}"}))
        spans += [(start, end, {"class": look}) for start, end in row.finding.more]
    return mark_safe(_numbered(mark(html, spans)))  # noqa: S308 -- cleaned before it was frozen; marks are our own


_EDGE = re.compile(r'<mark(?: [^>]*?id="mark-(\d+)")?[^>]*>|</mark>')


def _numbered(html: str) -> str:
    """A link with the number at the end of each finding's first stretch."""
    waiting: list[str] = []
    parts, at = [], 0
    for edge in _EDGE.finditer(html):
        if edge.group() != "</mark>":
            waiting.append(edge.group(1) or "")
            continue
        number = waiting.pop()
        if number:
            label = _("第 %(n)s 条发现") % {"n": number}
            parts += [html[at : edge.start()], f'<a href="#finding-{number}" aria-label="{label}">{number}</a>']
            at = edge.start()
    return "".join([*parts, html[at:]])


def tally(rows: Sequence[Answered]) -> dict[str, int]:
    """How many findings ask for something, and how many of them are answered and open."""
    states = [state_of(row) for row in rows if row.finding.severity != "note"]
    return {"all": len(states), **{state: states.count(state) for state in STATES}}
