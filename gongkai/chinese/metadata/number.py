"""发文字号, and the number of an order or announcement."""

from __future__ import annotations

import re

from gongkai.chinese.metadata.forms import DIGITS, GAP, HAN, Found, Line

_YEAR = r"(?:19|20)\d{2}|[１２][９０][０-９]{2}"
_OPEN, _CLOSE = r"[〔﹝［\[(（【〖「]", r"[〕﹞］\])）】〗」]"
_DOC_NUMBER = re.compile(
    rf"(?P<word>[{HAN}]{{1,20}}){GAP}{_OPEN}{GAP}(?P<year>{_YEAR}){GAP}{_CLOSE}{GAP}第?{GAP}(?P<number>[0-9０-９]{{1,5}}){GAP}号"
)
ORDER_NUMBER = re.compile(
    rf"(?P<word>[{HAN}]{{2,24}}?(?:令|公告|通告)){GAP}[（(]?{GAP}(?:(?P<year>{_YEAR}){GAP}年?{GAP})?第{GAP}"
    rf"(?P<number>[0-9０-９]{{1,4}}|[一二三四五六七八九十百零〇]{{1,6}}){GAP}号"
)
# What may stand before the organ's short mark when lines were run together.
_BEFORE_WORD = re.compile(r".*(?:通知|意见|办法|决定|公告|通告|批复|方案|规定|细则|规划|文件|文号|字号|号)")
_LABELLED_NUMBER = re.compile(r"(?:发文字号|文\s*号|发文文号)[:：]?\s*")


def doc_number(text: str, head: list[Line]) -> Found[str] | None:
    label = _LABELLED_NUMBER.search(text[:2000])
    if label:
        match = _DOC_NUMBER.match(text, label.end())
        if match:
            return Found(_bracketed(match, match["word"]), match.start(), match.end())
    for line in head:
        match = _DOC_NUMBER.search(line.text)
        if match and not _is_cited(line.text, match.start(), match.end()):
            return _own_number(match, line.start)
        order = ORDER_NUMBER.fullmatch(line.text)
        if order:
            year = f"{order['year'].translate(DIGITS)}年" if order["year"] else ""
            return Found(f"{order['word']}{year}第{order['number'].translate(DIGITS)}号", line.start, line.end)
    match = _DOC_NUMBER.search(text[:400])
    if match and match.start() < 200 and not _is_cited(text, match.start(), match.end()):
        return _own_number(match, 0)
    return None


def _own_number(match: re.Match[str], offset: int) -> Found[str]:
    before = _BEFORE_WORD.match(match["word"])
    word = match["word"][before.end() :] if before and before.end() < len(match["word"]) else match["word"]
    start = offset + match.start() + len(match["word"]) - len(word)
    return Found(_bracketed(match, word), start, offset + match.end())


def _bracketed(match: re.Match[str], word: str) -> str:
    return f"{word}〔{match['year'].translate(DIGITS)}〕{int(match['number'].translate(DIGITS))}号"


def _is_cited(text: str, start: int, end: int) -> bool:
    """A number inside brackets or after a title mark belongs to another document."""
    before, after = text[max(0, start - 200) : start], text[end : end + 1]
    return (
        before.endswith(tuple("（(》、，；以按照"))
        or after in tuple("）)文、《")
        or "》" in before[-3:]
        or before.count("《") > before.count("》")
    )


def normalised_doc_number(text: str) -> str | None:
    """A document number in its one written form (`某政办规〔2026〕7号`), or None when `text` is not just a number."""
    match = _DOC_NUMBER.fullmatch(text.strip())
    return _bracketed(match, match["word"]) if match else None
