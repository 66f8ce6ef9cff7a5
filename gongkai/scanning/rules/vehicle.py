"""Vehicle plates (GA 36): province sign, letter, five or six characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.chinese.normalise import half_width
from gongkai.scanning.rules.findings import Rule, Span
from gongkai.scanning.rules.prepared import Prepared

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-ZＡ-ＨＪ-ＮＰ-Ｚ][·•・\s-]?"
    r"(?:[A-HJ-NP-Z0-9Ａ-ＨＪ-ＮＰ-Ｚ０-９]{5,6}(?![A-Za-z0-9])|[A-HJ-NP-Z0-9Ａ-ＨＪ-ＮＰ-Ｚ０-９]{4}[挂学警港澳])"
)
_DIGIT = re.compile("[0-9０-９]")


def _find_plate(prepared: Prepared) -> Iterable[Span]:
    spans = []
    for match in _PLATE.finditer(prepared.text):
        plate = half_width(match.group())
        if len(_DIGIT.findall(plate)) >= 2:  # a word in capitals after a province sign is no plate
            spans.append(Span(*match.span(), plate[:2] + "*" * (len(plate) - 4) + plate[-2:]))
    return spans


PLATE = Rule(
    code="vehicle_plate",
    family="vehicle",
    severity="confirm",
    title="车辆号牌",
    article="《个人信息保护法》第二十五条",
    sentence="个人车辆的号牌可以识别到车主，未经同意不得公开。请遮盖；公务车辆或者依法应当公布的，说明理由后保留。",
    find=_find_plate,
)
