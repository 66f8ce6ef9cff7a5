"""An OFD (GB/T 33190) as PDF, page by page: text, pictures and paths at their places. Runs in the sandbox.

Text is drawn with the fonts of this machine; what is not drawn (seals, letters that only an embedded font knows,
pictures in a coding nobody reads, shadings) is told.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from gongkai.files.archive import damaged, open_directory
from gongkai.files.copies.ofd_draw import Drawing, Resources, box
from gongkai.files.copies.press import pressed
from gongkai.files.parsers.ooxml import local, parse
from gongkai.files.refusal import Unreadable

MOST_PAGES = 500
_MOST_PART = 64 * 1024 * 1024
_A4 = (0.0, 0.0, 210.0, 297.0)


def to_pdf(path: str) -> dict[str, Any]:
    """`pdf`, and what is not in it as sentences (`lost`)."""
    package = _Package(Path(path).read_bytes())
    bodies = [element for element in package.xml("OFD.xml") if local(element.tag) == "DocBody"]
    if not bodies:
        raise damaged("no document")
    document = _Document(package, _text(bodies[0], "DocRoot").lstrip("/"))
    lost = [f"文件里有 {len(bodies)} 个文档，只带入第一个"] if len(bodies) > 1 else []
    if _text(bodies[0], "Signatures"):
        lost.append("电子签章的印模没有画出")
    pages, style = [], []
    for number, (size, drawing) in enumerate(document.pages(), start=1):
        width, height = size[2], size[3]
        style.append(f"@page p{number} {{ size: {width}mm {height}mm; margin: 0 }} .p{number} {{ page: p{number} }}")
        pages.append(
            f'<div class="p{number}"><svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="{size[0]} {size[1]} {width} {height}">{drawing.markup}</svg></div>'
        )
        lost += [f"第 {number} 页：{sentence}" for sentence in drawing.lost]
    lost += document.lost
    if not pages:
        raise Unreadable("no-pages", "OFD 里没有页面，没有可以公开的内容。请另存为 PDF 后再上传。")
    style.append("html, body { margin: 0 } div { break-after: page } div:last-child { break-after: auto } "
                 "svg { display: block }")  # fmt: skip
    page = f"<!doctype html><html><body>{''.join(pages)}</body></html>"
    return {"pdf": pressed(page, "\n".join(style)), "lost": [f"{sentence}。" for sentence in dict.fromkeys(lost)]}


class _Package:
    """Parts by name; files that were packed on Windows do not mind capitals."""

    def __init__(self, data: bytes) -> None:
        self._directory = open_directory(data)
        self._names = {name.lower(): name for name in reversed(self._directory.names)}

    def read(self, name: str) -> bytes:
        if name not in self:
            raise damaged(f"no part {name!r}")
        real = name if name in self._directory else self._names[name.lower()]
        return self._directory.read(real, _MOST_PART)

    def xml(self, name: str) -> Element:
        return parse(self.read(name))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names


class _Document:
    """The first document of the file: its resources, templates, pages and what is pinned on them."""

    def __init__(self, package: _Package, root: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(root)
        self._root = package.xml(root)
        self.lost: list[str] = []
        self._resources = Resources()
        for kind in ("PublicRes", "DocumentRes"):
            for element in self._named(kind):
                self._take(self._at(element.text or ""))
        self._box = _size(self._root, _A4)
        self._templates = {t.get("ID", ""): t.get("BaseLoc", "") for t in self._named("TemplatePage")}

    def pages(self) -> Iterator[tuple[tuple[float, float, float, float], Drawing]]:
        listed = self._named("Page")
        if len(listed) > MOST_PAGES:
            raise Unreadable("pages", f"OFD 有 {len(listed)} 页，一次最多处理 {MOST_PAGES} 页。请拆分后再上传。")
        pinned = self._pinned()
        for told in listed:
            name = self._at(told.get("BaseLoc", ""))
            page = self._package.xml(name)
            drawing = Drawing(self._resources)
            self._page_resources(page, name)
            below, above = self._backgrounds(page)
            for layer in (*below, *_layers(page), *above):
                drawing.layer(layer)
            for annotation in pinned.get(told.get("ID", ""), ()):
                drawing.pinned(annotation)
            yield _size(page, self._box), drawing

    def _backgrounds(self, page: Element) -> tuple[list[Element], list[Element]]:
        below: list[Element] = []
        above: list[Element] = []
        for use in page:
            if local(use.tag) != "Template" or use.get("TemplateID", "") not in self._templates:
                continue
            template = self._package.xml(self._at(self._templates[use.get("TemplateID", "")]))
            (above if use.get("ZOrder") == "Foreground" else below).extend(_layers(template))
        return below, above

    def _page_resources(self, page: Element, name: str) -> None:
        for element in page:
            if local(element.tag) == "PageRes":
                folder = posixpath.dirname(name)
                near = posixpath.normpath(posixpath.join(folder, element.text or ""))
                self._take(near if near in self._package else self._at(element.text or ""))

    def _take(self, name: str) -> None:
        """The resources of one part; pictures lie in the folder it names."""
        if name not in self._package:
            self.lost.append("文件里缺少字体、图片等资源，用到的地方可能没有画出")
            return
        root = self._package.xml(name)
        folder = posixpath.join(posixpath.dirname(name), root.get("BaseLoc", ""))

        def picture(file: str) -> bytes | None:
            for place in (posixpath.join(folder, file), posixpath.join(posixpath.dirname(name), file), file):
                if (plain := posixpath.normpath(place).lstrip("/")) in self._package:
                    return self._package.read(plain)
            return None

        self._resources.take(root, picture)

    def _pinned(self) -> dict[str, list[Element]]:
        """What is pinned on each page and shown."""
        found: dict[str, list[Element]] = {}
        for listed in self._named("Annotations"):
            index = self._at(listed.text or "")
            for page in self._package.xml(index).iter():
                file = _text(page, "FileLoc")
                if local(page.tag) != "Page" or not file:
                    continue
                near = posixpath.normpath(posixpath.join(posixpath.dirname(index), file)).lstrip("/")
                annotations = self._package.xml(near if near in self._package else self._at(file))
                found.setdefault(page.get("PageID", ""), []).extend(
                    each for each in annotations.iter()
                    if local(each.tag) == "Annot" and each.get("Visible", "true") != "false"
                )  # fmt: skip
        return found

    def _named(self, tag: str) -> list[Element]:
        return [element for element in self._root.iter() if local(element.tag) == tag]

    def _at(self, place: str) -> str:
        whole = place if place.startswith("/") else posixpath.join(self._folder, place)
        return posixpath.normpath(whole).lstrip("/")


def _layers(page: Element) -> list[Element]:
    return [layer for part in page if local(part.tag) == "Content" for layer in part if local(layer.tag) == "Layer"]


def _size(element: Element, otherwise: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box that is shown: x, y, width, height in millimetres."""
    area = next((e for e in element.iter() if local(e.tag) in ("Area", "PageArea")), None)
    for name in ("CropBox", "PhysicalBox"):
        told = box(_text(area, name)) if area is not None else None
        if told and 0 < told[2] <= 5000 and 0 < told[3] <= 5000:
            return told
    return otherwise


def _text(element: Element, name: str) -> str:
    return next(((e.text or "").strip() for e in element if local(e.tag) == name), "")
