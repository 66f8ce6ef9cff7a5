"""All text of an OFD (GB/T 33190): each line of each page with its place, and everything its reader does not see."""

from __future__ import annotations

import io
import posixpath
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from PIL import Image, UnidentifiedImageError

from gongkai.files.archive import damaged, encrypted, open_directory
from gongkai.files.copies.geometry import Rect
from gongkai.files.copies.glyphs import CONTRAST
from gongkai.files.parsers.hanging import container
from gongkai.files.parsers.inner import inner
from gongkai.files.parsers.ofd_page import MANY_CURVES, POINTS, Drawn, Placed, Reader, box_of, parts_of
from gongkai.files.parsers.ofd_words import MACHINE, any_words, odd_attributes, odd_name, remarks_in
from gongkai.files.parsers.ooxml import MOST_XML, local, parse
from gongkai.files.parsers.parts import Found, Where, answer, strings, telling
from gongkai.files.parsers.pictures import remarks
from gongkai.files.refusal import Unreadable

_MOST_PAGES = 5_000
_A4 = Rect(0, 0, 210, 297)
#: [M] Share of the page a picture must have to be looked at, and to be one the page cannot do without.
_SMALL, _LARGE = 0.01, 0.25
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?)$", re.IGNORECASE)
_FONT = re.compile(r"\.(?:ttf|otf|ttc|cff|otc)$", re.IGNORECASE)
NO_TEXT = "第 {page} 页只有图形，没有文字，请打开核对。"
DRAWN_TEXT = "第 {page} 页有大量曲线图形，其中如有画成图形的文字，系统没有检查，请打开核对。"


def read(path: str) -> dict[str, Any]:
    """`count` is of pages; `scans` are the pictures that must be looked at (`parsers.ocr`)."""
    file = _File(Path(path).read_bytes())
    file.read()
    return answer(file.parts, file.count, file.warnings) | {"scans": file.scans}


