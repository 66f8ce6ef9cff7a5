"""A picture for everybody: covered places burnt in, drawn anew, nothing but its pixels. Runs in the sandbox."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

from gongkai.files.refusal import Unreadable

MOST_PIXELS = 60_000_000
_JPEG_QUALITY = 90


def copy(data: bytes, marks: Sequence[Sequence[float]]) -> bytes:
    """`marks`: [x0, y0, x1, y1] in pixels of the picture as displayed. JPEG stays JPEG, anything else becomes PNG."""
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Unreadable("too-many-pixels", "图片的像素太多，请缩小后再上传。")
        is_photograph = opened.format == "JPEG"
        # The turn is told in the remarks that are left out; it is carried out instead.
        turned = ImageOps.exif_transpose(opened)
        plain = turned.convert("RGB" if is_photograph or turned.mode not in ("1", "L", "LA", "RGBA") else turned.mode)
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    pen = ImageDraw.Draw(made)
    for x0, y0, x1, y1 in marks:
        box = (int(min(x0, x1)), int(min(y0, y1)), int(max(x0, x1)) + 1, int(max(y0, y1)) + 1)
        pen.rectangle(box, fill=_black(made.mode))
    out = io.BytesIO()
    if is_photograph:
        made.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    else:
        made.save(out, "PNG", optimize=True)
    return out.getvalue()


def _black(mode: str) -> int | tuple[int, ...]:
    match mode:
        case "1" | "L":
            return 0
        case "LA":
            return (0, 255)
        case "RGB":
            return (0, 0, 0)
        case "RGBA":
            return (0, 0, 0, 255)
        case other:
            raise ValueError(f"no black in {other}")
