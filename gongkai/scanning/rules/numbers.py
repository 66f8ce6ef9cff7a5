"""Structured numbers (identity, telephone, bank card …): one scan for runs of digits, then each run is classified.

A run may be full-width, spaced, hyphenated, broken over lines or cells, or hold several numbers glued together.
Check digits decide where they exist (GB 11643, GB 32100, Luhn); where none exists, form and neighbouring words do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gongkai.chinese.normalise import half_width
from gongkai.scanning.rules.checks import (
    USCC,
    passes_luhn,
    plausible_id,
    real_birth_date,
    valid_id,
    valid_old_id,
    valid_uscc,
)
from gongkai.scanning.rules.runs import RUN, Number, Run, run_of

# ---- forms ---------------------------------------------------------------------------------------------------------

_MOBILE = re.compile(r"1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}\Z")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}\Z")
# ISO/IEC 7812: 62 UnionPay, 4 Visa, 5 Mastercard, 34 and 37 Amex, 35 JCB, 6011 and 65 Discover; 9558, 60, 68 domestic.
_CARD = re.compile(r"(?:6[0258]\d{14,17}|4\d{15}|5[1-5]\d{14}|3[47]\d{13}|35\d{14}|9558\d{15}|955\d{13,16})\Z")
_CERTAIN_CARD = re.compile(r"62\d{14,17}\Z|4\d{15}\Z|5[1-5]\d{14}\Z|60\d{14,17}\Z|9558\d{15}\Z")


# ---- words that say what a number is -------------------------------------------------------------------------------

_ID_WORDS = re.compile(r"身\s*份|证\s*件|公民号码")
_PHONE_WORDS = re.compile(
    r"电\s*话|手\s*机|联系方式|联系号码|座机|传\s*真|热线|致电|拨打|[Tt]el|TEL|[Pp]hone|☎|☏|微信|固话"
)
_LOCAL_WORDS = re.compile(r"(?:电\s*话|座机|传\s*真|固话|[Tt][Ee][Ll]|[Pp]hone|[Ff]ax|☎)[^\d\n]{0,8}\Z")
_AREA_IN_BRACKETS = re.compile(r"[(（\[]\s?(0\d{2,3})\s?[)）\]]\s?\Z")
_CARD_WORDS = re.compile(r"银行卡|储蓄卡|信用卡|借记卡|卡\s*号|账\s*[号户]|帐\s*[号户]|开户|存折")
_ACCOUNT_WORDS = re.compile(
    r"(?:一卡通|一折通|一卡|社会?保障?[卡号]|社会?保障?编号|医保卡?号|医保卡|存折|惠农卡|惠民卡|工资卡|银行卡|储蓄卡|个人账户|养老金账户|参保号|个人编号)[^\d\n]{0,10}\Z"
)
_TRAVEL_WORDS = re.compile(r"护\s*照|通行证|回乡证|台胞证|居住证|居留|旅行证|证件|[Pp]assport|PASSPORT")
_TRAVEL_LETTERS = re.compile(r"(?:\A|[^A-Za-z0-9])(E[A-HJ-NP-Z]?|C[A-HJ-NP-Z]?|P[ES]|[GDSKHMWTL]|[A-Z]{3})\Z")
_NOT_A_PHONE_AFTER = re.compile(r"[.．]\d|\.[A-Za-z]|[%％元万亿吨亩_=]|[*＊×●█]")
# The number (\0) is part of something else: of a longer identifier, a decimal, a sum of money.
_TOKEN_AROUND = re.compile(r"(?:[A-Za-z_=$*¥￥＊×]|\d[.．])\0|\0[A-Za-z]")


# ---- runs ----------------------------------------------------------------------------------------------------------

_LONGEST = 19
_LINE_OR_CELL = re.compile(r"[\n\t]")
_LINE = re.compile(r"[\n\v\f]")  # \v is a line break inside a cell


def classify(text: str) -> Iterator[Number]:
    """Every structured number in `text`, in order of place within a run. Masked numbers (138****1234) are none."""
    reached = 0
    for match in RUN.finditer(text):
        if match.start() < reached:  # the tail of a credit code with letters in it
            continue
        for number in _numbers(run_of(text, *match.span())):
            reached = max(reached, number.end)
            yield number


def _numbers(run: Run) -> Iterator[Number]:
    taken = list(_resident_ids(run)) if len(run.digits) >= 18 else []
    for i, j in taken:
        yield run.number("id18", i, j)
    if taken or run.digits[-1] == "X":
        run.groups = list(_left_over(run, taken))
    at = 0
    while at < len(run.groups):
        number, used = _number_at(run, at)
        if number:
            yield number
        at += used


def _resident_ids(run: Run) -> Iterator[tuple[int, int]]:
    """Valid identity numbers, first those that begin and end with a group, then those glued to other digits."""
    digits = run.digits
    starts = {i for i, _ in run.groups}
    ends = {j for _, j in run.groups}
    group_end = [j for i, j in run.groups for _ in range(i, j)]
    free = 0
    for i in range(len(digits) - 17):
        if i < free or not valid_id_at(digits, i):
            continue
        aligned = i in starts and i + 18 in ends
        if aligned or group_end[i] >= i + 18 or i in starts or i + 18 in ends:
            free = i + 18
            yield i, free


def valid_id_at(digits: str, i: int) -> bool:
    """Whether a valid identity number begins at `i`; X may only be the last character."""
    number = digits[i : i + 18]
    return (number.isdigit() or (number[17] == "X" and number[:17].isdigit())) and valid_id(number)


def _left_over(run: Run, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The groups without the spans in `taken` (both in order); a trailing X is no digit."""
    upcoming = iter([*taken, (len(run.digits), len(run.digits))])
    start, end = next(upcoming)
    for i, j in run.groups:
        if run.digits[j - 1] == "X":
            j -= 1
        while i < j:
            if end <= i:
                start, end = next(upcoming, (j, j))
            elif start < j:
                if i < start:
                    yield i, start
                i = max(i, end)
            else:
                yield i, j
                break


