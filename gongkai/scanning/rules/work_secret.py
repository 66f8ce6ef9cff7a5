"""Marks of work secrets and of internal use. 《保守国家秘密法》64, 《政府信息公开条例》16."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.prepared import Prepared

TRIGGERS = (
    "内部资料",
    "内部文件",
    "内部使用",
    "内部参阅",
    "内部参考",
    "内部掌握",
    "内部明电",
    "工作秘密",
    "不予公开",
    "此件不公开",
    "不对外公开",
    "不得外传",
    "注意保存",
    "仅供",
)
_ONLY_FOR = re.compile(r"仅供[^\n，。；]{0,6}(?:参阅|传阅)|仅供.{0,2}(?:内部|领导|机关)[^\n，。；]{0,4}(?:使用|参考)")
# A mark stands alone on a line, in brackets, or after a field name; in running text the words are only noted.
_MARK_BEFORE = re.compile(
    r"(?:\A|[\n\r\f\t]|[【〔\[［（(《★]|[此本该]件|公开(?:属性|方式|类别)\s*[:：]|内部资料[ 　，,、]*)[ \t\u3000]*\Z"
)
_MARK_AFTER = re.compile(
    r"[ \t\u3000]*(?:\Z|[\n\r\f\t】〕\]］）)》★]|[，,、 \u3000]*(?:注意保存|不得外传|请勿外传|严禁外传))"
)
_NO_MARK_AFTER = re.compile(r"的|审理|听证|范围|事项|信息")


def _find_marks(prepared: Prepared) -> Iterable[Span]:
    marked: list[Place] = []
    running: list[Place] = []
    for start, end in prepared.places(TRIGGERS):
        if prepared.text[start:end] == "仅供":
            only_for = _ONLY_FOR.match(prepared.text, start)
            if not only_for:
                continue
            end = only_for.end()
        before, after = prepared.before(start, 12), prepared.after(end, 12)
        is_mark = _MARK_BEFORE.search(before) and _MARK_AFTER.match(after) and not _NO_MARK_AFTER.match(after)
        (marked if is_mark else running).append(Place(start, end))
    return Span.collapsed(marked) or Span.collapsed(running, "note")


MARK = Rule(
    code="work_secret",
    family="work_secret",
    severity="confirm",
    title="工作秘密或者内部使用标注",
    article="《保守国家秘密法》第六十四条、《政府信息公开条例》第十六条",
    sentence="文中有内部使用或者工作秘密的字样。请核对原件：确为标注的不得公开，只是行文提到的，说明理由后继续。",
    find=_find_marks,
    triggers=TRIGGERS,
)
