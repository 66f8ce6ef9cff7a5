"""A picture for everybody: covered places burnt in, drawn anew, nothing but its pixels. Runs in the sandbox."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from gongkai.files.refusal import Unreadable

MOST_PIXELS = 60_000_000
_JPEG_QUALITY = 90


def size(data: bytes) -> list[int]:
    """Width and height in pixels, turned as it is displayed."""
    with Image.open(io.BytesIO(data)) as opened:
        return list(ImageOps.exif_transpose(_checked(opened)).size)


def copy(data: bytes, marks: Sequence[Sequence[float]]) -> dict[str, Any]:
    """`marks`: [x0, y0, x1, y1] in pixels of the picture as displayed. JPEG stays JPEG, anything else becomes PNG.

    Returns `data`, and `frames`: of a moving picture only the first goes out.
    """
    with Image.open(io.BytesIO(data)) as opened:
        _checked(opened)
        is_photograph, frames = opened.format in ("JPEG", "MPO"), getattr(opened, "n_frames", 1)
        # The turn is told in the remarks that are left out; it is carried out instead.
        made = _on_white(ImageOps.exif_transpose(opened))
    pen = ImageDraw.Draw(made)
    for x0, y0, x1, y1 in marks:
        box = (int(min(x0, x1)), int(min(y0, y1)), int(max(x0, x1)) + 1, int(max(y0, y1)) + 1)
        pen.rectangle(box, fill=0)
    out = io.BytesIO()
    if is_photograph:
        made.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    else:
        made.save(out, "PNG", optimize=True)
    return {"data": out.getvalue(), "frames": frames}


def _checked(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MOST_PIXELS:
        raise Unreadable("too-many-pixels", "图片的像素太多，请缩小后再上传。")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """The points as they are seen, without what lies under transparency."""
    if picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info:
        full = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", full.size, "white"), full)
    plain = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    return made
