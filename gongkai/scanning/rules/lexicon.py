"""Lists an agency maintains: words of its negative list, and its leaders with their titles in order.

    lexicon = Lexicon(words, leaders)      # compiled once, used for many texts
    scan(text, lexicon=lexicon)

`lexicon_of(rows)` reads the rows of the table an agency keeps (docs/howto/keep-word-lists.md).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gongkai.chinese.normalise import BLANKS, INVISIBLE, half_width, squeeze
from gongkai.scanning.rules.findings import Finding, Severity, Word
from gongkai.scanning.rules.masking import keep_ends
from gongkai.scanning.rules.runs import SEPARATORS
from gongkai.scanning.rules.words import Words

_HAN = "[\u4e00-\u9fff]"
_BLANK = f" \r\n{BLANKS.replace(chr(9), '')}{INVISIBLE}"
#: A word may be broken over lines or spaced out (青 禾 专 班), but not over cells. A set first: that is searched fastest.
_GAP = re.compile(rf"[{_BLANK}](?:(?<={_HAN}[{_BLANK}])[{_BLANK}]*(?={_HAN})|(?<=[{INVISIBLE}])[{INVISIBLE}]*)")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]+")


def _narrow(text: str) -> str:
    """Full-width letters and figures as half-width ones; punctuation, of which Chinese text is full, stays."""
    return _WIDE.sub(lambda found: half_width(found[0]), text)


class Leader(NamedTuple):
    """A leader and every title that may stand beside the name, for example ("市委副书记", "市长")."""

    name: str
    titles: tuple[str, ...]


class Lexicon:
    """Words and leaders, found in one pass over the text however many there are."""

    def __init__(
        self,
        words: Iterable[Word],
        leaders: Sequence[Leader] = (),
        kept_open: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        """`kept_open`: code of a rule → how many characters its masked form leaves at the beginning and the end."""
        self._kept_open = dict(kept_open or {})
        self._by_text = {_narrow(word.text): word for word in words}
        self._rank = {leader.name: rank for rank, leader in enumerate(leaders)}
        self._titles = {leader.name: leader.titles for leader in leaders}
        every = sorted({title for leader in leaders for title in leader.titles}, key=lambda title: (-len(title), title))
        any_title = "|".join(map(re.escape, every)) or r"(?!)"
        self._before = re.compile(rf"(原|前|时任)?(副?(?:{any_title}))(?:同志)?\Z")
        self._after = re.compile(rf"(?:同志)?(副?(?:{any_title}))")
        self._between = re.compile(rf"(?:[、，,\s]|同志|和|以及|及|与|副?(?:{any_title}))*")
        self._longest = max(map(len, every), default=0) + 5
        self._words = Words((*self._by_text, *(name for name in self._rank if name not in self._by_text)))
        kept = [
            repr(each)
            for each in (
                *sorted(self._kept_open.items()),
                *(self._by_text[text] for text in sorted(self._by_text)),
                *leaders,
            )
        ]
        self.digest = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]

    def find(self, text: str) -> list[Finding]:
        """Every word of the list in the text, leaders with another's title, and leaders out of order."""
        plain, original = _plain(text)
        findings, leaders = [], []
        for index, start in self._words.occurrences(plain):
            word = self._words.words[index]
            if entry := self._by_text.get(word):
                findings.append(_finding(entry, text, *original(start, start + len(word))))
            if word in self._rank:
                leaders.append((start, start + len(word), word))
        for told, start, end in (*self._wrong_titles(plain, leaders), *self._out_of_order(plain, leaders)):
            findings.append(_finding(told, text, *original(start, end)))
        return findings

    def remasked(self, text: str, finding: Finding) -> Finding:
        """The finding with the masked forms this agency wants; as it is where the agency wants no others."""
        if finding.code not in self._kept_open:
            return finding
        head, tail = self._kept_open[finding.code]
        first, *more = (
            place._replace(
                suggestion=keep_ends(squeeze(text[place.start : place.end], SEPARATORS).text.upper(), head, tail)
            )
            for place in finding.places
        )
        return replace(finding, suggestion=first.suggestion, more=tuple(more))

    def _wrong_titles(self, text: str, leaders: list[tuple[int, int, str]]) -> Iterator[tuple[Word, int, int]]:
        for start, end, name in leaders:
            before = self._before.search(text[max(0, start - self._longest) : start])
            after = self._after.match(text, end, end + self._longest)
            if before and not before.group(1) and before.group(2) not in self._titles[name]:
                yield _TITLE, start - len(before.group()), end
            elif not before and after and after.group(1) not in self._titles[name]:
                yield _TITLE, start, after.end()

    def _out_of_order(self, text: str, leaders: list[tuple[int, int, str]]) -> Iterator[tuple[Word, int, int]]:
        ordered = sorted(leaders)
        for (start, end, first), (begins, ends, second) in zip(ordered, ordered[1:], strict=False):
            if self._rank[first] > self._rank[second] and self._between.fullmatch(text, end, begins):
                yield _ORDER, start, ends


