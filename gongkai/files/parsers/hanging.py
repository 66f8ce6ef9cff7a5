"""What hangs on every OOXML file beside its text: properties, links, charts, pictures, embedded files, the rest."""

from __future__ import annotations

import base64
import binascii
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

from gongkai.files.parsers.inner import inner
from gongkai.files.parsers.ooxml import local
from gongkai.files.parsers.package import Package
from gongkai.files.parsers.parts import Found, Where, strings, telling
from gongkai.files.parsers.pictures import remarks
from gongkai.files.refusal import Unreadable

# Names Office gives by itself: 图片 3, Text Box 12.
_GIVEN_NAME = re.compile(r"[^\d@:\\/]{1,24}\s?\d{0,4}")
# Parts full of names of fonts, colours and styles; of these only long numbers and addresses count.
_LOOKS = re.compile(r"(?:theme/|styles|fontTable|webSettings|numbering|tableStyles|stylesWithEffects|colors|style)\w*")
_FONTS = re.compile(r"\.(?:odttf|fntdata|ttf|otf)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|ico|webp|svg|wdp)$", re.IGNORECASE)
_PHOTO = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?)$", re.IGNORECASE)
_FIXED = re.compile(r"(?:[\x00-\x7f]|%[0-9A-Fa-f]{2})*")

MANY_MEDIA = "文件里有录音或录像，系统不能检查其中的内容，请打开核对。"


def everything_else(package: Package, visible: Iterable[str] = ()) -> tuple[list[Found], list[str]]:
    """All that the parser of the format has not read itself; `visible` is what a reader sees anyway."""
    parts: list[Found] = []
    warnings: list[str] = []
    parts += _properties(package)
    parts += _outside(package)
    for name in package.left:
        if name.startswith("customXml/") and name.endswith(".xml"):
            parts += _custom_xml(package, name)
    seen = set(visible)
    for name in package.left:
        if _PHOTO.search(name) and "thumbnail" not in name:
            package.pictures.append(name)
        more, told = _left(package, name)
        parts += [found for found in more if found[1] not in seen]
        warnings += told
    parts += _container(package)
    return parts, warnings


def _properties(package: Package) -> Iterator[Found]:
    for name in [*package.left]:
        if re.fullmatch(r"docProps/\w+\.xml", name) or package.types[name].endswith(".core-properties+xml"):
            code = "custom_properties" if "custom" in name.lower() else "properties"
            for element in package.xml(name).iter():
                text = (element.text or "").strip()
                if text in _GIVEN_WORDS or _GIVEN_SHEET.fullmatch(text) or local(element.tag) in _MACHINE:
                    continue
                if text and re.search(r"[^\d\-:TZ.+]|^\d{7,}$", text):  # neither a count nor an instant
                    yield {"member": name, "hidden": code}, text
                if code == "custom_properties" and element.get("name"):
                    yield {"member": name, "hidden": code}, element.get("name", "")


# What Office writes about itself.
_MACHINE = frozenset(("Application", "AppVersion", "bool", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc",
                      "HyperlinksChanged", "TotalTime", "DigSig"))  # fmt: skip
_GIVEN_SHEET = re.compile(r"(?:Sheet|工作表)\s?\d*|KSO\w+")
_GIVEN_WORDS = frozenset(("Normal.dotm", "Normal.dotx", "Normal", "Title", "标题", "工作表", "Worksheets", "命名范围",
                          "Named Ranges", "主题", "Theme", "幻灯片标题", "Slide Titles"))  # fmt: skip


def _custom_xml(package: Package, name: str) -> Iterator[Found]:
    where = {"member": name, "hidden": "custom_xml"}
    for element in package.xml(name).iter():
        for text in (element.text or "", element.tail or ""):
            yield where, text.strip()
        if local(element.tag) == "DataMashup":
            yield from ((where, text) for text in _mashup(element.text or ""))
        for value in element.attrib.values():
            if telling(value):
                yield where, value


