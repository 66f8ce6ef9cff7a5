"""A Word file as it is printed: revisions accepted, and nothing left of what its reader does not see. In the sandbox.

What comes out goes to a converter, not to the public. For one that keeps colours white letters stay: whether they can
be seen is judged later by the pixels of the page. One that makes all letters black must not get them.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from gongkai.files.copies.fields import resolve_fields
from gongkai.files.parsers.ooxml import local, main_part
from gongkai.files.parsers.package import Package, Relation
from gongkai.files.parsers.styled import NOTHING, Look, Styles, look

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMES = {
    "w": _W[1:-1], "r": _R, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wpc": "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "v": "urn:schemas-microsoft-com:vml", "o": "urn:schemas-microsoft-com:office:office",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}  # fmt: skip
#: What is drawn of a document; of all else a reader sees nothing (the chart's own workbook, comments, properties …).
_DRAWN = frozenset(
    ("styles", "numbering", "fontTable", "theme", "settings", "footnotes", "endnotes", "header", "footer", "image",
     "chart", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing")
)  # fmt: skip
_STORIES = frozenset(("officeDocument", "footnotes", "endnotes", "header", "footer"))
_SETTINGS = frozenset(
    ("evenAndOddHeaders", "mirrorMargins", "defaultTabStop", "compat", "characterSpacingControl", "footnotePr",
     "endnotePr", "noLineBreaksAfter", "noLineBreaksBefore", "drawingGridHorizontalSpacing", "autoHyphenation",
     "drawingGridVerticalSpacing", "displayHorizontalDrawingGridEvery", "displayVerticalDrawingGridEvery",
     "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator", "gutterAtTop", "bookFoldPrinting")
)  # fmt: skip
_GONE = frozenset(
    ("del", "moveFrom", "delText", "delInstrText", "commentRangeStart", "commentRangeEnd", "commentReference",
     "annotationRef", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "moveFromRangeStart",
     "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
     "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd",
     "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd", "rPrChange", "pPrChange", "tblPrChange", "trPrChange",
     "tcPrChange", "sectPrChange", "tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel",
     "cellMerge", "lastRenderedPageBreak", "tblCaption", "tblDescription", "OLEObject", "control", "hlinkClick",
     "hlinkHover", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "altChunk", "subDoc", "docPartObj")
)  # fmt: skip
_UNWRAPPED = frozenset(("ins", "moveTo", "sdt", "sdtContent", "customXml", "smartTag", "hyperlink"))
_SAID = frozenset(("descr", "title", "alt", "tooltip", "name"))
#: Styles of tables that bring no colours.
_PLAIN_TABLES = frozenset(("TableGrid", "TableNormal", "a3", "ab"))
_FLAT = frozenset(str(number) for number in range(21))  # twentieths of a point: a row nobody sees


def accepted(path: str, in_colour: bool = True) -> bytes:
    """The file as it is printed, a .docx again; without `in_colour` white letters on no ground of their own go too."""
    for prefix, name in _NAMES.items():
        register_namespace(prefix, name)
    package = Package(path)
    main = main_part(package.directory, _MAIN)
    styles = next(iter(package.related(main, "styles")), None)
    made = _Made(package, Styles(package.xml(styles)) if styles else Styles(None), in_colour)
    made.take(main, "officeDocument")
    return made.packed(main)


class _Made:
    """The parts of the new package, taken over one by one as they are pointed to."""

    def __init__(self, package: Package, styles: Styles, in_colour: bool) -> None:
        self._package = package
        self._in_colour = in_colour
        self._styles = styles
        self._parts: dict[str, bytes] = {}

    def take(self, name: str, kind: str) -> None:
        if name in self._parts or name not in self._package:
            return
        self._parts[name] = b""
        self._parts[name] = self._content(name, kind)
        kept = [r for r in self._package.relations(name) if r.kind in _DRAWN and not r.external]
        for relation in kept:
            self.take(relation.target, relation.kind)
        if kept:
            folder, _, file = name.rpartition("/")
            self._parts[posixpath.join(folder, "_rels", f"{file}.rels")] = _relations(kept)

    def _content(self, name: str, kind: str) -> bytes:
        if kind in _STORIES:
            root = self._package.xml(name)
            resolve_fields(root)
            self._tidy(root, NOTHING)
            return _written(root)
        if kind == "settings":
            root = self._package.xml(name)
            root[:] = [child for child in root if local(child.tag) in _SETTINGS]
            return _written(root)
        if kind == "fontTable":  # embedded fonts are left behind: they may hold anything
            root = self._package.xml(name)
            for font in root:
                font[:] = [child for child in font if not local(child.tag).startswith("embed")]
            return _written(root)
        if kind == "chart":
            root = self._package.xml(name)
            root[:] = [child for child in root if local(child.tag) != "externalData"]
            return _written(root)
        return self._package.read(name)

    def packed(self, main: str) -> bytes:
        types = Element("Types", xmlns=f"{_PACKAGE}/content-types")
        SubElement(types, "Default", Extension="rels",
                   ContentType="application/vnd.openxmlformats-package.relationships+xml")  # fmt: skip
        for name in self._parts:
            if not name.endswith(".rels"):
                SubElement(types, "Override", PartName=f"/{name}", ContentType=self._package.types[name])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            top = [Relation("r1", "officeDocument", main, external=False)]
            for name, content in (
                ("[Content_Types].xml", _written(types)), ("_rels/.rels", _relations(top)), *self._parts.items()
            ):  # fmt: skip
                target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
        return out.getvalue()

    # stories

    def _tidy(self, element: Element, ground: Look) -> None:
        """In place: children that are not printed go, wrappers around what is printed give way to it."""
        kept: list[Element] = []
        for child in _children(element):
            tag = local(child.tag)
            if _gone(child, tag):
                continue
            below = self._ground(child, tag, ground)
            if tag == "r" and child.tag == f"{_W}r" and below.unseen:
                continue
            if tag == "tc" and _covered(child):
                child[:] = [*child.findall(f"{_W}tcPr"), Element(f"{_W}p")]
            mark_deleted = child.tag == f"{_W}p" and child.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None
            self._tidy(child, below)
            if mark_deleted and all(local(each.tag) == "pPr" for each in child):
                continue
            if tag == "tc" and child.find(f"{_W}p") is None and child.tag == f"{_W}tc":
                child.append(Element(f"{_W}p"))  # a cell ends with a paragraph (ECMA-376 part 1, 17.4.65)
            _silence(child)
            kept.append(child)
        element[:] = [child for child in kept if not (child.tag == f"{_W}tbl" and child.find(f"{_W}tr") is None)]

    def _ground(self, child: Element, tag: str, ground: Look) -> Look:
        """How letters in it look so far, and whether they stand on a colour."""
        match tag:
            case "p":
                own = Look(shaded=look(child.find(f"{_W}pPr")).shaded)
                return own.over(self._look(child.find(f"{_W}pPr/{_W}pStyle"))).over(ground)
            case "r":
                own = look(child.find(f"{_W}rPr")).over(self._look(child.find(f"{_W}rPr/{_W}rStyle")))
                return (replace(own, white=None) if self._in_colour else own).over(ground)
            case "tc":
                return Look(shaded=look(child.find(f"{_W}tcPr")).shaded).over(ground)
            case "tbl":
                style = child.find(f"{_W}tblPr/{_W}tblStyle")
                coloured = style is not None and style.get(f"{_W}val", "") not in _PLAIN_TABLES
                return Look(shaded=True if coloured else look(child.find(f"{_W}tblPr")).shaded).over(ground)
            case "txbxContent":
                return Look(shaded=True)
            case _:
                return ground

    def _look(self, style: Element | None) -> Look:
        if style is None:
            return NOTHING
        own = self._styles.look(style.get(f"{_W}val", ""))
        return replace(own, white=None) if self._in_colour else own


def _children(element: Element) -> Iterator[Element]:
    """Its children, with the contents of wrappers in the wrappers' places, and one of several alternatives."""
    for child in element:
        tag = local(child.tag)
        if tag in _UNWRAPPED and not (tag == "ins" and local(element.tag) in ("rPr", "trPr")):
            yield from _children(child)
        elif tag == "AlternateContent":
            choices = [each for each in child if local(each.tag) == "Choice"]
            if choices:
                child[:] = choices[:1]
                yield child
            else:
                yield from (inner for each in child for inner in _children(each))
        else:
            yield child


