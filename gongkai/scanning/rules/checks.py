"""Check digits and plausibility of single numbers (GB 11643, GB 32100, ISO/IEC 7812)."""

from __future__ import annotations

import re
from calendar import monthrange

# First two digits: GB/T 2260 provinces with Taiwan, and 81–83 of the residence permits for HK, Macao and Taiwan.
_REGIONS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82, 83))
PROVINCES = frozenset(str(number) for numbers in _REGIONS for number in numbers)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {letter: value for value, letter in enumerate(_USCC_LETTERS)}
USCC = re.compile(rf"(?:[159Y][1239]|[2346789A-EG][1-9]|N[1-9])\d{{6}}[{_USCC_LETTERS}]{{10}}(?![0-9A-Za-z])")


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
    if not USCC.match(code):
        return False
    total = sum(_USCC_VALUE[letter] * pow(3, at, 31) for at, letter in enumerate(code[:17]))
    return _USCC_LETTERS[(31 - total) % 31] == code[17]
