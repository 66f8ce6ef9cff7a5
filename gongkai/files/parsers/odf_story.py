"""One story of an OpenDocument text: paragraphs and cells in order; notes, deletions and hidden spans apart."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.parsers.odf_looks import Looks, Style, key
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.parts import Found, Where, telling

_PARAGRAPHS = frozenset(("p", "h"))
_GIVEN_NAME = re.compile(r"[^\d@]{0,24}\s?\d{0,4}")
_FIELDS = frozenset(("user-field-decl", "variable-decl", "text-input", "placeholder", "drop-down", "variable-set",
                     "user-field-get", "database-display", "dde-connection-decl", "label"))  # fmt: skip


class Story:
    """`found` are the texts in order, `hanging` what hangs on them (comments, descriptions, links, fields)."""

    def __init__(self, looks: Looks, place: Where) -> None:
        self._looks = looks
        self._place = place
        self.found: list[Found] = []
        self.hanging: list[Found] = []
        self._paragraphs = self._tables = 0

    def read(self, root: Element, place: Where | None = None, code: str = "") -> None:
        self._blocks(root, place or {}, code, ())

    def _where(self, place: Where, code: str) -> dict[str, Any]:
        where = {**place, **self._place}
        if code and "hidden" not in where:
            where["hidden"] = code
        return where

    def _hang(self, place: Where, code: str, text: str) -> None:
        if text.strip():
            self.hanging.append((self._where(place, code), text.strip()))

    def _blocks(self, element: Element, place: Where, code: str, styles: tuple[Style, ...]) -> None:
        for child in element:
            tag = local(child.tag)
            if tag in _PARAGRAPHS:
                self._paragraph(child, place, code, styles)
            elif tag == "tracked-changes":
                self._changes(child)
            elif tag == "table":
                self._table(child, code)
            elif tag == "section" and (key(child, "display") == "none" or key(child, "is-hidden") == "true"):
                self._blocks(child, place, code or "hidden_text", styles)
            else:
                self._special(child, tag, place)
                if tag != "annotation":
                    self._blocks(child, place, code, styles)

    def _paragraph(self, paragraph: Element, place: Where, code: str, styles: tuple[Style, ...]) -> None:
        self._paragraphs += 1
        place = place or {"paragraph": self._paragraphs}
        own = (self._looks.of("paragraph", key(paragraph, "style-name")), *styles)
        pieces: list[tuple[str, str]] = []
        inner: list[Element] = []
        self._runs(paragraph, place, code, own, pieces, inner)
        for wanted in dict.fromkeys(kind for kind, _ in pieces):
            text = "".join(text for kind, text in pieces if kind == wanted)
            if text.strip():
                self.found.append((self._where(place, wanted), text))
        for box in inner:
            self._blocks(box, {}, code, ())

    def _runs(
        self, element: Element, place: Where, code: str, styles: tuple[Style, ...],
        pieces: list[tuple[str, str]], inner: list[Element],
    ) -> None:  # fmt: skip
        code = code or ("hidden_text" if self._looks.unseen(*styles) else "")
        pieces.append((code, element.text or ""))
        for child in element:
            tag = local(child.tag)
            if tag == "s":
                pieces.append((code, " " * min(int(key(child, "c") or 1), 100)))
            elif tag in ("tab", "line-break"):
                pieces.append((code, "\t" if tag == "tab" else "\n"))
            elif tag == "span":
                look = self._looks.of("text", key(child, "style-name"))
                self._runs(child, place, code, (look, *styles), pieces, inner)
            elif tag in ("note", "text-box", "object"):
                inner.append(child)
            elif tag in ("hidden-text", "hidden-paragraph", "conditional-text"):
                for name in ("string-value", "string-value-if-true", "string-value-if-false"):
                    self._hang(place, "hidden_text", key(child, name))
                hidden = "hidden_text" if tag != "conditional-text" else code
                self._runs(child, place, hidden, styles, pieces, inner)
            elif tag == "ruby-text":
                pieces.append((code, child.text or ""))
            elif tag in ("annotation", "title", "desc"):
                self._special(child, tag, place)
            else:
                self._special(child, tag, place)
                self._runs(child, place, code, styles, pieces, inner)
            pieces.append((code, child.tail or ""))

    def _table(self, table: Element, code: str) -> None:
        self._tables += 1
        number, row = self._tables, 0
        for line in _lines(table):
            row += 1
            hidden = key(line, "visibility") in ("collapse", "filter")
            column = 1
            for cell in line:
                if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                    continue
                own = code or ("hidden_row" if hidden else "")
                if local(cell.tag) == "covered-table-cell":
                    own = own or "covered_text"
                place: Where = {"table": number, "row": row, "column": column}
                before = len(self.found)
                ground = self._looks.of("table-cell", key(cell, "style-name"))
                self._blocks(cell, place, own, (Style(ground=ground.ground),))
                self._join(before, place)
                column += int(key(cell, "number-columns-repeated") or 1)
        for told in ("title", "desc"):
            for each in table:
                if local(each.tag) == told:
                    self._hang({"table": number}, "alt_text", each.text or "")

    def _join(self, before: int, place: Where) -> None:
        """A cell's own paragraphs as one part for each hidden code."""
        joined: dict[str, list[str]] = {}
        others: list[Found] = []
        for where, text in self.found[before:]:
            if all(where.get(name) == value for name, value in place.items()) and "paragraph" not in where:
                joined.setdefault(where.get("hidden", ""), []).append(text)
            else:
                others.append((where, text))
        self.found[before:] = [(self._where(place, code), "\n".join(texts)) for code, texts in joined.items()] + others

    def _changes(self, element: Element) -> None:
        """Deleted text is kept whole at the head of the document; who inserted something is told beside it."""
        for change in element.iter():
            tag = local(change.tag)
            if tag in ("deletion", "insertion", "format-change"):
                code = "deletion" if tag == "deletion" else "insertion"
                for child in change:
                    if local(child.tag) == "change-info":
                        for told in child:
                            if local(told.tag) in ("creator", "p"):
                                self._hang({"member": "content.xml"}, code, _text(told))
                    else:
                        self._hang({"member": "content.xml"}, code, _text(child))

    def _special(self, child: Element, tag: str, place: Where) -> None:
        """Attributes and elements with a message of their own."""
        if tag == "annotation":
            for part in child:
                if local(part.tag) != "date":
                    self._hang(place, "comment", _text(part))
            self._hang(place, "comment", key(child, "name") if telling(key(child, "name")) else "")
        elif tag in ("title", "desc"):
            self._hang(place, "alt_text", child.text or "")
        elif tag in ("bookmark", "bookmark-start", "reference-mark", "reference-mark-start"):
            name = key(child, "name")
            if not name.startswith(("__RefHeading", "_Toc", "__DdeLink")) or telling(name):
                self._hang(place, "bookmark", name)
        elif tag == "a" or tag in ("image", "object", "section-source", "script", "object-ole", "plugin"):
            target = key(child, "href")
            if target and not target.startswith(("Pictures/", "./Object", "Object ", "#", "./ObjectReplacements")):
                self._hang(place, "link" if tag == "a" else "external_link", target)
        elif tag in _FIELDS:
            for name in ("string-value", "description", "value", "current-value"):
                self._hang(place, "form_field", key(child, name))
        elif key(child, "current-value") or key(child, "value") and tag in ("text", "textarea", "hidden", "combobox"):
            self._hang(place, "form_field", key(child, "current-value") or key(child, "value"))
        if tag in ("frame", "rect", "custom-shape", "table") and not _GIVEN_NAME.fullmatch(key(child, "name")):
            self._hang(place, "alt_text", key(child, "name"))


def _lines(table: Element) -> list[Element]:
    found: list[Element] = []
    for child in table:
        tag = local(child.tag)
        if tag == "table-row":
            found.append(child)
        elif tag in ("table-header-rows", "table-row-group", "table-rows"):
            found += _lines(child)
    return found


def _text(element: Element) -> str:
    """All text below an element, one line a paragraph."""
    paragraphs = [each for each in element.iter() if local(each.tag) in _PARAGRAPHS]
    return "\n".join("".join(each.itertext()) for each in paragraphs or [element]).strip()