class _File:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._directory = open_directory(data)
        self._read: set[str] = set()
        self._names = {name.lower(): name for name in self._directory.names}
        self.parts: list[Found] = []
        self.warnings: list[str] = []
        self.scans: list[dict[str, Any]] = []
        self.count = 0

    def read(self) -> None:
        if any(name.lower().endswith("encryptions.xml") for name in self._directory.names):
            raise encrypted("OFD encryptions")
        root = self._xml("OFD.xml")
        bodies = [element for element in root if local(element.tag) == "DocBody"]
        if not bodies:
            raise damaged("no document in OFD.xml")
        documents = []
        for body in bodies:
            self._info(body)
            place = _text(body, "DocRoot")
            if place is None:
                raise damaged("no root of the document")
            documents.append(_Document(self, self._resolved("", place), ""))
            documents += self._versions(body, documents[-1])
        for document in documents:
            document.read()
        known = {"".join(text.split()) for where, text in self.parts if "hidden" not in where}
        self.parts = [
            (where, text)
            for where, text in self.parts
            if where.get("hidden") != "earlier_revision" or "".join(text.split()) not in known
        ]
        for name in self._directory.names:
            if name not in self._read and not name.endswith("/"):
                self._other(name)
        self.parts += container(self._data, self._directory.names)

    def _info(self, body: Element) -> None:
        for element in body.iter():
            text, tag = (element.text or "").strip(), local(element.tag)
            if text and tag not in MACHINE and tag not in ("DocRoot", "Signatures"):
                code = "custom_properties" if tag == "CustomData" else "properties"
                self.parts.append(({"member": "OFD.xml", "hidden": code}, text))
            if tag == "CustomData" and element.get("Name"):
                self.parts.append(({"member": "OFD.xml", "hidden": "custom_properties"}, element.get("Name", "")))

    def _versions(self, body: Element, current: _Document) -> list[_Document]:
        """Documents of the versions that are listed beside the one that is shown."""
        found = []
        for element in body.iter():
            if local(element.tag) == "Version" and element.get("BaseLoc"):
                name = self._resolved("", element.get("BaseLoc", ""))
                version = self._xml(name)
                place = _text(version, "DocRoot")
                root = self._resolved(posixpath.dirname(name), place) if place else ""
                if element.get("Current", "false") != "true" and root and root != current.name:
                    found.append(_Document(self, root, "earlier_revision"))
        return found

    def other(self, name: str, code: str) -> None:
        if name not in self._read:
            self._other(name, code)

    def _other(self, name: str, code: str = "") -> None:
        data = self.content(name)
        folder = name.lower()
        self.parts.append(({"member": name, "hidden": code or "other_part"}, odd_name(name)))
        code = code or ("custom_xml" if "/tags/" in f"/{folder}" or "customtag" in folder else "")
        if folder.endswith(".xml"):
            self.parts += any_words(data, name, code or "other_part")
        elif _FONT.search(folder):
            return
        elif _PICTURE.search(folder):
            self.parts += [({"member": name, "hidden": told}, text) for told, text in remarks(data)]
            self.parts.append(
                (
                    {"member": name, "hidden": code or "other_part"},
                    f"picture that is not shown {posixpath.basename(name)}",
                )
            )
        elif folder.endswith((".dat", ".esl", ".jb2", ".cer", ".pem")) or "/signs/" in f"/{folder}":
            self.parts += [({"member": name, "hidden": "other_part"}, text) for text in strings(data) if telling(text)]
        else:
            parts, warnings = inner(name, data, code or "other_part")
            self.parts += parts
            self.warnings += warnings

    def content(self, name: str) -> bytes:
        """The bytes of a member; remarks in XML, which a parser passes over, are told once."""
        data = self._directory.read(name, MOST_XML)
        if name not in self._read and name.lower().endswith(".xml"):
            self.parts += [({"member": name, "hidden": "other_part"}, text) for text in remarks_in(data)]
        self._read.add(name)
        return data

    def _xml(self, name: str) -> Element:
        if name not in self._directory:
            raise damaged(f"no {name}")
        return parse(self.content(name).removeprefix(b"\xef\xbb\xbf"))

    def xml(self, name: str) -> Element:
        return self._xml(name)

    def has(self, name: str) -> bool:
        return name in self._directory

    def _resolved(self, folder: str, place: str) -> str:
        return self.resolved(folder, place)

    def resolved(self, folder: str, place: str) -> str:
        """The name of the entry a location stands for: from the root with a slash, else from the folder."""
        place = place.strip().replace("\\", "/")
        wanted = posixpath.normpath(place.lstrip("/") if place.startswith("/") else posixpath.join(folder, place))
        if wanted in self._directory:
            return wanted
        if not place.startswith("/") and posixpath.normpath(place) in self._directory:
            return posixpath.normpath(place)
        return self._names.get(wanted.lower(), wanted)


