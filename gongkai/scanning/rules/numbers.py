"""Structured numbers (identity, telephone, bank card …): one scan for runs of digits, then each run is classified.

A run may be full-width, spaced, hyphenated, broken over lines or cells, or hold several numbers glued together.
Check digits decide where they exist (GB 11643, GB 32100, Luhn); where none exists, form and neighbouring words do.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gongkai.chinese.normalise import BLANKS, HYPHENS, INVISIBLE, half_width, squeeze

Kind = Literal["id18", "id15", "id_unchecked", "mobile", "landline", "bank_card", "account", "uscc", "travel"]


class Number(NamedTuple):
    """A number found. `digits` is its plain form; `context` says that a word naming this kind stands just before."""

    kind: Kind
    start: int
    end: int
    digits: str
    context: bool = False


# ---- single numbers ------------------------------------------------------------------------------------------------

# First two digits: GB/T 2260 provinces with Taiwan, and 81–83 of the residence permits for HK, Macao and Taiwan.
_REGIONS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82, 83))
PROVINCES = frozenset(str(number) for numbers in _REGIONS for number in numbers)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {letter: value for value, letter in enumerate(_USCC_LETTERS)}
_USCC = re.compile(rf"(?:[159Y][1239]|[2346789A-EG][1-9]|N[1-9])\d{{6}}[{_USCC_LETTERS}]{{10}}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}\Z")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}\Z")
# ISO/IEC 7812: 62 UnionPay, 4 Visa, 5 Mastercard, 34 and 37 Amex, 35 JCB, 6011 and 65 Discover; 9558, 60, 68 domestic.
_CARD = re.compile(r"(?:6[0258]\d{14,17}|4\d{15}|5[1-5]\d{14}|3[47]\d{13}|35\d{14}|9558\d{15}|955\d{13,16})\Z")
_CERTAIN_CARD = re.compile(r"62\d{14,17}\Z|4\d{15}\Z|5[1-5]\d{14}\Z|60\d{14,17}\Z|9558\d{15}\Z")


def real_birth_date(digits: str) -> bool:
    """Whether yyyymmdd is a day of 1850–2099 (no clock here: a day to come is as suspicious as one past)."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return 1850 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def id_check_character(first17: str) -> str:
    """Check character of a resident identity number, ISO 7064 MOD 11-2 as in GB 11643-1999."""
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first17, strict=True)) % 11]


def plausible_id(number: str) -> bool:
    """18 characters with a known region and a real birth date, the check character not looked at.

    The permanent residence card for foreigners (2017 on) begins with 9 and its province stands one place later.
    """
    region = number[1:3] if number[0] == "9" else number[:2]
    return region in PROVINCES and real_birth_date(number[6:14])


def valid_id(number: str) -> bool:
    """A resident identity number of 18 characters with region, birth date and check character right."""
    return plausible_id(number) and number[17] == id_check_character(number[:17])


def valid_old_id(number: str) -> bool:
    """A resident identity number of 15 digits (until 2013): region and a birth date of the 20th century."""
    return number[:2] in PROVINCES and real_birth_date("19" + number[6:12])


def passes_luhn(digits: str) -> bool:
    """Luhn check of a bank card number (ISO/IEC 7812-1)."""
    total = sum(map(int, digits[-1::-2]))
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def valid_uscc(code: str) -> bool:
    """A unified social credit code of 18 characters with its check character right (GB 32100-2015)."""
    if not _USCC.match(code):
        return False
    total = sum(_USCC_VALUE[letter] * pow(3, at, 31) for at, letter in enumerate(code[:17]))
    return _USCC_LETTERS[(31 - total) % 31] == code[17]


# ---- words that say what a number is -------------------------------------------------------------------------------

_ID_WORDS = re.compile(r"身\s*份|证\s*件|公民号码")
_PHONE_WORDS = re.compile(
    r"电\s*话|手\s*机|联系方式|联系号码|座机|传\s*真|热线|致电|拨打|[Tt]el|TEL|[Pp]hone|☎|☏|微信|固话"
)
_LOCAL_WORDS = re.compile(r"(?:电\s*话|座机|传\s*真|固话|[Tt][Ee][Ll]|[Pp]hone|[Ff]ax|☎)[^\d\n]{0,8}\Z")
_AREA_IN_BRACKETS = re.compile(r"[(（\[]\s?(0\d{2,3})\s?[)）\]]\s?\Z")
_CARD_WORDS = re.compile(r"银行卡|储蓄卡|信用卡|借记卡|卡\s*号|账\s*[号户]|帐\s*[号户]|开户|存折")
_ACCOUNT_WORDS = re.compile(r"(?:一卡通|社会?保障?卡|社保卡|存折|惠农卡|工资卡|银行卡|储蓄卡)[^\d\n]{0,10}\Z")
_TRAVEL_WORDS = re.compile(r"护\s*照|通行证|回乡证|台胞证|居住证|旅行证|证件|[Pp]assport|PASSPORT")
_TRAVEL_LETTERS = re.compile(r"(?:\A|[^A-Za-z0-9])(E[A-HJ-NP-Z]?|C[A-HJ-NP-Z]?|P[ES]|[GDSKHMWTL])\Z")
_NOT_A_PHONE_AFTER = re.compile(r"[.．]\d|\.[A-Za-z]|[%％元万亿吨亩_=]|[*＊×●█]")
# The number (\0) is part of something else: of a longer identifier, a decimal, a sum of money.
_TOKEN_AROUND = re.compile(r"(?:[A-Za-z_=$*¥￥＊×]|\d[.．])\0|\0[A-Za-z]")
_BEFORE = 16  # characters before a number in which a word may name it


