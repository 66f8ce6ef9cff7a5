"""All text of a .xlsx: each cell with its place, and everything the reader of the workbook does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.archive import damaged
from gongkai.files.parsers.cells import Looks
from gongkai.files.parsers.grid import Grid, letters_of, shared_strings
from gongkai.files.parsers.hanging import alt_texts, chart, everything_else
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.package import Package, Relation
from gongkai.files.parsers.parts import Found, Where, answer, telling
from gongkai.files.parsers.pictures import to_be_looked_at
from gongkai.files.parsers.pivot import caches

_MAINS = tuple(
    f"application/vnd.openxmlformats-officedocument.spreadsheetml.{name}.main+xml" for name in ("sheet", "template")
)
_STATES = {"visible": "", "hidden": "hidden_sheet", "veryHidden": "very_hidden_sheet"}
_GIVEN = re.compile(r"(?:Sheet|Chart|Table|工作表|图表)\s?\d*")
_BUILT_IN = re.compile(r"_xlnm\.(?:Print_Area|Print_Titles|_FilterDatabase|Extract|Criteria)")
# &L &C &R sections, &P page and the like, &"font,style", &12 size (ECMA-376 part 1, 18.3.1.46)
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-Fa-f]{6}|[A-Za-z])')


def read(path: str) -> dict[str, Any]:
    """`count` is of worksheets, hidden ones too."""
    package = Package(path)
    main = next((part for part, kind in package.types.items() if kind in _MAINS and part in package), None)
    if main is None:
        raise damaged("no workbook")
    found = answer(*_Workbook(package, main).read())
    return found | {"scans": to_be_looked_at(package.pictures, package.directory)}


class _Workbook:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._root = package.xml(main)
        self._relations = {relation.name: relation for relation in package.relations(main)}
        styles, theme, strings = (self._of_kind(kind) for kind in ("styles", "theme", "sharedStrings"))
        since_1904 = any(
            local(each.tag) == "workbookPr" and each.get("date1904") in ("1", "true") for each in self._root
        )
        self._looks = Looks(
            package.xml(styles[0]) if styles else None, package.xml(theme[0]) if theme else None, since_1904=since_1904
        )
        # A strings part that nothing refers to is found by its name, so that it counts as unused.
        self._string_parts = strings or [name for name in package.names if name.endswith("sharedStrings.xml")]
        self._strings, self._readings = (
            shared_strings(package.read(self._string_parts[0])) if self._string_parts else ([], [])
        )
        self._used = bytearray(len(self._strings))

    def _of_kind(self, kind: str) -> list[str]:
        return [
            relation.target
            for relation in self._relations.values()
            if relation.kind == kind and not relation.external and relation.target in self._package
        ]

    def read(self) -> tuple[list[Found], int, list[str]]:
        parts: list[Found] = []
        count = 0
        for name, code, relation in self._sheets():
            place: Where = {"sheet": name, "hidden": code} if code else {"sheet": name}
            if code or not _GIVEN.fullmatch(name):
                parts.append((place, name))
            if relation is None or relation.target not in self._package:
                raise damaged(f"no part for sheet {name!r}")
            parts += self._sheet(relation, place)
            count += relation.kind == "worksheet"
        for name in self._package.left:  # sheets that the workbook no longer lists
            if self._package.types[name].endswith("worksheet+xml"):
                parts += self._cells(name, {"member": name, "hidden": "other_part"})
        parts += self._names()
        parts += caches(self._package)
        parts += self._unused()
        parts += self._workbook_attributes()
        visible = {text for where, text in parts if "hidden" not in where}
        more, warnings = everything_else(self._package, visible)
        return parts + more, count, warnings

    def _sheets(self) -> Iterator[tuple[str, str, Relation | None]]:
        for element in self._root.iter():
            if local(element.tag) == "sheet":
                key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
                code = _STATES.get(element.get("state", "visible"), "hidden_sheet")
                yield element.get("name", ""), code, self._relations.get(key)

    def _sheet(self, relation: Relation, place: Where) -> list[Found]:
        name = relation.target
        parts = list(self._cells(name, place)) if relation.kind == "worksheet" else []
        for kind in self._package.relations(name):
            if kind.external or kind.target not in self._package:
                continue
            if kind.kind in ("comments", "threadedComment"):
                parts += self._comments(kind.target, place)
            elif kind.kind == "drawing":
                parts += self._drawing(kind.target, place)
        if relation.kind == "chartsheet":
            self._package.read(name)
        return parts

    def _cells(self, name: str, place: Where) -> Iterator[Found]:
        grid = Grid(self._strings, self._looks, self._used)
        grid.read(self._package.read(name))
        sheet_code = place.get("hidden", "")
        for row, column, code, text in grid.cells:
            where = {**place, "cell": f"{letters_of(column)}{row}"}
            if code and not sheet_code:
                where["hidden"] = code
            yield where, text
        for code, cell, text in grid.told:
            where = {**place, "hidden": code}
            if cell:
                where["cell"] = cell.split(":")[0]
            yield where, text
        yield from self._headers(grid, place)
        targets = {relation.name: relation.target for relation in self._package.relations(name)}
        for cell, key in grid.links:
            yield {**place, "cell": cell.split(":")[0], "hidden": "link"}, targets.get(key, "")

    def _headers(self, grid: Grid, place: Where) -> Iterator[Found]:
        """Printed with the sheet, unless the page setup never uses them."""
        for kind, text in grid.headers.items():
            plain = " ".join(_HEADER_CODE.sub(" ", text.replace("&&", "\0")).replace("\0", "&").split())
            unused = (
                kind.startswith("first") and not grid.first_apart or kind.startswith("even") and not grid.even_apart
            )
            code = "header" if kind.endswith("Header") else "footer"
            yield ({**place, "hidden": place.get("hidden", code)} if unused else place), plain

    def _comments(self, name: str, place: Where) -> Iterator[Found]:
        root = self._package.xml(name)
        for element in root.iter():
            tag = local(element.tag)
            if tag in ("comment", "threadedComment"):
                text = "".join(each.text or "" for each in element.iter() if local(each.tag) in ("t", "text"))
                yield {**place, "cell": element.get("ref", ""), "hidden": "comment"}, text.strip()
            elif tag == "author":
                yield {**place, "member": name, "hidden": "comment"}, (element.text or "").strip()

    def _drawing(self, name: str, place: Where) -> Iterator[Found]:
        where = {**place, "member": name}
        root = self._package.xml(name)
        yield from drawn(root, where)
        for target in self._package.related(name, "chart", "chartEx"):
            yield from chart(self._package, target, place)
        for target in self._package.related(name, "diagramData"):
            yield from ((where, e.text) for e in self._package.xml(target).iter() if local(e.tag) == "t" and e.text)

    def _names(self) -> Iterator[Found]:
        for element in self._root.iter():
            if local(element.tag) == "definedName" and not _BUILT_IN.match(element.get("name", "")):
                told = [element.get("name", ""), element.text or "", element.get("comment", "")]
                yield {"member": self._main, "hidden": "defined_name"}, "\t".join(text for text in told if text)

    def _unused(self) -> Iterator[Found]:
        if not self._string_parts:
            return
        where = {"member": self._string_parts[0], "hidden": "shared_string_unused"}
        for number, text in enumerate(self._strings):
            if not self._used[number]:
                yield where, text
        for text in self._readings:
            yield {**where, "hidden": "hidden_text"}, text

    def _workbook_attributes(self) -> Iterator[Found]:
        """Who has the file reserved, in which folder it lay, and what else its frame tells."""
        for element in self._root.iter():
            tag = local(element.tag)
            if tag in ("definedName", "sheet"):
                continue
            for key, value in element.attrib.items():
                if tag in ("fileSharing", "absPath") and key in ("userName", "url") or telling(value):
                    yield {"member": self._main, "hidden": "properties"}, value


def drawn(root: Element, place: Where) -> Iterator[Found]:
    """Text boxes and shapes of a drawing, one part a paragraph; those switched off are hidden."""
    off: set[Element] = set()
    for element in root.iter():
        if local(element.tag) in ("sp", "pic", "graphicFrame", "cxnSp", "grpSp"):
            names = [each for each in element.iter() if local(each.tag) == "cNvPr"]
            if names and names[0].get("hidden") in ("1", "true"):
                off.update(element.iter())
    for element in root.iter():
        if local(element.tag) == "p":
            text = "".join(each.text or "" for each in element.iter() if local(each.tag) == "t")
            yield ({**place, "hidden": place.get("hidden", "hidden_text")} if element in off else place), text
        elif local(element.tag) == "cNvPr":
            yield from alt_texts([element], place)
