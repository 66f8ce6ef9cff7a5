"""Pictures with a canary in one named hiding place each; see `office`. None of them shows the canary."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

from tests.canaries.office import Place

_SIZE = (64, 48)
_XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:creator="CANARY">CANARY</rdf:Description></rdf:RDF></x:xmpmeta>'


def picture(mode: str = "RGB") -> Image.Image:
    """A grey slope; nothing that could be taken for letters."""
    slope = Image.new("L", _SIZE)
    slope.putdata([(x * 3 + y) % 256 for y in range(_SIZE[1]) for x in range(_SIZE[0])])
    return slope.convert(mode)


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def _letters(canary: str) -> bytes:
    """The canary as bytes of as many samples as one row of the picture has."""
    return canary.encode("utf-16-be")[: _SIZE[0]].ljust(_SIZE[0], b"\0")


# PNG


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(*chunks: tuple[bytes, bytes], end: bool = False, base: bytes | None = None) -> bytes:
    """Chunks behind the header of a PNG, or before its end."""
    data = base or saved(picture(), "PNG")
    at = data.rindex(b"IEND") - 4 if end else 33
    return data[:at] + b"".join(_chunk(kind, body) for kind, body in chunks) + data[at:]


def _png(kind: bytes, make: Callable[[str], bytes], *, end: bool = False) -> Callable[[str], bytes]:
    return lambda canary: png_with((kind, make(canary)), end=end)


def _png_exif(canary: str) -> bytes:
    return saved(picture(), "PNG", exif=_exif(canary))


def _png_xmp(canary: str) -> bytes:
    return png_with((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP.replace("CANARY", canary).encode()))


def _more_rows(canary: str) -> bytes:
    """Rows behind the last one, in the same packed stream: no program shows them."""
    data = saved(picture("L"), "PNG")
    at = data.index(b"IDAT")
    size = int.from_bytes(data[at - 4 : at], "big")
    rows = zlib.decompress(data[at + 4 : at + 4 + size]) + b"\0" + _letters(canary)
    return data[: at - 4] + _chunk(b"IDAT", zlib.compress(rows)) + data[at + 8 + size :]


def _second_png(canary: str) -> bytes:
    """The second picture of an animation, which most programs never show."""
    hidden = picture("L")
    hidden.putdata(_letters(canary) + hidden.tobytes()[_SIZE[0] :])
    return saved(picture("L"), "PNG", save_all=True, append_images=[hidden], duration=60_000)


def _under_full_transparency(canary: str) -> bytes:
    image = picture("RGBA")
    for across, sample in enumerate(_letters(canary)):
        image.putpixel((across, 0), (sample, 0, 0, 0))
    return saved(image, "PNG")


def _unused_colours(canary: str) -> bytes:
    image = Image.new("P", _SIZE)
    held = canary.encode("utf-16-be").ljust(3 * 200, b"\0")[: 3 * 200]
    image.putpalette(bytes([200, 200, 200] * 56) + held)
    return saved(image, "PNG")


def _profile(canary: str) -> bytes:
    """A colour profile whose text of copyright (ICC.1 cprt) is the canary."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = 132 + 12 * next(n for n in range(profile[131]) if profile[132 + 12 * n : 136 + 12 * n] == b"cprt")
    body = (
        b"mluc\0\0\0\0"
        + struct.pack(">II2s2sII", 1, 12, b"en", b"US", 2 * len(canary), 28)
        + canary.encode("utf-16-be")
    )
    profile[at + 4 : at + 12] = struct.pack(">II", len(profile), len(body))
    profile += body.ljust(-(-len(body) // 4) * 4, b"\0")
    profile[0:4] = struct.pack(">I", len(profile))
    return bytes(profile)


def _png_profile(canary: str) -> bytes:
    return saved(picture(), "PNG", icc_profile=_profile(canary))


def _png_text(canary: str) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Author", canary, zip=True)
    return saved(picture(), "PNG", pnginfo=told)


PNG: dict[str, Place] = {
    "text_chunk": Place(_png(b"tEXt", lambda c: b"Comment\0" + c.encode()), "exif"),
    "packed_text_chunk": Place(_png(b"zTXt", lambda c: b"Comment\0\0" + zlib.compress(c.encode())), "exif"),
    "international_text_chunk": Place(_png(b"iTXt", lambda c: b"Author\0\0\0zh\0\0" + c.encode()), "exif"),
    "packed_international_text": Place(_png_text, "exif"),
    "keyword_of_a_text_chunk": Place(_png(b"tEXt", lambda c: c.encode()[:70] + b"\0x"), "exif"),
    "text_behind_the_pixels": Place(_png(b"tEXt", lambda c: b"Comment\0" + c.encode(), end=True), "exif"),
    "xmp": Place(_png_xmp, "xmp|exif"),
    "exif": Place(_png_exif, "exif"),
    "colour_profile": Place(_png_profile, "exif|other_part"),
    "suggested_palette": Place(_png(b"sPLT", lambda c: c.encode()[:70] + b"\0\x08" + bytes(6)), "exif|other_part"),
    "chunk_nobody_knows": Place(_png(b"prVt", lambda c: c.encode()), "exif|other_part"),
    "behind_the_picture": Place(lambda c: saved(picture(), "PNG") + c.encode()[:48], "trailing_bytes"),
    "rows_behind_the_last": Place(_more_rows, ""),
    "second_picture_of_an_animation": Place(_second_png, ""),
    "under_full_transparency": Place(_under_full_transparency, ""),
    "colours_nobody_uses": Place(_unused_colours, ""),
}


# JPEG


def _exif(canary: str, directory: int = 0, tag: int = 0x010E, value: Any = None) -> Image.Exif:
    exif = Image.Exif()
    target: Any = exif.get_ifd(directory) if directory else exif
    target[tag] = canary if value is None else value
    return exif


def jpeg_with(marker: int, body: bytes) -> bytes:
    data = saved(picture(), "JPEG")
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def _jpeg(marker: int, make: Callable[[str], bytes]) -> Callable[[str], bytes]:
    return lambda canary: jpeg_with(marker, make(canary))


def _described(directory: int, tag: int, make: Callable[[str], Any]) -> Callable[[str], bytes]:
    return lambda canary: saved(picture(), "JPEG", exif=_exif(canary, directory, tag, make(canary)))


def _preview(canary: str) -> bytes:
    """EXIF with a second directory: a small JPEG of its own, with a remark."""
    small = saved(picture().resize((16, 12)), "JPEG", comment=canary.encode())
    first = struct.pack("<HHHI4sI", 1, 0x0131, 2, 3, b"ab\0\0", 26)
    second = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, 56, 0x0202, 4, 1, len(small), 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + first + second
    return jpeg_with(0xE1, b"Exif\0\0" + tiff.ljust(56, b"\0") + small)


def _iptc(canary: str) -> bytes:
    caption = canary.encode()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    padded = record + b"\0" * (len(record) % 2)
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + padded


JPEG: dict[str, Place] = {
    "description": Place(_described(0, 0x010E, lambda c: c), "exif"),
    "artist": Place(_described(0, 0x013B, lambda c: c), "exif"),
    "title_of_windows": Place(_described(0, 0x9C9B, lambda c: c.encode("utf-16-le")), "exif"),
    "comment_of_the_camera": Place(_described(0x8769, 0x9286, lambda c: b"UNICODE\0" + c.encode("utf-16-le")), "exif"),
    "owner_of_the_camera": Place(_described(0x8769, 0xA430, lambda c: c), "exif"),
    "note_of_the_maker": Place(_described(0x8769, 0x927C, lambda c: b"Own\0" + c.encode()), "exif"),
    "place_by_satellite": Place(_described(0x8825, 0x001B, lambda c: b"ASCII\0\0\0" + c.encode()), "exif"),
    "preview": Place(_preview, "exif|thumbnail"),
    "xmp": Place(_jpeg(0xE1, lambda c: b"http://ns.adobe.com/xap/1.0/\0" + _XMP.replace("CANARY", c).encode()), "xmp"),
    "caption_of_the_press": Place(_jpeg(0xED, _iptc), "exif"),
    "comment": Place(_jpeg(0xFE, lambda c: c.encode()), "exif|comment"),
    "colour_profile": Place(lambda c: saved(picture(), "JPEG", icc_profile=_profile(c)), "exif|other_part"),
    "segment_nobody_knows": Place(_jpeg(0xEB, lambda c: b"Own\0" + c.encode()), "exif|other_part"),
    "behind_the_picture": Place(lambda c: saved(picture(), "JPEG") + c.encode(), "trailing_bytes"),
    "second_photograph_behind": Place(
        lambda c: saved(picture(), "JPEG") + saved(picture(), "JPEG", comment=c.encode()), "trailing_bytes|exif|comment"),
}  # fmt: skip


# GIF


def _gif_block(label: int, head: bytes, make: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """An extension before the picture: its head, then blocks of at most 255 bytes."""

    def made(canary: str) -> bytes:
        data = saved(picture("L"), "GIF")
        at = data.index(b"\x2c", 13 + (3 << (data[10] & 7) + 1))  # behind the table of colours
        body = make(canary)
        blocks = b"".join(bytes([len(body[n : n + 255])]) + body[n : n + 255] for n in range(0, len(body), 255))
        start = bytes([0x21, label]) + (bytes([len(head)]) + head if head else b"")
        return data[:at] + start + blocks + b"\0" + data[at:]

    return made


def _second_gif(canary: str) -> bytes:
    hidden = picture("L")
    hidden.putdata(_letters(canary) + hidden.tobytes()[_SIZE[0] :])
    return saved(picture("L"), "GIF", save_all=True, append_images=[hidden], duration=60_000, optimize=False)


def _unused_gif_colours(canary: str) -> bytes:
    data = bytearray(saved(Image.new("P", _SIZE, 0), "GIF", palette=bytes(range(256)) * 3, optimize=False))
    held = canary.encode("utf-16-be")[:600]
    assert data[10] & 0x87 == 0x87, "a table of 256 colours"
    data[13 + 30 : 13 + 30 + len(held)] = held
    return bytes(data)


GIF: dict[str, Place] = {
    "comment": Place(_gif_block(0xFE, b"", lambda c: c.encode()), "exif|comment"),
    "text_over_the_picture": Place(_gif_block(0x01, bytes(12), lambda c: c.encode()), "exif|comment|other_part"),
    "block_of_a_program": Place(_gif_block(0xFF, b"OWNPROG 1.0", lambda c: c.encode()), "exif|other_part"),
    "xmp": Place(
        _gif_block(0xFF, b"XMP DataXMP", lambda c: _XMP.replace("CANARY", c).encode()), "xmp|exif|other_part"),
    "behind_the_picture": Place(lambda c: saved(picture("L"), "GIF") + c.encode() + b"\x3b", "trailing_bytes"),
    "second_picture": Place(_second_gif, ""),
    "colours_nobody_uses": Place(_unused_gif_colours, ""),
}  # fmt: skip

ALL: dict[str, dict[str, Place]] = {"png": PNG, "jpeg": JPEG, "gif": GIF}