# ---- runs ----------------------------------------------------------------------------------------------------------

_D = "0-9０-９"
SEPARATORS = " \r\n\v" + BLANKS + HYPHENS + INVISIBLE
_S = re.escape(SEPARATORS)
#: At least 7 digits: the shortest number of interest is a local telephone number.
_RUN = re.compile(f"[{_D}](?:[{_S}]{{0,4}}[{_D}]){{6,}}+(?:[{_S}]{{0,4}}[xXｘＸⅩⅹ])?")
_LONGEST = 19
_LINE_OR_CELL = re.compile(r"[\n\t]")


@dataclass(slots=True)
class _Run:
    """Digits of one run with their offsets, cut into groups (i, j) at everything that stands between digits."""

    text: str
    digits: str
    at: tuple[int, ...] | range
    groups: list[tuple[int, int]]

    def number(self, kind: Kind, i: int, j: int, context: bool = False) -> Number:
        return Number(kind, self.at[i], self.at[j - 1] + 1, self.digits[i:j], context)

    def before(self, i: int, length: int = _BEFORE) -> str:
        return self.text[max(0, self.at[i] - length) : self.at[i]]

    def gap(self, j: int) -> str:
        """What stands between digit j-1 and digit j."""
        return self.text[self.at[j - 1] + 1 : self.at[j]]


def _run(text: str, start: int, end: int) -> _Run:
    raw = text[start:end]
    if raw.isascii() and raw.isdigit():
        return _Run(text, raw, range(start, end), [(0, end - start)])
    squeezed = squeeze(raw, SEPARATORS, offset=start)
    digits = squeezed.text.replace("Ⅹ", "X").replace("ⅹ", "X").upper()
    at = squeezed.at
    cuts = [
        i
        for i in range(1, len(digits))
        if at[i] != at[i - 1] + 1 and text[at[i - 1] + 1 : at[i]].strip(INVISIBLE)  # invisible ones do not part digits
    ]
    return _Run(text, digits, at, list(zip([0, *cuts], [*cuts, len(digits)], strict=True)))


def classify(text: str) -> Iterator[Number]:
    """Every structured number in `text`, in order of place within a run. Masked numbers (138****1234) are none."""
    reached = 0
    for match in _RUN.finditer(text):
        if match.start() < reached:  # the tail of a credit code with letters in it
            continue
        for number in _numbers(_run(text, *match.span())):
            reached = max(reached, number.end)
            yield number


def _numbers(run: _Run) -> Iterator[Number]:
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


def _resident_ids(run: _Run) -> Iterator[tuple[int, int]]:
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


