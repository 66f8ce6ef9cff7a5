"""All text of a .odt or .ods (OASIS OpenDocument 1.3): each paragraph and cell with its place, and what is not seen."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.archive import MEGABYTE, Directory, damaged, encrypted
from gongkai.files.parsers.hanging import container, picture
from gongkai.files.parsers.inner import inner
from gongkai.files.parsers.odf_looks import Looks, key
from gongkai.files.parsers.odf_story import Story
from gongkai.files.parsers.odf_table import sheets
from gongkai.files.parsers.ooxml import MOST_XML, local, open_parts, parse
from gongkai.files.parsers.parts import Found, answer, strings, telling
from gongkai.files.parsers.pictures import to_be_looked_at

_FRAMES = frozenset(("mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml", "meta.xml", "settings.xml"))
_GENERATOR = frozenset(("generator", "creation-date", "date", "editing-cycles", "editing-duration", "print-date"))


def read(path: str) -> dict[str, Any]:
    """`count` is of paragraphs and table rows (odt) or sheets (ods)."""
    directory = open_parts(path)
    found = answer(*_Document(directory, Path(path).read_bytes()).read())
    photos = [name for name in directory.names if name.startswith("Pictures/") and not name.endswith("/")]
    return found | {"scans": to_be_looked_at(photos, directory)}


class _Document:
    def __init__(self, directory: Directory, data: bytes) -> None:
        self._directory = directory
        self._data = data
        if "content.xml" not in directory:
            raise damaged("no content.xml")
        if "META-INF/manifest.xml" in directory and b"encryption-data" in self._read("META-INF/manifest.xml"):
            raise encrypted()
        self._content = self._xml("content.xml")
        self._styles = self._xml("styles.xml") if "styles.xml" in directory else None
        self._looks = Looks([root for root in (self._styles, self._content) if root is not None])
        self._warnings: list[str] = []

    def _read(self, name: str) -> bytes:
        return self._directory.read(name, MOST_XML)

    def _xml(self, name: str) -> Element:
        return parse(self._read(name))

    def read(self) -> tuple[list[Found], int, list[str]]:
        parts: list[Found] = []
        body = next((each for each in self._content if local(each.tag) == "body"), None)
        holder = body[0] if body is not None and len(body) else None
        if holder is None:
            raise damaged("no body")
        headers, footers = self._headers()
        parts += headers
        if local(holder.tag) == "spreadsheet":
            count, found = sheets(holder, self._looks)
        else:
            story = Story(self._looks, {})
            story.read(holder)
            found = story.found + story.hanging
            shown = [where for where, _ in story.found if "hidden" not in where]
            count = len({(where.get("paragraph"), where.get("table"), where.get("row")) for where in shown})
        parts += found
        parts += footers
        parts += self._scripts()
        parts += self._properties()
        parts += self._settings()
        parts += self._custom_styles()
        for name in self._directory.names:
            if name not in _FRAMES and not name.endswith("/"):
                more, told = self._other(name)
                parts += more
                self._warnings += told
        parts += container(self._data, (name for name in self._directory.names if not name.startswith("Object ")))
        return parts, count, self._warnings

    def _headers(self) -> tuple[list[Found], list[Found]]:
        """Of the page styles; a header switched off, or of a page style nobody uses, is not printed."""
        found: dict[str, list[Found]] = {"header": [], "footer": []}
        for element in self._styles.iter() if self._styles is not None else ():
            tag = local(element.tag)
            kind = tag.partition("-")[0]
            if tag in ("header", "header-left", "header-first", "footer", "footer-left", "footer-first"):
                place: dict[str, Any] = {"member": "styles.xml"}
                if key(element, "display") == "false":
                    place["hidden"] = kind
                story = Story(self._looks, place)
                story.read(element)
                found[kind] += story.found + story.hanging
        return found["header"], found["footer"]

    def _scripts(self) -> Iterator[Found]:
        for element in self._content:
            if local(element.tag) == "scripts":
                for each in element.iter():
                    yield {"member": "content.xml", "hidden": "macro"}, (each.text or "").strip()
                    for value in each.attrib.values():
                        if telling(value) or value.startswith("vnd.sun.star.script"):
                            yield {"member": "content.xml", "hidden": "macro"}, value

    def _properties(self) -> Iterator[Found]:
        if "meta.xml" not in self._directory:
            return
        for element in self._xml("meta.xml").iter():
            tag, text = local(element.tag), (element.text or "").strip()
            if tag == "user-defined":
                yield {"member": "meta.xml", "hidden": "custom_properties"}, key(element, "name")
                yield {"member": "meta.xml", "hidden": "custom_properties"}, text
            elif tag in ("template", "auto-reload"):
                yield {"member": "meta.xml", "hidden": "external_link"}, key(element, "href")
            elif tag not in _GENERATOR:
                yield {"member": "meta.xml", "hidden": "properties"}, text

    def _settings(self) -> Iterator[Found]:
        if "settings.xml" not in self._directory:
            return
        for element in self._xml("settings.xml").iter():
            text, name = (element.text or "").strip(), key(element, "name")
            if name.startswith("Printer") and text:
                yield {"member": "settings.xml", "hidden": "printer_settings"}, text
                if name == "PrinterSetup":
                    yield from self._printer(text)
            elif telling(text):
                yield {"member": "settings.xml", "hidden": "other_part"}, text

    def _printer(self, text: str) -> Iterator[Found]:
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return
        yield from (({"member": "settings.xml", "hidden": "printer_settings"}, each) for each in strings(data))

    def _custom_styles(self) -> Iterator[Found]:
        """Names of styles, which travel with every copy, where they tell more than a look."""
        for member, root in (("content.xml", self._content), ("styles.xml", self._styles)):
            for element in root.iter() if root is not None else ():
                if local(element.tag) == "style" and re.search(r"\d{11}|@", key(element, "display-name")):
                    yield {"member": member, "hidden": "other_part"}, key(element, "display-name")

    def _other(self, name: str) -> tuple[list[Found], list[str]]:
        lower = name.lower()
        if lower.startswith("thumbnails/"):
            found = picture(name, self._read(name))[0]
            warning = "文件里有第一页的缩略图，可能与现在的内容不同。"
            return [({**where, "hidden": "thumbnail"}, text) for where, text in found], [warning]
        if lower.startswith(("versions/", "versionlist")):
            return inner(name, self._read(name), "earlier_revision")
        if re.search(r"\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|svm)$", lower):
            return picture(name, self._read(name))
        if re.fullmatch(r"(?:objectreplacements/.*|fonts/.*|layout-cache)", lower):
            return picture(name, self._read(name)) if lower.startswith("objectr") else ([], [])
        if lower.endswith((".xml", ".rdf", ".xlb", ".xlc")):
            return list(self._part(name)), []
        return inner(name, self._directory.read(name, 20 * MEGABYTE))

    def _part(self, name: str) -> Iterator[Found]:
        """Objects within the document (charts above all keep a copy of their table), scripts, and the rest."""
        code = "other_part"
        if name.startswith(("Basic/", "Scripts/", "Dialogs/")):
            code = "macro"
        elif name.endswith("/content.xml"):
            code = "chart_cache"
        elif "/" in name and not name.startswith(("Configurations2/", "META-INF/")):
            code = "embedded_file"
        root = self._xml(name)
        if name.endswith(("/styles.xml", "/settings.xml")) or name.startswith("Configurations2/"):
            return
        for element in root.iter():
            for text in (element.text, element.tail):
                if text and text.strip():
                    yield {"member": name, "hidden": code}, text.strip()
            for told, value in element.attrib.items():
                if telling(value) and "style" not in told and "font" not in told:
                    yield {"member": name, "hidden": code}, value