def _gone(child: Element, tag: str) -> bool:
    match tag:
        case "tr":
            return _row_gone(child.find(f"{_W}trPr"))
        case "tc":
            return child.find(f"{_W}tcPr/{_W}cellDel") is not None
        case "ins":
            return True  # the mark of a paragraph or a row; what is inserted was taken out of it
        case "drawing":
            return any(each.get("hidden") in ("1", "true") for each in child.iter() if local(each.tag) == "docPr")
        case _:
            return tag in _GONE


def _row_gone(properties: Element | None) -> bool:
    if properties is None:
        return False
    height = properties.find(f"{_W}trHeight")
    flat = height is not None and height.get(f"{_W}hRule") == "exact" and height.get(f"{_W}val", "99") in _FLAT
    return flat or properties.find(f"{_W}hidden") is not None or properties.find(f"{_W}del") is not None


def _covered(cell: Element) -> bool:
    """Below a cell that reaches down over it, it shows nothing."""
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merged is not None and merged.get(f"{_W}val", "continue") == "continue"


def _silence(child: Element) -> None:
    """Names, descriptions, tips and identifiers that hang on a drawing or a paragraph."""
    for key in list(child.attrib):
        plain = local(key)
        if plain.startswith("rsid") or plain in ("author", "date", "initials", "paraId", "textId", "Ignorable"):
            del child.attrib[key]
        elif plain in _SAID and local(child.tag) in ("docPr", "cNvPr", "shape", "imagedata", "rect", "roundrect",
                                                     "oval", "group", "line", "textbox", "shapetype"):  # fmt: skip
            child.set(key, "")


def _relations(relations: list[Relation]) -> bytes:
    root = Element("Relationships", xmlns=f"{_PACKAGE}/relationships")
    for each in relations:
        kind = "http://schemas.microsoft.com/office/2007/relationships" if each.kind == "diagramDrawing" else _R
        SubElement(root, "Relationship", Id=each.name, Type=f"{kind}/{each.kind}", Target=f"/{each.target}")
    return _written(root)


def _written(root: Element) -> bytes:
    for key in [key for key in root.attrib if local(key) == "Ignorable"]:
        del root.attrib[key]
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made