def _number_at(run: Run, at: int) -> tuple[Number | None, int]:
    """The number beginning with group `at`, and how many groups it uses (one where there is none)."""
    i, j = run.groups[at]
    if j - i >= 8 and (code := _credit_code(run, i)):
        return code, 1
    if j - i == 1 and i and not _LINE_OR_CELL.search(run.gap(i)):
        return None, 1  # a number written digit by digit begins where digits begin; without this, long rows cost much
    best: tuple[Number | None, int] = (None, 1)
    for used in range(1, min(_LONGEST, len(run.groups) - at) + 1):
        end = run.groups[at + used - 1][1]
        if end - i > _LONGEST:
            break
        if used > 1 and run.groups[at + used - 1][0] != run.groups[at + used - 2][1]:
            break  # an identity number was cut out in between
        number = _single(run, i, end) if used == 1 else _joined(run, at, used)
        if number:
            best = number, used
            if number.kind not in ("bank_card", "id15"):  # a longer card number may begin like either of them
                break
    return best


def _credit_code(run: Run, i: int) -> Number | None:
    start = run.at[i]
    code = half_width(run.text[start : start + 19]).upper()
    return Number("uscc", start, start + 18, code[:18]) if USCC.match(code) and valid_uscc(code[:18]) else None


def _single(run: Run, i: int, j: int) -> Number | None:
    """One group of digits without anything in between."""
    digits, length = run.digits[i:j], j - i
    if length < 7:
        return None
    if length in (7, 8):
        return _travel(run, i, j) or _local_landline(run, i, j)
    if length in (9, 10):
        return _travel(run, i, j)
    if length <= 14:
        found = _travel(run, i, j) if length == 12 else None
        return found or _mobile(run, i, j) or _landline(run, i, j, hyphen=False) or _account(run, i, j)
    if length == 15 and valid_old_id(digits):
        return run.number("id15", i, j, bool(_ID_WORDS.search(run.before(i))))
    if length == 18 and plausible_id(digits) and "身份" in run.text:
        return run.number("id_unchecked", i, j, bool(_ID_WORDS.search(run.before(i))))
    return _mobile(run, i, j) or _card(run, i, j, sure=True) or _account(run, i, j)


