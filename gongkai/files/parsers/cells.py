"""The look of cells of a .xlsx: dates and leading zeros as they are shown, and values that show nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from xml.etree.ElementTree import Element

T = TypeVar("T")

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Built-in formats that are dates (ECMA-376 part 1, 18.8.30; 27 to 58 are the East Asian ones).
_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
_NOT_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DARK = {"0": "000000", "8": "000000", "1": "FFFFFF", "9": "FFFFFF", "64": "000000", "65": "FFFFFF"}
_SMALLEST = 2  # [M] points


class Looks:
    """Of each cell format by its number: `is_date`, `zeros` (digits to fill up to), `unseen`."""

    def __init__(self, styles: Element | None, theme: Element | None, *, since_1904: bool) -> None:
        self.since_1904 = since_1904
        self._theme = _theme_colours(theme)
        self._formats: dict[int, str] = {}
        self.is_date: list[bool] = []
        self.zeros: list[int] = []
        self.unseen: list[bool] = []
        if styles is not None:
            self._read(styles)

    def _read(self, styles: Element) -> None:
        for each in styles.iter(f"{_S}numFmt"):
            self._formats[_whole(each.get("numFmtId"))] = each.get("formatCode", "")
        fonts = [self._font(each) for each in _children(styles, f"{_S}fonts")]
        fills = [self._fill(each) for each in _children(styles, f"{_S}fills")]
        for each in _children(styles, f"{_S}cellXfs"):
            number = _whole(each.get("numFmtId"))
            code = self._formats.get(number, "")
            self.is_date.append(number in _DATES or _looks_like_date(code))
            self.zeros.append(len(code) if re.fullmatch(r"0{2,20}", code) else 0)
            ink, tiny = _at(fonts, each.get("fontId"), ("000000", False))
            ground = _at(fills, each.get("fillId"), "FFFFFF")
            self.unseen.append(_shows_nothing(code) or tiny or (ink is not None and ink == ground))

    def _font(self, font: Element) -> tuple[str | None, bool]:
        size = font.find(f"{_S}sz")
        tiny = size is not None and _real(size.get("val")) <= _SMALLEST
        return self._colour(font.find(f"{_S}color"), "000000"), tiny

    def _fill(self, fill: Element) -> str | None:
        pattern = fill.find(f"{_S}patternFill")
        if pattern is None:
            return None  # a gradient has more than one colour
        if pattern.get("patternType", "none") == "none":
            return "FFFFFF"
        return self._colour(pattern.find(f"{_S}fgColor"), "FFFFFF") if pattern.get("patternType") == "solid" else None

    def _colour(self, colour: Element | None, otherwise: str) -> str | None:
        if colour is None:
            return otherwise
        if colour.get("tint", "0") not in ("0", "0.0"):
            return None
        if colour.get("rgb"):
            return colour.get("rgb", "")[-6:].upper()
        if colour.get("theme"):
            return self._theme.get(colour.get("theme", ""))
        return _DARK.get(colour.get("indexed", ""), None if colour.get("indexed") else otherwise)

    def shown(self, raw: str, style: int) -> str:
        """A number as text: whole numbers in full, dates as dates, zeros in front kept."""
        if style < len(self.is_date) and self.is_date[style]:
            return self._date(raw)
        if raw.isdigit() or raw[:1] == "-" and raw[1:].isdigit():
            text = raw
        else:
            try:
                value = Decimal(raw)
            except InvalidOperation:
                return raw
            if not value.is_finite():
                return raw
            text = str(int(value)) if value == value.to_integral_value() and value.adjusted() < 30 else _rounded(value)
        return text.zfill(self.zeros[style]) if style < len(self.zeros) and self.zeros[style] else text

    def _date(self, raw: str) -> str:
        try:
            value = float(raw)
            if not 0 < value < 2_958_466:
                return raw
            day = date(1904, 1, 1) if self.since_1904 else date(1899, 12, 30)
            told = (day + timedelta(days=int(value))).isoformat()
        except (ValueError, OverflowError):
            return raw
        seconds = round((value % 1) * 86400)
        if not seconds:
            return told
        clock = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return f"{told} {clock}" if value >= 1 else clock


def _rounded(value: Decimal) -> str:
    """Fifteen digits, as a spreadsheet shows them; exponents only where it needs them too."""
    return f"{float(value):.15g}"


def _looks_like_date(code: str) -> bool:
    letters = _NOT_LETTERS.sub("", code).lower()
    return "general" not in letters and re.search(r"[ymd]", letters) is not None and "#" not in letters


def _shows_nothing(code: str) -> bool:
    """`;;;` and its like: every section empty."""
    return ";" in code and not re.sub(r'""|[;\s]|\[[^\]]*\]', "", code)


def _theme_colours(theme: Element | None) -> dict[str, str]:
    """Colours by their number in cells, in which light and dark change places (18.8.3)."""
    order = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    found = {"0": "FFFFFF", "1": "000000"}
    if theme is not None:
        for element in theme.iter():
            name = element.tag.rpartition("}")[2]
            if name in order and len(element):
                found[str(order.index(name))] = (element[0].get("lastClr") or element[0].get("val") or "").upper()
    return found


def _children(root: Element, tag: str) -> list[Element]:
    found = root.find(tag)
    return [] if found is None else list(found)


def _at(values: list[T], number: str | None, otherwise: T) -> T:
    at = _whole(number)
    return values[at] if at < len(values) else otherwise


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _real(text: str | None) -> float:
    try:
        return float(text or "99")
    except ValueError:
        return 99
