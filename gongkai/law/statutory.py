"""Statutory holidays of a year whose notice is not out yet: what can be known, and nothing more."""

from __future__ import annotations

from datetime import date, timedelta

#: Dates of 春节 (lunar 1-1), 清明, 端午 (5-5), 中秋 (8-15) as MMDD. [M] lunar mapping, for provisional years only.
_MOVABLE: dict[int, tuple[int, int, int, int]] = {
    2027: (206, 405, 609, 915),
    2028: (126, 404, 528, 1003),
    2029: (213, 404, 616, 922),
    2030: (203, 405, 605, 912),
    2031: (123, 405, 624, 1001),
    2032: (211, 404, 612, 919),
    2033: (131, 404, 601, 908),
    2034: (219, 405, 620, 927),
    2035: (208, 405, 610, 916),
    2036: (128, 404, 530, 1004),
    2037: (215, 404, 618, 924),
    2038: (204, 405, 607, 913),
    2039: (124, 405, 527, 1002),
    2040: (212, 404, 614, 920),
    2041: (201, 404, 603, 910),
    2042: (122, 404, 622, 928),
    2043: (210, 405, 611, 917),
    2044: (130, 404, 531, 1005),
    2045: (217, 404, 619, 925),
    2046: (206, 404, 608, 915),
    2047: (126, 405, 529, 1004),
    2048: (214, 404, 615, 922),
    2049: (202, 404, 604, 911),
    2050: (123, 404, 623, 930),
}

FIRST_PROVISIONAL_YEAR = min(_MOVABLE)
LAST_PROVISIONAL_YEAR = max(_MOVABLE)


def statutory_holidays(year: int) -> tuple[tuple[date, str], ...]:
    """The 13 days of leave of `year` with their names, in order of date; no 调休, which only a notice can set.

    Raises KeyError outside FIRST_PROVISIONAL_YEAR..LAST_PROVISIONAL_YEAR (the lunar dates are a table).

    依据：放假办法2
    """
    spring, qingming, dragon_boat, mid_autumn = (date(year, md // 100, md % 100) for md in _MOVABLE[year])
    days = {date(year, 1, 1): "元旦", qingming: "清明节", date(year, 5, 1): "劳动节", date(year, 5, 2): "劳动节"}
    days |= {spring + timedelta(days=n): "春节" for n in range(-1, 3)}  # 除夕至正月初三
    days[dragon_boat] = "端午节"
    days |= {date(year, 10, n): "国庆节" for n in (1, 2, 3)}
    days[mid_autumn] = "中秋节、国庆节" if mid_autumn in days else "中秋节"
    return tuple(sorted(days.items()))
