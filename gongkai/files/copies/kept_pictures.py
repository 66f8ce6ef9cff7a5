"""Pictures and colours of a page that is carried over: their samples, cut to size, and nothing else. In the sandbox."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from gongkai.files.copies.kept_fonts import NotKept, is_number, numbers, taken

DEVICE_SPACES = frozenset(("/DeviceGray", "/DeviceRGB", "/DeviceCMYK"))
_BY_COUNT = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_SHORT = {"/G": Name.DeviceGray, "/RGB": Name.DeviceRGB, "/CMYK": Name.DeviceCMYK}
#: Codings whose data end where they end; they are carried over as they are.
_AS_IT_IS = frozenset(("/CCITTFaxDecode", "/JBIG2Decode"))
_PARAMETERS = ("/K", "/EndOfLine", "/EncodedByteAlign", "/Columns", "/Rows", "/EndOfBlock", "/BlackIs1",
               "/DamagedRowsBeforeError")  # fmt: skip
_MOST_SAMPLES = 200_000_000


def kept_space(_: pikepdf.Pdf, space: Any) -> Any:
    """The device's own colours instead of any profile; colours with names and patterns are not kept."""
    if isinstance(space, Name):
        if str(space) in DEVICE_SPACES:
            return space
        if str(space) in _SHORT:
            return _SHORT[str(space)]
        raise NotKept("a colour space")
    if not isinstance(space, Array) or not len(space):
        raise NotKept("a colour space")
    kind = str(space[0])
    if kind == "/ICCBased" and isinstance(space[1], pikepdf.Stream) and space[1].get("/N") in _BY_COUNT:
        return _BY_COUNT[int(space[1]["/N"])]
    if kind in ("/CalGray", "/CalRGB"):
        return Name.DeviceGray if kind == "/CalGray" else Name.DeviceRGB
    if len(space) == 1:
        return kept_space(_, space[0])
    raise NotKept(f"a colour space {kind}")


def kept_picture(pdf: pikepdf.Pdf, picture: Any) -> Any:
    """A picture without masks, written anew."""
    if any(picture.get(key) is not None for key in ("/SMask", "/Mask", "/SMaskInData")) or picture.get("/ImageMask"):
        raise NotKept("a picture of which parts are not shown")
    width, height = picture.get("/Width"), picture.get("/Height")
    bits = picture.get("/BitsPerComponent", 8)
    if not all(map(is_number, (width, height, bits))) or width * height > _MOST_SAMPLES:
        raise NotKept("the size of a picture")
    filters = [str(name) for name in _as_list(picture.get("/Filter"))]
    space = picture.get("/ColorSpace")
    made = pdf.make_stream(b"")
    if filters == ["/DCTDecode"]:
        made.write(without_remarks(bytes(picture.read_raw_bytes())), filter=Name.DCTDecode)
        _coloured(pdf, made, space)
    elif len(filters) == 1 and filters[0] in _AS_IT_IS:
        made.write(bytes(picture.read_raw_bytes()), filter=Name(filters[0]), decode_parms=_parameters(pdf, picture))
        _coloured(pdf, made, space)
    elif not {"/DCTDecode", "/JPXDecode", *_AS_IT_IS} & set(filters):
        samples = _cut(bytes(picture.read_bytes()), space, int(width), int(height), int(bits))
        made.write(samples)
        made["/ColorSpace"] = _indexed(space, samples, int(bits)) if _is_indexed(space) else kept_space(pdf, space)
    else:
        raise NotKept(f"a picture in {filters}")
    made["/Type"], made["/Subtype"] = Name.XObject, Name.Image
    for key, value in taken(picture, ("/Width", "/Height", "/BitsPerComponent", "/Interpolate")).items():
        made[key] = value
    if "/Decode" in picture:
        made["/Decode"] = numbers(picture["/Decode"])
    return made


def _coloured(pdf: pikepdf.Pdf, made: Any, space: Any) -> None:
    if space is None or _is_indexed(space):
        raise NotKept("the colours of a picture")
    made["/ColorSpace"] = kept_space(pdf, space)


def _parameters(pdf: pikepdf.Pdf, picture: Any) -> Any:
    [told] = _as_list(picture.get("/DecodeParms")) or [None]
    if not isinstance(told, Dictionary):
        return None
    made = Dictionary(taken(told, _PARAMETERS))
    if isinstance(told.get("/JBIG2Globals"), pikepdf.Stream):
        made["/JBIG2Globals"] = pdf.make_stream(told["/JBIG2Globals"].read_bytes())
    return made


def _is_indexed(space: Any) -> bool:
    return isinstance(space, Array) and len(space) == 4 and space[0] in (Name.Indexed, Name("/I"))


def _cut(samples: bytes, space: Any, width: int, height: int, bits: int) -> bytes:
    """Exactly as many bytes as the rows take."""
    bands = (
        1 if _is_indexed(space) else {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}[str(kept_space(None, space))]
    )  # type: ignore[arg-type]
    return samples[: -(-width * bands * bits // 8) * height]


def _indexed(space: Any, samples: bytes, bits: int) -> Any:
    """The table of colours with only those that are used; the others become black."""
    base = kept_space(None, space[1])  # type: ignore[arg-type]
    bands = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}[str(base)]
    table = bytes(space[3].read_bytes() if isinstance(space[3], pikepdf.Stream) else bytes(space[3]))
    highest = min(int(space[2]), 255)
    if bits not in (1, 2, 4, 8):
        raise NotKept("the depth of a picture")
    used = {byte >> shift & (1 << bits) - 1 for byte in set(samples) for shift in range(0, 8, bits)}
    colours = [
        table[n * bands : (n + 1) * bands].ljust(bands, b"\0") if n in used else bytes(bands)
        for n in range(highest + 1)
    ]
    return Array([Name.Indexed, base, highest, pikepdf.String(b"".join(colours))])


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def without_remarks(jpeg: bytes) -> bytes:
    """A JPEG of its coding alone (ITU-T T.81): no remark, profile, preview, nothing behind its end. Adobe's mark of the
    colours stays."""
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
            end = jpeg.find(b"\xff\xd9", at)  # within coded data no such pair stands
            return bytes(made + jpeg[at : end + 2 if end > 0 else len(jpeg)])
        size = 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        segment = jpeg[at : at + size]
        adobe = marker == 0xEE and segment[4:9] == b"Adobe" and size == 16
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or adobe:
            made += segment
        at += size
    raise NotKept("a photograph without picture")
