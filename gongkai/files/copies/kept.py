"""A page carried over with its text: only what its content really uses, nothing that hangs on it. In the sandbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

#: Operator → category of the resource its name operand stands for.
_USES = {
    "Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace", "sh": "/Shading",
    "scn": "/Pattern", "SCN": "/Pattern",
}  # fmt: skip
#: What a page, a form, a picture may keep; all else says more than what is drawn.
_OF_PAGE = frozenset(("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Parent"))
_OF_FORM = frozenset(
    ("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Group", "/PatternType", "/PaintType", "/TilingType",
     "/XStep", "/YStep", "/Length", "/Filter", "/DecodeParms", "/Resources")
)  # fmt: skip
_OF_PICTURE = frozenset(
    ("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/ImageMask", "/Mask", "/SMask",
     "/Decode", "/Interpolate", "/Intent", "/Length", "/Filter", "/DecodeParms", "/Matte")
)  # fmt: skip
_MARKED = frozenset(("BDC", "BMC", "EMC", "DP", "MP"))
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_DEPTH = 12


class NotKept(Exception):
    """The page holds something that cannot be carried over safely; it is drawn instead."""


def strip_page(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Leave of a page what it draws, in place. Raises `NotKept`; the page must not be used then.

    Annotations, thumbnails, private data, structure and marked content (whose properties may hold the very words that
    were covered) go; of the resources only those stay that the content names.
    """
    for key in _INHERITED:
        value = _inherited(page.obj, key)
        if value is not None:
            page.obj[key] = value
    content = pikepdf.parse_content_stream(page)
    resources = _used(pdf, content, page.obj.get("/Resources"), page.obj.get("/Resources"), 0)
    stream = pdf.make_stream(pikepdf.unparse_content_stream(_unmarked(content)))
    _only(page.obj, _OF_PAGE)
    page.obj["/Contents"], page.obj["/Resources"] = stream, resources


def _unmarked(content: Iterable[Any]) -> list[Any]:
    return [row for row in content if str(row.operator) not in _MARKED]


def _used(pdf: pikepdf.Pdf, content: Any, held: Any, of_page: Any, depth: int) -> Any:
    if depth > _DEPTH:
        raise NotKept("forms within forms within forms")
    wanted: dict[str, set[str]] = {}
    for row in content:
        operator = str(row.operator)
        if operator in ("BDC", "DP") and len(row.operands) and row.operands[0] == Name.OC:
            raise NotKept("a layer")
        names = [str(operand) for operand in row.operands if isinstance(operand, Name)] if operator in _USES else []
        if names:
            wanted.setdefault(_USES[operator], set()).update(names)
    made = Dictionary()
    for category, names in wanted.items():
        kept = Dictionary()
        for name in sorted(names):
            value = _named(held, category, name)
            if value is not None:
                kept[name] = _stripped(pdf, value, of_page, depth)
        made[category] = kept
    return made


def _named(held: Any, category: str, name: str) -> Any:
    of_kind = held.get(category) if held is not None else None
    return of_kind.get(name) if of_kind is not None else None


def _stripped(pdf: pikepdf.Pdf, value: Any, of_page: Any, depth: int) -> Any:
    """A resource without what hangs on it. Fonts, colours and states hold no text of the document."""
    if not isinstance(value, pikepdf.Stream):
        if isinstance(value, Dictionary) and "/SMask" in value and isinstance(value["/SMask"], Dictionary):
            group = value["/SMask"].get("/G")
            if group is not None:
                value["/SMask"]["/G"] = _stripped(pdf, group, of_page, depth)
        return value
    if value.get("/OC") is not None:
        raise NotKept("a layer")
    if value.get("/Subtype") == Name.Image:
        return _picture(pdf, value)
    if value.get("/Subtype") == Name.Form or "/PatternType" in value:
        return _form(pdf, value, of_page, depth)
    return value


def _form(pdf: pikepdf.Pdf, form: Any, of_page: Any, depth: int) -> Any:
    content = pikepdf.parse_content_stream(form)
    held = form.get("/Resources")
    made = pdf.make_stream(pikepdf.unparse_content_stream(_unmarked(content)))
    for key in set(form.keys()) & (_OF_FORM - {"/Length", "/Filter", "/DecodeParms", "/Resources"}):
        made[key] = form[key]
    made["/Resources"] = _used(pdf, content, held if held is not None else of_page, of_page, depth + 1)
    return made


def _picture(pdf: pikepdf.Pdf, picture: Any) -> Any:
    made = pdf.make_stream(bytes(picture.read_raw_bytes()))
    for key in set(picture.keys()) & (_OF_PICTURE - {"/Length"}):
        made[key] = picture[key]
    for key in ("/SMask", "/Mask"):
        if key in made and isinstance(made[key], pikepdf.Stream):
            made[key] = _picture(pdf, made[key])
    filters = [str(name) for name in _as_list(picture.get("/Filter"))]
    if "/JPXDecode" in filters:
        raise NotKept("a picture with boxes of its own")
    if "/DCTDecode" in filters:
        if filters != ["/DCTDecode"]:
            raise NotKept("a photograph within another coding")
        made.write(without_remarks(bytes(picture.read_raw_bytes())), filter=Name.DCTDecode)
        if "/DecodeParms" in picture:
            made["/DecodeParms"] = picture["/DecodeParms"]
    return made


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def without_remarks(jpeg: bytes) -> bytes:
    """A JPEG without its remarks: place, camera, thumbnail, comments. Colour profile and Adobe's colour mark stay."""
    if jpeg[:2] != b"\xff\xd8":
        raise NotKept("not a photograph")
    made, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(jpeg):
        if jpeg[at] != 0xFF:
            raise NotKept("a damaged photograph")
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            end = jpeg.rfind(b"\xff\xd9")
            return bytes(made + jpeg[at : end + 2 if end > 0 else len(jpeg)])
        size = 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        segment = jpeg[at : at + size]
        profile = marker == 0xE2 and segment[4:].startswith(b"ICC_PROFILE\x00")
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE0, 0xEE) or profile:
            made += segment
        at += size
    raise NotKept("a photograph without picture")


def _only(held: Any, keys: frozenset[str]) -> None:
    for key in list(held.keys()):
        if key not in keys:
            del held[key]


def _inherited(node: Any, key: str) -> Any:
    for _ in range(_DEPTH * 4):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None