class _Cut(NamedTuple):
    """How groups that may be one number stand to each other."""

    lengths: tuple[int, ...]
    within_line: bool
    alone: bool  # on its line, no further figures beside it
    over_cells: bool
    broken_line: bool
    wrapped: bool  # a spaced number that ran into the next line once,
    line_end: int  # after the group of this number

    @property
    def written(self) -> tuple[tuple[int, ...], ...]:
        """The lengths the groups may have been written with: a line may end between two of them or within one."""
        if self.alone or self.over_cells:
            return (self.lengths,)
        if not self.wrapped:
            return ()
        n = self.line_end
        return self.lengths, (*self.lengths[:n], self.lengths[n] + self.lengths[n + 1], *self.lengths[n + 2 :])

    @property
    def by_four(self) -> bool:
        """Groups of four, as card numbers are written; the last may be shorter."""
        return any(all(length == 4 for length in each[:-1]) and each[-1] <= 4 for each in self.written)

    @property
    def in_two(self) -> bool:
        """The six digits of the issuer apart, as between two cells."""
        return (self.alone or self.over_cells) and len(self.lengths) == 2 and self.lengths[0] == 6


def _cut(run: Run, at: int, used: int) -> _Cut:
    groups = run.groups[at : at + used]
    lengths = tuple(end - start for start, end in groups)
    gaps = [run.gap(start) for start, _ in groups[1:]]
    within_line = not any("\t" in gap or _LINE.search(gap) for gap in gaps)
    lonely = _stands_alone(run, at, used)
    over_cells = used > 1 and all(gap.strip(" ") == "\t" for gap in gaps) and _fills_cells(run, at, used)
    line_ends = [n for n, gap in enumerate(gaps) if _LINE.search(gap)]
    wrapped = lonely and used > 2 and len(line_ends) == 1 and not any("\t" in gap for gap in gaps)
    broken_line = (
        used in (2, 3) and len(line_ends) == used - 1 and _is_broken_line(run, gaps, groups[0][0], groups[-1][1])
    )
    return _Cut(
        lengths, within_line, within_line and lonely, over_cells, broken_line, wrapped, line_ends[0] if wrapped else 0
    )


def _joined(run: Run, at: int, used: int) -> Number | None:
    """Several groups read as one number; how they are cut must be usual for its kind, or a word must name it."""
    i, j = run.groups[at][0], run.groups[at + used - 1][1]
    total = j - i
    if total < 10:
        return None
    cut, before = _cut(run, at, used), run.before(i)
    if (_is_usual_mobile(cut, run.digits[i:j]) or _PHONE_WORDS.search(before)) and (number := _mobile(run, i, j)):
        return number
    hyphen = cut.lengths[0] in (3, 4) and cut.within_line
    if used == 2 and (number := _landline(run, i, j, hyphen=hyphen)):
        return number
    if total == 15 and _ID_WORDS.search(before) and valid_old_id(run.digits[i:j]):
        return run.number("id15", i, j, context=True)
    if total == 18 and _ID_WORDS.search(before) and plausible_id(run.digits[i:j]):
        return run.number("id_unchecked", i, j, context=True)
    if cut.alone and _ACCOUNT_WORDS.search(before):
        return _card(run, i, j, sure=True) or run.number("account", i, j, context=True)
    return _card(run, i, j, sure=cut.broken_line or cut.by_four or cut.in_two)


def _is_usual_mobile(cut: _Cut, digits: str) -> bool:
    lengths = cut.lengths
    if cut.alone and (lengths[-3:] == (3, 4, 4) or lengths[-2:] == (3, 8) or len(lengths) == len(digits)):
        return True  # the last: digit by digit
    if cut.broken_line or (cut.within_line and lengths[-1] == 11):  # the second: the country code apart
        return True
    if cut.alone or cut.over_cells:
        return lengths in ((3, 4, 4), (3, 8), (7, 4)) and not _is_date_or_year(digits[-lengths[-1] :])
    return any(each in ((3, 4, 4), (3, 8)) for each in cut.written)


def _is_broken_line(run: Run, gaps: list[str], i: int, j: int) -> bool:
    """A number cut in two by the end of a line; not two cells of a column of numbers, except inside one cell (\\v).

    Cut in three it has to stand in running text on both sides.
    """
    if any("\t" in gap for gap in gaps):
        return False
    if len(gaps) == 1:
        return "\v" in gaps[0] or not _is_cell(run, i, j)
    before, after = run.before(i, 1), run.text[run.at[j - 1] + 1 : run.at[j - 1] + 2]
    return bool(before.strip()) and bool(after.strip())


def _fills_cells(run: Run, at: int, used: int) -> bool:
    """Whether the groups fill neighbouring cells and no figures stand in the cells beside them."""
    first, end = run.groups[at][0], run.groups[at + used - 1][1]
    before, after = run.before(first, 2), run.text[run.at[end - 1] + 1 : run.at[end - 1] + 3]
    apart = (not first or "\n" in run.gap(first)) and (end == len(run.digits) or "\n" in run.gap(end))
    return apart and (not before or before[-1] in "\n\t") and (not after or after[0] in "\n\t\r")


