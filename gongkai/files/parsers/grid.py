"""One worksheet of a .xlsx, read as a stream: cells with their places, and whatever else its XML says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from gongkai.files.archive import damaged
from gongkai.files.parsers.cells import Looks
from gongkai.files.parsers.ooxml import too_much_text
from gongkai.files.parsers.parts import telling

MOST_CELLS = 2_000_000
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LITERAL = re.compile(r'"((?:[^"]|"")+)"')
_TRUE = ("1", "true")
_MOST_COVERED = 2_000_000
_PLAIN = re.compile(r"[<>=*?~%.,;:/\-\s\w]{0,2}|[yYmMdDhHsS\-/:.0#年月日时分秒%,]+")


class Grid:
    """After `read`: `cells` as [row, column, hidden code or "", text], `told` as (hidden code, cell, text) of the rest,
    and `links`, `headers` for the caller. Rows and columns count from 1."""

    def __init__(self, strings: list[str], looks: Looks, used: bytearray) -> None:
        self._strings = strings
        self._looks = looks
        self._used = used
        self.cells: list[tuple[int, int, str, str]] = []
        self.told: list[tuple[str, str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}
        self.first_apart = self.even_apart = False
        self._row = self._column = self._count = 0
        self._row_hidden = self._rows_hidden = False
        self._columns: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._cell = ("", "", 0)
        self._text: list[str] | None = None
        self._value = self._formula = ""
        self._phonetic = 0
        self._known_formulas: set[str] = set()
        self._area = ""

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError) as error:
            raise damaged(repr(error)) from None
        self._cover()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag in _TEXTS:
            self._text = []
        elif tag == "rPh":
            self._phonetic += 1
        else:
            handler = _STARTS.get(tag)
            if handler is not None:
                handler(self, attributes)
            elif tag not in _SILENT:
                for value in attributes.values():
                    if telling(value):
                        self.told.append(("other_part", "", value))

    def _characters(self, text: str) -> None:
        if self._text is not None and not self._phonetic:
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic -= 1
        elif self._text is not None and tag in _TEXTS:
            text, self._text = "".join(self._text), None
            self._take(tag, text)

    def _take(self, tag: str, text: str) -> None:
        if tag in ("v", "t"):
            self._value += text
        elif tag == "f":
            self._formula += text
        elif tag in _HEADERS:
            self.headers[tag] = text
        else:  # formula, formula1, formula2, sqref
            self._say_literals(_CODE_OF.get(tag, "formula"), self._area, text)

    # rows and cells

    def _start_row(self, attributes: dict[str, str]) -> None:
        told = attributes.get("r", "")
        self._row = int(told) if told.isdigit() else self._row + 1
        self._column = 0
        flat = attributes.get("ht", "1") in ("0", "0.0")
        self._row_hidden = attributes.get("hidden") in _TRUE or flat or (self._rows_hidden and len(attributes) <= 2)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_CELLS:
            raise too_much_text()
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = number_of(found[1]) if found else self._column + 1
        if found:
            self._row = int(found[2])
        style = attributes.get("s", "")
        self._cell = (attributes.get("r", ""), attributes.get("t", "n"), int(style) if style.isdigit() else 0)
        self._value = self._formula = ""

    def _end_cell(self) -> None:
        _, kind, style = self._cell
        text = self._shown(kind, style) if self._value else ""
        if text.strip():
            self.cells.append((self._row, self._column, self._code(style), text))
        if self._formula and self._formula not in self._known_formulas:
            self._known_formulas.add(self._formula)
            self._say_literals("formula", f"{letters_of(self._column)}{self._row}", self._formula)

    def _shown(self, kind: str, style: int) -> str:
        if kind == "s":
            number = int(self._value) if self._value.strip().isdigit() else -1
            if not 0 <= number < len(self._strings):
                raise damaged(f"shared string {self._value[:20]}")
            self._used[number] = 1
            return self._strings[number]
        if kind == "n":
            return self._looks.shown(self._value.strip(), style)
        if kind == "b":
            return "TRUE" if self._value.strip() == "1" else "FALSE"
        return self._value

    def _code(self, style: int) -> str:
        if self._row_hidden:
            return "hidden_row"
        if any(first <= self._column <= last for first, last in self._columns):
            return "hidden_column"
        return "hidden_text" if style < len(self._looks.unseen) and self._looks.unseen[style] else ""

    def _cover(self) -> None:
        """Values under a joined cell stay in the file and are not shown."""
        if not self._merged or not self.cells:
            return
        last = max(cell[0] for cell in self.cells)
        rows: dict[int, list[tuple[int, int, bool]]] = {}
        total = 0
        for top, left, bottom, right in self._merged:
            for row in range(top, min(bottom, last) + 1):
                rows.setdefault(row, []).append((left, right, row == top))
                total += 1
                if total > _MOST_COVERED:
                    raise too_much_text()
        for at, (row, column, code, text) in enumerate(self.cells):
            for left, right, first in rows.get(row, ()):
                if left <= column <= right and not (first and column == left) and not code:
                    self.cells[at] = (row, column, "covered_text", text)

    # the rest

    def _start_format(self, attributes: dict[str, str]) -> None:
        self._rows_hidden = attributes.get("zeroHeight") in _TRUE

    def _start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") in ("0", "0.0"):
            self._columns.append((_number(attributes.get("min")), _number(attributes.get("max"))))

    def _start_merge(self, attributes: dict[str, str]) -> None:
        ends = [_REFERENCE.fullmatch(each) for each in attributes.get("ref", "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            self._merged.append((int(ends[0][2]), number_of(ends[0][1]), int(ends[1][2]), number_of(ends[1][1])))

    def _start_rule(self, attributes: dict[str, str]) -> None:
        self._area = attributes.get("sqref", self._area)
        for key in ("prompt", "promptTitle", "error", "errorTitle", "text"):
            self._say("data_validation", self._area, attributes.get(key, ""))

    def _start_link(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.rpartition(":")[2] == "id":
                self.links.append((attributes.get("ref", ""), value))
            elif key in ("location", "tooltip", "display"):
                self._say("link", attributes.get("ref", ""), value)

    def _start_filter(self, attributes: dict[str, str]) -> None:
        self._say("other_part", "", attributes.get("val", ""))

    def _start_scenario(self, attributes: dict[str, str]) -> None:
        for key in ("name", "user", "comment", "val"):
            self._say("other_part", attributes.get("r", ""), attributes.get(key, ""))

    def _start_headers(self, attributes: dict[str, str]) -> None:
        self.first_apart = attributes.get("differentFirst") in _TRUE
        self.even_apart = attributes.get("differentOddEven") in _TRUE

    def _start_properties(self, attributes: dict[str, str]) -> None:
        self._say("custom_properties", "", attributes.get("name", ""))

    def _start_conditions(self, attributes: dict[str, str]) -> None:
        self._area = attributes.get("sqref", self._area)
        for key in ("text", "name"):
            self._say("formula", self._area, attributes.get(key, ""))

    def _say(self, code: str, cell: str, text: str) -> None:
        if text.strip():
            self.told.append((code, cell.split(" ")[0], text))

    def _say_literals(self, code: str, cell: str, formula: str) -> None:
        """A formula that holds words or figures of its own, or that looks into another file."""
        words = [word for word in _LITERAL.findall(formula) if not _PLAIN.fullmatch(word)]
        if words or telling(formula) and not re.fullmatch(r"[^\"\d]*'[^'\[\]]+'![$A-Z0-9:]+", formula):
            self._say(code, cell, formula)


_TEXTS = frozenset(("v", "t", "f", "formula", "formula1", "formula2", "sqref", "oddHeader", "oddFooter", "evenHeader",
                    "evenFooter", "firstHeader", "firstFooter"))  # fmt: skip
_HEADERS = frozenset(name for name in _TEXTS if name.endswith(("Header", "Footer")))
_CODE_OF = {"formula1": "data_validation", "formula2": "data_validation"}
_SILENT = frozenset(("row", "is", "r", "rPr", "rFont", "worksheet", "sheetPr", "dimension", "pageSetup", "x14ac"))
_STARTS: dict[str, Callable[[Grid, dict[str, str]], None]] = {
    "row": Grid._start_row,
    "col": Grid._start_column,
    "sheetFormatPr": Grid._start_format,
    "mergeCell": Grid._start_merge,
    "dataValidation": Grid._start_rule,
    "conditionalFormatting": Grid._start_conditions,
    "cfRule": Grid._start_conditions,
    "hyperlink": Grid._start_link,
    "filter": Grid._start_filter,
    "customFilter": Grid._start_filter,
    "scenario": Grid._start_scenario,
    "inputCells": Grid._start_scenario,
    "headerFooter": Grid._start_headers,
    "customPr": Grid._start_properties,
}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def number_of(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def letters_of(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shared_strings(data: bytes) -> tuple[list[str], list[str]]:
    """The strings of a workbook by number, and the readings noted above them for pronunciation."""
    found: list[str] = []
    readings: list[str] = []
    pieces: list[str] | None = None
    inside = phonetic = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal pieces, inside, phonetic
        tag = name.rpartition(":")[2]
        if tag == "si":
            pieces = []
        elif tag == "t":
            inside = True
        elif tag == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal pieces, inside, phonetic
        tag = name.rpartition(":")[2]
        if tag == "si":
            found.append("".join(pieces or ()))
            if len(found) > MOST_CELLS:
                raise too_much_text()
        elif tag == "t":
            inside = False
        elif tag == "rPh":
            phonetic = False

    def characters(text: str) -> None:
        if inside and pieces is not None:
            (readings if phonetic else pieces).append(text)

    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise damaged(repr(error)) from None
    return found, readings
