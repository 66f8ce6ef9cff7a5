"""Documents that a text names: by 文号 (青政办发〔2020〕12号, 国务院令第711号) and by title in 《…》, with where they stand.

Pure and quick: looks only at what stands around 《 and 号. What is named may be a law, a document of another house or a
book; which document of this house it is, if any, is decided elsewhere by the keys given here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.chinese.metadata.forms import DIGITS, GAP, HAN, ORGAN_END
from gongkai.chinese.normalise import BLANKS, INVISIBLE, half_width
from gongkai.chinese.numbers import code_key

_OPEN, _CLOSE = r"[〔﹝［\[(（【〖「]", r"[〕﹞］\])）】〗」]"
_YEAR = r"(?:[1１][9９]|[2２][0０])\d{2}"
_BRACKETED = re.compile(
    rf"(?P<word>[{HAN}]{{0,20}}){GAP}{_OPEN}{GAP}{_YEAR}{GAP}年?{GAP}{_CLOSE}{GAP}第?{GAP}\d{{1,5}}{GAP}号\Z"
)
_ORDER = re.compile(
    rf"(?P<word>[{HAN}]{{2,20}}令){GAP}(?:[（(]{GAP})?(?:{_YEAR}{GAP}年{GAP})?"
    rf"第{GAP}(?:\d{{1,4}}|[一二三四五六七八九十百零〇]{{1,6}}){GAP}号\Z"
)
_WINDOW = 56  # characters before 号 that a number may take
_TITLE_END = 200
_TITLE = re.compile(rf"《([^《》]{{0,{_TITLE_END}}}(?:《[^《》]{{1,{_TITLE_END}}}》[^《》]{{0,{_TITLE_END}}})*)》")
_ENDS_NUMBER = frozenset("0123456789０１２３４５６７８９一二三四五六七八九十百零〇") | frozenset(" \t\u00a0\u3000")
# Words that lead to a number and are no part of it; one-character words of which organ codes may be made (和, 原) are not
# cut off, only recognised, see `is_number_of`.
_LEADS = (
    "根据|依据|按照|依照|遵照|参照|比照|执行|落实|贯彻|印发|转发|下发|出台|制定|发布|公布|通知|意见|办法|决定|规定|"
    "批复|详见|文号|文件|以及|或者|关于|发文字号"
)
_LED = re.compile(rf".*(?:{_LEADS}|[的见以及由])(?=[{HAN}]{{2}})")
_MAY_PRECEDE = re.compile(rf"(?:{_LEADS}|[的见以及由和与原]|{ORGAN_END})\Z")
_SENTENCE_END = "。；;！？\n"
_ENDING = re.compile(
    r"废止|失效|停止执行|停止施行|停止使用|不再执行|不再适用|不再施行|终止执行|取代|代替|(?:适用期|有效期)已?届?满"
)
_ABOUT_ENDING = re.compile(r"废止|失效|清理结果|清理.{0,12}(?:目录|清单|决定|公告|通知)|继续有效")
_ISSUES = re.compile(
    r"(?:印发|发布|公布|颁布|颁发|下达|实施|施行)[^《》〈〉<>]{0,6}[《〈<](?P<inner>.+)[》〉>][^《〈<]{0,20}\Z"
)
_ISSUES_PLAIN = re.compile(r"关于(?:印发|发布|公布|颁布|颁发)(?P<inner>.{4,})的(?:通知|公告|通告|决定)\Z")
_ISSUER = re.compile(rf"[{HAN}、]{{1,60}}?(?:{ORGAN_END})(?=关于)")
_REVISED = re.compile(r"\((?:19|20)\d\d年?[^()]{0,12}\)\Z|\((?:修订|修正)\)\Z")
_MARKS = {ord(sign): None for sign in '《》〈〉<>“”"「」『』' + BLANKS + INVISIBLE + " \r\n"}
EXCERPT = 40  # characters shown on either side
_NEXT_NUMBER = 24  # characters after 》 within which its number in brackets begins


@dataclass(frozen=True, slots=True)
class Cited:
    """One document named at `text[start:end]`; `title` or `number` may be "" but not both.

    `number` is a key as `number_key` makes it, `title` is as written. `ends`: the sentence says that it is
    abolished or has lapsed.
    """

    title: str
    number: str
    start: int
    end: int
    ends: bool

    @property
    def tail(self) -> str:
        """The number without its organ code (〔2020〕12号), "" without a number."""
        return tail_of(self.number)


def cited(text: str) -> list[Cited]:
    """Every document `text` names, in order; a number in brackets behind a title belongs to that title."""
    numbers = list(_numbers(text))
    starts = [start for _, start, _ in numbers]
    found, taken = [], set()
    for title, start, end in _titles(text):
        number, stop, at = "", end, bisect_left(starts, end)
        if at < len(numbers) and starts[at] <= end + _NEXT_NUMBER and _belongs(text, end, starts[at]):
            taken.add(at)
            number, _, stop = numbers[at]
        found.append(Cited(title, number, start, stop, _ends(text, start, stop)))
    for at, (number, start, end) in enumerate(numbers):
        if at not in taken:
            found.append(Cited("", number, start, end, _ends(text, start, end)))
    return sorted(found, key=lambda each: each.start)


def number_key(number: str) -> str:
    """One form of a 文号 or of the number of an order, for comparing only: 国务院令第711号 with or without the state's name."""
    return code_key(number.translate(DIGITS)).removeprefix("中华人民共和国")


