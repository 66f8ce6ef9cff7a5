"""Identity numbers: resident identity cards, passports and permits, unified social credit codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.numbers import Kind, Number
from gongkai.scanning.rules.prepared import Prepared


def keep_ends(text: str, head: int, tail: int) -> str:
    """The text with everything but `head` first and `tail` last characters as asterisks; at least one is masked."""
    hidden = max(1, len(text) - head - tail)
    return text[:head] + "*" * hidden + text[head + hidden :]


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
    return Span.collapsed(Place(n.start, n.end) for n in of_kind(prepared, "uscc"))


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
    sentence="统一社会信用代码一般可以公开；个体工商户的代码可以关联到经营者本人，请留意是否必要。",
    find=_find_credit_code,
)