def _is_date_or_year(digits: str) -> bool:
    return len(digits) == 8 and real_birth_date(digits) or len(digits) == 4 and "1990" <= digits <= "2039"


def _is_cell(run: Run, i: int, j: int) -> bool:
    """Whether the two halves stand alone on their lines, as two cells of a column of numbers do."""
    before, after = run.before(i, 1), run.text[run.at[j - 1] + 1 : run.at[j - 1] + 2]
    return before in ("", "\n", "\t") and after in ("", "\n", "\t", "\r")


def _stands_alone(run: Run, at: int, used: int) -> bool:
    """Whether no further digits follow or precede after a mere blank, as they do in a row of a table of figures."""
    first, end = run.groups[at][0], run.groups[at + used - 1][1]
    before = run.gap(first) if first else "\n"
    after = run.gap(end) if end < len(run.digits) else "\n"
    return all("\n" in gap or "\t" in gap or gap == "" for gap in (before, after))


def _mobile(run: Run, i: int, j: int) -> Number | None:
    digits = run.digits[i:j]
    for prefix in ("0086", "86", "0"):
        if len(digits) == 11 + len(prefix) and digits.startswith(prefix):
            i += len(prefix)
            break
    if not _MOBILE.match(run.digits[i:j]):
        return None
    start, end = run.at[i], run.at[j - 1] + 1
    context = bool(_PHONE_WORDS.search(run.before(i)))
    before, after = run.text[max(0, start - 2) : start], run.text[end : end + 2]
    if _NOT_A_PHONE_AFTER.match(after) or (_TOKEN_AROUND.search(before + "\0" + after) and not context):
        return None
    return run.number("mobile", i, j, context)


def _landline(run: Run, i: int, j: int, *, hyphen: bool) -> Number | None:
    context = bool(_PHONE_WORDS.search(run.before(i)))
    if not (hyphen or context) or not _LANDLINE.match(run.digits[i:j]):
        return None
    return run.number("landline", i, j, context)


def _local_landline(run: Run, i: int, j: int) -> Number | None:
    if run.digits[i] not in "2345678" or _NOT_A_PHONE_AFTER.match(run.text[run.at[j - 1] + 1 : run.at[j - 1] + 3]):
        return None
    before = run.before(i)
    if area := _AREA_IN_BRACKETS.search(half_width(before)):
        start = run.at[i] - (len(before) - area.start())
        return Number("landline", start, run.at[j - 1] + 1, area.group(1) + run.digits[i:j], context=True)
    return run.number("landline", i, j, context=True) if _LOCAL_WORDS.search(before) else None


def _travel(run: Run, i: int, j: int) -> Number | None:
    """Passports and permits: one letter and 8 digits (H and M also 10), two letters and 7, mainland permit 8 digits."""
    length = j - i
    letters = _TRAVEL_LETTERS.search(half_width(run.before(i, 4)))
    if letters:
        prefix = letters.group(1)
        # Three letters and 12 digits: permanent residence of foreigners, until 2023.
        fits = (
            length == 12 if len(prefix) == 3 else length == 9 - len(prefix) or (length == 10 and prefix in ("H", "M"))
        )
    else:
        prefix, fits = "", length in (8, 10) and "台胞证" in run.before(i, 10)
    if not fits or not _TRAVEL_WORDS.search(run.before(i, 24)):
        return None
    return Number("travel", run.at[i] - len(prefix), run.at[j - 1] + 1, prefix + run.digits[i:j], context=True)


def _card(run: Run, i: int, j: int, *, sure: bool) -> Number | None:
    digits = run.digits[i:j]
    if not 15 <= len(digits) <= 19:
        return None
    context = bool(_CARD_WORDS.search(run.before(i)))
    before = run.before(i, 1)
    if not context and (not sure or not _CERTAIN_CARD.match(digits) or (before.isascii() and before.isalpha())):
        return None
    return run.number("bank_card", i, j, context) if _CARD.match(digits) and passes_luhn(digits) else None


def _account(run: Run, i: int, j: int) -> Number | None:
    return run.number("account", i, j, context=True) if _ACCOUNT_WORDS.search(run.before(i)) else None
