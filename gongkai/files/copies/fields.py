"""Fields of a Word file: page numbers stay alive, of all others only what they show. Runs in the sandbox."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from gongkai.files.parsers.ooxml import local

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Drawn anew on every page, or drawn from their code alone (ECMA-376 part 1, 17.16.5).
_ALIVE = frozenset(("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "EQ", "SYMBOL", "FORMCHECKBOX"))
_NAME = re.compile(r"\s*([A-Za-z]+)")


def resolve_fields(root: Element) -> None:
    """In place. A field's code may hold addresses, conditions and the names of files; its result is what is seen."""
    parents = {child: parent for parent in root.iter() for child in parent}
    open_: list[list[Element]] = []  # of each field within a field: its marks and codes
    codes: list[str] = []
    for element in list(root.iter()):
        match local(element.tag):
            case "fldChar":
                kind = element.get(f"{_W}fldCharType")
                if kind == "begin":
                    open_.append([])
                    codes.append("")
                if open_:
                    open_[-1].append(element)
                if kind == "end" and open_:
                    _close(open_.pop(), codes.pop(), parents)
            case "instrText":
                if open_:
                    open_[-1].append(element)
                    codes[-1] += element.text or ""
                else:
                    parents[element].remove(element)
            case "fldSimple" if not _alive(element.get(f"{_W}instr", "")):
                element.tag = f"{_W}smartTag"  # a wrapper that gives way to what it holds
                element.attrib.clear()
            case _:
                continue
    for marks, code in zip(open_, codes, strict=True):
        _close(marks, code, parents)


def _close(marks: list[Element], code: str, parents: dict[Element, Element]) -> None:
    if _alive(code):
        for mark in marks:
            for data in mark.findall(f"{_W}ffData"):
                data[:] = [child for child in data if local(child.tag) == "checkBox"]
        return
    for mark in marks:
        parents[mark].remove(mark)


def _alive(code: str) -> bool:
    found = _NAME.match(code)
    return found is not None and found[1].upper() in _ALIVE
