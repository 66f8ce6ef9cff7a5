"""One story of a .docx (body, header, note, comment): paragraphs and cells in order, revisions and hidden runs apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gongkai.files.parsers.hanging import alt_texts
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.parts import Found, Where, telling
from gongkai.files.parsers.styled import NOTHING, Look, Styles, look

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REVISIONS = {"ins": "insertion", "moveTo": "insertion", "del": "deletion", "moveFrom": "moved",
              "cellIns": "insertion", "cellDel": "deletion"}  # fmt: skip
_WIDE_SPACE = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_PROPERTIES = frozenset(("rPr", "pPr", "tcPr", "trPr", "tblPr", "sectPr", "tblGrid", "sdtPr", "sdtEndPr", "proofErr"))


class Story:
    """`found` after `read`; `anchors` tells where each comment begins, `referred` which notes are referred to."""

    def __init__(self, styles: Styles, place: Where) -> None:
        self._styles = styles
        self._place = place
        self.found: list[Found] = []
        self.anchors: dict[str, Where] = {}
        self.referred: set[tuple[str, str]] = set()
        self._paragraphs = self._tables = 0
        self._hanging: list[Found] = []  # alternative texts, fields, bookmarks
        self._authors: dict[tuple[str, str], None] = {}

    def read(self, root: Element) -> None:
        self._blocks(root, {}, "", NOTHING)

    def metadata(self, member: str) -> Iterator[Found]:
        """What hangs on the paragraphs, and who made the revisions."""
        yield from self._hanging
        for code, author in self._authors:
            yield {"member": member, "hidden": code}, author

    # blocks

    def _blocks(self, element: Element, place: Where, code: str, ground: Look) -> None:
        for child in element:
            tag = local(child.tag)
            if tag == "p":
                self._paragraph(child, place, code, ground)
            elif tag == "tbl":
                self._table(child, code, ground)
            elif tag in _REVISIONS:
                self._blocks(child, place, self._revised(child, tag, code), ground)
            elif tag == "sdt":
                self._control(child, place)
                self._blocks(child, place, code, ground)
            elif tag == "Fallback" or tag in _PROPERTIES:
                continue
            elif tag == "bookmarkStart":
                self._bookmark(child, place)
            else:
                self._blocks(child, place, code, ground)

    def _table(self, table: Element, code: str, ground: Look) -> None:
        self._tables += 1
        number = self._tables
        properties = table.find(f"{_W}tblPr")
        if properties is not None:
            for tag in ("tblCaption", "tblDescription"):
                told = properties.find(f"{_W}{tag}")
                if told is not None:
                    self._hang({"table": number}, "alt_text", told.get(f"{_W}val", ""))
            ground = _table_ground(properties).over(ground)
        for at, row in enumerate(_inside(table, "tr"), start=1):
            revised = self._row_code(row.find(f"{_W}trPr"), code)
            column = 1
            for cell in _inside(row, "tc"):
                place: Where = {"table": number, "row": at, "column": column}
                column += self._cell(cell, place, revised, ground)

    def _row_code(self, properties: Element | None, code: str) -> str:
        if properties is None:
            return code
        height = properties.find(f"{_W}trHeight")
        flat = height is not None and height.get(f"{_W}hRule") == "exact" and height.get(f"{_W}val", "99") in _FLAT
        if properties.find(f"{_W}hidden") is not None or flat:
            return "hidden_row"
        for tag in ("ins", "del"):
            mark = properties.find(f"{_W}{tag}")
            if mark is not None:
                return self._revised(mark, tag, code)
        return code

    def _cell(self, cell: Element, place: Where, code: str, ground: Look) -> int:
        """Read one cell; returns how many columns it spans."""
        properties = cell.find(f"{_W}tcPr")
        span = 1
        if properties is not None:
            told, merged = properties.find(f"{_W}gridSpan"), properties.find(f"{_W}vMerge")
            span = int(told.get(f"{_W}val", "1")) if told is not None else 1
            if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
                code = code or "covered_text"
            ground = Look(shaded=look(properties).shaded).over(ground)
        before = len(self.found)
        self._blocks(cell, place, code, ground)
        self._join(before, place)
        return span

    def _join(self, before: int, place: Where) -> None:
        """A cell's own paragraphs as one part for each hidden code; text boxes and inner tables stay as they are."""
        joined: dict[str, list[str]] = {}
        others: list[Found] = []
        for where, text in self.found[before:]:
            if all(where.get(key) == value for key, value in place.items()) and "paragraph" not in where:
                joined.setdefault(where.get("hidden", ""), []).append(text)
            else:
                others.append((where, text))
        own = [(self._where(place, code), "\n".join(texts)) for code, texts in joined.items()]
        self.found[before:] = own + others

    def _where(self, place: Where, code: str) -> Where:
        where = {**place, **self._place}
        if code and "hidden" not in where:
            where["hidden"] = code
        return where

    # paragraphs

    def _paragraph(self, paragraph: Element, place: Where, code: str, ground: Look) -> None:
        self._paragraphs += 1
        place = place or {"paragraph": self._paragraphs}
        properties = paragraph.find(f"{_W}pPr")
        base = ground
        if properties is not None:
            style = properties.find(f"{_W}pStyle")
            base = self._styles.look(style.get(f"{_W}val", "")).over(ground) if style is not None else ground
            base = Look(shaded=look(properties).shaded).over(base)
        pieces: list[tuple[str, str]] = []
        boxes: list[Element] = []
        self._runs(paragraph, code, base, pieces, boxes, place)
        for wanted in dict.fromkeys(piece[0] for piece in pieces):
            text = "".join(text for kind, text in pieces if kind == wanted)
            if wanted == "form_field" and _EVERYDAY.fullmatch(text):
                continue
            if wanted == "insertion":  # seen where it was inserted, and told once more as what it is
                continue
            if wanted == "":
                text = "".join(text for kind, text in pieces if kind in ("", "insertion"))
            self.found.append((self._where(place, wanted), text))
        inserted = "".join(text for kind, text in pieces if kind == "insertion")
        if inserted:
            if not any(kind == "" for kind, _ in pieces):
                self.found.append((self._where(place, ""), inserted))
            self._hang(place, "insertion", inserted)
        for box in boxes:
            self._blocks(box, {}, code, Look(shaded=True))

    def _runs(
        self,
        element: Element,
        code: str,
        ground: Look,
        pieces: list[tuple[str, str]],
        boxes: list[Element],
        place: Where,
    ) -> None:
        for child in element:
            tag = local(child.tag)
            if tag in ("r", "ruby", "rt", "rubyBase"):
                own = child.find(f"{_W}rPr") if tag == "r" else None
                self._runs(child, self._run_code(own, code, ground), ground, pieces, boxes, place)
            elif tag in ("t", "delText"):
                pieces.append(("deletion" if tag == "delText" and not code else code, child.text or ""))
            elif tag in _WIDE_SPACE:
                pieces.append((code, _WIDE_SPACE[tag]))
            elif tag == "sym":
                pieces.append((code, _symbol(child)))
            elif tag in ("instrText", "delInstrText"):
                pieces.append((_field_code(pieces, child.text or ""), child.text or ""))
            elif tag in _REVISIONS:
                self._runs(child, self._revised(child, tag, code), ground, pieces, boxes, place)
            elif tag == "txbxContent":
                boxes.append(child)
            elif tag == "AlternateContent":
                self._alternatives(child, code, ground, pieces, boxes, place)
            elif tag not in _PROPERTIES:
                self._hangs_on(child, tag, place)
                self._runs(child, code, ground, pieces, boxes, place)

    def _run_code(self, properties: Element | None, code: str, ground: Look) -> str:
        if code in ("deletion", "moved"):
            return code
        own = look(properties)
        style = properties.find(f"{_W}rStyle") if properties is not None else None
        if style is not None:
            own = own.over(self._styles.look(style.get(f"{_W}val", "")))
        return "hidden_text" if own.over(ground).unseen else code

    def _alternatives(
        self,
        element: Element,
        code: str,
        ground: Look,
        pieces: list[tuple[str, str]],
        boxes: list[Element],
        place: Where,
    ) -> None:
        """Word draws the first choice; what older programs would draw counts where it says something else."""
        choices = [child for child in element if local(child.tag) == "Choice"]
        fallback = [child for child in element if local(child.tag) == "Fallback"]
        shown = choices[:1] or fallback
        for child in shown:
            self._runs(child, code, ground, pieces, boxes, place)
        said = "".join(_said(child) for child in shown)
        for child in [*choices[1:], *fallback]:
            text = _said(child)
            if child not in shown and text not in said:
                self._hang(place, "hidden_text", text)

    def _hangs_on(self, child: Element, tag: str, place: Where) -> None:
        if tag in ("docPr", "cNvPr", "shape", "imagedata", "rect", "OLEObject"):
            self._hanging += [(self._where(where, ""), text) for where, text in alt_texts([child], place)]
        elif tag == "commentReference" or tag == "commentRangeStart":
            self.anchors.setdefault(child.get(f"{_W}id", ""), place)
        elif tag in ("footnoteReference", "endnoteReference"):
            self.referred.add((tag.removesuffix("Reference"), child.get(f"{_W}id", "")))
        elif tag == "fldSimple":
            text = child.get(f"{_W}instr", "")
            self._hang(place, _field_code([], text), text)
        elif tag == "bookmarkStart":
            self._bookmark(child, place)
        elif tag == "sdt":
            self._control(child, place)
        elif tag in ("ffData", "smartTagPr", "textpath"):
            for each in child.iter():
                for value in each.attrib.values():
                    if tag == "textpath" or telling(value) or local(each.tag) in _FORM:
                        self._hang(place, "form_field" if tag != "textpath" else "", value)
        elif tag == "hyperlink" and child.get(f"{_W}tooltip"):
            self._hang(place, "link", child.get(f"{_W}tooltip", ""))

    def _control(self, control: Element, place: Where) -> None:
        """What a content control knows beside the text it shows: its name, its choices, where it takes them from."""
        properties = control.find(f"{_W}sdtPr")
        for element in properties.iter() if properties is not None else ():
            if local(element.tag) in ("alias", "tag", "listItem", "dataBinding", "date", "docPart"):
                for key, value in element.attrib.items():
                    told = local(key) in ("val", "displayText", "value", "xpath", "fullDate")
                    if told and (not value.isdigit() or telling(value)):
                        self._hang(place, "form_field", value)

    def _bookmark(self, mark: Element, place: Where) -> None:
        name = mark.get(f"{_W}name", "")
        if not name.startswith(("_Toc", "_Hlk", "_GoBack", "_Ref", "OLE_LINK")) or telling(name):
            self._hang(place, "bookmark", name)

    def _revised(self, mark: Element, tag: str, code: str) -> str:
        revision = _REVISIONS[tag]
        author = mark.get(f"{_W}author", "")
        if author:
            self._authors[revision, author] = None
        return revision if revision != "insertion" or not code else code

    def _hang(self, place: Where, code: str, text: str) -> None:
        if text.strip():
            self._hanging.append((self._where(place, code), text))


