"""Telephone numbers, mail and street addresses that are no longer right, found in texts however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.chinese.normalise import BLANKS, HYPHENS, INVISIBLE, half_width

_GAP = f"[{re.escape(HYPHENS + BLANKS + INVISIBLE)} ]?"
_GROUPS = re.compile(r"\d+")
#: [I] digits a local number has at least; what comes before it is the area
_LOCAL = 7
#: [I] characters an address has at least; a shorter one is found in every text
_SHORTEST_ADDRESS = 6
_DROP = str.maketrans("", "", BLANKS + INVISIBLE + " ")


@dataclass(frozen=True, slots=True)
class Former:
    """Old values, ready to be looked for. `numbers`: pattern → value as the directory had it."""

    numbers: tuple[tuple[re.Pattern[str], str], ...]
    addresses: tuple[str, ...]
    now: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.numbers or self.addresses)

    def found_in(self, text: str) -> list[str]:
        """The old values that stand in a text, as the directory had them."""
        flat = half_width(text)
        found = [value for pattern, value in self.numbers if pattern.search(flat)]
        if self.addresses:
            # What is right today may contain what was right before: it is taken out first.
            bare = _bare(text)
            for value in self.now:
                bare = bare.replace(value, "\n")
            found += [value for value in self.addresses if _bare(value) in bare]
        return found


def former(
    *, numbers: Iterable[str], numbers_now: Iterable[str], addresses: Iterable[str], addresses_now: Iterable[str]
) -> Former:
    """Old telephone numbers and addresses, without those that are in force still or again."""
    in_force = {key for value in numbers_now for key in _keys(value)}
    old = {key: value for value in numbers for key in _keys(value) if not _among(key, in_force)}
    current = sorted({_bare(value) for value in addresses_now if value}, key=len, reverse=True)
    gone = [v for v in dict.fromkeys(addresses) if len(_bare(v)) >= _SHORTEST_ADDRESS and _bare(v) not in current]
    holding = tuple(value for value in current if any(_bare(v) in value for v in gone))
    return Former(tuple((_pattern(key), value) for key, value in old.items()), tuple(gone), holding)


def _keys(value: str) -> list[tuple[str, str]]:
    """(area, local number) of each number a cell of the directory names."""
    found = []
    for part in re.split(r"[,;/、，；]| {2,}|转", half_width(value)):
        groups = _GROUPS.findall(part)
        digits = "".join(groups)
        if len(digits) < _LOCAL:
            continue
        # 0512-65223344, (0512)6522 3344, 12345678: the area is a first group that begins with 0.
        area = groups[0] if len(groups) > 1 and groups[0].startswith("0") else ""
        found.append((area, digits[len(area) :]))
    return [(area, local) for area, local in found if len(local) >= _LOCAL]


def _among(key: tuple[str, str], others: Iterable[tuple[str, str]]) -> bool:
    """Is the number among these? Without its area a number is the same as with it."""
    area, local = key
    return any(local == known and (not area or not place or area == place) for place, known in others)


def _pattern(key: tuple[str, str]) -> re.Pattern[str]:
    """The local number alone or with its own area before it, with blanks and hyphens anywhere between the digits; with
    another area before it, it is another number."""
    area, local = key
    alone = rf"(?<!\d)(?<!\d[{re.escape(HYPHENS)})])" if area else r"(?<!\d)"
    with_area = rf"(?<!\d){_GAP.join(area)}\)?{_GAP}|" if area else ""
    return re.compile(f"(?:{with_area}{alone}){_GAP.join(local)}(?!\\d)")


def _bare(text: str) -> str:
    return half_width(text).translate(_DROP)
