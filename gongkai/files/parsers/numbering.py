"""Automatic numbers of Word, written out: mammoth drops them, and 第三条 without its number is another text.

Bullets and plain lists (1. 2. 3. without a break) stay lists. Every other number becomes text before its paragraph.
ECMA-376 part 1, 17.9 (numbering), 17.18.59 (formats).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_PLAIN_LIST = re.compile(r"%\d[.．、]?")


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False


@dataclass(slots=True)
class _Numbered:
    """One numbered paragraph; `place` is the paragraph's number in the document."""

    paragraph: Element
    num: str
    place: int
    label: str
    count: int
    level: int
    plain: bool


@dataclass(slots=True)
class Numbering:
    """The numbering and the styles of one document."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by num
    abstract: dict[str, str] = field(default_factory=dict)  # num to the series it counts in
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: Element | None, styles: Element | None) -> Numbering:
        found = cls()
        if numbering is not None:
            found._read_numbers(numbering)
        if styles is not None:
            found._read_styles(styles)
        return found

    def _read_numbers(self, root: Element) -> None:
        series = {
            each.get(f"{_W}abstractNumId", ""): {
                int(_value(lvl, f"{_W}ilvl")): _level(lvl) for lvl in each.iter(f"{_W}lvl")
            }
            for each in root.iter(f"{_W}abstractNum")
        }
        for num in root.findall(f"{_W}num"):
            name, base = num.get(f"{_W}numId", ""), _child(num, "abstractNumId")
            levels = dict(series.get(base, {}))
            restarted = False
            for override in num.findall(f"{_W}lvlOverride"):
                at = int(_value(override, f"{_W}ilvl"))
                changed = override.find(f"{_W}lvl")
                if changed is not None:
                    levels[at] = _level(changed)
                start = _child(override, "startOverride")
                if start and at in levels:
                    old = levels[at]
                    levels[at] = _Level(int(start), old.form, old.text, old.legal)
                    restarted = True
            self.levels[name] = levels
            self.abstract[name] = f"num {name}" if restarted else base

    def _read_styles(self, root: Element) -> None:
        styles = {style.get(f"{_W}styleId", ""): style for style in root.findall(f"{_W}style")}
        for name, style in styles.items():
            if re.match(r"(?:heading|标题) ?\d", _child(style, "name"), re.IGNORECASE):
                self.headings.add(name)
            num, level = _inherited(styles, name)
            if num and num != "0":
                self.by_style[name] = (num, int(level or 0))

    def write_out(self, body: Element) -> None:
        """Put the numbers of a document into its text; what stays a list keeps its numbering properties."""
        found = self._count(body)
        places: dict[str, list[int]] = defaultdict(list)
        for each in found:
            places[each.num].append(each.place)
        broken = {
            each.num
            for each in found
            if not each.plain
            or len(places[each.num]) < 2
            or places[each.num][-1] - places[each.num][0] >= len(places[each.num])
        }
        for each in found:
            if each.num in broken and each.label:
                _prepend(each.paragraph, each.label)

    def _count(self, body: Element) -> list[_Numbered]:
        counters: dict[str, Counter[int]] = defaultdict(Counter)
        found: list[_Numbered] = []
        for place, paragraph in enumerate(body.iter(f"{_W}p")):
            style = _child(paragraph, "pPr/pStyle")
            num, level = self._numbering_of(paragraph, style)
            levels = self.levels.get(num, {})
            if level not in levels or levels[level].form == "bullet":
                continue
            count = counters[self.abstract[num]]
            count[level] = count[level] + 1 if level in count else levels[level].start
            for deeper in [each for each in count if each > level]:
                del count[deeper]
            label = _label(levels, level, count)
            plain = (
                style not in self.headings
                and levels[level].form == "decimal"
                and levels[level].start == 1
                and _PLAIN_LIST.fullmatch(levels[level].text) is not None
            )
            found.append(_Numbered(paragraph, num, place, label, count[level], level, plain))
        return found

    def _numbering_of(self, paragraph: Element, style: str) -> tuple[str, int]:
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        from_style = self.by_style.get(style, ("", 0))
        if own is None:
            return from_style
        num, level = _child(own, "numId"), _child(own, "ilvl")
        return num or from_style[0], int(level) if level.isdigit() else from_style[1]


def _inherited(styles: dict[str, Element], name: str) -> tuple[str, str]:
    """`numId` and `ilvl` of a style or of the nearest style it is based on."""
    num = level = ""
    seen: set[str] = set()
    while name in styles and name not in seen and not num:
        seen.add(name)
        own = styles[name].find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            num, level = _child(own, "numId"), level or _child(own, "ilvl")
        name = _child(styles[name], "basedOn")
    return num, level


def _level(element: Element) -> _Level:
    return _Level(
        int(_child(element, "start") or 1),
        _child(element, "numFmt") or "decimal",
        _child(element, "lvlText"),
        element.find(f"{_W}isLgl") is not None,
    )


def _child(element: Element, path: str) -> str:
    found = element.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return "" if found is None else found.get(f"{_W}val", "")


def _value(element: Element, name: str) -> str:
    return element.get(name, "0")


def _label(levels: dict[int, _Level], level: int, count: Counter[int]) -> str:
    def number(found: re.Match[str]) -> str:
        at = int(found.group(1)) - 1
        of = levels.get(at, _Level())
        form = "decimal" if levels[level].legal else of.form
        return written(count.get(at, of.start), form)

    text = re.sub(r"%(\d)", number, levels[level].text)
    # 第一条　为了… needs a space; 一、为了… and （一）为了… do not.
    return f"{text}\u3000" if text and (text[-1].isalnum()) else text


def _prepend(paragraph: Element, label: str) -> None:
    """The label as the paragraph's first run, and no numbering any more (`numId` 0 switches off the style's too)."""
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = SubElement(paragraph, f"{_W}pPr")
        paragraph.remove(properties)
        paragraph.insert(0, properties)
    for own in properties.findall(f"{_W}numPr"):
        properties.remove(own)
    off = SubElement(properties, f"{_W}numPr")
    SubElement(off, f"{_W}ilvl").set(f"{_W}val", "0")
    SubElement(off, f"{_W}numId").set(f"{_W}val", "0")
    run = Element(f"{_W}r")
    SubElement(run, f"{_W}t").text = label
    paragraph.insert(list(paragraph).index(properties) + 1, run)


def written(number: int, form: str) -> str:
    """A number in one of Word's number formats; an unknown format gives plain digits."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if form in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"):
        return chinese(number)
    if form == "taiwaneseCountingThousand":
        return chinese(number)
    if form in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return chinese(number).translate(str.maketrans(_DIGITS + "零十百千", _LEGAL + "零拾佰仟"))
    if form == "ideographTraditional" and number <= 10:
        return _STEMS[number - 1]
    if form == "ideographZodiac" and number <= 12:
        return _BRANCHES[number - 1]
    if form.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    return str(number)


def chinese(number: int) -> str:
    """1 … 9999 as counted: 十, 十一, 二十, 一百零五, 一千二百."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for digit, unit in zip(f"{number:04d}", ("千", "百", "十", ""), strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + unit
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if text.startswith("一十") else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (number // value)
        number %= value
    return text
