"""Accounts of a person: bank cards and the accounts subsidies are paid to."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.scanning.rules.findings import Rule, Span
from gongkai.scanning.rules.identity import keep_ends, of_kind
from gongkai.scanning.rules.prepared import Prepared


def _find_bank_card(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 0, 4)) for n in of_kind(prepared, "bank_card")]


def _find_account(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 0, 4)) for n in of_kind(prepared, "account")]


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
