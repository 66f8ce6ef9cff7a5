"""A picture (PNG, JPEG, GIF): its remarks; the writing in it is recognised by `parsers.ocr`, frame by frame."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, UnidentifiedImageError

from gongkai.files.archive import damaged
from gongkai.files.copies.glyphs import CONTRAST
from gongkai.files.parsers.parts import Found, answer
from gongkai.files.parsers.pictures import LEAST_SIDE, remarks
from gongkai.files.refusal import Unreadable

#: [M] A moving picture of more is a film.
MOST_FRAMES = 30
MOST_PIXELS = 60_000_000


def read(path: str) -> dict[str, Any]:
    """`count` is of frames, told as pages; `scans` are those on which there is anything at all."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library that draws pages allows it for the whole process
    data = Path(path).read_bytes()
    parts: list[Found] = [({"page": 1, "hidden": code}, text) for code, text in remarks(data)]
    scans: list[dict[str, Any]] = []
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unreadable("too-many-pixels", "图片的像素太多，系统不能逐点检查。请缩小后再上传。")
            count = getattr(opened, "n_frames", 1)
            if count > MOST_FRAMES:
                raise Unreadable(
                    "too-many-frames", f"动图有 {count} 帧，系统最多检查 {MOST_FRAMES} 帧。请截取需要的画面后再上传。"
                )
            before: bytes | None = None
            for frame in range(count):
                opened.seek(frame)
                opened.load()
                if min(opened.size) >= LEAST_SIDE and _is_drawn_on(opened):
                    points = opened.convert("RGBA").tobytes() if count > 1 else None
                    if points is None or points != before:
                        scans.append({"page": frame + 1, "frame": frame, "must": True})
                    before = points
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise damaged(repr(error)) from None
    return answer(parts, count) | {"scans": scans}


def _is_drawn_on(picture: Image.Image) -> bool:
    """Is there any difference of light and dark, or of seen and not seen?"""
    grey: Any = picture.convert("L").getextrema()
    if grey[1] - grey[0] >= CONTRAST:
        return True
    if picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info:
        alpha: Any = picture.convert("RGBA").getchannel("A").getextrema()
        return bool(alpha != (255, 255))
    return False
