"""Accounts of a person: bank cards and the accounts subsidies are paid to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.chinese.normalise import squeeze
from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.identity import of_kind
from gongkai.scanning.rules.masking import keep_ends
from gongkai.scanning.rules.prepared import Prepared
from gongkai.scanning.rules.runs import SEPARATORS


def _find_bank_card(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 0, 4)) for n in of_kind(prepared, "bank_card")]


def _find_account(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 0, 4)) for n in of_kind(prepared, "account")]


_NUMBER = re.compile(r"\d{8,25}|\d\.\d{4,}E\+(?:0?[89]|1\d|2[0-4])|[A-Z]\d{8,9}")


def _find_column(prepared: Prepared) -> Iterable[Span]:
    """Whole numbers under a head such as 一卡通账号, whatever their check digits."""
    places = []
    for start, end, cell in prepared.below("account"):
        plain = squeeze(cell, SEPARATORS).text.upper()
        if _NUMBER.fullmatch(plain):
            places.append(Place(start, end, keep_ends(plain, 0, 4)))
    return Span.collapsed(places)


_ARTICLE = "《个人信息保护法》第二十五条、第二十八条"

BANK_CARD = Rule(
    code="bank_card",
    family="finance",
    severity="confirm",
    title="银行卡号",
    article=_ARTICLE,
    sentence="银行卡号是敏感个人信息，不得公开。请删除或者只保留末四位；属于单位收款账户的，说明理由后保留。",
    find=_find_bank_card,
)
ACCOUNT = Rule(
    code="benefit_account",
    family="finance",
    severity="confirm",
    title="社会保障卡或者一卡通账号",
    article=_ARTICLE,
    sentence="个人的社会保障卡、一卡通、存折账号是敏感个人信息，不得公开。请删除或者只保留末四位。",
    find=_find_account,
)
COLUMN = Rule(
    code="account_column",
    family="finance",
    severity="confirm",
    title="账号一列",
    article=_ARTICLE,
    sentence="表头写明这一列是银行卡、一卡通、社会保障卡等账号，是敏感个人信息，不得公开。请删除这一列，或者只保留末四位；"
    "属于单位收款账户的，说明理由后保留。",
    find=_find_column,
    triggers=tables.TRIGGERS,
)
