"""The objects of an OFD page as SVG, in millimetres (GB/T 33190, 8 to 13). Runs in the sandbox."""

from __future__ import annotations

import html
import io
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from PIL import Image

from gongkai.files.parsers.ooxml import local
from gongkai.files.refusal import Unreadable

Box = tuple[float, float, float, float]
_DEEPEST = 20
_MOST_LETTERS = 400_000
_MOST_PIXELS = 60_000_000
_FONTS = {"黑": "SimHei, 'Noto Sans CJK SC', sans-serif", "楷": "KaiTi, 'Noto Serif CJK SC', serif",
          "仿宋": "FangSong, 'Noto Serif CJK SC', serif", "Courier": "'Noto Sans Mono CJK SC', monospace",
          "Arial": "Arial, 'Noto Sans CJK SC', sans-serif"}  # fmt: skip
_SERIF = "SimSun, 'Noto Serif CJK SC', serif"
#: Letters of no meaning outside the font that is embedded with them.
_UNKNOWN = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_PATH = {"S": ("M", 2), "M": ("M", 2), "L": ("L", 2), "Q": ("Q", 4), "B": ("C", 6), "A": ("A", 7), "C": ("Z", 0)}


@dataclass
class Resources:
    """What pages draw with, by identifier."""

    fonts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes | None] = field(default_factory=dict)
    groups: dict[str, Element] = field(default_factory=dict)
    pens: dict[str, Element] = field(default_factory=dict)

    def take(self, root: Element, picture: Callable[[str], bytes | None]) -> None:
        for element in root.iter():
            name = element.get("ID", "")
            match local(element.tag):
                case "Font":
                    self.fonts[name] = _family(element.get("FontName", "") + element.get("FamilyName", ""))
                case "MultiMedia" if element.get("Type", "Image") == "Image":
                    file = next(((e.text or "").strip() for e in element if local(e.tag) == "MediaFile"), "")
                    self.pictures[name] = picture(file)
                case "CompositeGraphicUnit" | "VectorG":
                    self.groups[name] = element
                case "DrawParam":
                    self.pens[name] = element
                case _:
                    continue


