"""Words in the members of an OFD that no page shows: XML of any kind, odd attributes, remarks, names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gongkai.files.parsers.ooxml import local, parse
from gongkai.files.parsers.parts import Found, Where, strings, telling
from gongkai.files.parsers.pdf_words import worth
from gongkai.files.refusal import Unreadable

MACHINE = frozenset(("DocID", "CreationDate", "ModDate", "MaxUnitID", "CreatorVersion", "SignatureMethod", "CheckValue",
                      "SignatureDateTime", "FileLoc", "MediaFile", "BaseLoc", "AbbreviatedData", "FontFile"))  # fmt: skip

# Names programs give to members by themselves.
_GIVEN_NAME = re.compile(
    r"(?:image|font|annot\w*|content|document\w*|public\w*|signatures?|signedvalue|seal|attachments?|customtags?|tag\w*|"
    r"extensions?|version|original_invoice|qr(?:code)?|area\w*|\d+)[_\d]*", re.IGNORECASE)  # fmt: skip
_REMARK = re.compile(rb"<!--(.*?)-->|<\?(?!xml\b)(.*?)\?>", re.DOTALL)
# Attributes of what is drawn (GB/T 33190, 7 to 13); their values are numbers, colours and marks of other elements.
_OF_OBJECTS = frozenset(
    ("ID", "Boundary", "CTM", "Font", "Size", "X", "Y", "DeltaX", "DeltaY", "Value", "ColorSpace", "ResourceID", "Type",
     "DrawParam", "LineWidth", "Cap", "Join", "MiterLimit", "DashOffset", "DashPattern", "Alpha", "Visible", "Fill",
     "Stroke", "Rule", "Weight", "Italic", "HScale", "ReadDirection", "CharDirection", "CodePosition", "CodeCount",
     "GlyphCount", "TemplateID", "ZOrder", "StartPoint", "EndPoint", "MapType", "MapUnit", "Extend", "Position", "Event",
     "Substitution", "ImageMask", "XStep", "YStep", "CellContent", "RelativeTo", "ReflectMethod", "Index"))  # fmt: skip
_MARKS = _OF_OBJECTS | {"BaseLoc", "FileRef", "PageRef", "PageID", "TypeID", "SignID", "CheckMethod", "Format", "Version",
                        "CreationDate", "LastModDate", "ModDate", "DocType", "nil", "schemaLocation"}  # fmt: skip


def remarks_in(data: bytes) -> Iterator[str]:
    """Comments and instructions, which a parser passes over."""
    for groups in _REMARK.findall(data):
        yield from strings(groups[0] or groups[1])


def odd_name(name: str) -> str:
    """The name of a member where no program has given it; else nothing."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    return posixpath.basename(name) if worth(stem) and not _GIVEN_NAME.fullmatch(stem) else ""


def odd_attributes(root: Element, name: str, number: int) -> list[Found]:
    """What is written at drawn objects beside what the standard has them say."""
    where: Where = {"page": number, "member": name, "hidden": "other_part"}
    return [
        (where, value)
        for element in root.iter()
        for key, value in element.attrib.items()
        if key not in _OF_OBJECTS and _says(key, value)
    ]


def any_words(data: bytes, name: str, code: str) -> list[Found]:
    """Of a part the pages do not need; what is no XML is read by its bare words."""
    try:
        root = parse(data.removeprefix(b"\xef\xbb\xbf"))
    except Unreadable:
        return [({"member": name, "hidden": code}, text) for text in strings(data)]
    return _words(root, name, code)


def _words(root: Element, name: str, code: str) -> list[Found]:
    """Text and telling attributes of a part that no reader shows."""
    found: list[Found] = []
    for element in root.iter():
        tag = local(element.tag)
        for text in ((element.text or "").strip(), (element.tail or "").strip()):
            if text and tag not in MACHINE and not re.fullmatch(r"[\d.\s-]{1,8}", text):
                found.append(({"member": name, "hidden": code}, text))
        found += [
            ({"member": name, "hidden": code}, value) for key, value in element.attrib.items() if _says(key, value)
        ]
    return found


def _says(key: str, value: str) -> bool:
    """Whether an attribute tells something: neither a place in the file nor a mark of a program."""
    return telling(value) or (
        key not in _MARKS and worth(value) and not re.fullmatch(r"/?(?:\w+/)*\w+\.\w{2,4}", value)
    )
