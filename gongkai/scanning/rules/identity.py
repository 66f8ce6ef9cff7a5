"""Identity numbers: resident identity cards, passports and permits, unified social credit codes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from gongkai.chinese.normalise import squeeze
from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.masking import keep_ends
from gongkai.scanning.rules.prepared import Prepared
from gongkai.scanning.rules.runs import SEPARATORS, Kind, Number


def of_kind(prepared: Prepared, kind: Kind) -> Iterator[Number]:
    """The numbers of one kind in the text."""
    return (number for number in prepared.numbers if number.kind == kind)


def _find_id_card(prepared: Prepared) -> Iterable[Span]:
    # [M] regulation: the first 2–6 and the last 3–4 characters may stay; here 4 and 4.
    return [Span(n.start, n.end, keep_ends(n.digits, 4, 4)) for n in of_kind(prepared, "id18")]


def _find_old_id_card(prepared: Prepared) -> Iterable[Span]:
    """Without a check digit 15 digits are certain only where a word names them."""
    return [
        Span(n.start, n.end, keep_ends(n.digits, 4, 4), "block" if n.context else None)
        for n in of_kind(prepared, "id15")
    ]


def _find_unchecked_id_card(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 4, 4)) for n in of_kind(prepared, "id_unchecked")]


def _find_travel_document(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 1, 3)) for n in of_kind(prepared, "travel")]


def _find_credit_code(prepared: Prepared) -> Iterable[Span]:
    """A code of an organisation is public, so it is only noted, all of a document as one, and nothing is masked."""
    codes = (n for n in of_kind(prepared, "uscc") if not n.digits.startswith(_SOLE_TRADER))
    return Span.collapsed(Place(n.start, n.end) for n in codes)


def _find_sole_trader_code(prepared: Prepared) -> Iterable[Span]:
    """GB 32100-2015: 9 (registered by market regulation), 2 (个体工商户); all of a document as one."""
    codes = (n for n in of_kind(prepared, "uscc") if n.digits.startswith(_SOLE_TRADER))
    return Span.collapsed(Place(n.start, n.end, keep_ends(n.digits, 2, 4)) for n in codes)


def _find_column(prepared: Prepared) -> Iterable[Span]:
    """Whole numbers under a head such as 身份证号 that no check digit vouches for: miswritten, or of another document."""
    known = [(n.start, n.end) for n in prepared.numbers if n.kind in ("id18", "travel")]
    places = []
    for start, end, cell in prepared.below("identity"):
        plain = squeeze(cell, SEPARATORS).text.upper()
        at = bisect_left(known, (start, 0))
        if _NUMBER.fullmatch(plain) and not (at < len(known) and known[at][0] < end):
            places.append(Place(start, end, keep_ends(plain, 4 if len(plain) > 12 else 1, 4 if len(plain) > 12 else 3)))
    return Span.collapsed(places)


# Resident identity (15 or 18), passports and permits; 3.3010E+17 is what a spreadsheet makes of an identity number.
_NUMBER = re.compile(r"\d{15}|\d{17}[0-9X]|[A-Z]{1,2}\d{7,10}|[A-Z]{3}\d{12}|\d\.\d{4,}E\+1[4-7]")
_SOLE_TRADER = "92"


_DISCLOSURE = "《个人信息保护法》第二十五条、《政府信息公开条例》第十五条"

ID_CARD = Rule(
    code="id_card",
    family="identity",
    severity="block",
    title="完整的身份证件号码",
    article=_DISCLOSURE,
    sentence="完整的身份证件号码不得公开，取得本人单独同意的除外。请删除，或者遮盖出生日期等中间各位后再公开。",
    find=_find_id_card,
)
OLD_ID_CARD = Rule(
    code="id_card_15",
    family="identity",
    severity="confirm",
    title="十五位身份证号码",
    article=_DISCLOSURE,
    sentence="此处像是完整的十五位身份证号码。确属身份证号码的不得公开，请删除或者遮盖中间各位；不是的，说明是什么号码。",
    find=_find_old_id_card,
)
UNCHECKED_ID_CARD = Rule(
    code="id_card_unchecked",
    family="identity",
    severity="confirm",
    title="校验位不符的身份证号码",
    article=_DISCLOSURE,
    sentence="此处像是身份证号码，但校验位不符，可能有一位写错。仍应删除或者遮盖中间各位；不是身份证号码的，说明是什么号码。",
    find=_find_unchecked_id_card,
)
TRAVEL_DOCUMENT = Rule(
    code="travel_document",
    family="identity",
    severity="confirm",
    title="护照或者通行证号码",
    article=_DISCLOSURE,
    sentence="护照、港澳台通行证等证件号码属于个人信息，未经本人单独同意不得公开。请删除或者遮盖，确需公开的说明依据。",
    find=_find_travel_document,
)
CREDIT_CODE = Rule(
    code="credit_code",
    family="identity",
    severity="note",
    title="统一社会信用代码",
    article="《个人信息保护法》第四条",
    sentence="单位的统一社会信用代码可以公开，请留意是否必要。",
    find=_find_credit_code,
)
SOLE_TRADER_CODE = Rule(
    code="sole_trader_code",
    family="identity",
    severity="confirm",
    title="个体工商户统一社会信用代码",
    article="《个人信息保护法》第四条、第二十五条",
    sentence="以92开头的统一社会信用代码属于个体工商户，可以关联到经营者本人。依法应当公示登记、许可、处罚信息的，说明理由后保留；"
    "其余请删除或者遮盖中间各位。",
    find=_find_sole_trader_code,
)
COLUMN = Rule(
    code="identity_column",
    family="identity",
    severity="confirm",
    title="证件号码一列",
    article=_DISCLOSURE,
    sentence="表头写明这一列是证件号码，号码没有遮盖，其中有校验位不符的身份证号码或者其他证件的号码。请删除这一列，或者遮盖中间各位。",
    find=_find_column,
    triggers=tables.TRIGGERS,
)
