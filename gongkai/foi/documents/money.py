"""A sum in the capital numerals of notices of payment."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def in_words(yuan: int) -> str:
    """Whole yuan below 10¹²: 1 → 壹元整, 100 → 壹佰元整, 10050 → 壹万零伍拾元整."""
    if not 0 < yuan < 10**12:
        raise ValueError(f"没有{yuan}元的大写。")
    words, gap = "", False
    for power in range(len(str(yuan)) - 1, -1, -1):
        digit = yuan // 10**power % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _UNITS[power % 4]
        gap = digit == 0
        if power % 4 == 0 and yuan // 10**power % 10_000:
            words += _GROUPS[power // 4]
    return words + "元整"
