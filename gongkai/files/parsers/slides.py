"""All text of a .pptx: each paragraph and cell with its slide, and everything the audience does not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.archive import damaged
from gongkai.files.parsers.hanging import alt_texts, chart, everything_else
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.package import Package
from gongkai.files.parsers.parts import Found, Where, answer
from gongkai.files.parsers.pictures import to_be_looked_at

_MAINS = tuple(
    f"application/vnd.openxmlformats-officedocument.presentationml.{name}.main+xml"
    for name in ("presentation", "slideshow", "template")
)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHAPES = frozenset(("sp", "pic", "graphicFrame", "cxnSp", "contentPart"))


def read(path: str) -> dict[str, Any]:
    """`count` is of slides, hidden ones too."""
    package = Package(path)
    main = next((part for part, kind in package.types.items() if kind in _MAINS and part in package), None)
    if main is None:
        raise damaged("no presentation")
    found = answer(*_Presentation(package, main).read())
    return found | {"scans": to_be_looked_at(package.pictures, package.directory)}


class _Presentation:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._root = package.xml(main)
        self._size = (12_192_000, 6_858_000)  # EMU
        for element in self._root:
            if local(element.tag) == "sldSz":
                self._size = (int(element.get("cx", "12192000")), int(element.get("cy", "6858000")))

    def read(self) -> tuple[list[Found], int, list[str]]:
        targets = {relation.name: relation.target for relation in self._package.relations(self._main)}
        parts: list[Found] = []
        count = 0
        for element in self._root.iter():
            if local(element.tag) == "sldId":
                key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
                if targets.get(key, "") not in self._package:
                    raise damaged(f"no part for slide {key!r}")
                count += 1
                parts += self._slide(targets[key], {"slide": count})
        for name in self._package.left:  # taken out of the show, still in the file
            if self._package.types[name].endswith("presentationml.slide+xml"):
                parts += self._slide(name, {"member": name, "hidden": "other_part"})
        for name in self._package.left:
            kind = self._package.types[name].rpartition("presentationml.")[2]
            if kind in ("slideMaster+xml", "slideLayout+xml", "notesMaster+xml", "handoutMaster+xml"):
                parts += self._shapes(self._package.xml(name), {"member": name, "hidden": "master"})
        for name in self._package.left:
            if self._package.types[name].endswith("notesSlide+xml"):
                parts += self._shapes(self._package.xml(name), {"member": name, "hidden": "speaker_notes"})
        visible = {text for where, text in parts if "hidden" not in where}
        more, warnings = everything_else(self._package, visible)
        return parts + more, count, warnings

    def _slide(self, name: str, place: Where) -> list[Found]:
        root = self._package.xml(name)
        if root.get("show") in ("0", "false"):
            place = {**place, "hidden": "hidden_slide"}
        parts = list(self._shapes(root, place))
        for relation in self._package.relations(name):
            if relation.external or relation.target not in self._package:
                continue
            if relation.kind == "notesSlide":
                notes = {**place, "hidden": "speaker_notes"}
                parts += self._shapes(self._package.xml(relation.target), notes)
            elif relation.kind in ("comments", "comment"):
                parts += self._comments(relation.target, place)
            elif relation.kind in ("chart", "chartEx"):
                parts += chart(self._package, relation.target, place)
            elif relation.kind == "diagramData":
                texts = (e.text for e in self._package.xml(relation.target).iter() if local(e.tag) == "t")
                parts += [(place, text) for text in texts if text]
        return parts

    def _comments(self, name: str, place: Where) -> Iterator[Found]:
        for element in self._package.xml(name).iter():
            if local(element.tag) in ("text", "t") and element.text:
                yield {**place, "hidden": "comment"}, element.text

    def _shapes(self, root: Element, place: Where) -> Iterator[Found]:
        counter = _Counter()
        for tree in root.iter():
            if local(tree.tag) == "spTree":
                yield from self._group(tree, place, _Frame(), counter)

    def _group(self, group: Element, place: Where, frame: _Frame, counter: _Counter) -> Iterator[Found]:
        for child in group:
            tag = local(child.tag)
            if tag == "grpSp":
                inner = _hidden(child, place)
                yield from alt_texts(_named(child), place)
                yield from self._group(child, inner, frame.within(child), counter)
            elif tag in _SHAPES:
                yield from self._shape(child, place, frame, counter)
            elif tag == "AlternateContent":
                choices = list(child)
                if choices:
                    yield from self._group(choices[0], place, frame, counter)

    def _shape(self, shape: Element, place: Where, frame: _Frame, counter: _Counter) -> Iterator[Found]:
        yield from alt_texts(_named(shape), place)
        place = _hidden(shape, place)
        if "hidden" not in place and frame.outside(shape, self._size):
            place = {**place, "hidden": "off_page"}
        in_tables: set[Element] = set()
        for table in shape.iter(f"{_A}tbl"):
            counter.tables += 1
            in_tables.update(table.iter())
            yield from _table(table, {**place, "table": counter.tables})
        for paragraph in shape.iter(f"{_A}p"):
            if paragraph not in in_tables:
                counter.paragraphs += 1
                yield {**place, "paragraph": counter.paragraphs}, _text(paragraph)


@dataclass(slots=True)
class _Counter:
    paragraphs: int = 0
    tables: int = 0


@dataclass(frozen=True, slots=True)
class _Frame:
    """How points of a group lie on the slide: x → x0 + scale_x·x (EMU)."""

    x0: float = 0
    y0: float = 0
    scale_x: float = 1
    scale_y: float = 1

    def within(self, group: Element) -> _Frame:
        """The frame inside a group shape: its own rectangle filled by that of its children."""
        place = _Rectangle.of(group, "grpSpPr")
        if place is None or not place.child_width or not place.child_height:
            return self
        across, down = place.width / place.child_width, place.height / place.child_height
        return _Frame(
            self.x0 + self.scale_x * (place.x - across * place.child_x),
            self.y0 + self.scale_y * (place.y - down * place.child_y),
            self.scale_x * across,
            self.scale_y * down,
        )

    def outside(self, shape: Element, size: tuple[int, int]) -> bool:
        """Whether no point of the shape lies on the slide; a shape without a place of its own stands on it."""
        place = _Rectangle.of(shape, "spPr") or _Rectangle.of(shape, "")
        if place is None:
            return False
        left, top = self.x0 + self.scale_x * place.x, self.y0 + self.scale_y * place.y
        right, bottom = left + self.scale_x * place.width, top + self.scale_y * place.height
        return right <= 0 or bottom <= 0 or left >= size[0] or top >= size[1]


@dataclass(frozen=True, slots=True)
class _Rectangle:
    x: int
    y: int
    width: int
    height: int
    child_x: int = 0
    child_y: int = 0
    child_width: int = 0
    child_height: int = 0

    @classmethod
    def of(cls, shape: Element, properties: str) -> _Rectangle | None:
        holder = next((each for each in shape if local(each.tag) == properties), None) if properties else shape
        frame = next((each for each in holder if local(each.tag) == "xfrm"), None) if holder is not None else None
        if frame is None:
            return None
        told = {local(each.tag): each for each in frame}
        if "off" not in told or "ext" not in told:
            return None

        def number(element: str, key: str) -> int:
            return int(told[element].get(key, "0")) if element in told else 0

        return cls(
            number("off", "x"), number("off", "y"), number("ext", "cx"), number("ext", "cy"),
            number("chOff", "x"), number("chOff", "y"), number("chExt", "cx"), number("chExt", "cy"),
        )  # fmt: skip


def _named(shape: Element) -> Iterator[Element]:
    """The shape's own name and description, and those of links on its text."""
    for holder in shape:
        if local(holder.tag).startswith("nv"):
            yield from (each for each in holder.iter() if local(each.tag) == "cNvPr")


def _hidden(shape: Element, place: Where) -> Where:
    switched_off = any(each.get("hidden") in ("1", "true") for each in _named(shape))
    return {**place, "hidden": "hidden_text"} if switched_off and "hidden" not in place else place


def _table(table: Element, place: Where) -> Iterator[Found]:
    for row, line in enumerate(table.findall(f"{_A}tr"), start=1):
        for column, cell in enumerate(line.findall(f"{_A}tc"), start=1):
            text = "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_A}p"))
            where = {**place, "row": row, "column": column}
            covered = cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true")
            yield ({**where, "hidden": place.get("hidden", "covered_text")} if covered else where), text


def _text(paragraph: Element) -> str:
    pieces = []
    for element in paragraph.iter():
        if local(element.tag) == "t":
            pieces.append(element.text or "")
        elif local(element.tag) == "br":
            pieces.append("\n")
    return "".join(pieces)
