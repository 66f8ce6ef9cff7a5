"""Marks of state secrets: 密级★期限, or the level alone on a line at a page head. 《保守国家秘密法》22、31、35."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.prepared import Prepared

# Blanks that may stand inside a mark: spacing out is usual (机　密 ★), invisible characters come from Word and PDF.
_GAP = r"[ \t\u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]*"
_LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_NUMBER = r"[0-9０-９一二三四五六七八九十两〇零]"
_DATE = rf"{_NUMBER}{{2,4}}{_GAP}年{_GAP}{_NUMBER}{{1,3}}{_GAP}月(?:{_GAP}{_NUMBER}{{1,3}}{_GAP}日)?{_GAP}[前止]?"
_TERM = (
    rf"(?:至?{_GAP}{_DATE}|{_NUMBER}{{1,3}}{_GAP}(?:年|个{_GAP}月|月|天|日)|{_NUMBER}{{4}}{_GAP}年{_GAP}[前止底]?"
    rf"|长{_GAP}期|永{_GAP}久|[^\s★，。；]{{1,12}}前)"
)
_STAR_MARK = re.compile(
    # With its term: certain, wherever it stands, also broken over two lines.
    rf"{_LEVEL}{_GAP}(?:\r?\n)?{_GAP}★{_GAP}{_TERM}"
    # The star alone is enough too, but a star between 国家秘密 and the next word of a list is no mark.
    rf"|(?<!国家)(?<!商业)(?<!工作)(?<!个人)(?<!保守){_LEVEL}{_GAP}★"
)
_URGENCY = r"(?:特急|加急|平急|急件|特提)"
_SERIAL = r"(?:№|No\.?)?[0-9０-９]{4,8}"
_OPEN, _CLOSE = r"[【〔\[［（(《「]?", r"[】〕\]］）)》」]?"
_HEAD_MARK = re.compile(
    rf"^{_GAP}(?:{_SERIAL}[ \t\u3000]+)?{_OPEN}{_GAP}(?:密{_GAP}级{_GAP}[:：]?{_GAP})?"
    rf"({_LEVEL}){_GAP}级?{_GAP}{_CLOSE}"
    rf"(?:{_GAP}{_TERM})?(?:[ \t\u3000]+{_URGENCY})?(?:[ \t\u3000]+{_SERIAL})?{_GAP}$"
)

#: Non-empty lines that count as the head of a page. [I] GB/T 9704 puts 份号, 密级 and 紧急程度 in lines 1–3.
HEAD_LINES = 6
#: Only so many characters after a page start are looked at, so that the check stays quick on text without line breaks.
HEAD_CHARACTERS = 600


def _page_starts(text: str) -> Iterator[int]:
    yield 0
    at = text.find("\f")
    while at != -1:
        yield at + 1
        at = text.find("\f", at + 1)


def _head_marks(text: str) -> Iterator[tuple[int, int]]:
    for page in _page_starts(text):
        head = text[page : page + HEAD_CHARACTERS]
        if "密" not in head:
            continue
        cut = head.find("\f")
        lines_left, at = HEAD_LINES, page
        for line in (head if cut == -1 else head[:cut]).splitlines(keepends=True):
            if lines_left and (match := _HEAD_MARK.match(line.rstrip())):
                yield at + match.start(1), at + match.end(1)
            lines_left -= bool(line.strip()) and lines_left > 0
            at += len(line)


def marks(text: str) -> Iterator[tuple[int, int]]:
    """Every secrecy mark in mark form as (start, end): first those with a star, then those at page heads."""
    if "★" in text:
        for match in _STAR_MARK.finditer(text):
            yield match.span()
    if "密" in text:
        yield from _head_marks(text)


def first_mark(text: str) -> tuple[int, int] | None:
    """The first secrecy mark as (start, end), without looking for the others."""
    starred = _STAR_MARK.search(text) if "★" in text else None
    at_head = next(_head_marks(text), None) if "密" in text else None
    spans = [span for span in (starred and starred.span(), at_head) if span]
    return min(spans, key=lambda span: (span[0], -span[1]), default=None)


def _find_marks(prepared: Prepared) -> Iterable[Span]:
    return [Span(start, end) for start, end in sorted(set(marks(prepared.text)))]


# What looks like a mark without being one in form: a look-alike star, a filled-in 密级 field, 机密级 or 绝密件 in
# brackets, the level alone on a line further down. Running text (国家秘密, 商业秘密, 保守秘密) is no finding at all:
# 168 of 800 real regulations hold a bare word and none of them is a mark.
_ANY_LEVEL = re.compile(_LEVEL)
_STAR_LIKE = re.compile(rf"{_GAP}(?:[☆⭐✩✭✮✯⭑]{_GAP}(?:{_TERM})?|[*＊]{_GAP}{_TERM})")
_FIELD = re.compile(rf"密{_GAP}级{_GAP}[:：]{_GAP}\Z")
_OPENED = re.compile(rf"[【〔\[［（(]{_GAP}\Z")
_CLOSED = re.compile(rf"{_GAP}[级件]?{_GAP}[】〕\]］）)]")
_LINE_BEGINS = re.compile(rf"(?:\A|[\n\r\f\t]){_GAP}\Z")
_LINE_ENDS = re.compile(rf"{_GAP}(?:[\n\r\f\t]|\Z)")
_AROUND = 24  # characters looked at on each side; the longest form (a term with its date) is shorter


def _like_a_mark(before: str, after: str) -> bool:
    return bool(
        _STAR_LIKE.match(after)
        or _FIELD.search(before)
        or (_OPENED.search(before) and _CLOSED.match(after))
        or (_LINE_BEGINS.search(before) and _LINE_ENDS.match(after))
    )


def _find_words(prepared: Prepared) -> Iterable[Span]:
    text = prepared.text
    if "密" not in text:
        return []
    firm = {at for start, end in marks(text) for at in range(start, end)}
    return Span.collapsed(
        Place(start, end)
        for start, end in (match.span() for match in _ANY_LEVEL.finditer(text))
        if _like_a_mark(prepared.before(start, _AROUND), prepared.after(end, _AROUND))
        and firm.isdisjoint(range(start, end))
    )


MARK = Rule(
    code="secrecy_mark",
    family="secrecy",
    severity="block",
    title="国家秘密标志",
    article="《保守国家秘密法》第二十二条、第三十五条",
    sentence="文中有国家秘密标志。本系统不是涉密系统，涉密信息不得在此录入、保存或者公开；"
    "请立即停止操作，转由本机关保密工作机构线下处理。确已解密的，凭解密手续去除标志后再录入。",
    find=_find_marks,
)
WORD = Rule(
    code="secrecy_word",
    family="secrecy",
    severity="confirm",
    title="疑似国家秘密标志",
    article="《保守国家秘密法》第三十五条",
    sentence="此处写法近似国家秘密标志。请核对原件：确属标志的不得公开，并转保密工作机构处理；不是标志的，说明理由后继续。",
    find=_find_words,
)
