"""What an applicant told of themselves, what looks wrong in it, and how it is shown to others."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from gongkai.law.report_form import APPLICANTS
from gongkai.scanning.rules.numbers import valid_id, valid_uscc

#: Permanent code → column of the annual report (国办公开办函〔2021〕30号).
COLUMNS: Final[dict[str, str]] = dict(
    zip(("natural", "enterprise", "research", "welfare", "legal_service", "other"), APPLICANTS, strict=True)
)
IDENTITY_KINDS: Final[dict[str, str]] = {
    "id_card": "居民身份证",
    "passport": "护照",
    "permit": "通行证或者居留证件",
    "credit_code": "统一社会信用代码",
    "other": "其他证件",
    "none": "没有提供",
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """As given in the request; everything but the name may be missing and is then asked for (条例29、30)."""

    name: str
    identity_kind: str = "none"
    identity_number: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    contact: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def particulars_of(values: dict[str, Any]) -> Particulars:
    """Back from the stored form."""
    return Particulars(**{f.name: values.get(f.name, "") for f in fields(Particulars)})


def plain(text: str) -> str:
    """One form for comparing: compatibility forms folded, no blanks, upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def identity_text(told: Particulars) -> str:
    """What makes two submissions the same applicant: the identity document, else name with telephone or address."""
    if told.identity_number.strip():
        return f"{told.identity_kind}/{plain(told.identity_number)}"
    return f"name/{plain(told.name)}/{plain(told.phone) or plain(told.email) or plain(told.address)}"


def warnings(told: Particulars) -> list[str]:
    """What looks wrong or is missing; nothing here keeps a request out."""
    found = []
    number = plain(told.identity_number)
    if told.identity_kind == "id_card" and not (number.isascii() and len(number) == 18 and valid_id(number)):
        found.append("居民身份证号码的校验位不对，请与申请人核对；不影响登记。")
    if told.identity_kind == "credit_code" and not valid_uscc(number):
        found.append("统一社会信用代码的校验位不对，请与申请人核对；不影响登记。")
    if not number:
        found.append("没有身份证明，可以在补正时一并告知。")
    if not (told.phone.strip() or told.address.strip() or told.email.strip()):
        found.append("没有联系方式，可以在补正时一并告知。")
    return found


def masked(told: Particulars) -> Particulars:
    """For those who do not handle the case: enough to recognise, not enough to reach."""
    return Particulars(
        name=told.name[:1] + "*" * max(len(told.name) - 1, 1),
        identity_kind=told.identity_kind,
        identity_number=_middle(told.identity_number, 2, 2),
        phone=_middle(told.phone, 3, 4),
        address=_middle(told.address, 6, 0),
        email=_middle(told.email.partition("@")[0], 1, 0) + (f"@{told.email.partition('@')[2]}" if told.email else ""),
    )


def _middle(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + (text[-tail:] if tail else "")


def second_fact_matches(told: Particulars, fact: str) -> bool:
    """Does the second fact beside the query code fit: the last four of the telephone or identity number, or the name?"""
    given = plain(fact)
    tails = {plain(value)[-4:] for value in (told.phone, told.identity_number) if len(plain(value)) >= 4}
    return bool(given) and (given in tails or given == plain(told.name))
