"""What a pivot table keeps of the table it was made from, long after that table was deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.package import Package
from gongkai.files.parsers.parts import Found

_VALUES = frozenset(("s", "n", "d", "b", "e"))


def caches(package: Package) -> Iterator[Found]:
    """One part for each value of each record: row 1 is the field names; shared items that no record uses come last."""
    for name in package.names:
        if re.search(r"pivotCacheDefinition\d*\.xml$", name):
            fields = _fields(package.xml(name))
            for column, (title, _) in enumerate(fields, start=1):
                yield {"member": name, "row": 1, "column": column, "hidden": "pivot_cache"}, title
            used: set[tuple[int, int]] = set()
            for records in package.related(name, "pivotCacheRecords"):
                yield from _records(package, records, fields, used)
            for column, (_, items) in enumerate(fields, start=1):
                for at, text in enumerate(items):
                    if (column, at) not in used:
                        yield {"member": name, "column": column, "hidden": "pivot_cache"}, text
    for name in package.left:  # records whose definition is gone
        if re.search(r"pivotCacheRecords\d*\.xml$", name):
            yield from _records(package, name, [], set())


def _fields(root: Element) -> list[tuple[str, list[str]]]:
    found = []
    for element in root.iter():
        if local(element.tag) == "cacheField":
            shared = next((each for each in element if local(each.tag) == "sharedItems"), ())
            found.append((element.get("name", ""), [each.get("v", "") for each in shared]))
    return found


def _records(
    package: Package, name: str, fields: list[tuple[str, list[str]]], used: set[tuple[int, int]]
) -> Iterator[Found]:
    for row, record in enumerate(package.xml(name), start=2):
        for column, value in enumerate(record, start=1):
            text = value.get("v", "")
            if local(value.tag) == "x" and text.isdigit() and column <= len(fields):
                items, at = fields[column - 1][1], int(text)
                used.add((column, at))
                text = items[at] if at < len(items) else ""
            elif local(value.tag) not in _VALUES:
                continue
            yield {"member": name, "row": row, "column": column, "hidden": "pivot_cache"}, text
