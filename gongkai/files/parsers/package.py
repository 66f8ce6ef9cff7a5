"""An OOXML package (ECMA-376 part 2) whose parts are ticked off as they are read, so that none is overlooked."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from gongkai.files.parsers.ooxml import MOST_XML, local, open_parts, parse

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


_OFFICE = b"http://schemas.openxmlformats.org/"
# The strict form of the standard names the same elements otherwise (ECMA-376 part 1, annex A; part 4, annex A).
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _OFFICE + b"wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", _OFFICE + b"spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", _OFFICE + b"presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _OFFICE + b"drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE + b"officeDocument/2006/relationships"),
)


def transitional(data: bytes) -> bytes:
    """The XML of a part with the names of the transitional form, which nearly all files use."""
    if b"http://purl.oclc.org/ooxml/" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    return data


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind` is the last word of its type (hyperlink, comments …); `target` a part's name, or an address outside."""

    name: str
    kind: str
    target: str
    external: bool


class Package:
    """`types` maps part names to content types; `left` are the names nobody has read yet.

    `pictures` are the names of photographs and drawings in points, whose writing is recognised afterwards.
    """

    def __init__(self, path: str) -> None:
        self.data = Path(path).read_bytes()
        self.directory = open_parts(path)
        self._read: set[str] = {"[Content_Types].xml"}
        self.pictures: list[str] = []
        self.types: dict[str, str] = {}
        defaults: dict[str, str] = {}
        for element in parse(self.directory.read("[Content_Types].xml", MOST_XML)):
            kind = element.get("ContentType", "")
            if element.get("PartName"):
                self.types[element.get("PartName", "").lstrip("/")] = kind
            else:
                defaults[element.get("Extension", "").lower()] = kind
        for name in self.directory.names:
            self.types.setdefault(name, defaults.get(name.rpartition(".")[2].lower(), ""))

    def __contains__(self, name: str) -> bool:
        return name in self.directory

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.directory.names if not name.endswith("/"))

    @property
    def left(self) -> list[str]:
        return [name for name in self.names if name not in self._read]

    def read(self, name: str) -> bytes:
        self._read.add(name)
        return self.directory.read(name, MOST_XML)

    def xml(self, name: str) -> Element:
        return parse(transitional(self.read(name)))

    def relations(self, name: str) -> list[Relation]:
        """What a part points to; `""` for the package itself. Targets outside keep their address."""
        folder, _, file = name.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        if listed not in self:
            return []
        found = []
        for element in self.xml(listed):
            if local(element.tag) != "Relationship":
                continue
            target, external = element.get("Target", ""), element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                if target not in self and unquote(target) in self:
                    target = unquote(target)
            kind = element.get("Type", "").rpartition("/")[2]
            found.append(Relation(element.get("Id", ""), kind, target, external))
        return found

    def related(self, name: str, *kinds: str) -> list[str]:
        """Names of the parts of this package that `name` points to, of the kinds named."""
        return [r.target for r in self.relations(name) if r.kind in kinds and not r.external and r.target in self]