class _Document:
    """One document of the file; `code` says that all of it is hidden."""

    def __init__(self, file: _File, name: str, code: str) -> None:
        self.name = name
        self._file, self._code = file, code
        self._folder = posixpath.dirname(name)
        self._media: dict[str, str] = {}
        self._units: dict[str, Element] = {}
        self._templates: dict[str, Element] = {}
        self._used: set[str] = set()
        self._page_of: dict[str, int] = {}
        self._drawn: list[tuple[int, Rect, Drawn]] = []
        self._reader = Reader(self._units.get)

    def read(self) -> None:
        root = self._file.xml(self.name)
        area = _page_area(root) or _A4
        for element in root.iter():
            tag = local(element.tag)
            if tag in ("PublicRes", "DocumentRes") and element.text:
                self._resources(self._file.resolved(self._folder, element.text))
            elif tag == "TemplatePage" and element.get("BaseLoc"):
                name = self._file.resolved(self._folder, element.get("BaseLoc", ""))
                self._templates[element.get("ID", "")] = self._file.xml(name)
                self._file.parts.append(({"member": name, "hidden": "master"}, element.get("Name", "")))
        pages = [element for element in root.iter() if local(element.tag) == "Page" and element.get("BaseLoc")]
        if len(pages) > _MOST_PAGES:
            raise Unreadable(
                "too-many-pages", f"OFD 有 {len(pages):,} 页，超过 {_MOST_PAGES:,} 页的上限。请拆分成几个文件后再上传。"
            )
        for element in pages:
            self._page(element, area)
        self._annotations(root)
        for number, page, drawn in self._drawn:
            self._told(number, page, drawn)
        for name, held in self._templates.items():
            if name not in self._used:
                alone = Drawn()
                self._reader.gather(held, alone)
                self._file.parts += [({"member": self.name, "hidden": "master"}, run.text) for _, run in alone.runs]
        self._beside(root)

    def _page(self, element: Element, area: Rect) -> None:
        """Templates behind, the page, templates before it."""
        number = self._file.count + 1
        if not self._code:
            self._file.count = number
        self._page_of[element.get("ID", "")] = number
        name = self._file.resolved(self._folder, element.get("BaseLoc", ""))
        root = self._file.xml(name)
        for held in root.iter():
            if local(held.tag) == "PageRes" and held.text:
                self._resources(self._file.resolved(posixpath.dirname(name), held.text))
        page = _page_area(root) or area
        drawn = Drawn()
        self._file.parts += odd_attributes(root, name, number)
        before = [held for held in root if local(held.tag) == "Template" and held.get("ZOrder") == "Foreground"]
        for held in (held for held in root if local(held.tag) == "Template" and held not in before):
            self._template(held, drawn)
        self._reader.gather(root, drawn)
        for held in before:
            self._template(held, drawn)
        self._drawn.append((number, page, drawn))

    def _template(self, used: Element, drawn: Drawn) -> None:
        held = self._templates.get(used.get("TemplateID", ""))
        self._used.add(used.get("TemplateID", ""))
        if held is not None:
            self._reader.gather(held, drawn)

    def _told(self, number: int, page: Rect, drawn: Drawn) -> None:
        base = Rect(0, 0, page.x1 - page.x0, page.y1 - page.y0)
        parts = list(parts_of(drawn, base, number, self._is_ink))
        if self._code:
            parts = [({**where, "hidden": self._code}, text) for where, text in parts]
        self._file.parts += parts
        if self._code:
            return
        read = any("hidden" not in where and text.strip() for where, text in parts)
        for _, picture in drawn.images:
            self._picture(number, base, picture, read)
        if not read and not drawn.images and drawn.turn > 1 and (drawn.areas or drawn.curves):
            self._file.warnings.append(NO_TEXT.format(page=number))
        if drawn.curves >= MANY_CURVES:
            if not read and not drawn.images:
                raise Unreadable(
                    "drawn-text",
                    f"无法完整检查：OFD 第 {number} 页的文字是画成图形的，系统读不出来。请换成带文字的文件，或者转换为 PDF 后再上传。",
                )
            self._file.warnings.append(DRAWN_TEXT.format(page=number))

    def _picture(self, number: int, page: Rect, picture: Placed, read: bool) -> None:
        share = page.overlap(picture.box) / max(page.area, 1.0)
        name = self._media.get(picture.resource, "")
        if share < _SMALL or not name:
            return
        must = share >= _LARGE or not read and share >= 0.1
        if _PICTURE.search(name):
            matrix = [value * POINTS for value in picture.matrix]
            self._file.scans.append({"page": number, "member": name, "matrix": matrix, "must": must})
        elif must:
            raise Unreadable(
                "unknown-picture",
                f"无法完整检查：OFD 第 {number} 页的图片格式（{posixpath.splitext(name)[1] or '无后缀'}）系统不能识别。"
                "请转换为 PDF 后再上传。",
            )
        else:
            self._file.warnings.append(f"第 {number} 页有系统不能识别的图片，其中的文字没有检查，请打开核对。")

    def _is_ink(self, picture: Placed, place: Rect) -> bool:
        """Does a picture that lies over a text show ink there? A double-layer OFD puts the scan before its text."""
        name = self._media.get(picture.resource, "")
        if not self._file.has(name):
            return True
        try:
            with Image.open(io.BytesIO(self._file.content(name))) as opened:
                if opened.mode in ("LA", "RGBA", "PA") or "transparency" in opened.info:
                    return True
                lies = picture.inside(place)
                box = (max(int(lies.x0 * opened.width), 0), max(int(lies.y0 * opened.height), 0),
                       min(int(lies.x1 * opened.width) + 1, opened.width),
                       min(int(lies.y1 * opened.height) + 1, opened.height))  # fmt: skip
                if box[0] >= box[2] or box[1] >= box[3]:
                    return False
                extrema: Any = opened.convert("L").crop(box).getextrema()
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            return True
        return bool(extrema[1] - extrema[0] >= CONTRAST)

    def _resources(self, name: str) -> None:
        if not self._file.has(name):
            return
        root = self._file.xml(name)
        folder = posixpath.join(posixpath.dirname(name), root.get("BaseLoc", "").strip("/"))
        for element in root.iter():
            tag = local(element.tag)
            if tag == "MultiMedia":
                media = _text(element, "MediaFile")
                if media:
                    self._media[element.get("ID", "")] = self._file.resolved(folder, media)
            elif tag == "CompositeGraphicUnit":
                self._units[element.get("ID", "")] = element
        for element in root.iter():
            if local(element.tag) == "Font":
                for key in ("FontName", "FamilyName"):
                    if telling(element.get(key, "")) and not re.fullmatch(r"[\w\- ]{1,30}", element.get(key, "")):
                        self._file.parts.append(({"member": name, "hidden": "other_part"}, element.get(key, "")))

    # What hangs on the document

    def _annotations(self, root: Element) -> None:
        """What an annotation draws is seen like the page; what it says beside that is not."""
        place = _text(root, "Annotations")
        name = self._file.resolved(self._folder, place) if place else ""
        if not self._file.has(name):
            return
        for listed in self._file.xml(name):
            number = self._page_of.get(listed.get("PageID", ""))
            where = _text(listed, "FileLoc")
            file = self._file.resolved(posixpath.dirname(name), where) if where else ""
            if not self._file.has(file):
                continue
            for annotation in self._file.xml(file):
                self._annotation(annotation, number, file)

    def _annotation(self, annotation: Element, number: int | None, file: str) -> None:
        place: Where = {"member": file, "hidden": "annotation", **({"page": number} if number else {})}
        for element in annotation.iter():
            tag, text = local(element.tag), (element.text or "").strip()
            if tag in ("Remark", "Parameter") and text and (tag == "Remark" or telling(text)):
                self._file.parts.append((place, text))
            if tag == "URI":
                self._file.parts.append(({**place, "hidden": "link"}, element.get("URI", "")))
        for key in ("Creator", "Subtype"):
            self._file.parts.append((place, annotation.get(key, "")))
        drawn = next((held for page, _, held in self._drawn if page == number), None)
        if drawn is None or annotation.get("Visible", "true") == "false":
            alone = Drawn()
            self._reader.gather(annotation, alone)
            self._file.parts += [(place, run.text) for _, run in alone.runs]
        else:
            self._reader.gather(annotation, drawn)

    def _beside(self, root: Element) -> None:
        for element in root.iter():
            tag = local(element.tag)
            if tag == "OutlineElem":
                self._file.parts.append(({"member": self.name, "hidden": "bookmark"}, element.get("Title", "").strip()))
            elif tag == "Bookmark":
                self._file.parts.append(({"member": self.name, "hidden": "bookmark"}, element.get("Name", "")))
            elif tag == "URI":
                self._file.parts.append(({"member": self.name, "hidden": "link"}, element.get("URI", "")))
        place = _text(root, "Attachments")
        if place:
            self._attachments(self._file.resolved(self._folder, place))
        for tag in ("CustomTags", "Extensions"):
            place = _text(root, tag)
            if place and self._file.has(self._file.resolved(self._folder, place)):
                self._file.other(self._file.resolved(self._folder, place), "custom_xml")

    def _attachments(self, name: str) -> None:
        if not self._file.has(name):
            return
        for element in self._file.xml(name):
            where: Where = {"member": name, "hidden": "attachment"}
            self._file.parts += [(where, element.get(key, "")) for key in ("Name", "Usage")]
            place = _text(element, "FileLoc")
            file = self._file.resolved(posixpath.dirname(name), place) if place else ""
            if self._file.has(file):
                self._file.parts.append((where, posixpath.basename(file)))
                parts, warnings = inner(file, self._file.content(file), "attachment")
                self._file.parts += parts
                self._file.warnings += warnings


def _page_area(root: Element) -> Rect | None:
    """The box that is shown: what is displayed of the paper, else all of it."""
    for element in root.iter():
        if local(element.tag) in ("PageArea", "Area"):
            told = _text(element, "PhysicalBox")
            if told is not None:
                return box_of(told)
    return None


def _text(root: Element, tag: str) -> str | None:
    return next((element.text.strip() for element in root.iter() if local(element.tag) == tag and element.text), None)