def _left_over(run: _Run, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
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


def _number_at(run: _Run, at: int) -> tuple[Number | None, int]:
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


def _credit_code(run: _Run, i: int) -> Number | None:
    start = run.at[i]
    code = half_width(run.text[start : start + 19]).upper()
    return Number("uscc", start, start + 18, code[:18]) if _USCC.match(code) and valid_uscc(code[:18]) else None


def _single(run: _Run, i: int, j: int) -> Number | None:
    """One group of digits without anything in between."""
    digits, length = run.digits[i:j], j - i
    if length < 7:
        return None
    if length in (7, 8):
        return _travel(run, i, j) or _local_landline(run, i, j)
    if length in (9, 10):
        return _travel(run, i, j)
    if length <= 14:
        return _mobile(run, i, j) or _landline(run, i, j, hyphen=False) or _account(run, i, j)
    if length == 15 and valid_old_id(digits):
        return run.number("id15", i, j, bool(_ID_WORDS.search(run.before(i))))
    if length == 18 and plausible_id(digits) and "身份" in run.text:
        return run.number("id_unchecked", i, j, bool(_ID_WORDS.search(run.before(i))))
    return _mobile(run, i, j) or _card(run, i, j, sure=True) or _account(run, i, j)


def _joined(run: _Run, at: int, used: int) -> Number | None:
    """Several groups read as one number; how they are cut must be usual for its kind, or a word must name it."""
    i, j = run.groups[at][0], run.groups[at + used - 1][1]
    total = j - i
    if total < 10:
        return None
    groups = run.groups[at : at + used]
    lengths = tuple(end - start for start, end in groups)
    gaps = [run.gap(start) for start, _ in groups[1:]]
    within_line = not any("\t" in gap or "\n" in gap for gap in gaps)
    broken_line = used == 2 and "\n" in gaps[0] and not _is_cell(run, i, j)
    alone = within_line and _stands_alone(run, at, used)
    usual = alone and (lengths[-3:] == (3, 4, 4) or lengths[-2:] == (3, 8) or used == total)  # or digit by digit
    usual |= within_line and lengths[-1] == 11  # the country code apart
    if (usual or broken_line or _PHONE_WORDS.search(run.before(i))) and (number := _mobile(run, i, j)):
        return number
    if used == 2 and (number := _landline(run, i, j, hyphen=lengths[0] in (3, 4) and within_line)):
        return number
    if total == 15 and _ID_WORDS.search(run.before(i)) and valid_old_id(run.digits[i:j]):
        return run.number("id15", i, j, context=True)
    if total == 18 and _ID_WORDS.search(run.before(i)) and plausible_id(run.digits[i:j]):
        return run.number("id_unchecked", i, j, context=True)
    by_four = all(length == 4 for length in lengths[:-1]) and lengths[-1] <= 4
    return _card(run, i, j, sure=broken_line or (alone and by_four))


def _is_cell(run: _Run, i: int, j: int) -> bool:
    """Whether the two halves stand alone on their lines, as two cells of a column of numbers do."""
    before, after = run.before(i, 1), run.text[run.at[j - 1] + 1 : run.at[j - 1] + 2]
    return before in ("", "\n", "\t") and after in ("", "\n", "\t", "\r")


def _stands_alone(run: _Run, at: int, used: int) -> bool:
    """Whether no further digits follow or precede after a mere blank, as they do in a row of a table of figures."""
    first, end = run.groups[at][0], run.groups[at + used - 1][1]
    before = run.gap(first) if first else "\n"
    after = run.gap(end) if end < len(run.digits) else "\n"
    return all("\n" in gap or "\t" in gap or gap == "" for gap in (before, after))


def _mobile(run: _Run, i: int, j: int) -> Number | None:
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


def _landline(run: _Run, i: int, j: int, *, hyphen: bool) -> Number | None:
    context = bool(_PHONE_WORDS.search(run.before(i)))
    if not (hyphen or context) or not _LANDLINE.match(run.digits[i:j]):
        return None
    return run.number("landline", i, j, context)


def _local_landline(run: _Run, i: int, j: int) -> Number | None:
    if run.digits[i] not in "2345678" or _NOT_A_PHONE_AFTER.match(run.text[run.at[j - 1] + 1 : run.at[j - 1] + 3]):
        return None
    before = run.before(i)
    if area := _AREA_IN_BRACKETS.search(half_width(before)):
        start = run.at[i] - (len(before) - area.start())
        return Number("landline", start, run.at[j - 1] + 1, area.group(1) + run.digits[i:j], context=True)
    return run.number("landline", i, j, context=True) if _LOCAL_WORDS.search(before) else None


def _travel(run: _Run, i: int, j: int) -> Number | None:
    """Passports and permits: one letter and 8 digits (H and M also 10), two letters and 7, mainland permit 8 digits."""
    length = j - i
    letters = _TRAVEL_LETTERS.search(half_width(run.before(i, 3)))
    if letters:
        prefix = letters.group(1)
        fits = length == 9 - len(prefix) or (length == 10 and prefix in ("H", "M"))
    else:
        prefix, fits = "", length in (8, 10) and "台胞证" in run.before(i, 10)
    if not fits or not _TRAVEL_WORDS.search(run.before(i, 24)):
        return None
    return Number("travel", run.at[i] - len(prefix), run.at[j - 1] + 1, prefix + run.digits[i:j], context=True)


def _card(run: _Run, i: int, j: int, *, sure: bool) -> Number | None:
    digits = run.digits[i:j]
    if not 15 <= len(digits) <= 19:
        return None
    context = bool(_CARD_WORDS.search(run.before(i)))
    before = run.before(i, 1)
    if not context and (not sure or not _CERTAIN_CARD.match(digits) or (before.isascii() and before.isalpha())):
        return None
    return run.number("bank_card", i, j, context) if _CARD.match(digits) and passes_luhn(digits) else None


def _account(run: _Run, i: int, j: int) -> Number | None:
    return run.number("account", i, j, context=True) if _ACCOUNT_WORDS.search(run.before(i)) else None
