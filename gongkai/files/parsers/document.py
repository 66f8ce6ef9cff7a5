"""All text of a .docx: each paragraph and each cell with its place, and everything its reader does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.archive import damaged
from gongkai.files.parsers.hanging import alt_texts, everything_else
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.package import RELATION, Package
from gongkai.files.parsers.parts import Found, Where, answer, telling
from gongkai.files.parsers.pictures import to_be_looked_at
from gongkai.files.parsers.story import Story
from gongkai.files.parsers.styled import Styles

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RSID = re.compile(r"[0-9A-Fa-f]{8}")


def read(path: str) -> dict[str, Any]:
    """`count` is of paragraphs and table rows in the body."""
    package = Package(path)
    name = next((part for part, kind in package.types.items() if kind == _MAIN and part in package), None)
    if name is None:
        raise damaged(f"no part of type {_MAIN}")
    found = answer(*_Document(package, name).read())
    return found | {"scans": to_be_looked_at(package.pictures, package.directory)}


class _Document:
    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._relations = {relation.name: relation for relation in package.relations(name)}
        styles = self._of_kind("styles")
        self._styles = Styles(package.xml(styles[0]) if styles else None)

    def read(self) -> tuple[list[Found], int, list[str]]:
        root = self._package.xml(self._name)
        body = Story(self._styles, {})
        body.read(root)
        parts: list[Found] = []
        printed = self._printed(root)
        for kind in ("header", "footer"):
            for name in self._of_kind(kind):
                place: Where = {"member": name}
                parts += self._story(name, place if name in printed else {**place, "hidden": kind})
            if kind == "header":
                parts += body.found
        parts += self._notes(body.referred)
        parts += self._comments(body.anchors)
        parts += body.metadata(self._name)
        parts += self._settings()
        parts += self._identifiers(root)
        parts += self._diagrams()
        for name in self._of_kind("glossaryDocument"):
            parts += self._story(name, {"member": name, "hidden": "other_part"})
        visible = [text for where, text in parts if "hidden" not in where]
        more, warnings = everything_else(self._package, visible)
        count = {(w.get("paragraph"), w.get("table"), w.get("row")) for w, _ in body.found if "hidden" not in w}
        return parts + more, len(count), warnings

    def _of_kind(self, *kinds: str) -> list[str]:
        return [
            relation.target
            for relation in self._relations.values()
            if relation.kind in kinds and not relation.external and relation.target in self._package
        ]

    def _story(self, name: str, place: Where) -> list[Found]:
        story = Story(self._styles, place)
        story.read(self._package.xml(name))
        return story.found + list(story.metadata(name))

    def _printed(self, root: Element) -> set[str]:
        """Headers and footers that come onto paper: first pages need a title page, even ones the setting for it."""
        even = any(
            self._package.xml(name).find(f"{_W}evenAndOddHeaders") is not None for name in self._of_kind("settings")
        )
        found = set()
        for section in root.iter(f"{_W}sectPr"):
            first = section.find(f"{_W}titlePg")
            shown = {"default": True, "even": even, "first": first is not None and first.get(f"{_W}val", "1") != "0"}
            for element in section:
                if element.tag in (f"{_W}headerReference", f"{_W}footerReference"):
                    relation = self._relations.get(element.get(f"{RELATION}id", ""))
                    if relation is not None and shown.get(element.get(f"{_W}type", "default"), True):
                        found.add(relation.target)
        return found

    def _notes(self, referred: set[tuple[str, str]]) -> Iterator[Found]:
        for name in self._of_kind("footnotes", "endnotes"):
            for note in self._package.xml(name):
                kind = local(note.tag)
                seen = (kind, note.get(f"{_W}id", "")) in referred
                story = Story(self._styles, {"member": name} if seen else {"member": name, "hidden": "footnote"})
                story.read(note)
                yield from story.found
                yield from story.metadata(name)

    def _comments(self, anchors: dict[str, Where]) -> Iterator[Found]:
        """Each comment at the place it was made; each author once."""
        authors = set()
        for name in self._of_kind("comments"):
            for comment in self._package.xml(name):
                place = anchors.get(comment.get(f"{_W}id", ""), {})
                story = Story(self._styles, {})
                story.read(comment)
                text = "\n".join(text for where, text in story.found)
                yield {**place, "member": name, "hidden": "comment"}, text
                for key in ("author", "initials"):
                    author = comment.get(f"{_W}{key}", "")
                    if author not in authors:
                        authors.add(author)
                        yield {**place, "member": name, "hidden": "comment"}, author

    def _settings(self) -> Iterator[Found]:
        for name in self._of_kind("settings"):
            root = self._package.xml(name)
            for variable in root.iter(f"{_W}docVar"):
                for key in ("name", "val"):
                    yield {"member": name, "hidden": "custom_properties"}, variable.get(f"{_W}{key}", "")
            for element in root.iter():
                if local(element.tag) in ("query", "connectString", "addressFieldName", "mailSubject"):
                    yield {"member": name, "hidden": "query_table"}, element.get(f"{_W}val", "")
                elif local(element.tag) not in ("docVar", "rsid", "rsidRoot"):
                    for value in element.attrib.values():
                        if telling(value) and not re.fullmatch(r"[!%),.:;>?\]}(\[{<$\\¢-￥]{3,}", value):
                            yield {"member": name, "hidden": "other_part"}, value
            for element in root.iter():
                if local(element.tag) in ("rsid", "rsidRoot"):
                    yield from _identifier(name, element.get(f"{_W}val", ""))

    def _identifiers(self, root: Element) -> Iterator[Found]:
        """Session marks are eight hexadecimal digits; anything else in their place is a message."""
        seen = set()
        for element in root.iter():
            for key, value in element.attrib.items():
                if local(key).startswith("rsid") and value not in seen:
                    seen.add(value)
                    yield from _identifier(self._name, value)

    def _diagrams(self) -> Iterator[Found]:
        for name in self._of_kind("diagramData"):
            root = self._package.xml(name)
            for element in root.iter():
                if local(element.tag) == "t" and element.text:
                    yield {"member": name}, element.text
            yield from alt_texts((e for e in root.iter() if local(e.tag) in ("cNvPr", "prSet")), {"member": name})


def _identifier(name: str, value: str) -> Iterator[Found]:
    if value and not _RSID.fullmatch(value):
        yield {"member": name, "hidden": "revision_ids"}, value