class Drawing:
    """One page: `markup` is what stands within its svg element, `lost` sentences on what is not drawn."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._rows: list[str] = []
        self._lost: dict[str, None] = {}
        self._clips = 0
        self._letters = 0

    @property
    def markup(self) -> str:
        return "".join(self._rows)

    @property
    def lost(self) -> list[str]:
        return list(self._lost)

    def layer(self, layer: Element) -> None:
        self._objects(layer, layer.get("DrawParam", ""), 0)

    def pinned(self, annotation: Element) -> None:
        """An annotation as it looks; its words of its own are not drawn."""
        for appearance in annotation:
            if local(appearance.tag) == "Appearance":
                place = box(appearance.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
                self._rows.append(f'<g transform="translate({place[0]} {place[1]})">')
                self._objects(appearance, "", 0)
                self._rows.append("</g>")

    def _objects(self, parent: Element, pen: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise Unreadable("too-deep", "OFD 的图形嵌套过深，没有生成副本。请另存为 PDF 后再上传。")
        for element in parent:
            if element.get("Visible", "true") == "false" or element.get("Alpha") == "0":
                continue
            match local(element.tag):
                case "TextObject":
                    self._object(element, pen, lambda e, pen: self._text(e, pen))
                case "PathObject":
                    self._object(element, pen, lambda e, pen: self._path(e, pen))
                case "ImageObject":
                    self._object(element, pen, lambda e, _: self._picture(e))
                case "CompositeObject":
                    self._object(element, pen, lambda e, pen: self._group(e, pen, depth))
                case "PageBlock":
                    self._objects(element, pen, depth + 1)
                case _:
                    continue

    def _object(self, element: Element, pen: str, draw: Callable[[Element, str], None]) -> None:
        """Everything is drawn within its boundary, in coordinates of its own (8.5)."""
        place = box(element.get("Boundary", ""))
        if place is None:
            self._lose("有图形没有写明位置，没有画出")
            return
        alpha = _number(element.get("Alpha"), 255) / 255
        opacity = f' opacity="{alpha:.3f}"' if alpha < 1 else ""
        self._rows.append(f'<g transform="translate({place[0]} {place[1]})"{opacity}>')
        self._rows.append(f"<g{self._clip(element)}>")
        matrix = _numbers(element.get("CTM", ""))
        turned = f' transform="matrix({" ".join(map(str, matrix))})"' if len(matrix) == 6 else ""
        self._rows.append(f"<g{turned}>")
        draw(element, element.get("DrawParam", pen))
        self._rows.append("</g></g></g>")

    def _clip(self, element: Element) -> str:
        paths = [
            _d(_inner(path, "AbbreviatedData"))
            for clips in element if local(clips.tag) == "Clips"
            for path in clips.iter() if local(path.tag) == "Path"
        ]  # fmt: skip
        if not paths or any(local(e.tag) == "Area" and e.get("CTM") for e in element.iter()):
            return ""
        self._clips += 1
        name = f"c{id(self)}-{self._clips}"
        self._rows.append(f'<clipPath id="{name}">{"".join(_path_markup(d) for d in paths)}</clipPath>')
        return f' clip-path="url(#{name})"'

    # text

    def _text(self, element: Element, pen: str) -> None:
        size = _number(element.get("Size"), 0)
        if size <= 0:
            return
        looks = self._looks(element, pen, fill=element.get("Fill", "true") == "true", stroke=False)
        weight = 700 if _number(element.get("Weight"), 400) >= 600 else 400
        slant = ' font-style="italic"' if element.get("Italic") == "true" else ""
        turn = _number(element.get("CharDirection"), 0)
        family = self._resources.fonts.get(element.get("Font", ""), _SERIF)
        for code in element:
            if local(code.tag) != "TextCode":
                continue
            letters = list(_placed(code, size, _number(element.get("ReadDirection"), 0)))
            self._letters += len(letters)
            if self._letters > _MOST_LETTERS:
                raise Unreadable("too-much-text", "OFD 一页里的文字太多，没有生成副本。请另存为 PDF 后再上传。")
            if any(_UNKNOWN.match(letter) for letter, _, _ in letters):
                self._lose("有只能用内嵌字体认出的字，没有画出")
            letters = [row for row in letters if not row[0].isspace() and not _UNKNOWN.match(row[0])]
            if letters:
                rotated = f' rotate="{" ".join([f"{turn:g}"] * len(letters))}"' if turn else ""
                self._rows.append(
                    f'<text font-family="{family}" font-size="{size}" font-weight="{weight}"{slant}{looks}{rotated} '
                    f'x="{" ".join(f"{x:.3f}" for _, x, _ in letters)}" '
                    f'y="{" ".join(f"{y:.3f}" for _, _, y in letters)}">'
                    f"{html.escape(''.join(letter for letter, _, _ in letters))}</text>"
                )

    # paths

    def _path(self, element: Element, pen: str) -> None:
        d = _d(_inner(element, "AbbreviatedData"))
        rule = ' fill-rule="evenodd"' if element.get("Rule") == "Even-Odd" else ""
        looks = self._looks(
            element, pen, fill=element.get("Fill") == "true", stroke=element.get("Stroke", "true") == "true"
        )  # fmt: skip
        self._rows.append(f'<path d="{d}"{rule}{looks}/>' if d else "")

    def _looks(self, element: Element, pen: str, *, fill: bool, stroke: bool) -> str:
        pens = list(self._pens(pen))
        width = next((_number(e.get("LineWidth"), 0) for e in (element, *pens) if e.get("LineWidth")), 0.353)
        dash = " ".join(map(str, _numbers(element.get("DashPattern", ""))))
        rows = [
            f' fill="{self._colour("FillColor", element, pens, "#000") if fill else "none"}"',
            f' stroke="{self._colour("StrokeColor", element, pens, "#000") if stroke else "none"}"',
            f' stroke-width="{width}"' if stroke else "", f' stroke-dasharray="{dash}"' if dash and stroke else "",
        ]  # fmt: skip
        return "".join(rows)

    def _pens(self, name: str) -> Iterator[Element]:
        for _ in range(_DEEPEST):
            pen = self._resources.pens.get(name)
            if pen is None:
                return
            yield pen
            name = pen.get("Relative", "")

    def _colour(self, kind: str, element: Element, pens: Iterable[Element], otherwise: str) -> str:
        for held in (element, *pens):
            for colour in held:
                if local(colour.tag) == kind:
                    if len(colour) and not colour.get("Value"):
                        self._lose("渐变和底纹画成单色")
                        colour = next((e for e in colour.iter() if e.get("Value")), colour)
                    return _rgb(_numbers(colour.get("Value", ""))) or otherwise
        return otherwise

    # pictures and groups

    def _picture(self, element: Element) -> None:
        data = self._resources.pictures.get(element.get("ResourceID", ""))
        png = _png(data) if data else None
        if png is None:
            self._lose("有图片没有画出")
            return
        address = f"data:image/png;base64,{b64encode(png).decode()}"
        # A picture fills the unit square; the matrix of the object lays that out (11).
        self._rows.append(f'<image width="1" height="1" preserveAspectRatio="none" href="{address}"/>')

    def _group(self, element: Element, pen: str, depth: int) -> None:
        group = self._resources.groups.get(element.get("ResourceID", ""))
        contents = [c for c in (group if group is not None else ()) if local(c.tag) == "Content"]
        if not contents:
            self._lose("有组合图形没有画出")
        for content in contents:
            self._objects(content, pen, depth + 1)

    def _lose(self, sentence: str) -> None:
        self._lost[sentence] = None


def box(text: str) -> Box | None:
    """`x y width height`; None for anything else."""
    numbers = _numbers(text)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def _placed(code: Element, size: float, direction: float) -> Iterator[tuple[str, float, float]]:
    """Letters of a TextCode with their places (11.3); one without a step follows by its width."""
    x, y = _number(code.get("X"), 0), _number(code.get("Y"), 0)
    across, down = _steps(code.get("DeltaX", "")), _steps(code.get("DeltaY", ""))
    letters = [letter for letter in (code.text or "") if letter not in "\r\n"]
    for n, letter in enumerate(letters):
        yield letter, x, y
        if not across and not down:
            step = size if ord(letter) > 0x2E7F else size / 2
            x, y = (x, y + size) if direction in (90, 270) else (x + step, y)
            continue
        x += across[n] if n < len(across) else 0
        y += down[n] if n < len(down) else 0


def _steps(text: str) -> list[float]:
    """`g 3 2.5 4` is 2.5 three times, then 4."""
    steps: list[float] = []
    words = iter(text.split())
    for word in words:
        if word == "g":
            times, step = int(_number(next(words, "0"), 0)), _number(next(words, "0"), 0)
            steps += [step] * min(max(times, 0), _MOST_LETTERS)
        else:
            steps.append(_number(word, 0))
    return steps


def _d(data: str) -> str:
    """Path data of OFD (9.4) as that of SVG; what does not parse ends it."""
    words = data.split()
    made: list[str] = []
    at = 0
    while at < len(words):
        letter, count = _PATH.get(words[at], ("", 0))
        numbers = _numbers(" ".join(words[at + 1 : at + 1 + count]))
        if not letter or len(numbers) != count:
            break
        made.append(" ".join([letter, *(f"{n:g}" for n in numbers)]))
        at += 1 + count
    return " ".join(made)


def _path_markup(d: str) -> str:
    return f'<path d="{d}"/>'


def _inner(element: Element, name: str) -> str:
    return next((e.text or "" for e in element.iter() if local(e.tag) == name), "")


def _png(data: bytes) -> bytes | None:
    """Any picture as PNG; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            out = io.BytesIO()
            picture.convert("RGBA" if "A" in picture.mode or "transparency" in picture.info else "RGB").save(out, "PNG")
    except (OSError, ValueError, SyntaxError):
        return None
    return out.getvalue()


def _family(name: str) -> str:
    return next((family for part, family in _FONTS.items() if part in name), _SERIF)


def _rgb(values: list[float]) -> str:
    """Grey, RGB or CMYK, each channel up to 255."""
    level = [min(max(value, 0.0), 255.0) for value in values]
    match len(level):
        case 1:
            level = level * 3
        case 3:
            pass
        case 4:
            black = 1 - level[3] / 255
            level = [(255 - ink) * black for ink in level[:3]]
        case _:
            return ""
    return "#" + "".join(f"{round(value):02x}" for value in level)


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in text.split()]
    except ValueError:
        return []


def _number(text: Any, otherwise: float) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return otherwise
    return value if abs(value) < 1e6 else otherwise