_ACCURATE = "《政府信息公开条例》第六条"
_TITLE = Word(
    "", "leader_title", "confirm", "领导职务与名录不符", _ACCURATE, "姓名旁的职务与本机关维护的领导名录不符，请核对；名录已经变动的，先更新名录。"
)  # fmt: skip
_ORDER = Word(
    "", "leader_order", "confirm", "领导排序与名录不符", _ACCURATE, "几位领导的先后次序与本机关维护的领导名录不符，请核对；名录已经变动的，先更新名录。"
)  # fmt: skip


def _finding(word: Word, text: str, start: int, end: int) -> Finding:
    return Finding(
        word.code, "lexicon", word.severity, start, end, text[start:end], word.title, word.article, word.sentence,
        word.suggestion,
    )  # fmt: skip


def _plain(text: str) -> tuple[str, _Back]:
    """The text half-width and without gaps inside words, and the way back to its own offsets."""
    cut_at: list[int] = []  # where in the plain text something was left out
    cut_sum: list[int] = []  # and how many characters were left out up to there
    total = 0
    for gap in _GAP.finditer(text):
        cut_at.append(gap.start() - total)
        total += gap.end() - gap.start()
        cut_sum.append(total)
    return _narrow(_GAP.sub("", text) if cut_at else text), _Back(cut_at, cut_sum)


class _Back:
    def __init__(self, cut_at: list[int], cut_sum: list[int]) -> None:
        self._at, self._sum = cut_at, cut_sum

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of characters start..end of the plain text."""
        return start + self._left_out(start), end - 1 + self._left_out(end - 1) + 1

    def _left_out(self, at: int) -> int:
        before = bisect_right(self._at, at)
        return self._sum[before - 1] if before else 0


# ---- the table an agency keeps -------------------------------------------------------------------------------------

COLUMNS = ("类别", "词", "职务", "处理", "说明")
NEGATIVE, LEADER, MASK = "负面清单", "领导", "遮盖"
#: What a row of kind 遮盖 may name → codes of the rules whose masked form it sets (regulation: per agency).
MASKED: Mapping[str, tuple[str, ...]] = {
    "身份证号码": ("id_card", "id_card_15", "id_card_unchecked", "identity_column"),
    "护照通行证号码": ("travel_document",),
    "个体工商户代码": ("sole_trader_code",),
    "手机号码": ("mobile",),
    "银行卡号": ("bank_card",),
    "社保卡和一卡通账号": ("benefit_account", "account_column"),
}
_KEPT_OPEN = re.compile(r"前(\d{1,2})后(\d{1,2})")
_SEVERITY: Mapping[str, Severity] = {"不得公开": "block", "须核对": "confirm", "提示": "note"}


class BadList(ValueError):
    """A row of the table that means nothing. The message names the row and what is wrong."""


def lexicon_of(rows: Iterable[Mapping[str, str]]) -> Lexicon:
    """The lexicon of rows with COLUMNS. Leaders stand in their order. Raises `BadList` for a row that means nothing."""
    words: list[Word] = []
    leaders: list[Leader] = []
    kept_open: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows, start=2):
        kind, text, titles, handling, told = ((row.get(column) or "").strip() for column in COLUMNS)
        if not any((kind, text, titles, handling, told)):
            continue
        if not text:
            raise BadList(f"第{number}行没有写“词”，请补上或者删去这一行。")
        if kind == LEADER:
            leaders.append(Leader(text, tuple(title for title in re.split(r"[、，,；;\s]+", titles) if title)))
        elif kind == NEGATIVE:
            if handling and handling not in _SEVERITY:
                raise BadList(f"第{number}行的“处理”应当是{'、'.join(_SEVERITY)}，现在写的是“{handling}”。")
            words.append(_negative(text, _SEVERITY[handling or "须核对"], told))
        elif kind == MASK:
            form = _KEPT_OPEN.fullmatch(handling)
            if text not in MASKED or not form:
                raise BadList(
                    f"第{number}行是“遮盖”的，“词”应当是{'、'.join(MASKED)}之一，“处理”写成前几后几，例如前3后4。"
                )
            kept_open |= dict.fromkeys(MASKED[text], (int(form[1]), int(form[2])))
        else:
            raise BadList(f"第{number}行的“类别”应当是{NEGATIVE}、{LEADER}或者{MASK}，现在写的是“{kind}”。")
    return Lexicon(words, leaders, kept_open)


def _negative(text: str, severity: Severity, told: str) -> Word:
    return Word(
        text, "negative_list", severity, "本机关负面清单用语", "《政府信息公开条例》第十四条、第十六条",
        told or "此处是本机关负面清单所列用语。请核对是否属于不予公开的信息；可以公开的，说明理由后保留。",
    )  # fmt: skip
