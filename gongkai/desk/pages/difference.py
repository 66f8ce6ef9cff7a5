"""What changed between two versions, word by word; personal data that was taken out is not shown again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import rjieba
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongkai.disclosure.models import Version
from gongkai.disclosure.models.content import OPENNESS
from gongkai.scanning.rules import scan
from gongkai.web.wording import full_date

_NUMBERS = frozenset({"identity", "finance", "contact"})
_PERSONAL = _NUMBERS | {"address", "vehicle", "minor", "sensitive"}
# Beyond this a line is compared whole: words of a very long table row say nothing side by side.
_LONGEST_LINE = 4000
_MOST_ROWS = 400

_LABELS = {
    "title": "标题", "doc_number": "发文字号", "issuer": "发文机关", "co_organs": "联合发文", "formed_on": "成文日期",
    "changed_on": "变更日期", "theme": "主题分类", "keywords": "主题词", "summary": "内容概述", "source": "信息来源",
    "openness": "公开属性", "ground": "法定情形", "ground_reason": "理由和依据", "no_rule_requires": "查对",
    "effective_from": "生效日期", "valid_until": "有效期至", "is_trial": "暂行或者试行", "names_persons": "写有个人",
    "impact_assessment": "个人信息保护影响评估", "interprets": "解读的文件",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A place and its safe HTML with <del> and <ins>."""

    place: str
    html: SafeString


def differences(old: Version, new: Version) -> list[Row]:
    """Header fields, then the text paragraph by paragraph, then files; empty when the versions say the same."""
    rows = [
        Row(label, _words(shown(getattr(old, name)), shown(getattr(new, name))))
        for name, label in _LABELS.items()
        if getattr(old, name) != getattr(new, name)
    ]
    rows += text_rows(old.body_text, new.body_text)
    return [*rows, *_files(old.files, new.files)][:_MOST_ROWS]


def shown(value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    if hasattr(value, "isoformat"):
        return full_date(value)
    return OPENNESS.get(str(value), str(value))


def text_rows(old: str, new: str) -> list[Row]:
    """Lines that differ; a replaced block of as many lines is compared line by line."""
    before, after = old.split("\n"), new.split("\n")
    rows = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        place = _place(j1, j2, len(after))
        if tag == "replace" and i2 - i1 == j2 - j1:
            rows += [
                Row(_place(j, j + 1, len(after)), _words(before[i], after[j]))
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
            ]
        else:
            rows.append(Row(place, _words("\n".join(before[i1:i2]), "\n".join(after[j1:j2]))))
    return rows


def _place(start: int, end: int, total: int) -> str:
    if start >= total:
        return _("正文末尾")
    if end - start <= 1:
        return _("第 %(n)d 段") % {"n": start + 1}
    return _("第 %(a)d 至 %(b)d 段") % {"a": start + 1, "b": end}


def _words(old: str, new: str) -> SafeString:
    """Equal words plain, removed ones struck (personal data as a note), added ones marked."""
    before, after = _cut(old), _cut(new)
    starts = [0]
    for word in before:
        starts.append(starts[-1] + len(word))
    hidden = _personal(old)
    parts = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(escape("".join(after[j1:j2])))
            continue
        if i2 > i1:
            parts.append(f"<del>{_removed(old, starts[i1], starts[i2], hidden)}</del>")
        if j2 > j1:
            parts.append(f"<ins>{escape(''.join(after[j1:j2]))}</ins>")
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 -- every word is escaped above


def _cut(text: str) -> Sequence[str]:
    return [text] if len(text) > _LONGEST_LINE else rjieba.cut(text)


def _personal(text: str) -> list[tuple[int, int, str]]:
    """Places of personal data in a text that is being taken out, with the note that stands for them."""
    return [
        (place.start, place.end, _("完整号码（不再显示）") if finding.family in _NUMBERS else _("个人信息（不再显示）"))
        for finding in scan(text)
        if finding.family in _PERSONAL
        for place in finding.places
    ]


def _removed(text: str, start: int, end: int, hidden: Iterable[tuple[int, int, str]]) -> str:
    """The removed stretch with a note in place of whatever personal data it touches."""
    parts, at = [], start
    for first, last, note in sorted(hidden):
        if last <= at or first >= end:
            continue
        parts += [escape(text[at : max(at, first)]), escape(note)]
        at = max(at, last)
    return "".join([*parts, escape(text[at:end])])


def _files(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> list[Row]:
    before = {f["digest"]: f["filename"] for f in old}
    after = {f["digest"]: f["filename"] for f in new}
    gone = [before[d] for d in before if d not in after]
    come = [after[d] for d in after if d not in before]
    if not gone and not come:
        return []
    html = "".join(f"<del>{escape(name)}</del> " for name in gone) + "".join(
        f"<ins>{escape(name)}</ins> " for name in come
    )
    return [Row(_("附件和图片"), mark_safe(html))]  # noqa: S308 -- names are escaped
