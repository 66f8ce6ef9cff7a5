"""The sheets of a .ods: each cell with its place, and what the workbook hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from gongkai.files.parsers.grid import MOST_CELLS, letters_of
from gongkai.files.parsers.odf_looks import Looks, key
from gongkai.files.parsers.odf_story import Story
from gongkai.files.parsers.ooxml import local, too_much_text
from gongkai.files.parsers.parts import Found, Where, telling

_GIVEN = re.compile(r"(?:Sheet|工作表|表格|Table)\s?\d*")
_LITERAL = re.compile(r'"([^"]+)"')


def sheets(holder: Element, looks: Looks) -> tuple[int, list[Found]]:
    """How many sheets, and everything `office:spreadsheet` says."""
    found: list[Found] = []
    count = 0
    for child in holder:
        tag = local(child.tag)
        if tag == "table":
            count += 1
            found += _sheet(child, looks)
        elif tag == "tracked-changes":
            found += _changes(child)
        else:
            found += _rest(child, {"member": "content.xml"})
    return count, found


def _sheet(table: Element, looks: Looks) -> Iterator[Found]:
    name = key(table, "name")
    outside = any(local(child.tag) == "table-source" for child in table)
    shown = looks.of("table", key(table, "style-name")).table_shown
    code = "external_link" if outside else "hidden_sheet" if shown is False else ""
    place: Where = {"sheet": name, "hidden": code} if code else {"sheet": name}
    if code or not _GIVEN.fullmatch(name):
        yield place, name
    columns = _hidden_columns(table)
    row, cells = 1, 0
    for line in _lines(table):
        repeated = int(key(line, "number-rows-repeated") or 1)
        unseen = key(line, "visibility") in ("collapse", "filter")
        column = 1
        for cell in line:
            if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            cells += 1
            if cells > MOST_CELLS:
                raise too_much_text()
            across = int(key(cell, "number-columns-repeated") or 1)
            if len(cell) or cell.attrib:
                where: Where = {"sheet": name, "cell": f"{letters_of(column)}{row}"}
                own = code or ("hidden_row" if unseen else "")
                if not own and any(first <= column <= last for first, last in columns):
                    own = "hidden_column"
                if not own and local(cell.tag) == "covered-table-cell":
                    own = "covered_text"
                yield from _cell(cell, where, own, looks)
            column += across
        row += repeated
    for child in table:
        if local(child.tag) not in _ROWS:
            yield from _rest(child, place)


_ROWS = frozenset(("table-row", "table-header-rows", "table-row-group", "table-rows", "table-column",
                   "table-columns", "table-header-columns", "table-column-group"))  # fmt: skip


def _cell(cell: Element, where: Where, code: str, looks: Looks) -> Iterator[Found]:
    style = looks.of("table-cell", key(cell, "style-name"))
    if not code and looks.unseen(style):
        code = "hidden_text"
    story = Story(looks, {})
    story.read(cell, where, code)
    texts = [text for place, text in story.found if place.get("hidden", "") == code]
    shown = "\n".join(texts)
    value = key(cell, "string-value") or _whole(key(cell, "value"))
    place = {**where, "hidden": code} if code else where
    if texts:
        yield place, shown
    yield from ((found, text) for found, text in story.found if found.get("hidden", "") != code)
    yield from story.hanging
    if value and value not in shown and (not shown or key(cell, "string-value") or len(value) >= 7):
        yield {**where, "hidden": code or "hidden_text"}, value
    formula = key(cell, "formula")
    if any(len(word) > 2 for word in _LITERAL.findall(formula)) or "file:" in formula:
        yield {**where, "hidden": "formula"}, formula
    if key(cell, "content-validation-name") and telling(key(cell, "content-validation-name")):
        yield {**where, "hidden": "data_validation"}, key(cell, "content-validation-name")


def _whole(text: str) -> str:
    """An identity number kept as a number shows as 3.3E+17; this is it in full."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return str(int(value)) if value == value.to_integral_value() and value.adjusted() < 30 else text


def _hidden_columns(table: Element) -> list[tuple[int, int]]:
    found = []
    column = 1
    for element in table.iter():
        if local(element.tag) == "table-column":
            across = int(key(element, "number-columns-repeated") or 1)
            if key(element, "visibility") in ("collapse", "filter"):
                found.append((column, column + across - 1))
            column += across
        elif local(element.tag) == "table-row":
            break
    return found


def _lines(element: Element) -> Iterator[Element]:
    for child in element:
        tag = local(child.tag)
        if tag == "table-row":
            yield child
        elif tag in _ROWS:
            yield from _lines(child)


_CODES = {"named-range": "defined_name", "named-expression": "defined_name", "content-validation": "data_validation",
          "dde-link": "external_link", "data-pilot-table": "pivot_cache", "database-range": "query_table"}  # fmt: skip


def _rest(element: Element, place: Where) -> Iterator[Found]:
    """Names, rules, filters, sources, drawings: by what they are, else as other parts."""
    code = ""
    for each in element.iter():
        tag = local(each.tag)
        code = _CODES.get(tag, code)
        if tag in _CODES:
            told = [value for name, value in each.attrib.items() if local(name) in _TELLING]
            yield {**place, "hidden": place.get("hidden", code)}, "\t".join(dict.fromkeys(told))
        elif tag in ("p", "h", "title", "desc"):
            text = "".join(each.itertext())
            hidden = "alt_text" if tag in ("title", "desc") else code
            yield ({**place, "hidden": hidden} if hidden else place), text
        else:
            for name, value in each.attrib.items():
                if telling(value) and local(name) not in ("name", "style-name"):
                    yield {**place, "hidden": code or "other_part"}, value


_TELLING = frozenset(("name", "expression", "condition", "cell-range-address", "title", "dde-application", "dde-topic",
                      "dde-item", "database-name", "application-data"))  # fmt: skip


def _changes(element: Element) -> Iterator[Found]:
    for each in element.iter():
        if local(each.tag) in ("p", "creator"):
            text = "".join(each.itertext())
            yield {"member": "content.xml", "hidden": "deletion"}, text
        elif local(each.tag) in ("change-track-table-cell", "table-cell"):
            yield {"member": "content.xml", "hidden": "deletion"}, key(each, "string-value") or key(each, "value")