def tail_of(number: str) -> str:
    """What stands behind the organ code of a number key: year and serial, by which numbers are looked up."""
    for opening in ("〔", "令"):
        at = number.find(opening)
        if at >= 0:
            return number[at:]
    return number


def is_number_of(named: str, document: str) -> bool:
    """Does the number key found in a text name the document with this number key?

    A text has no blank between a word and an organ code, so the key may be longer at its beginning: 按照某政发〔2020〕1号.
    """
    if named == document:
        return True
    return named.endswith(document) and bool(_MAY_PRECEDE.search(named[: -len(document)]))


def title_key(title: str) -> str:
    """One form of a title, for comparing only: what a notice issues stands for the notice, the issuer in front and the
    year of a revision behind are left out, so are blanks, title marks and 中华人民共和国.
    """
    issued = _ISSUES.search(title)
    inner = issued["inner"] if issued is not None else title
    key = half_width(inner).translate(_MARKS)
    plain = _ISSUES_PLAIN.search(key) if issued is None else None
    key = plain["inner"] if plain is not None else _ISSUER.sub("", key, count=1)
    return _REVISED.sub("", key).removeprefix("中华人民共和国")


def about_ending(title: str) -> bool:
    """Is a document of this title itself about which documents ended (废止…的决定, 清理结果)?"""
    return _ABOUT_ENDING.search(title) is not None


def excerpt(text: str, start: int, end: int) -> str:
    """The passage around a citation, on one line."""
    left, right = max(0, start - EXCERPT), min(len(text), end + EXCERPT)
    return " ".join(text[left:right].split())


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    at = text.find("号")
    while at >= 0:
        if at and text[at - 1] in _ENDS_NUMBER:
            first = max(0, at - _WINDOW)
            found = _BRACKETED.search(text, first, at + 1) or _ORDER.search(text, first, at + 1)
            if found is not None and found["word"]:
                led = _LED.match(found["word"])
                start = found.start("word") + (led.end() if led else 0)
                if text[start] == "日" and start and text[start - 1] in _ENDS_NUMBER:
                    start += 1  # the last character of a day, not the code of 日照
                yield number_key(text[start : at + 1]), start, at + 1
        at = text.find("号", at + 1)


def _titles(text: str) -> Iterator[tuple[str, int, int]]:
    at = text.find("《")
    while at >= 0:
        found = _TITLE.match(text, at)
        if found is None:
            at = text.find("《", at + 1)
            continue
        title = "".join(found[1].split())
        if len(title) > 1:
            yield title, at, found.end()
        at = text.find("《", found.end())


def _belongs(text: str, title_end: int, number_start: int) -> bool:
    """Nothing but a bracket, and perhaps a day, between a title and the number behind it."""
    between = text[title_end:number_start].strip()
    return between == "" or (between[0] in "(（[［【" and not re.search(r"[)）\]］】《。；;、]", between))


def _ends(text: str, start: int, end: int) -> bool:
    first = max((text.rfind(sign, max(0, start - 120), start) for sign in _SENTENCE_END), default=-1)
    stops = [at for sign in _SENTENCE_END if (at := text.find(sign, end, end + 120)) >= 0]
    around = text[max(first + 1, start - 120) : start] + "\0" + text[end : min(stops, default=end + 120)]
    return _ENDING.search(around) is not None
