"""What the text itself says about the document: offered beside the form, never filled in by the system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.disclosure.models import Draft
from gongkai.files.html import to_text
from gongkai.web.wording import full_date

_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:发|办|字|函|规|令|通|告|文|公告|通告)?\s*[〔［\[【(（]\s*(?:19|20)\d{2}\s*[〕］\]】)）]\s*第?\s*\d{1,5}\s*号"
)
_DAY = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_CHINESE_DAY = re.compile(
    r"([一二][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_ORGAN = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:人民政府|办公室|办公厅|委员会|局|厅|部|委|院|中心|街道办事处|镇政府|乡政府)"
)
_TITLE_END = re.compile(
    r"(?:通知|公告|通告|决定|意见|办法|规定|细则|方案|规划|公示|批复|函|报告|报表|情况|名单|指南|目录|条例|预案|解读|纪要|令)(?:（[^）]{1,12}）)?$"
)
_HEAD, _TAIL = 12, 12  # lines of the text that name the document


@dataclass(frozen=True)
class Guess:
    """`name` is the column of the draft, `value` what would be put there, `shown` how it reads."""

    name: str
    label: str
    value: str | date
    shown: str


def guesses(draft: Draft) -> list[Guess]:
    """Title, number, date of formation and issuer as the text has them, where the form says otherwise."""
    lines = [line.strip() for line in to_text(draft.body).splitlines() if line.strip()]
    if not lines:
        return []
    found = [
        Guess("title", _("标题"), title, title) if (title := _title(lines)) else None,
        Guess("doc_number", _("发文字号"), number, number) if (number := _number(lines)) else None,
        Guess("issuer", _("发文机关"), issuer, issuer) if (issuer := _issuer(lines)) else None,
        Guess("formed_on", _("成文日期"), day, full_date(day)) if (day := _day(lines)) else None,
    ]
    return [guess for guess in found if guess is not None and getattr(draft, guess.name) != guess.value]


def _title(lines: list[str]) -> str:
    """The first line that ends like a title, with the lines before it that belong to it; at most 120 characters."""
    for at, line in enumerate(lines[:_HEAD]):
        if len(line) <= 120 and _TITLE_END.search(line) and not line.endswith(("。", "：", ":")):
            start = at
            while start and len(lines[start - 1]) <= 40 and lines[start - 1].endswith(("关于", "印发", "转发")):
                start -= 1
            return "".join(lines[start : at + 1])[:300]
    return ""


def _number(lines: list[str]) -> str:
    for line in lines[:_HEAD]:
        if (found := _NUMBER.search(line)) and len(line) <= 60:
            text = re.sub(r"\s", "", found.group())
            return re.sub(r"[［\[【(（](\d{4})[］\]】)）]", r"〔\1〕", text).replace("〔", "〔").replace("〕第", "〕")
    return ""


def _issuer(lines: list[str]) -> str:
    """The organ that signs: a short line of its own near the end, before or after the date."""
    for line in reversed(lines[-_TAIL:]):
        name = re.sub(r"\s", "", line)
        if len(name) <= 40 and _ORGAN.fullmatch(name):
            return name
    return ""


def _day(lines: list[str]) -> date | None:
    """The date of the signature: the last line near the end that is little more than a date."""
    for line in reversed(lines[-_TAIL:]):
        if len(line) > 30:
            continue
        if found := _DAY.search(line):
            return _date(*(int(part) for part in found.groups()))
        if found := _CHINESE_DAY.search(re.sub(r"\s", "", line)):
            year = int("".join(_DIGITS[c] for c in found.group(1)))
            return _date(year, _small(found.group(2)), _small(found.group(3)))
    return None


def _small(text: str) -> int:
    """One to thirty-one in Chinese."""
    tens, _mark, ones = text.rpartition("十")
    if "十" not in text:
        return int(_DIGITS[text]) if len(text) == 1 else 0
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