def _mashup(text: str) -> Iterator[str]:
    """The formulas of Power Query: base64 of eight bytes of head and a zip archive (MS-QDEFF 2.1)."""
    try:
        data = base64.b64decode(text, validate=False)
        with zipfile.ZipFile(BytesIO(data[8 : 8 + int.from_bytes(data[4:8], "little")])) as packed:
            for entry in packed.infolist():
                if entry.filename.endswith(".m") and entry.file_size < 4_000_000:
                    yield packed.read(entry).decode("utf-8", "replace")
    except (binascii.Error, zipfile.BadZipFile, ValueError):
        yield from strings(text.encode())


def _outside(package: Package) -> Iterator[Found]:
    """Addresses and paths outside the file; the ones of hyperlinks may be seen in a browser, others by nobody."""
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        folder, _, file = name.partition("_rels/")
        for relation in package.relations(folder + file.removesuffix(".rels")):
            if relation.external and relation.target:
                code = "link" if relation.kind == "hyperlink" else "external_link"
                yield {"member": name, "hidden": code}, relation.target


def _left(package: Package, name: str) -> tuple[list[Found], list[str]]:
    lower = name.lower()
    data = package.read(name)
    if re.search(r"(?:^|/)charts?(?:ex)?\d*/?[^/]*\.xml$", lower) or "drawingml.chart" in package.types[name]:
        return list(chart(package, name)), []
    if lower.endswith((".xml", ".vml")):
        return list(_unknown_xml(package, name)), []
    if "thumbnail" in lower:
        return _thumbnail(name, data)
    if "printersettings" in lower:
        return [({"member": name, "hidden": "printer_settings"}, text) for text in strings(data)], []
    if lower.startswith("xl/model/"):
        raise Unreadable(
            "data-model",
            "工作簿里带有数据模型（Power Pivot），系统不能检查其中的数据。请删去数据模型后另存一份再上传。",
        )
    if _FONTS.search(lower):
        return [], []
    if lower.endswith(".rels"):
        return [], []
    if _PICTURE.search(lower):
        return picture(name, data)
    if re.search(r"\.(?:mp[34g]|m4[av]|wav|wm[av]|avi|mov|mpeg)$", lower):
        return [], [MANY_MEDIA]
    if re.search(r"customproperty\d*\.bin$", lower):
        return [({"member": name, "hidden": "custom_properties"}, text) for text in strings(data)], []
    return inner(name, data)


def _thumbnail(name: str, data: bytes) -> tuple[list[Found], list[str]]:
    parts = [({"member": name, "hidden": "thumbnail"}, text) for _, text in remarks(data)]
    return parts, ["文件里有第一页的缩略图，可能与现在的内容不同。"]


def picture(name: str, data: bytes) -> tuple[list[Found], list[str]]:
    """What is written in the bytes of a picture beside its points."""
    return [({"member": name, "hidden": code}, text) for code, text in remarks(data)], []


def chart(package: Package, name: str, place: Where | None = None) -> Iterator[Found]:
    """Titles and labels are seen; the cached values of the cells a chart was drawn from stay when these are gone."""
    where = {**(place or {}), "member": name}
    for element in package.xml(name).iter():
        tag = local(element.tag)
        if tag in ("v", "f", "pt") and (element.text or "").strip():
            yield {**where, "hidden": "chart_cache"}, (element.text or "").strip()
        elif tag == "t" and element.text:
            yield where, element.text
        elif tag == "cNvPr":
            yield from alt_texts([element], where)


def alt_texts(elements: Iterable[Element], place: Where) -> Iterator[Found]:
    """Titles, descriptions and given names of pictures and shapes, which only programs for the blind read out."""
    for element in elements:
        for key, value in element.attrib.items():
            key = local(key)
            wanted = key in ("descr", "title", "alt") or (key == "name" and not _GIVEN_NAME.fullmatch(value))
            if wanted and value.strip():
                yield {**place, "hidden": "alt_text"}, value.strip()


