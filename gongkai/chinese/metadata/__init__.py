"""What an official document says about itself: title, number, date of formation, issuers, kind, validity.

Everything here is a guess to be offered, never forced; each comes with the stretch of text it was read from.
Forms: GB/T 9704-2012 (7.2.5 文号, 7.2.7 issuer's mark, 7.3.1 title, 7.3.5 signature and date), 公文处理工作条例第九条.
Works on text with one paragraph a line, and on text whose lines were run together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from gongkai.chinese.metadata.forms import DATE, DIGITS, GAP, Found, date_of, head_of, lines_of, small
from gongkai.chinese.metadata.number import doc_number, normalised_doc_number
from gongkai.chinese.metadata.signature import labelled_issuers, red_head, signature
from gongkai.chinese.metadata.title import heading_of, issuers_of_title, kind_of, title_of

__all__ = ["Found", "Guess", "guess", "normalised_doc_number", "parse_date"]

_EFFECTIVE = re.compile(rf"自{GAP}(?P<date>{DATE.pattern}){GAP}起(?:正式)?(?:施行|实施|执行|生效)")
_UNTIL = re.compile(rf"有效期(?:至|到|截至|截止){GAP}(?P<date>{DATE.pattern})")
_YEARS = re.compile(r"有效期(?:为|限为|限)?\s*(?P<years>[0-9０-９]{1,2}|[一二三五十])\s*年")


@dataclass(frozen=True, slots=True)
class Guess:
    """What was found; None where the text does not say. `heading` is a code of Art. 20 (20-01 … 20-14)."""

    title: Found[str] | None = None
    doc_number: Found[str] | None = None
    formed_on: Found[date] | None = None
    issuers: tuple[Found[str], ...] = field(default=())
    kind: str = ""
    heading: Found[str] | None = None
    is_provisional: bool = False
    effective_on: Found[date] | None = None
    valid_until: Found[date] | None = None
    valid_years: Found[int] | None = None

    @property
    def issuer(self) -> Found[str] | None:
        """The first issuer: with several, the one that leads."""
        return self.issuers[0] if self.issuers else None


def guess(text: str) -> Guess:
    """What `text` says about itself. Pure; the same text gives the same guess."""
    lines = lines_of(text)
    head = head_of(lines)
    number = doc_number(text, head)
    title = title_of(text, head, number)
    formed, signers = signature(text, lines, title)
    issuers = labelled_issuers(text) or red_head(head) or signers or issuers_of_title(text, title)
    name = title.value if title else ""
    return Guess(
        title=title,
        doc_number=number,
        formed_on=formed,
        issuers=issuers,
        kind=kind_of(name),
        heading=heading_of(title),
        is_provisional=bool(re.search(r"[（(](?:试行|暂行)[）)]|暂行(?:办法|规定|条例|细则)", name)),
        effective_on=_first_date(_EFFECTIVE, text),
        valid_until=_first_date(_UNTIL, text),
        valid_years=_years(text),
    )


def parse_date(text: str) -> date | None:
    """`2026年9月3日` or `二〇二六年九月三日` as a date; None when it is neither or no such day exists."""
    match = DATE.fullmatch(text.strip())
    return date_of(match) if match else None


def _first_date(pattern: re.Pattern[str], text: str) -> Found[date] | None:
    for match in pattern.finditer(text):
        day = date_of(match)
        if day is not None:
            return Found(day, match.start("date"), match.end("date"))
    return None


def _years(text: str) -> Found[int] | None:
    match = _YEARS.search(text)
    if match is None:
        return None
    digits = match["years"].translate(DIGITS)
    return Found(int(digits) if digits.isdigit() else small(digits), match.start(), match.end())
