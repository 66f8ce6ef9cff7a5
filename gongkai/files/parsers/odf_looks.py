"""Styles of an OpenDocument file as far as they decide what can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.styled import pale


@dataclass(slots=True)
class Style:
    """What one style says; None or "" where it says nothing."""

    parent: str = ""
    unseen: bool | None = None  # text:display none, or no size
    colour: str = ""
    ground: str = ""
    table_shown: bool | None = None
    data_style: str = ""


class Looks:
    """Styles by family and name, automatic ones too."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self._styles: dict[tuple[str, str], Style] = {}
        self._empty_formats: set[str] = set()
        for root in roots:
            for element in root.iter():
                tag = local(element.tag)
                if tag in ("style", "default-style"):
                    self._styles[key(element, "family"), key(element, "name")] = _style(element)
                elif tag in ("number-style", "text-style", "date-style", "currency-style") and _shows_nothing(element):
                    self._empty_formats.add(key(element, "name"))

    def of(self, family: str, name: str) -> Style:
        """The style with what it inherits."""
        found = Style()
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self._styles:
            seen.add(name)
            own = self._styles[family, name]
            found.unseen = own.unseen if found.unseen is None else found.unseen
            found.table_shown = own.table_shown if found.table_shown is None else found.table_shown
            found.colour = found.colour or own.colour
            found.ground = found.ground or own.ground
            found.data_style = found.data_style or own.data_style
            name = own.parent
        return found

    def unseen(self, *styles: Style) -> bool:
        """Whether text under these styles, the innermost first, cannot be seen."""
        hidden = next((style.unseen for style in styles if style.unseen is not None), False)
        colour = next((style.colour for style in styles if style.colour), "#000000")
        ground = next((style.ground for style in styles if style.ground not in ("", "transparent")), "#ffffff")
        same = colour.lower() == ground.lower() or pale(colour[1:]) and pale(ground[1:])
        return bool(hidden) or same or any(style.data_style in self._empty_formats for style in styles)


def key(element: Element, name: str) -> str:
    """The attribute of this name in whatever namespace."""
    for told, value in element.attrib.items():
        if local(told) == name:
            return value
    return ""


def _style(element: Element) -> Style:
    style = Style(parent=key(element, "parent-style-name"), data_style=key(element, "data-style-name"))
    for properties in element:
        tag = local(properties.tag)
        if tag == "text-properties":
            style.colour = key(properties, "color")
            if key(properties, "display") == "none" or key(properties, "font-size") in ("0pt", "1pt", "2pt"):
                style.unseen = True
            elif key(properties, "display") == "true":
                style.unseen = False
        if tag == "table-properties" and key(properties, "display"):
            style.table_shown = key(properties, "display") != "false"
        if tag in ("text-properties", "paragraph-properties", "table-cell-properties"):
            style.ground = key(properties, "background-color") or style.ground
    return style


def _shows_nothing(element: Element) -> bool:
    """A number format without any part: `;;;`."""
    return not any(local(each.tag) not in ("map", "text-properties") for each in element)