_CODES = (
    (re.compile(r"xl/(?:pivotTables|pivotCache|slicer|timeline)", re.IGNORECASE), "pivot_cache"),
    (re.compile(r"xl/(?:queryTables|connections|query)", re.IGNORECASE), "query_table"),
    (re.compile(r"xl/externalLinks", re.IGNORECASE), "external_link"),
    (re.compile(r"xl/revisions/", re.IGNORECASE), "earlier_revision"),
    (re.compile(r"ppt/tags/", re.IGNORECASE), "custom_properties"),
    (re.compile(r"(?:people|persons?/|comment|[aA]uthors)"), "comment"),
    (re.compile(r"vmlDrawing|ctrlProps|activeX", re.IGNORECASE), "form_field"),
)


def _unknown_xml(package: Package, name: str) -> Iterator[Found]:
    code = next((code for pattern, code in _CODES if pattern.search(name)), "other_part")
    where = {"member": name, "hidden": code}
    looks = _LOOKS.search(name) is not None and code == "other_part"
    for element in package.xml(name).iter():
        tag = local(element.tag)
        for text in (element.text, element.tail):
            if text and text.strip() and not (looks and not telling(text)):
                yield where, text.strip()
        for key, value in element.attrib.items():
            if local(key) in ("descr", "title", "alt"):
                yield {**where, "hidden": "alt_text"}, value
            elif _worth(local(key), value, code, looks) and "panose" not in tag + key:
                yield where, value
        if tag == "style" and element.get(f"{_W}customStyle") == "1":
            name_of = element.find(f"{_W}name")
            if name_of is not None and telling(name_of.get(f"{_W}val", "")):
                yield where, name_of.get(f"{_W}val", "")


def _worth(key: str, value: str, code: str, looks: bool) -> bool:
    """Whether an attribute of a part that nobody reads is told."""
    if looks:
        return value.isascii() and telling(value)
    if code != "other_part" and key in ("name", "displayName", "author", "userId", "tooltip", "comment"):
        return True
    return telling(value) and not (key == "name" and _GIVEN_NAME.fullmatch(value))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _container(package: Package) -> Iterator[Found]:
    """What the archive itself carries: a remark, odd names, and bytes that belong to no entry."""
    yield from container(package.data, package.names)


def container(data: bytes, names: Iterable[str]) -> Iterator[Found]:
    for name in names:
        if not _FIXED.fullmatch(name) or telling(name):
            yield {"member": name, "hidden": "other_part"}, name
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        for text in strings(archive.comment):
            yield {"hidden": "trailing_bytes"}, text
        for entry in entries:
            for text in strings(entry.comment):
                yield {"member": entry.filename, "hidden": "trailing_bytes"}, text
        for gap in _gaps(data, entries, archive.start_dir):
            for text in strings(gap):
                yield {"hidden": "trailing_bytes"}, text


def _gaps(data: bytes, entries: list[zipfile.ZipInfo], directory: int) -> Iterator[bytes]:
    """Bytes before, between and behind the entries that none of them owns."""
    at = 0
    for entry in entries:
        yield data[at : entry.header_offset]
        head = data[entry.header_offset : entry.header_offset + 30]
        if len(head) < 30:
            return
        names = int.from_bytes(head[26:28], "little")
        extra = int.from_bytes(head[28:30], "little")
        start = entry.header_offset + 30 + names
        yield data[start : start + extra] if extra > 40 else b""
        at = start + extra + entry.compress_size
        if entry.flag_bits & 0x08:  # sizes follow the content
            at += 16 if data[at : at + 4] == b"PK\x07\x08" else 12
    yield data[at:directory]
    end = data.rfind(b"PK\x05\x06")
    yield data[end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") :]
