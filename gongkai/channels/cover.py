"""A cover picture made from a title: for channels that ask for one, and for posting by hand."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (900, 383)  # pixels; the proportions 2.35 : 1 of an article's cover
#: [I] own choice: government blue on which white reads from far (contrast 9 : 1)
GROUND, INK, LINE = "#1a4480", "#ffffff", "#c8d8ee"
#: [I] bytes; the smallest limit of the channels that take a cover (WeChat thumb: 64 KB)
MOST_BYTES = 64 * 1024
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf/fonts")
_FONT_FILES = (
    "NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "NotoSansSC-Bold.otf", "SourceHanSansSC-Bold.otf",
    "SourceHanSansCN-Bold.otf", "SourceHanSans-Bold.ttc", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc",
)  # fmt: skip
_MARGIN = 60  # pixels
_LARGEST, _SMALLEST = 60, 26  # pixels of a letter
_CLOSING = "，。、；：？！”’）》】〉」』,.;:?!)%"


class NoFont(Exception):
    """No free font with Chinese letters is installed here."""


def cover(title: str, organ: str) -> bytes:
    """JPEG of 900 × 383 pixels and at most 64 KB with the title, as large as fits, and the organ under a line."""
    picture = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(picture)
    width, room = SIZE[0] - 2 * _MARGIN, SIZE[1] - 2 * _MARGIN - 60
    size, lines = _fitted(draw, title.strip(), width, room)
    top = _MARGIN + (room - len(lines) * _height(size)) / 2
    for n, line in enumerate(lines):
        draw.text((_MARGIN, top + n * _height(size)), line, font=_font(size), fill=INK)
    draw.line((_MARGIN, SIZE[1] - 90, SIZE[0] - _MARGIN, SIZE[1] - 90), fill=LINE, width=2)
    draw.text((_MARGIN, SIZE[1] - 72), _cut(draw, organ.strip(), width, 28), font=_font(28), fill=LINE)
    return _jpeg(picture)


def _fitted(draw: ImageDraw.ImageDraw, title: str, width: int, room: int) -> tuple[int, list[str]]:
    """The largest letters with which the title fits; the smallest cut off what does not."""
    for size in range(_LARGEST, _SMALLEST - 1, -2):
        lines = _wrapped(draw, title, width, size)
        if len(lines) * _height(size) <= room:
            return size, lines
    most = room // _height(_SMALLEST)
    kept = _wrapped(draw, title, width, _SMALLEST)[:most]
    return _SMALLEST, [*kept[:-1], _cut(draw, kept[-1] + "……", width, _SMALLEST)]


def _wrapped(draw: ImageDraw.ImageDraw, text: str, width: int, size: int) -> list[str]:
    """Lines no wider than `width`; a closing mark hangs at the end of its line instead of beginning the next."""
    lines = [""]
    for letter in text:
        if draw.textlength(lines[-1] + letter, font=_font(size)) <= width or letter in _CLOSING:
            lines[-1] += letter
        else:
            lines.append(letter)
    return lines


def _cut(draw: ImageDraw.ImageDraw, text: str, width: int, size: int) -> str:
    if draw.textlength(text, font=_font(size)) <= width:
        return text
    kept = text.rstrip("…")
    while kept and draw.textlength(kept + "……", font=_font(size)) > width:
        kept = kept[:-1]
    return kept + "……"


def _height(size: int) -> int:
    return round(size * 1.4)


def _jpeg(picture: Image.Image) -> bytes:
    for quality in (90, 80, 70, 60, 50):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def has_font() -> bool:
    """Can covers be made here?"""
    try:
        _font_file()
    except NoFont:
        return False
    return True


@lru_cache(maxsize=1)
def _font_file() -> tuple[str, int]:
    """File and face of the first font of the list that is installed."""
    found = {
        path.name: path
        for folder in _FONT_FOLDERS
        for path in Path(folder).rglob("*")
        if path.name in _FONT_FILES
    }  # fmt: skip
    for name in _FONT_FILES:
        if name in found:
            return str(found[name]), _simplified(found[name])
    raise NoFont("no font with Chinese letters")


def _simplified(path: Path) -> int:
    """The face of a collection that draws the forms used in mainland China."""
    if path.suffix != ".ttc":
        return 0
    for face in range(32):
        try:
            family = str(ImageFont.truetype(str(path), 20, index=face).getname()[0])
        except OSError:
            break
        if family.endswith(" SC") and "Mono" not in family:
            return face
    return 0


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    file, face = _font_file()
    return ImageFont.truetype(file, size, index=face)