_FLAT = frozenset(str(number) for number in range(21))  # twentieths of a point: a line nobody sees
# Field codes that count pages and parts and say nothing else (ECMA-376 part 1, 17.16.5).
_EVERYDAY = re.compile(
    r"(?:\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|TOC|REF|PAGEREF|DATE|TIME|SEQ|STYLEREF|SYMBOL|FORMTEXT|FORMCHECKBOX)"
    r"(?:\s+(?:\\[a-z@*#]|[A-Za-z]\w{0,30}|\"[^\"]{0,16}\"))*\s*)+"
)
_FORM = frozenset(("name", "default", "listEntry", "statusText", "helpText", "entryMacro"))


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, through content controls and revisions around them."""
    for child in element:
        tag = local(child.tag)
        if tag == wanted:
            yield child
        elif tag in ("sdt", "sdtContent", "ins", "del", "customXml", "smartTag", "AlternateContent", "Choice"):
            yield from _inside(child, wanted)


def _table_ground(properties: Element) -> Look:
    """White letters in a table with a style of its own stand on that style's colours."""
    style = properties.find(f"{_W}tblStyle")
    plain = style is None or style.get(f"{_W}val", "") in ("TableGrid", "TableNormal", "a3", "ab")
    shaded = look(properties).shaded
    return Look(shaded=True if shaded or not plain else None)


def _field_code(pieces: list[tuple[str, str]], text: str) -> str:
    """Addresses are links; a code cut in two goes with its first half."""
    if pieces and pieces[-1][0] == "link":
        return "link"
    return "link" if "HYPERLINK" in text or "mailto:" in text else "form_field"


def _symbol(element: Element) -> str:
    try:
        return chr(int(element.get(f"{_W}char", "0"), 16))
    except (ValueError, OverflowError):
        return ""


def _said(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter() if local(each.tag) in ("t", "delText"))
